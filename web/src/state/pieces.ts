/**
 * What people copy out of a terminal or a log holds several documents, with the commands that printed them: each document and each
 * message is a piece of its own.
 */
import { requestIn } from './command';
import { identityIn } from './recognise';
import { told } from './told';
import { parsed, valueAt } from './world';

export interface Piece {
  text: string;
  /** Where it begins in what was pasted; undefined for what stood inside a document. */
  start: number | undefined;
}

export interface Pieces {
  pieces: Piece[];
  /** What stands between them and is neither a document, a message, nor a command. */
  rest: string[];
  /** Of several documents the first that cannot be read: it has to be mended before any is placed. */
  broken?: Piece & { start: number };
}

/** The documents and messages in a text. A text without any is one piece: somebody may have broken it. */
export function piecesOf(text: string): Pieces {
  const whole = { text, start: 0 };
  if (parsed(text) !== undefined) return { pieces: unwrapped(whole), rest: [] };
  const pieces: Piece[] = [];
  const rest: string[] = [];
  const between = (start: number, end: number) => {
    const found: Piece[] = [];
    const said = text.slice(start, end).replace(command, (line, at: number) => {
      if (isMessage(line)) return line;
      if (requestIn(line)) found.push({ text: line, start: start + at });
      return ' '.repeat(line.length);
    });
    const lines = blocks(said);
    const joined = said.replace(/\s+/g, ' ').trim();
    // A mail program breaks lines anywhere.
    if (!lines.some((block) => isMessage(block.text)) && isMessage(joined)) return void pieces.push(...found, { text: joined, start: undefined });
    for (const block of lines) {
      if (isMessage(block.text)) found.push({ text: block.text, start: start + block.start });
      else rest.push(block.text);
    }
    pieces.push(...found.sort((a, b) => a.start! - b.start!));
  };
  // What a command is given as JSON is no document.
  const calls = [...text.matchAll(command)].filter(([line]) => requestIn(line));
  const isGiven = (at: number) => calls.some(({ index, 0: { length } }) => index <= at && at < index + length);
  let done = 0;
  for (const { index: start } of text.matchAll(opening)) {
    if (start < done || isGiven(start)) continue;
    const end = endOf(text, start) ?? text.length;
    const piece = { text: text.slice(start, end), start };
    if (parsed(piece.text) === undefined) {
      // In the middle of a line, it is a part of what is said there.
      if (!/(?:^|\n)[ \t\u00a0\ufeff]*$/.test(text.slice(Math.max(0, start - 200), start))) continue;
      const isAlone = pieces.every((one) => !isDocument(one)) && text.slice(end).trim() === '';
      return isAlone ? { pieces: [whole], rest: [] } : { pieces: [], rest: [], broken: piece };
    }
    between(done, start);
    pieces.push(...unwrapped(piece));
    done = end;
  }
  between(done, text.length);
  return pieces.length === 0 ? { pieces: [whole], rest: [] } : { pieces, rest };
}

