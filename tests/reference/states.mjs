// Every operation on every kind of key in every state: the reference and the engine answer alike. No policy is in the way.
//   node tests/reference/states.mjs [ENGINE]

import { spawnSync } from 'node:child_process';
import { OPERATIONS } from './operations.mjs';
import { evaluate } from './evaluate.mjs';

const engine = process.argv[2] ?? 'build/debug/kms-playground';
const ACCOUNT = '111122223333';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/app`;
const GRANT = 'a'.repeat(64);
const POLICY = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }] };
const KINDS = [
  ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT'], ['RSA_2048', 'ENCRYPT_DECRYPT'], ['RSA_2048', 'SIGN_VERIFY'], ['ECC_NIST_P256', 'KEY_AGREEMENT'],
  ['HMAC_256', 'GENERATE_VERIFY_MAC'], ['ML_KEM_768', 'ENCAPSULATE_DECAPSULATE'], ['ML_DSA_44', 'SIGN_VERIFY'], ['SM2', 'SIGN_VERIFY'],
];
const STATES = ['Creating', 'Enabled', 'Disabled', 'PendingDeletion', 'PendingReplicaDeletion', 'PendingImport', 'Unavailable', 'Updating'];
const ORIGINS = ['AWS_KMS', 'EXTERNAL', 'AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE'];

const BESIDES = {
  CreateGrant: { GranteePrincipal: ROLE, Operations: ['DescribeKey'] },
  RetireGrant: ['KeyId', 'GrantId'],
  Decrypt: ['KeyId'],
  ReEncrypt: ['SourceKeyId', 'DestinationKeyId'],
};

function parametersOf(operation, arn) {
  const known = {
    KeyId: arn, SourceKeyId: arn, DestinationKeyId: arn, TargetKeyId: arn, GrantId: GRANT, Policy: POLICY,
    AliasName: operation === 'CreateAlias' ? 'alias/new' : 'alias/app', Tags: [{ TagKey: 'a', TagValue: 'b' }], TagKeys: ['a'],
    ReplicaRegion: 'eu-west-1', PrimaryRegion: 'eu-west-1',
  };
  const besides = BESIDES[operation] ?? [];
  const names = [...OPERATIONS[operation].required, ...(Array.isArray(besides) ? besides : [])];
  return { ...Object.fromEntries(names.map((name) => [name, known[name] ?? 'x'])), ...(Array.isArray(besides) ? {} : besides) };
}

function scenarioOf(operation, MultiRegion, Origin, [KeySpec, KeyUsage], KeyState) {
  const id = MultiRegion ? 'mrk-1234abcd12ab34cd56ef1234567890ab' : '1234abcd-12ab-34cd-56ef-1234567890ab';
  const arnIn = (region) => `arn:aws:kms:${region}:${ACCOUNT}:key/${id}`;
  const arn = arnIn('us-east-1');
  const keyIn = (region) => ({ metadata: { Arn: arnIn(region), KeySpec, KeyUsage, KeyState, Origin, MultiRegion }, policy: POLICY });
  const first = { ...keyIn('us-east-1'), aliases: ['alias/app'], grants: [{ KeyId: arn, GrantId: GRANT, GranteePrincipal: ROLE, Operations: ['Decrypt'] }] };
  return {
    scenario: 1,
    title: [operation, KeySpec, KeyUsage, KeyState, Origin, MultiRegion ? 'multi-Region' : ''].join(' '),
    keys: MultiRegion ? [first, keyIn('eu-west-1')] : [first],
    principals: [{ arn: ROLE }],
    steps: [{ id: 'ask', request: { principal: `arn:aws:iam::${ACCOUNT}:root`, region: 'us-east-1', operation, parameters: parametersOf(operation, arn) } }],
  };
}

const said = (decision, code) => (decision === 'error' ? code : decision);
let asked = 0;
let differences = 0;
for (const operation of Object.keys(OPERATIONS).filter((name) => OPERATIONS[name].resource !== 'none')) {
  const all = [false, true].flatMap((multi) => ORIGINS.flatMap((origin) => KINDS.flatMap((kind) => STATES.map((state) => scenarioOf(operation, multi, origin, kind, state)))));
  const { stdout, error } = spawnSync(engine, ['run', '-'], { input: JSON.stringify(all), encoding: 'utf8', maxBuffer: 1 << 30 });
  if (error) throw error;
  const answers = JSON.parse(stdout);
  for (const [i, scenario] of all.entries()) {
    const [mine] = evaluate(scenario);
    const [its] = answers[i].results;
    asked += 1;
    const [a, b] = [said(mine.decision, mine.errorCode), its && said(its.decision, its.error?.code)];
    if (a === b) continue;
    differences += 1;
    console.log(`${scenario.title}: the reference says ${a}, the engine ${b}`);
  }
}
console.log(`${asked} operations on keys, ${differences} differences`);
process.exitCode = differences === 0 && asked > 20_000 ? 0 : 1;
