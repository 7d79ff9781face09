/**
 * Takes in what people paste: AWS command outputs, policies, CloudTrail events, AccessDenied messages. The engine recognises what a text
 * is and where it belongs; what the page has already is given to it along, so that a policy finds its key and its principal.
 */
import type { Diagnostic, Engine, Request, Scenario } from '../engine/engine';
import { ownerOf } from './callers';
import { isPlaceholder, openingOf } from './gallery';
import { requestFor } from './matrix';
import { isScenario } from './shape';
import type { Store } from './store';
import { parsed, valueAt } from './world';

/** What a pasted text changes. */
export interface Pasted {
  text: string;
  /** For the world, by pointer. */
  changes: { [pointer: string]: unknown };
  /** The request of a pasted event or message. */
  request: Request | undefined;
  /** What the text was recognised as. */
  kinds: string[];
  /** Whose IAM policies they are. */
  owner: string | undefined;
  /** The parameters that the request must have and the message does not tell. */
  standIns: string[];
  /** Whether the text is no JSON and no message that tells a request. */
  unknown: boolean;
  diagnostics: Diagnostic[];
}

/** Puts a pasted text where it belongs, or opens it when it is a scenario file; what it was recognised as, and what is wrong with it. */
export function paste(store: Store, text: string): Pasted | 'opened' {
  const scenario = parsed(text);
  if (isScenario(scenario)) {
    store.open(scenario.title === undefined ? 'new' : 'file', scenario, openingOf(scenario));
    return 'opened';
  }
  const { now, request } = store.state;
  const pasted = readPasted(store.engine, now.world, request?.principal ?? '', text);
  if (Object.keys(pasted.changes).length > 0) store.set(pasted.changes, { byItself: true });
  if (!pasted.request) return pasted;
  const { request: asked, standIns } = completed(pasted.request, store);
  store.ask(JSON.stringify(asked, null, 2));
  return { ...pasted, standIns };
}

/** A message names the operation, but not what it was called with: without that, AWS KMS would not even look at the policies. */
function completed(request: Request, { state }: Store): { request: Request; standIns: string[] } {
  const { principal, operation, parameters = {} } = request;
  const { EncryptionContext: _, ...needed } = requestFor(state, principal, operation).parameters ?? {};
  const key = valueAt(state.now.world, '/keys/0/metadata/Arn');
  const missing = Object.entries({ ...needed, ...('KeyId' in needed ? { KeyId: key } : {}) }).filter(([name]) => !(name in parameters));
  return {
    request: { ...request, parameters: { ...Object.fromEntries(missing), ...parameters } as Request['parameters'] & object },
    standIns: missing.map(([name]) => name).filter((name) => name !== 'KeyId'),
  };
}

