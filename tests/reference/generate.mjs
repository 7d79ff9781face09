// Random scenarios from a seed: many grants and near misses, several requests with changes of the world between them.
//   node tests/reference/generate.mjs SEED      prints one scenario

import { fileURLToPath } from 'node:url';
import { grantEntry } from './generate-grants.mjs';
import * as policies from './generate-policies.mjs';
import { steps } from './generate-steps.mjs';
import { Random } from './random.mjs';
import { READINGS } from './readings.mjs';
import * as words from './vocabulary.mjs';

const KEY_IDS = ['1234abcd-12ab-34cd-56ef-1234567890ab', '0987dcba-09fe-87dc-65ba-ab0987654321', '1a2b3c4d-5e6f-1a2b-3c4d-5e6f1a2b3c4d'];

/** Ambiguities whose reading a scenario may choose. */
const CHOICES = Object.keys(READINGS).filter((id) => !id.startsWith('IL:') && id !== 'A-5');

function makeKey(random, index) {
  const owner = index === 0 ? words.A : random.pick([words.A, words.B]);
  const region = random.chance(0.9) ? 'us-east-1' : random.pick(['eu-west-1', 'ap-east-1']);
  const kind = random.weighted(words.KEY_KINDS);
  const metadata = { Arn: `arn:aws:kms:${region}:${owner}:key/${KEY_IDS[index]}`, ...kind };
  if (random.chance(0.05) && !kind.KeyManager) {
    metadata.Arn = `arn:aws:kms:${region}:${owner}:key/mrk-${KEY_IDS[index].replaceAll('-', '')}`;
    metadata.MultiRegion = true;
    metadata.MultiRegionConfiguration = { MultiRegionKeyType: random.pick(['PRIMARY', 'REPLICA']) };
  }
  const state = random.weighted(words.STATES);
  if (state && !(state === 'PendingImport' && metadata.Origin !== 'EXTERNAL') && !(state === 'Unavailable' && metadata.Origin !== 'AWS_CLOUDHSM')) {
    metadata.KeyState = state;
  }
  const key = { metadata };
  if (random.chance(0.4)) key.aliases = [words.ALIASES[index]];
  if (random.chance(0.4)) key.tags = [{ TagKey: random.pick(['env', 'Env']), TagValue: random.pick(['dev', 'prod']) }];
  return key;
}

/** The other half of a multi-Region key, in another Region. */
function replicaOf(key) {
  const there = key.metadata.Arn.includes(':eu-west-1:') ? 'us-east-1' : 'eu-west-1';
  const Arn = key.metadata.Arn.split(':').map((part, i) => (i === 3 ? there : part)).join(':');
  const type = key.metadata.MultiRegionConfiguration.MultiRegionKeyType === 'PRIMARY' ? 'REPLICA' : 'PRIMARY';
  return { metadata: { ...key.metadata, Arn, MultiRegionConfiguration: { MultiRegionKeyType: type } } };
}

function makePrincipal(random, scene, arn) {
  const principal = { arn };
  const index = [...words.ROLES, ...words.USERS].indexOf(arn);
  if (random.chance(0.7)) principal.uniqueId = arn.includes(':role/') ? `AROAEXAMPLEROLE000${index}` : `AIDAEXAMPLEUSER000${index - words.ROLES.length}`;
  const count = random.weighted([[4, 0], [5, 1], [1, 2]]);
  if (count) {
    principal.identityPolicies = Array.from({ length: count }, (_, i) => ({ name: `p${i}`, document: policies.identityDocument(random, scene) }));
  }
  if (random.chance(0.25)) principal.permissionsBoundary = { name: 'boundary', document: policies.identityDocument(random, scene, { allowAll: 0.5 }) };
  const tags = [];
  if (random.chance(0.5)) tags.push({ Key: 'team', Value: random.pick(words.TAG_VALUES) });
  if (random.chance(0.1)) tags.push({ Key: 'keyid', Value: random.pick([...KEY_IDS, '*']) });
  if (random.chance(0.1)) tags.push({ Key: 'count', Value: random.pick(['5', '-1', '9007199254740992']) }, { Key: 'bytes', Value: 'QUJD' });
  if (tags.length) principal.tags = tags;
  return principal;
}

