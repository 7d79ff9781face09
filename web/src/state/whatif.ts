/**
 * Suppositions: what would be answered if something were different. They are tried in an engine session of their own, so that the
 * documents on the page stay as they are. Which of them matter, the engine says; nothing here judges a policy.
 */
import type { Engine, Grant, JsonObject, Request, Result, Scenario, Session, Step } from '../engine/engine';
import { ownerOf } from './callers';
import type { State, Store } from './store';
import { withPolicy } from './policies';
import { grantsOf, valueAt } from './world';

/** One thing that is different. */
export interface Supposition {
  /** Tells it from the others, in this moment and in those after it. */
  id: string;
  /** The sentence that says it, with the values in it. */
  kind: string;
  params: { [name: string]: string };
  /** One of the usual questions, offered without being looked for. */
  usual: boolean;
  /** What happens to the world as it then stands. */
  step?: (world: Scenario) => Step;
  /** What is asked instead. */
  ask?: (request: Request) => Request;
}

/** A supposition that turns the decision, with what it would then be. */
export interface Flip {
  supposition: Supposition;
  result: Result;
}

/**
 * Works out what may be supposed in this moment, then tries each supposition alone, a few at a time so that the page stays at hand, and
 * notes those that turn the decision.
 */
export async function lookForFlips(store: Store): Promise<void> {
  const { state } = store;
  const { answer, now } = state;
  if (state.suppositions !== undefined) return;
  const suppositions = answer.decision === null ? [] : suppositionsFor(state);
  store.note({ suppositions });
  const found: Flip[] = [];
  for (const supposition of suppositions) {
    await new Promise((resolve) => setTimeout(resolve));
    if (store.state.answer !== answer || store.state.now !== now) return;
    const { result } = supposed(store.engine, store.state, [supposition], 'decision');
    if (turns(answer, result)) found.push({ supposition, result });
  }
  store.note({ flips: found });
}

/** Supposes something, or no longer; with the others that are supposed. */
export function suppose(store: Store, id: string, yes: boolean): void {
  const { suppositions = [], chosen } = store.state;
  const wanted = suppositions.filter((one) => (one.id === id ? yes : chosen.includes(one)));
  store.note({ chosen: wanted, then: wanted.length > 0 ? supposed(store.engine, store.state, wanted) : undefined });
}

/** Trying more would take longer than anybody waits. */
const most = { grants: 20, callers: 12, pairs: 12 };

