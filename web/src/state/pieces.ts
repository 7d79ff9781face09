/**
 * What people copy out of a terminal or a log holds several documents, with the commands that printed them: each document and each
 * message is a piece of its own.
 */
import { parsed, valueAt } from './world';

export interface Piece {
  text: string;
  /** Where it begins in what was pasted. */
  start: number;
}

/** The pieces of a text, and what stands between them that is neither a document, a message, nor a command. */
export interface Pieces {
  pieces: Piece[];
  rest: string[];
}

/** A text with several documents of which one cannot be read is that one only: it has to be mended before anything is placed. */
export function piecesOf(text: string): Pieces {
  const whole = { pieces: [{ text, start: 0 }], rest: [] };
  if (parsed(text) !== undefined) return { pieces: unwrapped(whole.pieces[0]!), rest: [] };
  const pieces: Piece[] = [];
  const rest: string[] = [];
  const between = (start: number, end: number) => {
    const said = text.slice(start, end).replace(command, (line) => ' '.repeat(line.length));
    if (said.trim() === '') return;
    const from = said.search(/\S/);
    if (isMessage(said)) pieces.push({ text: said.slice(from).trimEnd(), start: start + from });
    else rest.push(said.trim());
  };
  let done = 0;
  for (const match of text.matchAll(opening)) {
    const start = match.index + match[0].length;
    if (start < done) continue;
    const end = endOf(text, start);
    if (end === undefined) return documents(pieces) === 0 ? whole : { pieces: [{ text: text.slice(start), start }], rest: [] };
    const piece = { text: text.slice(start, end), start };
    if (parsed(piece.text) === undefined) return documents(pieces) === 0 && text.slice(end).trim() === '' ? whole : { pieces: [piece], rest: [] };
    between(done, start);
    pieces.push(...unwrapped(piece));
    done = end;
  }
  between(done, text.length);
  // Without any document or message, or with garbage in the middle of a line, it is one text that somebody has broken.
  return pieces.length === 0 ? whole : { pieces, rest };
}

const documents = (pieces: readonly Piece[]) => pieces.filter(({ text }) => /^[[{]/.test(text)).length;

/** Where a document begins: at the beginning of a line, and not like "[ERROR]". */
const opening = /(?<=^|\n)[ \t]*(?=\{\s*["}]|\[\s*[\]{])/g;

/** A command with its prompt, and the lines that it goes on in. */
const command = /^[^\S\n]*(?:[^\n{}[\]"]*[$#%>❯][^\S\n]*)?aws[^\S\n](?:[^\n]*[\\`^][^\S\n]*\n)*[^\n]*$|^[^\n{}[\]"]*[$#%❯][^\S\n]*$/gm;

/** Whether a text tells what AWS answered; which of them say something, `told` knows. */
export const isMessage = (text: string) => / is not authorized to perform: |\bis disabled\b|\bis pending |\bdoes not exist\b|\bnot valid for\b|\bKMS\b.*\b(?:denied|allowed|revoked)\b/s.test(text);

/** The end of the object or list that begins here. */
function endOf(text: string, start: number): number | undefined {
  let depth = 0;
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]]/gs;
  token.lastIndex = start;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    if (match[0].length > 1) continue;
    depth += /[{[]/.test(match[0]) ? 1 : -1;
    if (depth === 0) return token.lastIndex;
  }
  return undefined;
}

/** Documents that hold others as texts: CloudTrail's `lookup-events`, and log entries that hold a message. */
function unwrapped(piece: Piece): Piece[] {
  const value = parsed(piece.text);
  const events = valueAt(value, '/Events');
  if (Array.isArray(events)) {
    const inside = events.map((event) => valueAt(event, '/CloudTrailEvent')).filter((event) => typeof event === 'string');
    if (inside.length > 0) return inside.map((text) => ({ text, start: piece.start }));
  }
  if (valueAt(value, '/eventSource') !== undefined || valueAt(value, '/Records') !== undefined) return [piece];
  const said = piece.text.includes(' is not authorized to perform: ') ? messageIn(value) : undefined;
  return [said === undefined ? piece : { text: said, start: piece.start }];
}

/** The text in a log entry that says who was denied what. */
function messageIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value.includes(' is not authorized to perform: ') ? value : undefined;
  if (typeof value !== 'object' || value === null || 'Statement' in value || 'scenario' in value) return undefined;
  for (const item of Object.values(value)) {
    const said = messageIn(item);
    if (said !== undefined) return said;
  }
  return undefined;
}
