/**
 * Takes in what people paste: AWS command outputs, policies, CloudTrail events, AccessDenied messages. The engine recognises what a text
 * is and where it belongs; what the page has already is given to it along, so that a policy finds its key and its principal.
 */
import type { Diagnostic, Engine, Request, Scenario } from '../engine/engine';
import { placeholderKey } from './adopt';
import { ownerOf } from './callers';
import { openingOf } from './gallery';
import { isScenario } from './shape';
import type { Store } from './store';
import { parsed, valueAt } from './world';

/** What a pasted text changes. */
export interface Pasted {
  /** For the world, by pointer. */
  changes: { [pointer: string]: unknown };
  /** The request of a pasted event or message. */
  request: Request | undefined;
  /** What the text was recognised as. */
  kinds: string[];
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
  if (pasted.request) store.ask(JSON.stringify(pasted.request, null, 2));
  return pasted;
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
  let changes: { [pointer: string]: unknown } = {};
  let request: Request | undefined;
  for (const { pointer } of mine) {
    const [, kind, index] = /^\/(\w+)\/(\d+)/.exec(pointer) ?? [];
    if (kind === 'keys') changes = { ...changes, ...keyChanges(scenario, world, Number(index), pointer) };
    if (kind === 'principals') changes = { ...changes, ...principalChanges(scenario, world, Number(index)) };
    if (kind === 'steps') request = (valueAt(scenario, `/steps/${index}/request`) as Request | undefined) ?? request;
  }
  return {
    changes,
    request,
    kinds: [...new Set(mine.map(({ kind }) => kind))],
    diagnostics: diagnostics.filter(({ document = '' }) => document === `/${input}`),
  };
}

/** The keys and principals on the page as the AWS CLI would print them. A lone IAM policy is then taken to be the caller's. */
function asOutputs(world: Scenario, caller: string): string[] {
  const keys = (world.keys ?? []).filter(({ metadata }) => metadata.Arn !== placeholderKey);
  const principals = (world.principals ?? []).map(({ arn }) => arn);
  const all = caller === '' || principals.includes(caller) ? principals : [...principals, caller];
  return [...keys.map(({ metadata }) => ({ KeyMetadata: metadata })), ...all.map(asEntity)].map((output) => JSON.stringify(output));
}

function asEntity(arn: string): object {
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  return /:user\//.test(arn) ? { User: { Arn: arn, UserName: name } } : { Role: { Arn: arn, RoleName: name } };
}

/** A key that the page knows is changed where it stands; the first one named takes the place of the placeholder. */
function keyChanges(scenario: Scenario, world: Scenario, index: number, pointer: string) {
  const keys = world.keys ?? [];
  const arn = scenario.keys?.[index]?.metadata.Arn;
  const found = keys.findIndex(({ metadata }) => metadata.Arn === arn || metadata.Arn === placeholderKey);
  const at = found >= 0 ? found : keys.length;
  if (at === keys.length) return { [`/keys/${at}`]: scenario.keys?.[index] };
  const rest = pointer.slice(`/keys/${index}`.length);
  const value = valueAt(scenario, pointer);
  const text = rest === '/policy' ? asText(value) : rest === '/grants' ? asText({ Grants: value }) : value;
  return { [`/keys/${at}/metadata/Arn`]: arn, [`/keys/${at}${rest}`]: text };
}

/** Policies join those that the page has of the same user or role. */
function principalChanges(scenario: Scenario, world: Scenario, index: number) {
  const pasted = scenario.principals?.[index];
  const principals = world.principals ?? [];
  if (!pasted) return {};
  const found = principals.findIndex(({ arn }) => arn === pasted.arn);
  const at = found >= 0 ? found : principals.length;
  const known = principals[at]?.identityPolicies ?? [];
  const added = (pasted.identityPolicies ?? []).map(({ name, document }) => ({ name, document: asText(document) }));
  return { [`/principals/${at}`]: { ...principals[at], ...pasted, identityPolicies: [...known, ...added] } };
}

const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));