const isDocument = ({ text }: Piece) => /^[[{]/.test(text);

/** Where a document may begin, or a string that holds one: not like "[ERROR]", and not in the middle of a word. */
const opening = /(?<=^|[\s:=>\ufeff])(?=\{\s*["}]|\[\s*[\]{]|"\s*\{)/g;

/** A command with its prompt, and the lines that it goes on in; or a prompt alone. */
const command = /^(?:(?:\[[^\]\n]*\]|[^\n{}[\]"]*)[$#%>❯])?[^\S\n]*aws[^\S\n](?:[^\n]*[\\`^][^\S\n]*\n)*[^\n]*$|^(?:\[[^\]\n]*\]|\S*)[$#%❯][^\S\n]*$/gm;

/** Whether a text tells what AWS answered. */
const isMessage = (text: string) =>
  / is not authorized to perform: |\bis disabled\b|\bis pending |\bdoes not exist\b|\bnot valid for\b/.test(text) || (/\bKMS\b/.test(text) && /\b(?:denied|allowed|revoked)\b/.test(text));

/** The parts of a text between documents: a message begins with its line and goes on to the next one or to an empty line. */
function blocks(text: string): { text: string; start: number }[] {
  const found: { text: string; start: number }[] = [];
  let open: { from: number; to: number } | undefined;
  const close = () => {
    if (open) found.push({ text: text.slice(open.from, open.to), start: open.from });
    open = undefined;
  };
  for (const { 0: line, index } of text.matchAll(/[^\n]+|\n/g)) {
    const said = line.trim();
    if (said === '') {
      if (line !== '\n') close();
      else if (text[index - 1] === '\n' || index === 0) close();
      continue;
    }
    if (isMessage(line)) close();
    const from = index + line.indexOf(said);
    open = { from: open?.from ?? from, to: from + said.length };
  }
  close();
  return found;
}

/** The end of the object, list or string that begins here. */
function endOf(text: string, start: number): number | undefined {
  let depth = 0;
  let inString = false;
  const token = /\\.|["{}[\]]/gs;
  token.lastIndex = start;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [mark] = match;
    if (mark === '"') inString = !inString;
    if (mark === '"' && !inString && depth === 0) return token.lastIndex;
    if (inString || mark === '"' || mark.length > 1) continue;
    depth += /[{[]/.test(mark) ? 1 : -1;
    if (depth === 0) return token.lastIndex;
  }
  return undefined;
}

/** Documents that hold others as texts: `--query Policy`, CloudTrail's `lookup-events`, and log entries that hold a message. */
function unwrapped(piece: Piece): Piece[] {
  const value = parsed(piece.text);
  if (typeof value === 'string' && typeof parsed(value) === 'object') return [{ text: value, start: undefined }];
  const events = valueAt(value, '/Events');
  if (Array.isArray(events)) {
    const inside = events.map((event) => valueAt(event, '/CloudTrailEvent')).filter((event) => typeof event === 'string');
    if (inside.length > 0) return inside.map((text) => ({ text, start: undefined }));
  }
  if (valueAt(value, '/eventSource') !== undefined || valueAt(value, '/Records') !== undefined || !isMessage(piece.text)) return [piece];
  const said = messageIn(value);
  return [said === undefined ? piece : { text: said, start: undefined }];
}

/** The text in a log entry that says what AWS answered. */
function messageIn(value: unknown, depth = 0): string | undefined {
  if (typeof value === 'string') return value.includes(' is not authorized to perform: ') || told(value) ? value : undefined;
  if (typeof value !== 'object' || value === null || 'Statement' in value || 'scenario' in value || depth > 20) return undefined;
  for (const item of Object.values(value)) {
    const said = messageIn(item, depth + 1);
    if (said !== undefined) return said;
  }
  return undefined;
}

/**
 * Who asks and what exists before the policies that belong to it; of all events one is asked, so they are read together, and commands and
 * messages are read after them: what those tell was denied, with what these called it with.
 */
export function inOrder(pieces: readonly Piece[]): Piece[] {
  const rank = ({ text }: Piece) => {
    const value = parsed(text);
    const has = (...names: string[]) => names.some((name) => valueAt(value, `/${name}`) !== undefined);
    if (value === undefined) return 2;
    if (identityIn(value)) return 0;
    if (has('eventSource', 'Records')) return 1;
    if (has('KeyMetadata', 'Role', 'User', 'RoleDetailList')) return 3;
    return has('Grants') ? 4 : 5;
  };
  const ranked = pieces.map((piece) => ({ piece, rank: rank(piece) })).sort((a, b) => a.rank - b.rank);
  const events = ranked.filter((one) => one.rank === 1).map(({ piece }) => piece);
  if (events.length < 2) return ranked.map(({ piece }) => piece);
  const records = events.flatMap(({ text }) => (valueAt(parsed(text), '/Records') as unknown[] | undefined) ?? [parsed(text)]);
  const together = { text: JSON.stringify({ Records: records }), start: undefined };
  return ranked.flatMap(({ piece, rank: at }) => (at !== 1 ? [piece] : piece === events[0] ? [together] : []));
}

/** A policy that does not say whose it is belongs to the user or role whose output stands before it. */
export function ownersOf(pieces: readonly Piece[]): ReadonlyMap<Piece, string> {
  const owners = new Map<Piece, string>();
  let last: unknown;
  for (const piece of pieces) {
    const value = parsed(piece.text);
    last = valueAt(value, '/Role/Arn') ?? valueAt(value, '/User/Arn') ?? last;
    if (typeof last === 'string') owners.set(piece, last);
  }
  return owners;
}
