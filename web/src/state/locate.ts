/** Where something stands in the texts on the page. The engine says it for texts it was given; the page has printed others. */
import type { Range, Source } from '../engine/types';
import { documentsOf, locate, parsed, rangeIn, segments } from './world';
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
