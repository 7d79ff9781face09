// What properties read in an answer.

/** The outcome of a node of the flow. */
export const flow = (result, node) => result.flow?.find((entry) => entry.node === node)?.outcome;

/** Whether the caller is authorized: also when the key's state or the ciphertext then refuses the request. */
export const granted = (result) => result.decision === 'allowed' || (result.decision === 'error' && flow(result, 'request') === 'yes');

/** Whether the request came as far as authorization. */
export const judged = (result) => result.decision !== null && !(result.decision === 'error' && flow(result, 'request') === 'no');

const brief = ({ decision, decidedBy, error }) => JSON.stringify([decision, decidedBy, error?.code]);

/** The same decision, for the same reasons. */
export const same = (before, after) => before.decision !== null && brief(before) === brief(after);

/** The same decision; other paths may lead to it as well. */
export const sameDecision = (before, after) =>
  before.decision !== null && before.decision === after.decision && before.error?.code === after.error?.code;

/** A change that can only give access. */
export const onlyAdds = (before, after) => after.decision !== null && !(granted(before) && !granted(after));

/** A change that can only take access away. */
export const onlyRemoves = (before, after) => after.decision !== null && !(!granted(before) && granted(after));

/** The part of a scenario that a pointer names. */
export const at = (scenario, pointer) =>
  pointer.split('/').slice(1).reduce((node, name) => node?.[name.replaceAll('~1', '/').replaceAll('~0', '~')], scenario);

/** The texts of what decided, in no order: pointers move when statements do. */
export const decisive = (scenario, result) =>
  JSON.stringify(result.determining.map(({ kind, pointer }) => `${kind} ${JSON.stringify(at(scenario, pointer))}`).sort());

/** A result without the given fields, at any depth. */
export const without = (result, ...names) => JSON.stringify(result, (name, value) => (names.includes(name) ? undefined : value));

/** Statements of the trace: their pointers, outcomes and the permission asked, in no order. */
export const outcomes = (result) => JSON.stringify((result.trace ?? []).map(({ kind, pointer, action, outcome }) => [kind, pointer, action, outcome].join(' ')).sort());
