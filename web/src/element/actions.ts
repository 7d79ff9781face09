/** Which actions an element offers its readers. */

/** All of them. `context` is another word for `request`: changing what is asked. */
const all = ['retire', 'revoke', 'restore', 'request'] as const;
export type Action = (typeof all)[number];

/** What the attribute `actions` allows; unknown words allow nothing, and an attribute without any known word is taken for a mistake. */
export function allowedActions(text: string | null): ReadonlySet<Action> {
  const wanted = (text ?? '').toLowerCase().split(/[\s,]+/).filter(Boolean).map((word) => (word === 'context' ? 'request' : word));
  if (wanted.includes('none')) return new Set();
  const known = all.filter((action) => wanted.includes(action));
  return new Set(known.length > 0 ? known : all);
}
