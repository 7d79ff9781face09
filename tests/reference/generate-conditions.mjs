// Random Condition blocks whose values lie close to what requests carry.

import * as words from './vocabulary.mjs';

const STRING = ['StringEquals', 'StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'StringLike', 'StringNotLike'];
const ARN = ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike', 'StringEquals', 'StringNotEquals', 'StringLike'];
const NUMERIC = ['NumericEquals', 'NumericNotEquals', 'NumericLessThan', 'NumericLessThanEquals', 'NumericGreaterThan', 'NumericGreaterThanEquals'];
const DATE = ['DateEquals', 'DateNotEquals', 'DateLessThan', 'DateLessThanEquals', 'DateGreaterThan', 'DateGreaterThanEquals'];
const ADDRESS = ['IpAddress', 'NotIpAddress'];

const VARIABLES = ['${aws:username}', '${aws:PrincipalTag/team}', '${aws:PrincipalTag/none}', "${aws:PrincipalTag/none, 'IT'}", '${aws:PrincipalAccount}', '${*}', '${AWS:UserName}', '${aws:username', '${}', '${aws:username }', '${?}${$}', 'I${aws:PrincipalTag/none}T', '${aws:TagKeys}'];
const PRINCIPAL_ARNS = [...words.USERS, ...words.ROLES, `arn:aws:iam::${words.A}:root`, `arn:aws:iam::${words.A}:role/*`, `arn:aws:iam::*:role/app`, `arn:aws:iam::*:user/*`, 'arn:aws:iam::${aws:PrincipalAccount}:role/*', words.federated(words.A, 'Fed'), `arn:aws:iam::${words.A}:user/?lice`];
const BOOL = ['true', 'false', true, false];

/**
 * Condition keys: [name, operators, values, options]. `multi` keys carry several values; `plain` keys are tested
 * positively only, because nobody knows the unique ids of principals that are not listed.
 */
const KEYS = [
  ['kms:ViaService', STRING, [...words.VIA, 's3.amazonaws.com', '*.us-east-1.amazonaws.com']],
  ['kms:CallerAccount', STRING, words.ACCOUNTS],
  ...['a', 'A', 'b', 'dept', 'Dept'].map((name) => [`kms:EncryptionContext:${name}`, STRING, [...words.PAIR_VALUES, ...VARIABLES], { pair: true }]),
  ['kms:EncryptionContextKeys', STRING, words.PAIR_NAMES, { multi: true }],
  ['kms:GrantOperations', STRING, ['Encrypt', 'Decrypt', 'DescribeKey', 'CreateGrant', 'RetireGrant', 'GenerateDataKey', '*Data*'], { multi: true }],
  ['kms:GranteePrincipal', ARN, [...words.ROLES, ...words.USERS, words.sessionOf(words.ROLES[0], 's1'), `arn:aws:iam::${words.A}:*`]],
  ['kms:RetiringPrincipal', ARN, [...words.ROLES, ...words.USERS]],
  ['kms:GranteeServicePrincipal', STRING, words.SERVICES],
  ['kms:RetiringServicePrincipal', STRING, words.SERVICES],
  ['kms:GrantConstraintType', STRING, ['EncryptionContextEquals', 'EncryptionContextSubset', 'EncryptionContext*']],
  ['kms:GrantConstraintSourceArn', ARN, words.SOURCES],
  ['kms:GrantIsForAWSResource', ['Bool'], BOOL],
  ['kms:KeySpec', STRING, ['SYMMETRIC_DEFAULT', 'RSA_2048', 'HMAC_*']],
  ['kms:KeyUsage', STRING, ['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'GENERATE_VERIFY_MAC']],
  ['kms:KeyOrigin', STRING, ['AWS_KMS', 'EXTERNAL', 'aws_kms']],
  ['kms:MultiRegion', ['Bool'], BOOL],
  ['kms:MultiRegionKeyType', STRING, ['PRIMARY', 'REPLICA']],
  ['kms:RequestAlias', STRING, [...words.ALIASES, 'alias/*']],
  ['kms:ResourceAliases', STRING, [...words.ALIASES, 'alias/*'], { multi: true }],
  ['kms:EncryptionAlgorithm', STRING, ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_256']],
  ['kms:SigningAlgorithm', STRING, ['RSASSA_PSS_SHA_256', 'RSASSA_PSS_SHA_512']],
  ['kms:MacAlgorithm', STRING, ['HMAC_SHA_256', 'HMAC_SHA_512']],
  ['kms:DataKeyPairSpec', STRING, ['RSA_2048', 'RSA_4096']],
  ['kms:ReEncryptOnSameKey', ['Bool'], BOOL],
  ['kms:ScheduleKeyDeletionPendingWindowInDays', NUMERIC, [7, '7', '14', 30, '10.0']],
  ['kms:RotationPeriodInDays', NUMERIC, [90, '365', '365.0']],
  ['kms:TrailingDaysWithoutKeyUsage', NUMERIC, [10, '90']],
  ['kms:BypassPolicyLockoutSafetyCheck', ['Bool'], BOOL],
  ['aws:PrincipalArn', ARN, PRINCIPAL_ARNS],
  ['aws:PrincipalAccount', STRING, words.ACCOUNTS],
  ['aws:PrincipalType', STRING, ['User', 'AssumedRole', 'Account', 'FederatedUser']],
  ['aws:username', STRING, ['Alice', 'alice', 'Bob', 'app', '${aws:username}']],
  ['aws:userid', ['StringEquals', 'StringLike'], ['AROAEXAMPLEROLE0000:*', 'AROAEXAMPLEROLE0000:s1', 'AIDAEXAMPLEUSER0000', words.A], { plain: true }],
  ['aws:PrincipalTag/team', STRING, [...words.TAG_VALUES, 'r*', ...VARIABLES]],
  ['aws:PrincipalOrgID', STRING, [words.ORGANIZATION.id, 'o-other', 'o-*']],
  ['aws:PrincipalOrgPaths', STRING, [words.ORGANIZATION.path, 'o-exampleorg/*', 'o-other/*'], { multi: true }],
  ['aws:PrincipalIsAWSService', ['Bool'], BOOL],
  ['aws:PrincipalServiceName', STRING, words.SERVICES],
  ['aws:PrincipalServiceNamesList', STRING, words.SERVICES, { multi: true }],
  ['aws:ViaAWSService', ['Bool'], BOOL],
  ['aws:CalledVia', STRING, ['athena.amazonaws.com', 'cloudformation.amazonaws.com'], { multi: true }],
  ['aws:SourceArn', ARN, words.SOURCES],
  ['aws:SourceAccount', STRING, words.ACCOUNTS],
  ['aws:SourceIp', ADDRESS, ['203.0.113.0/24', '198.51.100.1', '10.0.0.5/8', '2001:DB8:0:0:0:0:0:1', '2001:db8::/32', '0.0.0.0/0']],
  ['aws:SourceVpce', STRING, words.ENDPOINTS.map((e) => e.id)],
  ['aws:SourceVpc', STRING, words.ENDPOINTS.map((e) => e.vpc)],
  ['aws:ResourceTag/env', STRING, ['dev', 'prod', 'DEV', '${aws:PrincipalTag/team}']],
  ['aws:ResourceAccount', STRING, words.ACCOUNTS],
  ['aws:ResourceOrgID', STRING, [words.ORGANIZATION.id, 'o-other']],
  ['aws:RequestedRegion', STRING, ['us-east-1', 'eu-west-1', 'us-*']],
  ['aws:RequestTag/env', STRING, ['dev', 'prod'], { pair: true }],
  ['aws:TagKeys', STRING, ['env', 'owner', 'Env'], { multi: true }],
  ['aws:SecureTransport', ['Bool'], BOOL],
  ['aws:CurrentTime', DATE, ['2026-01-01T00:00:00Z', '2026-01-01', '2026', '2026-01-01T02:00:00+02:00', '1767225600', '2026-06-15T12:00:00.5Z']],
  ['aws:EpochTime', NUMERIC, [1767225600, '1767225600', '1700000000']],
  ['aws:EpochTime', DATE, ['1767225600', '2026-01-01T00:00:00Z']],
  ['aws:MultiFactorAuthPresent', ['Bool'], BOOL],
  ['aws:MultiFactorAuthAge', NUMERIC, ['300', 300, '3600', '300.00']],
  ['aws:TokenIssueTime', [], []],
  ['kms:RecipientAttestation:PCR0', STRING, ['abc', 'ABC']],
  ['aws:PrincipalTag/bytes', ['BinaryEquals'], ['QUJD', 'QUJE', 'not base64!']],
  ['aws:PrincipalTag/count', NUMERIC, ['5', '5.0', '-1', '9007199254740993', 'five']],
];

/** Keys that lie near an operation, so that conditions are not always beside the point. */
const NEAR = {
  CreateGrant: ['kms:Grant', 'kms:Retiring', 'kms:EncryptionContext', 'kms:ViaService'],
  RetireGrant: ['kms:GrantConstraintType', 'kms:EncryptionContext', 'kms:ViaService'],
  TagResource: ['aws:RequestTag', 'aws:TagKeys', 'aws:ResourceTag'],
  ScheduleKeyDeletion: ['kms:ScheduleKeyDeletion', 'kms:TrailingDays'],
  EnableKeyRotation: ['kms:RotationPeriod'],
};

function pickKey(random, operations) {
  const near = NEAR[random.pick(operations)] ?? ['kms:EncryptionContext', 'kms:ViaService', 'aws:Principal', 'kms:RequestAlias', 'kms:ResourceAliases'];
  const close = random.chance(0.6) ? KEYS.filter(([name]) => near.some((n) => name.startsWith(n))) : KEYS;
  return random.pick(close);
}

const changeCase = (random, name) => (random.chance(0.1) ? name.replace(/^(kms|aws):(.)/, (_, p, c) => `${p.toUpperCase()}:${c.toLowerCase()}`) : name);

/** One operator with one key. `stored` says that AWS KMS itself stores the document (C-43). */
function condition(random, operations, stored) {
  const [name, operators, values, { multi = false, pair = false, plain = false } = {}] = pickKey(random, operations);
  if (plain) return [random.pick(operators), name, random.loose(random.some(values, 1, 3))];
  if (operators.length === 0 || random.chance(0.1)) return ['Null', name, random.pick(BOOL)];
  let operator = random.pick(operators);
  if (random.chance(multi ? 0.9 : 0.06)) {
    const prefix = random.pick(['ForAllValues', 'ForAnyValue']);
    if (!(prefix === 'ForAllValues' && pair && stored)) operator = `${prefix}:${operator}`;
  }
  if (random.chance(0.15)) operator += 'IfExists';
  if (random.chance(0.02)) operator = operator.toLowerCase();
  if (random.chance(0.01)) return [operator, name, []];
  const single = /^bool/i.test(operator);
  return [operator, changeCase(random, name), single ? random.pick(values) : random.loose(random.some(values, 1, 3))];
}

/** A Condition block with one to three tests. */
export function conditions(random, operations, stored) {
  const block = {};
  for (let n = random.weighted([[6, 1], [3, 2], [1, 3]]); n > 0; n--) {
    const [operator, name, values] = condition(random, operations, stored);
    block[operator] ??= {};
    if (!Object.keys(block[operator]).some((k) => k.toLowerCase() === name.toLowerCase())) block[operator][name] = values;
  }
  if (random.chance(0.01)) block.Unknown = {};
  return block;
}
