// Scenarios to start from. All come from a seed.

import { generate } from '../reference/generate.mjs';
import { Random } from '../reference/random.mjs';
import { A, B, iam, sessionOf } from '../reference/vocabulary.mjs';
import { documents } from './edits.mjs';

/** Operations that change the world when they are allowed. */
const CHANGING = /^(Create|Retire|Revoke|Put|Enable|Disable|Schedule|Cancel|Tag|Untag|Update|Delete)/;

/**
 * Any scenario: many policies of all types, grants, near misses. Up to two requests; one that may change the world comes last, so
 * that each request is asked in the same world on both sides of a property.
 */
export function any(seed) {
  const scenario = generate(seed);
  const steps = [];
  for (const step of scenario.steps) {
    if (!step.request || JSON.stringify(step).includes('"$')) continue;
    steps.push(step);
    if (steps.length === 2 || CHANGING.test(step.request.operation)) break;
  }
  if (steps.length === 0) return any(seed + 1000003);
  scenario.steps = steps;
  for (const key of scenario.keys) {
    if (typeof key.policy === 'string') key.policy = JSON.parse(key.policy);
    if (typeof key.grants === 'string') key.grants = JSON.parse(key.grants);
    if (!Array.isArray(key.grants)) key.grants = key.grants?.Grants ?? [];
  }
  asObjects(scenario);
  for (const { document } of documents(scenario)) document.Statement = [document.Statement].flat();
  return scenario;
}

/** Policy documents given as texts become objects, for the edits of the properties. */
function asObjects(value) {
  if (typeof value !== 'object' || value === null) return;
  if (typeof value.document === 'string') value.document = JSON.parse(value.document);
  if (value.principal && Array.isArray(value.sessionPolicies)) value.sessionPolicies = value.sessionPolicies.map((p) => (typeof p === 'string' ? JSON.parse(p) : p));
  if (typeof value.id === 'string' && typeof value.policy === 'string') value.policy = JSON.parse(value.policy);
  Object.values(value).forEach(asObjects);
}

export const KEY = `arn:aws:kms:us-east-1:${A}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
export const ADMIN = iam(A, 'user/Admin');
const ROLE = iam(A, 'role/app');
const VERSION = '2012-10-17';

const document = (...Statement) => ({ Version: VERSION, Statement });
const allow = (more) => ({ Effect: 'Allow', Action: 'kms:*', Resource: '*', ...more });

/** A few pairs of an encryption context whose names differ in more than case. */
const pairs = (random, low, high) => Object.fromEntries(random.some(['a', 'b', 'dept'], low, high).map((name) => [name, random.pick(['1', '2', 'IT', 'it'])]));

/** Grants decide: the key policy names an administrator only. */
export function grantScene(seed) {
  const random = new Random(seed);
  const context = pairs(random, 0, 3);
  const near = () => {
    const out = random.chance(0.5) ? { ...context } : Object.fromEntries(random.some(Object.entries(context), 0, 2));
    return random.chance(0.2) || Object.keys(out).length === 0 ? { ...out, ...pairs(random, 1, 1) } : out;
  };
  const caller = random.pick([sessionOf(ROLE, 's1'), iam(A, 'user/Alice')]);
  const own = caller.includes('assumed-role') ? [ROLE, caller] : [caller];
  const grants = Array.from({ length: random.int(1, 3) }, () => {
    const grant = { KeyId: KEY, GrantId: random.hex(64), GranteePrincipal: random.chance(0.85) ? random.pick(own) : iam(A, 'role/other') };
    grant.Operations = ['DescribeKey', 'RetireGrant', ...random.some(['Encrypt', 'Decrypt', 'GenerateDataKey', 'CreateGrant'], 2, 4)];
    if (random.chance(0.3)) grant.RetiringPrincipal = random.pick([...own, ADMIN]);
    if (random.chance(0.8)) grant.Constraints = { [random.pick(['EncryptionContextEquals', 'EncryptionContextSubset'])]: near() };
    return grant;
  });
  const operation = random.weighted([[6, random.pick(['Decrypt', 'Encrypt', 'GenerateDataKey'])], [2, 'DescribeKey'], [2, 'RetireGrant'], [3, 'CreateGrant']]);
  const parameters = { KeyId: KEY };
  if (operation === 'RetireGrant') parameters.GrantId = random.pick(grants).GrantId;
  if (operation === 'CreateGrant') {
    const constraint = random.chance(0.8) ? { Constraints: { [random.pick(['EncryptionContextEquals', 'EncryptionContextSubset'])]: near() } } : {};
    Object.assign(parameters, { GranteePrincipal: iam(A, 'user/dept/Bob'), Operations: random.some(['Decrypt', 'Encrypt', 'DescribeKey'], 1, 2), ...constraint });
  }
  if (['Decrypt', 'Encrypt', 'GenerateDataKey'].includes(operation)) parameters.EncryptionContext = context;
  if (operation === 'Encrypt') parameters.Plaintext = 'aGVsbG8=';
  if (operation === 'GenerateDataKey') parameters.KeySpec = 'AES_256';
  return {
    scenario: 1,
    title: `grants ${seed}`,
    keys: [{ metadata: { Arn: KEY }, policy: document(allow({ Principal: { AWS: ADMIN } })), grants }],
    principals: [{ arn: ROLE }, { arn: iam(A, 'user/Alice') }, { arn: ADMIN }, { arn: iam(A, 'user/dept/Bob') }, { arn: iam(A, 'role/other') }],
    steps: [{ id: 'ask', request: { principal: caller, operation, parameters } }],
  };
}

/** One identity policy decides: the key policy lets policies of the account count. `foreign`: the caller stands in another account. */
export function policyScene(seed, { Condition, foreign = false, sessionTags, context, EncryptionContext } = {}) {
  const account = foreign ? B : A;
  const role = iam(account, 'role/app');
  const request = { principal: sessionOf(role, 's1'), operation: 'Decrypt', parameters: { KeyId: KEY, EncryptionContext } };
  return {
    scenario: 1,
    title: `policy ${seed}`,
    keys: [{ metadata: { Arn: KEY }, policy: document(allow({ Principal: { AWS: iam(account, 'root') } })), grants: [] }],
    principals: [{ arn: role, identityPolicies: [{ name: 'p', document: document(allow({ Condition })) }] }],
    steps: [{ id: 'ask', request: { ...request, sessionTags, context } }],
  };
}
