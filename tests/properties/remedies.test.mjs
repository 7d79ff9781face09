// Whoever does what the remedies of a denial say, time and again, is let through: by the policies, or by the narrower choice of a grant.
//   KMS_PROPERTY_COUNT=5000 KMS_PROPERTY_SEED=7 node --test tests/properties/remedies.test.mjs

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at } from './answers.mjs';
import { run } from './engine.mjs';
import { any } from './scenes.mjs';

const count = Number(process.env.KMS_PROPERTY_COUNT ?? 150) * 4;
const seed = Number(process.env.KMS_PROPERTY_SEED ?? 1);
const ROUNDS = 12;

/** What nobody can do for the caller, but it, or another caller, can do. */
const ONLY_TOLD = new Set(['remedy.ownAccount', 'remedy.retireAs', 'remedy.revokeInstead', 'remedy.notByService', 'remedy.notByServiceLinkedRole', 'remedy.grantAlmostMatches']);

const allows = (document, statement) => document.Statement.push(statement);
const policy = (...Statement) => ({ Version: '2012-10-17', Statement });
/** A statement in place of one that is taken away: a policy must have some. */
const harmless = (statement) => ({ Effect: 'Deny', ...(statement.Principal || statement.NotPrincipal ? { Principal: '*' } : {}), Action: 's3:GetObject', Resource: '*' });

/** Does what a remedy says; whether that changed anything. */
function follow(scenario, { code, params, pointer = '' }) {
  const { request } = scenario.steps[0];
  const statement = { Effect: 'Allow', Action: params.action, Resource: params.resource };
  const key = at(scenario, /^\/keys\/\d+/.exec(pointer)?.[0] ?? '');
  const account = (scenario.accounts ??= []).find(({ id }) => id === params.account);
  switch (code) {
    case 'remedy.identityPolicy': {
      let entity = scenario.principals.find(({ arn }) => arn === params.principal);
      if (!entity) scenario.principals.push((entity = { arn: params.principal }));
      (entity.identityPolicies ??= []).push({ name: 'remedy', document: policy(params.statement) });
      return true;
    }
    case 'remedy.keyPolicy':
      key.policy ??= policy();
      return allows(key.policy, params.statement) > 0;
    case 'remedy.createGrant':
    case 'remedy.createGrantFrom':
      (key.grants ??= []).push({
        KeyId: params.key, GrantId: String(key.grants.length).padStart(64, 'f'), GranteePrincipal: params.grantee, Operations: [params.operation],
        ...(params.account ? { IssuingAccount: `arn:aws:iam::${params.account}:root` } : {}),
        ...(params.encryptionContext ? { Constraints: { EncryptionContextSubset: params.encryptionContext } } : {}),
      }); // prettier-ignore
      return true;
    case 'remedy.allowIn':
      if (params.policyType === 'permissionsBoundary') for (const { permissionsBoundary: boundary } of scenario.principals) if (boundary) allows(boundary.document, statement);
      if (params.policyType === 'sessionPolicy') request.sessionPolicies = [...(request.sessionPolicies ?? []), policy(statement)];
      if (params.policyType === 'vpcEndpointPolicy') for (const endpoint of scenario.vpcEndpoints) if (endpoint.policy) allows(endpoint.policy, { ...statement, Principal: '*' });
      if (params.policyType === 'serviceControlPolicy') for (const { serviceControlPolicies: levels = [] } of scenario.accounts) for (const level of levels) level.push({ name: 'remedy', document: policy(statement) });
      return true;
    case 'remedy.changeDeny': {
      const [, list, index] = /^(.*)\/(\d+)$/.exec(pointer) ?? [];
      const place = at(scenario, list ?? pointer);
      if (list !== undefined) place[index] = harmless(place[index]);
      else Object.assign(at(scenario, pointer.slice(0, pointer.lastIndexOf('/'))), { Statement: [harmless(place)] });
      return true;
    }
    case 'remedy.enableRegion':
      return account.enabledOptInRegions.push(params.region) > 0;
    default:
      assert.ok(ONLY_TOLD.has(code), `${code} is no remedy that this test knows`);
      return false;
  }
}

/** Of several remedies, those that are followed: all, or the grant alone. */
const choices = {
  policies: (remedies) => remedies.filter(({ code }) => code !== 'remedy.createGrant'),
  grant: (remedies) => (remedies.some(({ code }) => code === 'remedy.createGrant') ? remedies.filter(({ code }) => code === 'remedy.createGrant') : remedies),
};

for (const [name, choose] of Object.entries(choices))
  test(`remedies lead out of every denial (${name})`, async () => {
    let open = Array.from({ length: count }, (_, i) => {
      const scenario = structuredClone(any(seed + i));
      delete scenario.readings?.['A-2']; // whether a grant is enough for another account: the remedies take the usual reading
      for (const { policy: text } of scenario.keys) if (text) text.Statement = [text.Statement].flat();
      return { seed: seed + i, scenario: { ...scenario, steps: scenario.steps.slice(0, 1) }, done: [] };
    });
    const ends = { 'let through': 0, 'only told': 0 };
    for (let round = 0; round < ROUNDS && open.length > 0; round += 1) {
      const answers = await run(open.map(({ scenario }) => scenario));
      open = open.filter((one, i) => {
        const [result] = answers[i].results;
        assert.ok(result, `seed ${one.seed}: after ${one.done.join(', ')}: ${JSON.stringify(answers[i].diagnostics.find(({ severity }) => severity === 'error'))}`);
        if (!/Deny$/.test(result.decision)) {
          if (round > 0) ends['let through'] += 1;
          return false;
        }
        assert.ok(result.remedies.length > 0, `seed ${one.seed}: ${result.decision} by ${result.decidedBy} has no remedy`);
        const followed = choose(result.remedies).filter((remedy) => follow(one.scenario, remedy));
        one.done.push(...followed.map(({ code, params }) => [code.slice(7), params.policyType].filter(Boolean).join(' ')));
        if (followed.length === 0) ends['only told'] += 1;
        return followed.length > 0;
      });
    }
    assert.deepEqual(open.map(({ seed, done }) => `seed ${seed} is denied still after ${done.join(', ')}`), []);
    assert.ok(ends['let through'] > count / 4, JSON.stringify(ends));
  });