function readPasted(engine: Engine, world: Scenario, caller: string, text: string): Pasted {
  const known = asOutputs(world, ownerOf(caller));
  const input = known.length;
  const answer = parsed(engine.import([...known, text])) as {
    scenario?: Scenario;
    diagnostics?: Diagnostic[];
    placed?: { input: number; kind: string; pointer: string }[];
  };
  const { scenario = { scenario: 1 }, diagnostics = [], placed = [] } = answer;
  const mine = placed.filter((place) => place.input === input);
  // A list without grants names no key, and is no less an answer.
  const grants = valueAt(parsed(text), '/Grants');
  if (mine.length === 0 && Array.isArray(grants) && grants.length === 0 && world.keys?.length === 1) {
    return { text, changes: { '/keys/0/grants': text }, request: undefined, owner: undefined, standIns: [], unknown: false, kinds: ['grants'], diagnostics: [] };
  }
  let changes: { [pointer: string]: unknown } = {};
  let request: Request | undefined;
  let owner: string | undefined;
  const madeUp = new Set(diagnostics.filter(({ code }) => code === 'import.keyUnknown').map(({ params }) => params['key']));
  for (const { pointer, kind: what } of mine) {
    const isInline = what === 'inlinePolicy';
    const [, kind, index] = /^\/(\w+)\/(\d+)/.exec(pointer) ?? [];
    if (kind === 'keys') changes = { ...changes, ...keyChanges(scenario, world, Number(index), pointer, madeUp) };
    if (kind === 'principals') changes = { ...changes, ...principalChanges(scenario, world, Number(index), isInline) };
    if (kind === 'principals') owner = scenario.principals?.[Number(index)]?.arn;
    if (kind === 'steps') request = (valueAt(scenario, `/steps/${index}/request`) as Request | undefined) ?? request;
  }
  // A message tells which key it is about, before any document does.
  const named = request?.parameters?.['KeyId'];
  const [first] = world.keys ?? [];
  if (first && isPlaceholder(first.metadata.Arn) && typeof named === 'string' && /^arn:.*:key\//.test(named)) {
    changes = { ...changes, '/keys/0/metadata/Arn': named };
  }
  const own = diagnostics.filter(({ document = '' }) => document === `/${input}`);
  return {
    text,
    changes,
    request,
    owner,
    standIns: [],
    unknown: mine.length === 0 && !/^\s*[[{"]/.test(text),
    kinds: [...new Set(mine.map(({ kind }) => kind))],
    // The page has a key for what names none.
    diagnostics: own.filter(({ code }) => code !== 'import.keyUnknown'),
  };
}

/** The keys and principals on the page as the AWS CLI would print them. A lone IAM policy is then taken to be the caller's. */
function asOutputs(world: Scenario, caller: string): string[] {
  const keys = (world.keys ?? []).filter(({ metadata }) => !isPlaceholder(metadata.Arn));
  const principals = (world.principals ?? []).map(({ arn }) => arn);
  // A session does not tell the path of its role: one of that name is it.
  const isKnown = principals.some((arn) => arn === caller || (caller.includes(':role/') && arn.startsWith(caller.replace(/[^/]*$/, '')) && arn.endsWith(caller.slice(caller.lastIndexOf('/')))));
  const all = caller === '' || isKnown ? principals : [...principals, caller];
  return [...keys.map(({ metadata }) => ({ KeyMetadata: metadata })), ...all.map(asEntity)].map((output) => JSON.stringify(output));
}

function asEntity(arn: string): object {
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  return /:user\//.test(arn) ? { User: { Arn: arn, UserName: name } } : { Role: { Arn: arn, RoleName: name } };
}

/** A key that the page knows is changed where it stands; the first one named takes the place of the placeholder. */
function keyChanges(scenario: Scenario, world: Scenario, index: number, pointer: string, madeUp: ReadonlySet<unknown>) {
  const keys = world.keys ?? [];
  const arn = scenario.keys?.[index]?.metadata.Arn;
  const known = keys.findIndex(({ metadata }) => metadata.Arn === arn);
  const found = known >= 0 ? known : keys.findIndex(({ metadata }) => isPlaceholder(metadata.Arn));
  // What names no key is about the first one.
  const at = found >= 0 ? found : madeUp.has(arn) && keys.length > 0 ? 0 : keys.length;
  if (at === keys.length) return { [`/keys/${at}`]: scenario.keys?.[index] };
  const rest = pointer.slice(`/keys/${index}`.length);
  const value = valueAt(scenario, pointer);
  const text = rest === '/policy' ? asText(value) : rest === '/grants' ? asText({ Grants: value }) : value;
  return { ...(madeUp.has(arn) ? {} : { [`/keys/${at}/metadata/Arn`]: arn }), [`/keys/${at}${rest}`]: text };
}

/** Policies join those that the page has of the same user or role; an inline policy takes the place of the one of its name. */
function principalChanges(scenario: Scenario, world: Scenario, index: number, isInline: boolean) {
  const pasted = scenario.principals?.[index];
  const principals = world.principals ?? [];
  if (!pasted) return {};
  const found = principals.findIndex(({ arn }) => arn === pasted.arn);
  const at = found >= 0 ? found : principals.length;
  const known = principals[at]?.identityPolicies ?? [];
  const added = (pasted.identityPolicies ?? []).map(({ name, document }) => ({ name, document: asText(document) }));
  const kept = isInline ? known.filter(({ name }) => !added.some((other) => other.name === name)) : known;
  return { [`/principals/${at}`]: { ...principals[at], ...pasted, identityPolicies: [...kept, ...added] } };
}

const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));
