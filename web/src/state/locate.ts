/** Where a value stands in a JSON text. The engine says it for texts it was given; this is for texts that the page has printed. */
import type { Range, Source } from '../engine/types';
import { documentsOf, parsed, segments } from './world';
import type { Moment } from './player';

/** A range in one of the texts on the page. */
export interface Place {
  /** The document's pointer; "" is the request. */
  document: string;
  range: Range;
}

/** The place of a statement, grant or diagnostic in the texts of this moment. */
export function placeOf(source: Source, now: Moment, question: string): Place | undefined {
  const { pointer = '', document, range } = source;
  const owner = documentsOf(now.world).find((ref) => pointer === ref.pointer || pointer.startsWith(`${ref.pointer}/`));
  const text = owner && now.texts.get(owner.pointer);
  if (owner && text !== undefined) {
    const value = parsed(text);
    const inside = segments(pointer.slice(owner.pointer.length));
    const path = owner.kind === 'grants' && value !== undefined && !Array.isArray(value) ? ['Grants', ...inside] : inside;
    const found = value !== undefined && inside.length > 0 ? locate(text, path) : undefined;
    if (found) return { document: owner.pointer, range: rangeIn(text, found) };
  }
  if (document === undefined || range === undefined) return undefined;
  return document === '' && question === '' ? undefined : { document, range };
}

/** Start and end of the value at `path` in a text that is JSON; undefined when there is none. */
export function locate(text: string, path: readonly string[]): [number, number] | undefined {
  let at = 0;
  const token = /\s*(?:("(?:[^"\\]|\\.)*")|([[\]{},:])|([^\s[\]{},:"]+))/y;
  const next = () => {
    token.lastIndex = at;
    const [all = '', string, mark, word] = token.exec(text) ?? [];
    at += all.length;
    return { text: string ?? mark ?? word ?? '', start: at - (string ?? mark ?? word ?? '').length };
  };
  /** Reads one value; what it returns ends the search. */
  const value = (rest: readonly string[] | undefined): [number, number] | undefined => {
    const first = next();
    if (first.text === '{' || first.text === '[') {
      for (let index = 0; ; index += 1) {
        const before = at;
        let name = next().text;
        if (name === '}' || name === ']' || name === '') break;
        if (first.text === '[') {
          at = before;
          name = String(index);
        } else {
          name = JSON.parse(name) as string;
          next();
        }
        const found = value(rest && rest[0] === name ? rest.slice(1) : undefined);
        if (found) return found;
        if (next().text !== ',') break;
      }
    }
    return rest?.length === 0 ? [first.start, at] : undefined;
  };
  return value(path);
}

/** Offsets in a text as a range. */
export function rangeIn(text: string, [start, end]: [number, number]): Range {
  const position = (offset: number) => {
    const lines = text.slice(0, offset).split('\n');
    return { line: lines.length, column: lines.at(-1)!.length + 1, offset };
  };
  return { start: position(start), end: position(end) };
}
