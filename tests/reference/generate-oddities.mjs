// Rare and wrong requests: parameters that are missing or malformed, operations that few people use.

import * as policies from './generate-policies.mjs';
import * as words from './vocabulary.mjs';

const many = (count, make) => Object.fromEntries(Array.from({ length: count }, (_, i) => make(i)));

/** Ways to spoil the parameters of CreateGrant. Some of them are still in order. */
const GRANT_MISTAKES = [
  (p) => delete p.GranteePrincipal,
  (p) => delete p.Operations,
  (p) => delete p.KeyId,
  (p) => (p.Operations = []),
  (p, r) => p.Operations.push(r.pick(['RevokeGrant', 'ListGrants', 'PutKeyPolicy', 'decrypt', 'kms:Decrypt', '*', 'ReEncrypt'])),
  (p, r) => (p.GranteePrincipal = r.pick(words.SERVICES)),
  (p, r) => (p.RetiringPrincipal = r.pick(words.SERVICES)),
  (p, r) => (p.GranteePrincipal = r.pick([words.iam(words.A, 'group/Devs'), 'nobody', `arn:aws:sts::${words.A}:assumed-role/app`, words.GONE, words.iam(words.A, 'role/other/app')])),
  (p) => (p.RetiringPrincipal = words.GONE),
  (p, r) => (p.GranteeServicePrincipal = r.pick(words.SERVICES)),
  (p, r) => (p.RetiringServicePrincipal = r.pick(words.SERVICES)),
  (p) => (p.Constraints = { EncryptionContextEquals: { a: '1' }, EncryptionContextSubset: { a: '1' } }),
  (p) => (p.Constraints = { EncryptionContextEquals: {} }),
  (p, r) => (p.Constraints = { EncryptionContextSubset: many(r.pick([8, 9]), (i) => [`k${i}`, 'v']) }),
  (p, r) => (p.Constraints = { EncryptionContextSubset: { a: 'x'.repeat(r.pick([384, 385])) } }),
  (p, r) => (p.Constraints = { SourceArn: r.pick(['arn:aws:s3:::bucket', 'arn:aws:x::1', 'text', `arn:aws:dynamodb:us-east-1:${words.A}:table/${'T'.repeat(500)}`]) }),
  (p) => (p.Constraints = { SourceIp: '203.0.113.0/24' }),
  (p, r) => (p.Constraints = r.pick(['a=1', { EncryptionContextEquals: ['a'] }, { EncryptionContextSubset: { a: 1 } }])),
  (p, r) => Object.assign(p, { GranteePrincipal: undefined, GranteeServicePrincipal: r.pick(['lambda', 'lambda.amazonaws', 'lambda..amazonaws.com', 'lambda/x.amazonaws.com', 'lambda.us-east-1.amazonaws.com']), RetiringPrincipal: words.iam(words.A, 'root'), Constraints: { SourceArn: `arn:aws:lambda:us-east-1:${words.A}:function:f` } }),
  (p, r) => (p[r.pick(['GranteePrincipal', 'RetiringPrincipal'])] = r.pick([5, [words.iam(words.A, 'root')], {}])),
  (p, r) => (p.GranteePrincipal = words.iam(words.A, 'user/' + r.pick(['a b', 'x'.repeat(225), 'x'.repeat(226)]))),
  (p, r) => (p.Name = r.pick(['with space', '', 'x'.repeat(257), 'a:b/c_d-e'])),
  (p, r) => (p.KeyId = r.pick(words.ALIASES)),
];

/** Ways to spoil any request. */
const MISTAKES = [
  (p, r) => (p.GrantTokens = Array.from({ length: r.pick([1, 10, 11]) }, () => 'no-such-token')),
  (p) => delete p.KeyId,
  (p, r) => p.KeyId && (p.KeyId = r.pick([words.ALIASES[2], '00000000-0000-0000-0000-000000000000', `arn:aws:kms:us-east-1:${words.A}:key/00000000-0000-0000-0000-000000000000`, `arn:aws:kms:us-east-1:${words.B}:alias/app`])),
  (p, r) => p.KeyId && (p.KeyId = r.pick([words.iam(words.A, 'role/app'), 'arn:aws:kms', `arn:aws:kms:us-east-1:${words.A}:grant/1`])),
  (p) => p.GrantId && (p.Name = 'one'),
  (p, r) => p.EncryptionContext && (p.EncryptionContext = r.pick([['a'], { a: 1 }, 'a'])),
  (p) => delete p.GrantId,
  (p) => (p.GrantToken = 'no-such-token'),
  (p, r) => p.GrantId && (p.GrantId = 'x'.repeat(r.pick([128, 129]))),
  (p) => Object.assign(p, { DryRun: true }),
  (p, r) => Object.assign(p, { DryRun: r.chance(0.8), DryRunModifiers: r.pick([['IGNORE_CIPHERTEXT'], ['IGNORE_CIPHERTEXT'], ['OTHER'], []]) }),
  (p) => delete p.SourceKeyId,
  (p) => delete p.DestinationKeyId,
  (p, r) => p.EncryptionContext && (p.EncryptionContext = { a: '1', A: r.pick(['1', '2']) }),
];

