// P48–P50, P53: key policy, identity policies, grants and key states together.

import { Random } from '../reference/random.mjs';
import { A, B, iam, sessionOf } from '../reference/vocabulary.mjs';
import { granted, onlyRemoves, same } from './answers.mjs';
import { asks, edit, listOf, plain, removeGrants, removeStatements, requests, statements } from './edits.mjs';
import { KEY, any, grantScene, policyScene } from './scenes.mjs';

const accountOf = (arn) => arn.split(':')[4];

/** Whether every request is about a key, and by an identity of the account that has all keys. */
const atHome = (scenario) =>
  requests(scenario).every(({ principal, parameters }) => {
    if (!principal.startsWith('arn:') || principal.endsWith(':root') || !(parameters?.KeyId ?? parameters?.SourceKeyId)) return false;
    return scenario.keys.every((key) => accountOf(key.metadata.Arn) === accountOf(principal));
  });

/** Operations that key policies do not decide, or not alone. */
const apart = (scenario) => asks(scenario, 'RetireGrant', 'ListRetirableGrants', 'CreateAlias', 'UpdateAlias', 'DeleteAlias', 'ReplicateKey');

const isAccount = (name) => name === '*' || /^\d{12}$|:root$/.test(name);
const namesAccount = ({ Principal, NotPrincipal }) => NotPrincipal !== undefined || Principal === '*' || listOf(Principal?.AWS ?? []).some(isAccount);

const identityAllow = ({ type, statement }) => type === 'identityPolicy' && statement.Effect === 'Allow';

/** Removes every identity policy Allow, or adds one for everything. */
const otherIdentityPolicies = (scenario, random) =>
  edit(scenario, (s) => {
    if (random.chance(0.5)) return void removeStatements(s, identityAllow);
    for (const principal of s.principals) {
      principal.identityPolicies = [...(principal.identityPolicies ?? []), { name: 'everything', document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } }];
    }
  });

/** A caller of another account, with or without what it needs on either side. */
function foreignScene(seed) {
  const random = new Random(seed);
  const scenario = policyScene(seed, { foreign: true });
  const role = iam(B, 'role/app');
  const [own] = statements(scenario).filter(({ type }) => type === 'keyPolicy');
  own.statement.Principal = random.pick([{ AWS: iam(B, 'root') }, { AWS: B }, { AWS: role }, { AWS: sessionOf(role, 's1') }, '*']);
  own.statement.Action = random.pick(['kms:*', ['kms:Decrypt', 'kms:DescribeKey'], 'kms:D*']);
  const identity = statements(scenario).at(-1).statement;
  identity.Action = random.pick(['kms:*', 'kms:Decrypt', 'kms:D*', '*']);
  identity.Resource = random.pick(['*', KEY, `arn:aws:kms:*:${A}:key/*`]);
  requests(scenario)[0].operation = random.pick(['Decrypt', 'DescribeKey', 'GetKeyPolicy', 'ListGrants']);
  return scenario;
}

/** Grants decide, and identity policies may as well. */
function grantsAndPolicies(seed) {
  if (seed % 2) return any(seed);
  const scenario = grantScene(seed);
  const random = new Random(seed);
  const Statement = [{ Effect: 'Allow', Action: random.pick(['kms:*', 'kms:Encrypt', 'kms:De*']), Resource: '*' }];
  for (const principal of scenario.principals) principal.identityPolicies = [{ name: 'p', document: { Version: '2012-10-17', Statement } }];
  scenario.keys[0].policy.Statement.push({ Effect: 'Allow', Principal: { AWS: A }, Action: 'kms:*', Resource: '*' });
  return scenario;
}

export const composition = [
  {
    id: 'P48',
    says: 'Where no key policy statement allows the account, Allows of identity policies do not matter',
    from: any,
    cases: (scenario, random) => {
      if (!atHome(scenario) || apart(scenario)) return null;
      const closed = edit(scenario, (s) => {
        removeStatements(s, ({ type, statement }) => type === 'keyPolicy' && statement.Effect === 'Allow' && namesAccount(statement));
        removeGrants(s, ({ grant }) => isAccount(grant.GranteePrincipal ?? ''));
      });
      return [closed, otherIdentityPolicies(closed, random)];
    },
    holds: same,
  },
  {
    id: 'P49',
    says: 'Across accounts without a grant, each side must allow',
    from: foreignScene,
    cases: (scenario) => [
      scenario,
      ...['keyPolicy', 'identityPolicy'].map((side) => edit(scenario, (s) => void removeStatements(s, ({ type, statement }) => type === side && statement.Effect === 'Allow'))),
    ],
    holds: (both, withoutKeyPolicy, withoutIdentityPolicy) => both.decision !== null && withoutKeyPolicy.decision === 'implicitDeny' && withoutIdentityPolicy.decision === 'implicitDeny',
  },
  {
    id: 'P50',
    says: 'With a grant that matches and no Deny, identity policies are not needed',
    from: grantsAndPolicies,
    cases: (scenario, random, answer) => {
      if (!atHome(scenario) || apart(scenario)) return null;
      const base = plain(scenario);
      removeStatements(base, ({ statement }) => statement.Effect === 'Deny');
      removeGrants(base, ({ grant }) => isAccount(grant.GranteePrincipal ?? ''));
      const wanted = answer.results.some(({ trace }) => trace.some(({ kind, outcome }) => kind === 'grant' && outcome === 'matched'));
      if (!wanted && random.chance(0.8)) return null;
      return [base, edit(base, (s) => void removeStatements(s, identityAllow))];
    },
    holds: (before, after) => {
      // ReEncrypt asks for two permissions, each of which a grant must give.
      const asked = new Set(before.trace.map(({ action }) => action).filter(Boolean));
      const given = new Set(before.trace.filter(({ kind, outcome }) => kind === 'grant' && outcome === 'matched').map(({ action }) => action));
      return asked.size > 0 && [...asked].every((action) => given.has(action)) ? granted(before) && granted(after) : onlyRemoves(before, after);
    },
  },
  {
    id: 'P53',
    says: 'A key that gets disabled or awaits deletion never turns a deny into Allow',
    from: any,
    cases: (scenario, random) => {
      const { metadata } = scenario.keys[0];
      if ((metadata.KeyState ?? 'Enabled') !== 'Enabled' || asks(scenario, 'CancelKeyDeletion', 'EnableKey')) return null;
      return [scenario, edit(scenario, (s) => void (s.keys[0].metadata.KeyState = random.pick(['Disabled', 'PendingDeletion'])))];
    },
    holds: (before, after) => after.decision !== null && (before.decision === 'allowed' || after.decision !== 'allowed') && granted(before) === granted(after),
  },
];