/** What may be supposed in a moment. */
export function suppositionsFor({ now, request, answer, callers }: Pick<State, 'now' | 'request' | 'answer' | 'callers'>): Supposition[] {
  const { world } = now;
  if (!request) return [];
  const { principal, operation } = request;
  const action = `kms:${operation}`;
  const named = request.parameters?.['KeyId'];
  const key = Math.max(0, (world.keys ?? []).findIndex(({ metadata: { Arn } }) => typeof named === 'string' && Arn.endsWith(named)));
  const policy = `/keys/${key}/policy`;
  const hasPolicy = Array.isArray(valueAt(world, `${policy}/Statement`));
  const owner = ownerOf(principal);
  const all: Supposition[] = [];
  const add = (kind: string, params: { [name: string]: string }, what: Pick<Supposition, 'step' | 'ask'>, usual = true) => {
    all.push({ id: [kind, ...Object.values(params)].join(' '), kind, params, usual, ...what });
  };
  const withStatement = (statement: unknown) => (then: Scenario): Step => ({
    set: { [`${policy}/Statement/${(valueAt(then, `${policy}/Statement`) as unknown[]).length}`]: statement },
  });

  const grants = grantsOf(world.keys?.[key]).slice(0, most.grants);
  const deciding = new Set(answer.determining.map(({ id }) => id));
  for (const { GrantId = '' } of grants) {
    add('endGrant', { grant: GrantId }, { step: (then) => ({ remove: [`/keys/${key}/grants/${grantsOf(then.keys?.[key]).findIndex((grant) => grant.GrantId === GrantId)}`] }) }, deciding.has(GrantId) || grants.length === 1);
  }

  const context = request.parameters?.['EncryptionContext'] as { [name: string]: unknown } | undefined;
  const withContext = (EncryptionContext: unknown) => ({ ask: (asked: Request): Request => ({ ...asked, parameters: { ...asked.parameters, EncryptionContext } as JsonObject }) });
  const [pair] = Object.entries(context ?? {});
  if (pair) {
    add('otherContext', { name: pair[0] }, withContext({ ...context, [pair[0]]: `${String(pair[1])}-other` }));
    add('noContext', {}, withContext({}), false);
  }
  if (/^(Decrypt|Encrypt|GenerateDataKey)/.test(operation)) {
    for (const { GrantId = '', Constraints = {} } of grants) {
      const wanted = contextFor({ Constraints }, request);
      if (wanted && JSON.stringify(wanted) !== JSON.stringify(context)) add('contextOf', { grant: GrantId }, withContext(wanted), false);
    }
    for (const { name, value } of pairsWanted(answer).slice(0, most.pairs)) add('pair', { name, value }, { ask: (asked) => withPair(asked, name, value) }, false);
  }

  const others = callers.filter((caller) => caller !== principal).slice(0, most.callers);
  others.forEach((other, i) => add('otherPrincipal', { principal: other }, { ask: (asked) => ({ ...asked, principal: other }) }, i < 2));

  const delegating = new Set((answer.trace ?? []).flatMap(({ reason, pointer }) => (reason === 'statement.delegates' && pointer ? [pointer] : [])));
  if (delegating.size > 0) add('noDelegation', {}, { step: without(world, [...delegating]) });
  const account = world.keys?.[key]?.metadata.Arn.split(':')[4] ?? '';
  if (hasPolicy && delegating.size === 0) {
    const statement = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' };
    add('delegation', { account }, { step: withStatement(statement) }, false);
  }
  if (hasPolicy && principal) {
    const Principal = principal.startsWith('arn:') ? { AWS: owner || principal } : { Service: principal };
    const statement = { Principal, Action: action, Resource: '*' };
    add('deny', { action, principal: owner || principal }, { step: withStatement({ Effect: 'Deny', ...statement }) });
    if (answer.decision !== 'allowed') add('allowByKeyPolicy', { action, principal: owner || principal }, { step: withStatement({ Effect: 'Allow', ...statement }) }, false);
  }
  for (const { kind, pointer = '', policyType = '', policyName = '', sid = '' } of answer.determining) {
    if (kind !== 'statement' || delegating.has(pointer) || valueAt(world, pointer) === undefined) continue;
    add(sid ? 'removeStatement' : 'removeNumbered', { policyType, sid, policyName, number: String(Number(pointer.slice(pointer.lastIndexOf('/') + 1)) + 1) }, { step: without(world, [pointer]) }, answer.decision === 'explicitDeny');
  }

  const state = world.keys?.[key]?.metadata['KeyState'] ?? 'Enabled';
  const keyState = (name: string) => ({ step: () => ({ set: { [`/keys/${key}/metadata/KeyState`]: name } }) });
  if (state === 'Enabled') add('disableKey', {}, keyState('Disabled'));
  else add('enableKey', { state: String(state) }, keyState('Enabled'));

  if (/:role\//.test(owner)) add('recreate', { role: owner }, { step: () => ({ recreate: owner }) });
  const service = request.context?.['kms:ViaService'];
  if (typeof service === 'string') {
    const direct = ({ context: { 'kms:ViaService': _, ...context } = {}, ...asked }: Request): Request => ({ ...asked, context });
    add('direct', { service }, { ask: direct });
  }
  if (world['consistency'] === 'eventual') add('propagate', {}, { step: () => ({ propagate: true }) });

  for (const { code, params } of answer.remedies ?? []) {
    const statement = params['statement'];
    if (code === 'remedy.identityPolicy' && statement && owner) {
      const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, null, 2);
      add('allowByIdentityPolicy', { action, principal }, { step: (then) => ({ set: withPolicy(then, undefined, 'identityPolicy', owner, { document, name: 'supposed' }).changes }) }, false);
    }
    if (code === 'remedy.createGrant') {
      const grant = { KeyId: world.keys?.[key]?.metadata.Arn, GranteePrincipal: params['grantee'], Operations: [params['operation']] };
      add('createGrant', { operation: String(params['operation']), grantee: String(params['grantee']) }, { step: (then) => ({ set: { [`/keys/${key}/grants`]: [...grantsOf(then.keys?.[key]), grant] } }) }, false);
    }
  }
  return all;
}

