/**
 * The reader's own documents, kept for when the page is loaded again or begun anew: in this tab alone, the last few of them, and never
 * shown before somebody asks for them. Storage may be forbidden or too small; then nothing is kept.
 */
import { emptyStart } from './gallery';
import type { Shown } from './link';
import { shownIn } from './packed';
import type { State } from './store';

const place = 'kms-playground.own';
const most = 3;

interface Kept {
  /** Those of one and the same beginning replace each other. */
  id: string;
  /** In the form that links have. */
  state: object;
}

/** Whether somebody has put anything in. */
export const hasContent = ({ start, steps, canUndo, request }: State) => start !== emptyStart || steps.length > 0 || canUndo || (request?.principal ?? '') !== '';

/** The last first. */
function all(): Kept[] {
  try {
    const list: unknown = JSON.parse(sessionStorage.getItem(place) ?? '[]');
    return Array.isArray(list) ? (list as Kept[]).filter((one) => typeof one?.id === 'string') : [];
  } catch {
    return [];
  }
}

function write(list: readonly Kept[]): boolean {
  try {
    if (list.length > 0) sessionStorage.setItem(place, JSON.stringify(list));
    else sessionStorage.removeItem(place);
    return true;
  } catch {
    return false;
  }
}

/** Keeps what is shown; says whether there was room for it. */
export function keepDraft(id: string, { start, steps, position, question }: Shown): boolean {
  const others = all().filter((one) => one.id !== id);
  const one = { id, state: { start, kept: 0, own: steps, at: position, ask: question } };
  return write([one, ...others.slice(0, most - 1)]) || write([one]);
}

/** Whether anything is kept besides what is shown. */
export const hasDraft = (id: string) => all().some((one) => one.id !== id);

/** The last that was kept besides what is shown; undefined when it cannot be read. */
export async function readDraft(id: string): Promise<Shown | undefined> {
  const state = all().find((one) => one.id !== id)?.state;
  return shownIn({ ...state, s: 'new' }).catch(() => undefined);
}

export function forgetDraft(id: string): void {
  const forgotten = all().find((one) => one.id !== id);
  write(all().filter((one) => one.id !== forgotten?.id));
}
