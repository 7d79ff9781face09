/**
 * The reader's own documents, kept for when the page is loaded again or begun anew: in this tab, until it is closed, and never shown
 * before somebody asks for them. Storage may be forbidden or too small; then nothing is kept.
 */
import type { Shown } from './link';

const place = 'kms-playground.own';

/** Keeps what a link to it would hold, in the same form. */
export function keepDraft({ name, start, steps, position, question }: Shown): void {
  try {
    sessionStorage.setItem(place, JSON.stringify({ s: name, start, kept: 0, own: steps, at: position, ask: question }));
  } catch {
    // Then not.
  }
}

export function hasDraft(): boolean {
  try {
    return sessionStorage.getItem(place) !== null;
  } catch {
    return false;
  }
}

/** What was kept; undefined when it cannot be read. */
export async function readDraft(): Promise<Shown | undefined> {
  try {
    const { shownIn } = await import('./packed');
    return await shownIn(JSON.parse(sessionStorage.getItem(place)!));
  } catch {
    return undefined;
  }
}

export function forgetDraft(): void {
  try {
    sessionStorage.removeItem(place);
  } catch {
    // There is none, then.
  }
}
