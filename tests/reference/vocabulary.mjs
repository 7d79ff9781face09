// The words that random scenarios are made of: few, and close to each other, so that they meet often and miss narrowly.

export const A = '111122223333';
export const B = '444455556666';
export const C = '777788889999';
export const ACCOUNTS = [A, B, C];

export const iam = (account, name) => `arn:aws:iam::${account}:${name}`;
export const session = (account, role, name) => `arn:aws:sts::${account}:assumed-role/${role}/${name}`;
export const federated = (account, name) => `arn:aws:sts::${account}:federated-user/${name}`;

export const LINKED = 'aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling';

/** Identities that scenarios list. */
export const USERS = [iam(A, 'user/Alice'), iam(A, 'user/alice'), iam(A, 'user/dept/Bob'), iam(B, 'user/Bob')];
export const ROLES = [
  iam(A, 'role/app'), iam(A, 'role/svc/worker'), iam(A, `role/${LINKED}`), iam(B, 'role/app'), iam(B, 'role/team/R'), iam(B, `role/${LINKED}`),
];

/** A session of a role. */
export const sessionOf = (role, name) => session(role.split(':')[4], role.split('/').at(-1), name);

export const SESSION_NAMES = ['s1', 's1', 's2', 'S1'];
export const SERVICES = ['dynamodb.us-east-1.amazonaws.com', 'dynamodb.amazonaws.com', 'lambda.us-east-1.amazonaws.com', 'logs.us-east-1.amazonaws.com'];
export const VIA = ['lambda.us-east-1.amazonaws.com', 'dynamodb.us-east-1.amazonaws.com', 's3.us-east-1.amazonaws.com'];
export const SOURCES = [
  `arn:aws:dynamodb:us-east-1:${A}:table/T`, `arn:aws:dynamodb:us-east-1:${A}:table/U`, `arn:aws:dynamodb:us-east-1:${A}:table/*`,
  `arn:aws:lambda:us-east-1:${A}:function:fn`,
];

/** Somebody who was deleted. */
export const GONE = iam(A, 'user/Gone');

/** Near misses of principals: other path, no path, other case, another account, unknown. */
export const NEAR = [
  iam(A, 'role/svc/app'), iam(A, 'role/worker'), iam(A, 'role/svc/Worker'), iam(B, 'role/R'), iam(A, 'user/Bob'), iam(A, 'user/dept/bob'),
  iam(A, 'role/unknown'), GONE, iam(C, 'user/Eve'), iam(C, 'role/app'),
];

export const PAIR_NAMES = ['a', 'b', 'A', 'dept'];
export const PAIR_VALUES = ['1', '2', 'IT', 'it', '*'];
export const TAG_VALUES = ['red', 'blue', 'Red', ''];
export const ALIASES = ['alias/app', 'alias/App', 'alias/data'];
export const ENDPOINTS = [{ id: 'vpce-1234abcdf5678c90a', vpc: 'vpc-1a2b3c4d' }, { id: 'vpce-0000abcdf5678c90a', vpc: 'vpc-0a0a0a0a' }];
export const ORGANIZATION = { id: 'o-exampleorg', path: 'o-exampleorg/r-ab12/ou-ab12-11111111/' };
export const TIMES = ['2025-12-31T23:59:59Z', '2026-01-01T00:00:00Z', '2026-06-15T12:00:00Z'];
export const ADDRESSES = ['203.0.113.9', '198.51.100.1', '10.9.9.9', '2001:db8::1'];

/** Kinds of keys: [weight, metadata]. */
export const KEY_KINDS = [
  [60, {}],
  [6, { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' }],
  [6, { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }],
  [6, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }],
  [3, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' }],
  [3, { KeySpec: 'ML_KEM_768', KeyUsage: 'ENCAPSULATE_DECAPSULATE' }],
  [4, { Origin: 'EXTERNAL' }],
  [3, { Origin: 'AWS_CLOUDHSM' }],
  [3, { KeyManager: 'AWS' }],
];
export const STATES = [
  [70, undefined],
  [10, 'Disabled'],
  [6, 'PendingDeletion'],
  [3, 'PendingImport'],
  [2, 'Unavailable'],
];

const ENCRYPT = ['Encrypt', 'Decrypt', 'ReEncrypt'];
const DATA_KEYS = ['GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext'];

/** Operations that fit a key, by usage. */
export function operationsOf({ KeySpec = 'SYMMETRIC_DEFAULT', KeyUsage }) {
  if (KeySpec === 'SYMMETRIC_DEFAULT') return [...ENCRYPT, 'Decrypt', 'Decrypt', ...DATA_KEYS];
  return {
    ENCRYPT_DECRYPT: [...ENCRYPT, 'GetPublicKey'],
    SIGN_VERIFY: ['Sign', 'Verify', 'GetPublicKey'],
    GENERATE_VERIFY_MAC: ['GenerateMac', 'VerifyMac'],
    KEY_AGREEMENT: ['DeriveSharedSecret', 'GetPublicKey'],
    ENCAPSULATE_DECAPSULATE: ['Encapsulate', 'Decapsulate', 'GetPublicKey'],
  }[KeyUsage];
}

export const MANAGEMENT = [
  'DescribeKey', 'ListGrants', 'GetKeyPolicy', 'ListKeyPolicies', 'ListResourceTags', 'GetKeyRotationStatus', 'EnableKey', 'DisableKey',
  'ScheduleKeyDeletion', 'CancelKeyDeletion', 'EnableKeyRotation', 'TagResource', 'UntagResource', 'UpdateKeyDescription', 'PutKeyPolicy',
  'CreateAlias', 'DeleteAlias', 'UpdateAlias', 'ListKeys', 'ListAliases', 'CreateKey', 'GenerateRandom', 'ListRetirableGrants',
];

/** The permissions behind an operation. */
export const permissions = (operation) => (operation === 'ReEncrypt' ? ['ReEncryptFrom', 'ReEncryptTo'] : [operation]);