/** The encryption context that a grant wants of a request; undefined when it wants none. */
export function contextFor({ Constraints = {} }: Grant, request: Request): object | undefined {
  const { EncryptionContextEquals: whole, EncryptionContextSubset: part } = Constraints as { [name: string]: object | undefined };
  return whole ?? (part && { ...(request.parameters?.['EncryptionContext'] as object | undefined), ...part });
}

/** The pairs of an encryption context that statements want, one each, or without which they deny. */
function pairsWanted({ trace = [] }: Result): { name: string; value: string }[] {
  const wanted = new Map<string, { name: string; value: string }>();
  for (const { kind, effect, outcome, tests = [] } of trace) {
    if (kind !== 'statement') continue;
    for (const { element, outcome: held, params = {} } of tests) {
      const { key, operator, expected } = params;
      const [, name] = /^kms:EncryptionContext:(.+)$/i.exec(String(key)) ?? [];
      const isLack = effect === 'Allow' ? held === 'no' && /^String(Equals|Like)/.test(String(operator)) : outcome === 'matched' && /^StringNot(Equals|Like)/.test(String(operator));
      const [value] = [expected].flat() as unknown[];
      if (element === 'condition' && name && isLack && typeof value === 'string' && !/[*?]|\$\{/.test(value)) wanted.set(`${name}=${value}`, { name, value });
    }
  }
  return [...wanted.values()];
}

/** The request with this pair; a name that is there in another spelling is that one to conditions. */
function withPair(request: Request, name: string, value: string): Request {
  const context = (request.parameters?.['EncryptionContext'] ?? {}) as { [name: string]: unknown };
  const spelled = Object.keys(context).find((one) => one.toLowerCase() === name.toLowerCase()) ?? name;
  return { ...request, parameters: { ...request.parameters, EncryptionContext: { ...context, [spelled]: value } } as JsonObject };
}

/** The step that takes statements out of a policy, wherever they stand by then. */
function without(world: Scenario, pointers: readonly string[]): (then: Scenario) => Step {
  const gone = pointers.map((pointer) => [pointer, JSON.stringify(valueAt(world, pointer))] as const);
  const place = (then: Scenario, pointer: string, statement: string) => {
    const list = pointer.slice(0, pointer.lastIndexOf('/'));
    const statements = valueAt(then, list);
    return Array.isArray(statements) ? `${list}/${statements.findIndex((one) => JSON.stringify(one) === statement)}` : pointer;
  };
  return (then) => ({
    remove: gone
      .map(([pointer, statement]) => place(then, pointer, statement))
      .filter((pointer) => !pointer.endsWith('/-1'))
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true })),
  });
}

/** A second session, at the moment after `position` steps. Whoever opens it closes it. */
export function sessionAt(engine: Engine, { start, moments, question }: State, position: number): Session {
  const { world } = moments[position]!;
  // What the world does not say: which grants are known everywhere, and which tokens are theirs. Then everything has to happen again.
  const again = world['consistency'] === 'eventual' || question.includes('GrantTokens');
  const session = engine.open(JSON.stringify({ ...(again ? start : world), steps: [] }));
  if (again) for (const { step, done = step } of moments.slice(1, position + 1)) session.perform(JSON.stringify(done));
  return session;
}

/** What would be asked, what would have happened, and what would be answered. */
export function supposed(engine: Engine, state: State, chosen: readonly Supposition[], detail: 'full' | 'decision' = 'full') {
  const session = sessionAt(engine, state, state.position);
  try {
    const happened: Step[] = [];
    let { world } = state.now;
    for (const { step, id } of chosen) {
      if (!step) continue;
      if (happened.length > 0) world = (JSON.parse(session.world()) as { world: Scenario }).world;
      happened.push(step(world));
      session.perform(JSON.stringify({ ...happened.at(-1), id }));
    }
    const request = chosen.reduce((asked, { ask }) => ask?.(asked) ?? asked, state.request!);
    const answer = JSON.parse(session.decide(JSON.stringify(request), detail)) as Partial<Result>;
    const result: Result = { decision: null, decidedBy: [], determining: [], error: null, ...answer };
    return { request, steps: happened, result };
  } finally {
    session.close();
  }
}

/** Whether one answer allows and the other does not; no decision turns nothing. */
function turns(before: Result, after: Result): boolean {
  return before.decision !== null && after.decision !== null && (before.decision === 'allowed') !== (after.decision === 'allowed');
}