function makeAccount(random, scene, id) {
  const account = { id };
  if (random.chance(0.6)) {
    account.organization = { ...words.ORGANIZATION, managementAccount: random.chance(0.1) };
    if (random.chance(0.3)) {
      account.organization.id = 'o-other';
      account.organization.path = 'o-other/r-cd34/';
    }
  }
  const level = (make) => Array.from({ length: random.int(1, 2) }, (_, i) => ({ name: `policy${i}`, document: make(random, scene) }));
  if (random.chance(0.3)) account.serviceControlPolicies = Array.from({ length: random.int(1, 3) }, () => level(policies.controlDocument));
  if (random.chance(0.15)) account.resourceControlPolicies = Array.from({ length: random.int(1, 2) }, () => level(policies.resourceControlDocument));
  if (random.chance(0.1)) account.enabledOptInRegions = random.chance(0.5) ? ['ap-east-1'] : [];
  return account;
}

/** The scenario of a seed. */
export function generate(seed) {
  const random = new Random(seed);
  const keys = Array.from({ length: random.weighted([[6, 1], [3, 2], [1, 3]]) }, (_, i) => makeKey(random, i));
  if (keys[0].metadata.MultiRegion && random.chance(0.7)) keys.push(replicaOf(keys[0]));
  const listed = random.some([...words.ROLES, ...words.USERS], 3, 6);
  const roles = listed.filter((arn) => arn.includes(':role/'));
  if (roles.length === 0) roles.push(words.ROLES[0]);
  const sessions = roles.map((role) => words.sessionOf(role, random.pick(words.SESSION_NAMES)));
  const names = [...listed, ...sessions, words.federated(words.A, 'Fed')];
  const own = words.operationsOf(keys[0].metadata);
  const operations = [...random.some(own, 1, 3), ...random.some(['CreateGrant', 'RetireGrant', 'RevokeGrant', 'DescribeKey', 'ListGrants'], 1, 2)];
  if (random.chance(0.25)) operations.push(random.pick(words.MANAGEMENT));
  const scene = { keys, listed, roles, names, operations };

  for (const key of keys) {
    key.policy = policies.keyPolicy(random, scene, key.metadata.Arn.split(':')[4]);
    if (random.chance(0.05)) key.policy = JSON.stringify(key.policy);
    key.grants = Array.from({ length: random.weighted([[2, 0], [3, 1], [3, 2], [2, 3], [1, 5]]) }, () => grantEntry(random, scene, key));
    if (random.chance(0.05)) key.grants = { Grants: key.grants };
  }
  const scenario = { scenario: 1, title: `random ${seed}`, keys };
  scenario.principals = listed.map((arn) => makePrincipal(random, scene, arn));
  // Every role is listed, so that its path is known.
  scenario.principals.push(...words.ROLES.filter((arn) => !listed.includes(arn)).map((arn) => ({ arn })));
  if (random.chance(0.1)) scenario.principals.push({ arn: words.GONE, deleted: true });
  if (random.chance(0.6)) scenario.accounts = random.some([words.A, words.B], 1, 2).map((id) => makeAccount(random, scene, id));
  if (random.chance(0.3)) {
    scenario.vpcEndpoints = words.ENDPOINTS.map((endpoint) =>
      random.chance(0.6) ? { ...endpoint, policy: policies.endpointDocument(random, scene) } : { ...endpoint },
    );
  }
  if (random.chance(0.12)) scenario.consistency = 'eventual';
  if (random.chance(0.15)) {
    scenario.readings = Object.fromEntries(random.some(CHOICES, 1, 4).map((id) => [id, random.pick(READINGS[id])]));
  }
  scenario.steps = steps(random, scene, scenario);
  return scenario;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify(generate(Number(process.argv[2] ?? 1)), null, 2));
}
