/** Where a further policy goes, and what has to be there so that it counts. */
import type { Request, Scenario, Step } from '../engine/types';
import type { Moment } from './player';
import { parsed, valueAt, withValue, type DocumentRef } from './world';

export type Addable = Exclude<DocumentRef['kind'], 'keyPolicy' | 'grants' | 'key'> | 'sessionPolicy';

/** Whom a policy of each kind belongs to: what an owner looks like. */
export const owners: { [kind in Addable]: string } = {
  identityPolicy: 'arn:.*',
  permissionsBoundary: 'arn:.*',
  sessionPolicy: '',
  serviceControlPolicy: '[0-9]{12}',
  resourceControlPolicy: '[0-9]{12}',
  vpcEndpointPolicy: 'vpce-[0-9a-z]+',
};

export interface Added {
  changes: { [pointer: string]: unknown };
  /** The new document, to be opened; "" is the request. */
  pointer: string;
  request?: Request;
}

/** One more policy: an empty one to paste into, or this one. */
export function withPolicy(world: Scenario, request: Request | undefined, kind: Addable, owner: string, { document = '', name = '' } = {}): Added {
  const named = (count: number) => ({ name: name || `policy-${count + 1}`, document });
  if (kind === 'sessionPolicy') {
    const statement = { Effect: 'Allow', Action: `kms:${request?.operation ?? 'Decrypt'}`, Resource: '*' };
    const policies = (request?.['sessionPolicies'] ?? []) as unknown[];
    const sessionPolicies = [...policies, parsed(document) ?? { Version: '2012-10-17', Statement: [statement] }];
    return { changes: {}, pointer: '', request: { ...request!, sessionPolicies } };
  }
  if (kind === 'vpcEndpointPolicy') {
    const at = indexIn(world, 'vpcEndpoints', 'id', owner);
    const place = `/vpcEndpoints/${at}`;
    const changes = valueAt(world, place) ? { [`${place}/policy`]: document } : appended(world, 'vpcEndpoints', { id: owner, policy: document });
    return { changes, pointer: `${place}/policy`, ...(request ? { request: { ...request, vpcEndpoint: owner } } : {}) };
  }
  if (kind === 'serviceControlPolicy' || kind === 'resourceControlPolicy') {
    const field = kind === 'serviceControlPolicy' ? 'serviceControlPolicies' : 'resourceControlPolicies';
    const at = indexIn(world, 'accounts', 'id', owner);
    const place = `/accounts/${at}`;
    const level = valueAt(world, `${place}/${field}/0`) as unknown[] | undefined;
    const same = name ? (level ?? []).findIndex((one) => valueAt(one, '/name') === name) : -1;
    if (same >= 0) return { changes: { [`${place}/${field}/0/${same}/document`]: document }, pointer: `${place}/${field}/0/${same}/document` };
    const fresh = kind === 'serviceControlPolicy' ? [fullAccess, named(0)] : [named(0)];
    const index = level?.length ?? fresh.length - 1;
    const pointer = `${place}/${field}/0/${index}/document`;
    if (level) return { changes: { [`${place}/${field}/0/${index}`]: named(index) }, pointer };
    const changes = valueAt(world, place) ? { [`${place}/${field}`]: [fresh] } : appended(world, 'accounts', { id: owner, [field]: [fresh] });
    return { changes, pointer };
  }
  const place = `/principals/${indexIn(world, 'principals', 'arn', owner)}`;
  const isKnown = valueAt(world, place) !== undefined;
  if (kind === 'permissionsBoundary') {
    const changes = isKnown ? { [`${place}/permissionsBoundary`]: named(0) } : appended(world, 'principals', { arn: owner, permissionsBoundary: named(0) });
    return { changes, pointer: `${place}/permissionsBoundary/document` };
  }
  const policies = valueAt(world, `${place}/identityPolicies`) as unknown[] | undefined;
  const index = policies?.length ?? 0;
  const pointer = `${place}/identityPolicies/${index}/document`;
  if (policies) return { changes: { [`${place}/identityPolicies/${index}`]: named(index) }, pointer };
  const changes = isKnown ? { [`${place}/identityPolicies`]: [named(0)] } : appended(world, 'principals', { arn: owner, identityPolicies: [named(0)] });
  return { changes, pointer };
}

/**
 * The step after which a policy, a key or a principal no longer counts. Lists are written anew without it, so that every text that stays
 * has its place. A level of control policies without any would allow nothing, and so would a list of such levels: they go with the last
 * one; a user or role whose last IAM policy goes has none.
 */
export function removalOf({ world, texts }: Pick<Moment, 'world' | 'texts'>, pointer: string): Step {
  let entry = pointer.replace(/\/document$/, '');
  const above = (place: string) => place.slice(0, place.lastIndexOf('/'));
  while (/ControlPolicies\/\d+/.test(entry) && (valueAt(world, above(entry)) as unknown[]).length === 1) entry = above(entry);
  const list = above(entry);
  const entries = valueAt(world, list);
  if (!Array.isArray(entries)) return { remove: [entry] };
  const index = Number(entry.slice(list.length + 1));
  const typed = (place: string, value: unknown) => {
    let whole = value;
    for (const [at, text] of texts) if (at.startsWith(`${place}/`) && valueAt(value, at.slice(place.length)) !== undefined) whole = withValue(whole, at.slice(place.length), text);
    return whole;
  };
  return { set: { [list]: entries.map((value, i) => typed(`${list}/${i}`, value)).filter((_, i) => i !== index) } };
}

/** Where an entry of a list stands, or where it would be appended. */
function indexIn(world: Scenario, list: string, field: string, value: string): number {
  const entries = (world[list] ?? []) as unknown[];
  const found = entries.findIndex((entry) => valueAt(entry, `/${field}`) === value);
  return found >= 0 ? found : entries.length;
}

/** One more entry of a list that may not be there yet. What is there already stays as it was read. */
function appended(world: Scenario, list: string, entry: unknown): { [pointer: string]: unknown } {
  const entries = world[list] as unknown[] | undefined;
  return entries ? { [`/${list}/${entries.length}`]: entry } : { [`/${list}`]: [entry] };
}

/** What AWS attaches everywhere until somebody detaches it. */
const fullAccess = {
  name: 'FullAWSAccess',
  document: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }, null, 2),
};
