// The world of a scenario: keys, principals, accounts, endpoints; and the steps that edit it.

import { list } from './text.mjs';

const parse = (value) => (typeof value === 'string' ? JSON.parse(value) : value);
const accountOf = (text) => /(\d{12})/.exec(text)?.[1];

const DEFAULTS = {
  KeyState: 'Enabled', KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT', Origin: 'AWS_KMS', KeyManager: 'CUSTOMER', MultiRegion: false,
};

function tidyPolicies(policies) {
  for (const policy of policies ?? []) policy.document = parse(policy.document);
}

/** Brings the parts of the world into one form, after reading and after every edit. */
function tidy(world) {
  for (const key of world.keys) {
    key.metadata = { ...DEFAULTS, ...key.metadata };
    [, , , key.region, key.account] = key.metadata.Arn.split(':');
    key.policy = parse(key.policy ?? { Statement: [] });
    const grants = parse(key.grants ?? []);
    key.grants = Array.isArray(grants) ? grants : (grants.Grants ?? []);
    for (const grant of key.grants) {
      grant.GrantId ??= `listed-${++world.counter}`;
      grant.issuer = grant.IssuingAccount ? accountOf(grant.IssuingAccount) : key.account;
    }
  }
  for (const principal of world.principals) {
    tidyPolicies(principal.identityPolicies);
    if (principal.permissionsBoundary) principal.permissionsBoundary.document = parse(principal.permissionsBoundary.document);
  }
  for (const account of world.accounts) {
    for (const level of account.serviceControlPolicies ?? []) tidyPolicies(level);
    for (const level of account.resourceControlPolicies ?? []) tidyPolicies(level);
  }
  for (const endpoint of world.vpcEndpoints) if (endpoint.policy) endpoint.policy = parse(endpoint.policy);
}

/** Makes the world of a scenario; the scenario stays as it is. */
export function readWorld(scenario) {
  const copy = JSON.parse(JSON.stringify(scenario));
  const world = {
    keys: copy.keys ?? [],
    principals: copy.principals ?? [],
    accounts: copy.accounts ?? [],
    vpcEndpoints: copy.vpcEndpoints ?? [],
    consistency: copy.consistency ?? 'immediate',
    tokens: new Map(),
    blobs: new Map(),
    markers: new Set(),
    readings: copy.readings,
    counter: 0,
  };
  tidy(world);
  return world;
}

/**
 * May this principal exist? Who is not listed does, unless its name is that of a listed role with another path, or
 * a unique id that nobody has (contract, IL:P-06, P-09, P-24).
 */
export function exists(world, name) {
  if (/^A(ROA|IDA)[A-Z0-9]+$/.test(name)) return world.principals.some((p) => p.uniqueId === name && !p.deleted);
  const m = /^(arn:[^:]+):(?:iam|sts)::(\d{12}):(?:role\/(?:.*\/)?|assumed-role\/)([^/]+)/.exec(name);
  if (!m || name.includes(':user/') || name.includes(':federated-user/')) return !world.principals.some((p) => p.arn === name && p.deleted);
  const role = name.includes(':assumed-role/') ? name.split('/')[1] : name.split('/').at(-1);
  const namesakes = world.principals.filter((p) => p.arn.startsWith(`${m[1]}:iam::${m[2]}:role/`) && p.arn.endsWith(`/${role}`));
  const alive = namesakes.filter((p) => !p.deleted && (name.includes(':assumed-role/') || p.arn === name));
  return namesakes.length === 0 || alive.length > 0;
}

/** The account under which a grant is issued (M-09); a service acts for the owner of the key. */
export const callerAccountOf = (caller, key) => caller.account ?? key.account;

/** A grant made by CreateGrant. */
export function newGrant(world, key, p, issuer) {
  const grant = { KeyId: key.metadata.Arn, GrantId: `created-${++world.counter}`, IssuingAccount: `arn:aws:iam::${issuer}:root`, issuer };
  for (const name of ['Name', 'GranteePrincipal', 'GranteeServicePrincipal', 'RetiringPrincipal', 'RetiringServicePrincipal', 'Operations', 'Constraints']) {
    if (p[name] !== undefined) grant[name] = p[name];
  }
  if (world.consistency === 'eventual') grant.pending = true;
  return grant;
}

const steps = (pointer) => pointer.split('/').slice(1).map((s) => s.replaceAll('~1', '/').replaceAll('~0', '~'));

function edit(world, pointer, change) {
  const path = steps(pointer);
  const parent = path.slice(0, -1).reduce((node, name) => node[name], world);
  change(parent, path.at(-1));
}

/** Carries out {set}, {remove}, {propagate} and {recreate}. */
export function editWorld(world, step) {
  for (const [pointer, value] of Object.entries(step.set ?? {})) {
    edit(world, pointer, (parent, name) => {
      const copy = JSON.parse(JSON.stringify(value));
      if (Array.isArray(parent) && name === '-') parent.push(copy);
      else parent[name] = copy;
    });
  }
  for (const pointer of step.remove ?? []) {
    edit(world, pointer, (parent, name) => (Array.isArray(parent) ? parent.splice(Number(name), 1) : delete parent[name]));
  }
  if (step.propagate) propagate(world);
  if (step.recreate) recreate(world, step.recreate);
  tidy(world);
}

function propagate(world) {
  for (const key of world.keys) {
    key.grants = key.grants.filter((grant) => !grant.gone);
    for (const grant of key.grants) delete grant.pending;
  }
}

/**
 * Deleted and made again under the same name: what named the old one keeps an id that nobody has (P-10, P-25),
 * and the new one has no policies, boundary or tags.
 */
function recreate(world, arn) {
  const orphan = (text) => `orphan:${text}`;
  const isSession = (text) => {
    const m = /^(arn:[^:]+):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn);
    return m && text?.startsWith(`${m[1]}:sts::${m[2]}:assumed-role/${m[3]}/`);
  };
  for (const key of world.keys) {
    for (const statement of list(key.policy.Statement)) {
      for (const element of ['Principal', 'NotPrincipal']) {
        const principal = statement[element];
        if (principal?.AWS !== undefined) principal.AWS = list(principal.AWS).map((v) => (v === arn ? orphan(v) : v));
      }
    }
    for (const grant of key.grants) {
      for (const field of ['GranteePrincipal', 'RetiringPrincipal']) {
        if (grant[field] === arn || isSession(grant[field])) grant[field] = orphan(grant[field]);
      }
    }
  }
  const at = world.principals.findIndex((p) => p.arn === arn);
  if (at >= 0) world.principals[at] = { arn, uniqueId: `A${arn.includes(":role/") ? "ROA" : "IDA"}NEW${++world.counter}` };
}