/** Spoils a request that is about to be sent. */
export function spoil(random, request) {
  const { operation, parameters } = request;
  const names = Object.keys(parameters).filter((name) => name !== 'Policy' && name !== 'CiphertextBlob'); // any text may be one of these
  if (names.length && random.chance(0.2)) {
    // Null is as if it were not there; another type is a mistake.
    const name = random.pick([...names, 'GrantTokens', 'Constraints', 'DryRun', 'Marker', 'Name']);
    parameters[name] = random.pick([null, null, 5, true, 'text', ['text'], { a: 'b' }]);
    return;
  }
  const grantee = parameters.Operations !== undefined && random.chance(0.8);
  random.pick(operation === 'CreateGrant' && grantee ? GRANT_MISTAKES : MISTAKES)(parameters, random);
}

const MALFORMED = [
  '{"Version": "2012-10-17", "Statement": [',
  { Version: '2012-10-17', Statement: [] },
  { Version: '2013-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' }] },
  { Version: '2012-10-17', Statement: [{ Effect: 'allow', Principal: '*', Action: 'kms:*', Resource: '*' }] },
  { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'kms:*', Resource: '*' }] },
  { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', NotPrincipal: '*', Action: 'kms:*', Resource: '*' }] },
  { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${words.A}:role/*` }, Action: 'kms:*', Resource: '*' }] },
  { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: words.GONE }, Action: 'kms:*', Resource: '*' }] },
  { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 'Decrypt', Resource: '*' }] },
  { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*', Condition: { StringIs: { a: 'b' } } }] },
  { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*', Condition: { 'ForAllValues:StringEquals': { 'kms:EncryptionContext:a': 'b' } } }] },
  { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*', Condition: { x: {} } }] },
  { Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' }, Id: 'one' },
];

/** The Policy parameter: at times malformed, text or object. */
export function policyParameter(random, scene, owner) {
  const policy = random.chance(0.2) ? random.pick(MALFORMED) : policies.keyPolicy(random, scene, owner);
  return typeof policy === 'string' || random.chance(0.3) ? policy : JSON.stringify(policy);
}

/** Operations that are seldom asked for, with their parameters. */
export function rare(random, scene, key) {
  const KeyId = key.metadata.Arn;
  const operation = random.pick([
    'ReplicateKey', 'GetParametersForImport', 'ImportKeyMaterial', 'DeleteImportedKeyMaterial', 'DisableKeyRotation',
    'ListKeyRotations', 'GetKeyLastUsage', 'CreateKey', 'DescribeCustomKeyStores', 'CreateCustomKeyStore', 'ConnectCustomKeyStore', 'ListGrants', 'ListRetirableGrants',
  ]);
  const parameters = {
    ReplicateKey: { KeyId, ReplicaRegion: 'eu-west-1' },
    GetParametersForImport: { KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_4096' },
    ImportKeyMaterial: { KeyId, ImportToken: 'aGVsbG8=', EncryptedKeyMaterial: 'aGVsbG8=', ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' },
    CreateKey: { Policy: random.chance(0.6) ? policyParameter(random, scene, words.A) : undefined, Tags: random.chance(0.4) ? [{ TagKey: 'env', TagValue: 'dev' }] : undefined, BypassPolicyLockoutSafetyCheck: random.chance(0.2) || undefined },
    DescribeCustomKeyStores: {},
    CreateCustomKeyStore: { CustomKeyStoreName: 'store' },
    ConnectCustomKeyStore: { CustomKeyStoreId: 'cks-1234567890abcdef0' },
    ListGrants: { KeyId, ...random.pick([{ Limit: random.pick([1, 100, 0, 101]) }, { Marker: 'bad' }, { GranteeServicePrincipal: words.SERVICES[0] }]) },
    ListRetirableGrants: random.pick([{}, { RetiringPrincipal: random.pick(scene.names) }, { RetiringServicePrincipal: words.SERVICES[0] }]),
  }[operation];
  return { operation, parameters: parameters ?? { KeyId } };
}
