// Random steps: requests, and changes of the world between them.

import { childParameters, grantEntry, grantParameters, pairs } from './generate-grants.mjs';
import { policyParameter, rare, spoil } from './generate-oddities.mjs';
import * as policies from './generate-policies.mjs';
import * as words from './vocabulary.mjs';

const grantsOf = (key) => (Array.isArray(key.grants) ? key.grants : key.grants.Grants);

/** A caller: leaning to those whom grants and policies name. */
function caller(random, scene, key, field = 'GranteePrincipal') {
  const grant = grantsOf(key).length ? random.pick(grantsOf(key)) : undefined;
  const named = grant?.[field] ?? grant?.[field.replace('Principal', 'ServicePrincipal')];
  if (named && random.chance(0.6)) {
    if (/^arn:aws:iam::\d+:role\//.test(named)) return words.sessionOf(named, random.pick(words.SESSION_NAMES));
    if (/^arn:aws:sts/.test(named) && random.chance(0.15)) return named.replace(/s1$/, 's2');
    if (named !== words.GONE && /^arn:|\.amazonaws\.com$/.test(named)) return named;
  }
  return random.weighted([
    [8, callerOf(random, random.pick(scene.listed))],
    [1, words.federated(words.A, random.pick(['Fed', 'fed']))],
    [2, random.pick([words.iam(words.A, 'root'), words.iam(words.A, 'root'), words.iam(words.B, 'root')])],
    [0.5, random.pick(words.SERVICES)],
    [0.5, random.pick([words.iam(words.A, 'user/unlisted'), words.session(words.B, 'unlisted', 's1'), words.iam(words.C, 'user/Eve')])],
  ]);
}

const callerOf = (random, arn) => (arn.includes(':role/') ? words.sessionOf(arn, random.pick(words.SESSION_NAMES)) : arn);

/** How the request names the key. */
function identifier(random, key, foreign) {
  const { Arn } = key.metadata;
  if (random.chance(foreign ? 0.97 : 0.8)) return Arn;
  const prefix = Arn.split(':key/')[0];
  return random.pick([Arn.split('/').at(-1), ...(key.aliases ?? []).flatMap((a) => [a, `${prefix}:${a}`])]);
}

/** An encryption context: often exactly or nearly what a grant asks for. */
function encryptionContext(random, key) {
  const wanted = grantsOf(key).map((g) => g.Constraints?.EncryptionContextEquals ?? g.Constraints?.EncryptionContextSubset).filter(Boolean);
  if (wanted.length === 0 || random.chance(0.25)) return random.chance(0.5) ? pairs(random, 1, 2) : undefined;
  const out = { ...random.pick(wanted) };
  if (random.chance(0.5)) return out;
  const name = Object.keys(out)[0];
  if (name === undefined) return pairs(random, 0, 1);
  return random.weighted([
    [2, { ...out, ...pairs(random, 1, 1) }],
    [1, { ...out, [name]: random.pick(words.PAIR_VALUES) }],
    [1, Object.fromEntries(Object.entries(out).map(([k, v]) => [random.chance(0.5) ? k.toUpperCase() : k, v]))],
    [1, Object.fromEntries(Object.entries(out).slice(1))],
    [1, undefined],
  ]);
}

const distinct = (map) => {
  const names = Object.keys(map ?? {});
  return new Set(names.map((n) => n.toLowerCase())).size === names.length;
};

function safeContext(random, key) {
  for (;;) {
    const found = encryptionContext(random, key);
    if (distinct(found)) return found;
  }
}

const earlier = (random, made, operation, field) => {
  const steps = made.filter((s) => s.request?.operation === operation);
  return steps.length ? `$${random.pick(steps).id}.${field}` : undefined;
};

/** Names a listed or created grant. */
function grantId(random, key, made) {
  const created = earlier(random, made, 'CreateGrant', 'GrantId');
  if (created && random.chance(0.4)) return created;
  const listed = grantsOf(key).map((g) => g.GrantId).filter(Boolean);
  return listed.length && random.chance(0.95) ? random.pick(listed) : random.hex(64);
}

const PUBLIC_KEY = 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE';

/** The parameters of an operation on the key. */
function parameters(random, scene, key, operation, made, principal) {
  const service = !principal.startsWith('arn:');
  const foreign = principal.split(':')[4] !== key.metadata.Arn.split(':')[4];
  const KeyId = service ? key.metadata.Arn : identifier(random, key, foreign);
  const symmetric = (key.metadata.KeySpec ?? 'SYMMETRIC_DEFAULT') === 'SYMMETRIC_DEFAULT';
  const EncryptionContext = symmetric ? safeContext(random, key) : undefined;
  const algorithm = symmetric ? {} : { EncryptionAlgorithm: random.pick(['RSAES_OAEP_SHA_256', 'RSAES_OAEP_SHA_1']) };
  const blob = earlier(random, made, random.pick(['Encrypt', 'GenerateDataKey', 'ReEncrypt']), 'CiphertextBlob');
  switch (operation) {
    case 'Encrypt':
      return { KeyId, EncryptionContext, Plaintext: 'aGVsbG8=', ...algorithm };
    case 'Decrypt':
      if (blob && random.chance(0.5)) return { KeyId: random.chance(0.7) ? KeyId : undefined, EncryptionContext, CiphertextBlob: blob };
      return { KeyId, EncryptionContext, ...algorithm };
    case 'ReEncrypt': {
      const to = random.pick(scene.keys);
      const ends = symmetric ? { SourceEncryptionContext: EncryptionContext, DestinationEncryptionContext: safeContext(random, to) } : { SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_256', DestinationEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' };
      const source = blob && random.chance(0.4) ? { CiphertextBlob: blob, SourceKeyId: random.chance(0.5) ? KeyId : undefined } : { SourceKeyId: KeyId };
      return { ...source, DestinationKeyId: random.chance(0.5) ? key.metadata.Arn : to.metadata.Arn, ...ends };
    }
    case 'GenerateDataKey':
    case 'GenerateDataKeyWithoutPlaintext':
      return { KeyId, EncryptionContext, KeySpec: 'AES_256' };
    case 'GenerateDataKeyPair':
    case 'GenerateDataKeyPairWithoutPlaintext':
      return { KeyId, EncryptionContext, KeyPairSpec: random.pick(['RSA_2048', 'RSA_4096']) };
    case 'Sign':
      return { KeyId, Message: 'aGVsbG8=', MessageType: 'RAW', SigningAlgorithm: random.pick(['RSASSA_PSS_SHA_256', 'RSASSA_PSS_SHA_512']) };
    case 'Verify':
      return { KeyId, Message: 'aGVsbG8=', MessageType: 'RAW', Signature: 'aGVsbG8=', SigningAlgorithm: 'RSASSA_PSS_SHA_256' };
    case 'GenerateMac':
      return { KeyId, Message: 'aGVsbG8=', MacAlgorithm: 'HMAC_SHA_256' };
    case 'VerifyMac':
      return { KeyId, Message: 'aGVsbG8=', Mac: 'aGVsbG8=', MacAlgorithm: 'HMAC_SHA_256' };
    case 'DeriveSharedSecret':
      return { KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey: PUBLIC_KEY };
    case 'CreateGrant': {
      const parents = grantsOf(key).filter((g) => g.Operations.includes('CreateGrant'));
      const wanted = parents.length && random.chance(0.6) ? childParameters(random, scene, key, random.pick(parents)) : grantParameters(random, scene, key);
      if (random.chance(0.03)) wanted.Operations = [...wanted.Operations, random.pick(['Sign', 'GenerateMac', 'GenerateDataKeyPair'])];
      return { KeyId: random.chance(0.95) ? key.metadata.Arn : KeyId, ...wanted };
    }
    case 'RetireGrant': {
      const token = earlier(random, made, 'CreateGrant', 'GrantToken');
      if (token && random.chance(0.3)) return { GrantToken: token };
      return { KeyId: key.metadata.Arn, GrantId: grantId(random, key, made) };
    }
    case 'RevokeGrant':
      return { KeyId: key.metadata.Arn, GrantId: grantId(random, key, made) };
    case 'ListRetirableGrants':
      return { RetiringPrincipal: random.pick(scene.names) };
    case 'PutKeyPolicy': {
      const policy = policyParameter(random, scene, key.metadata.Arn.split(':')[4]);
      return { KeyId: key.metadata.Arn, Policy: policy, BypassPolicyLockoutSafetyCheck: random.pick([undefined, undefined, true, false]) };
    }
    case 'TagResource':
      return { KeyId: key.metadata.Arn, Tags: random.some(['env', 'owner'], 1, 2).map((TagKey) => ({ TagKey, TagValue: random.pick(['dev', 'prod']) })) };
    case 'UntagResource':
      return { KeyId: key.metadata.Arn, TagKeys: random.some(['env', 'owner', 'Env'], 1, 2) };
    case 'ScheduleKeyDeletion':
      return { KeyId: key.metadata.Arn, PendingWindowInDays: random.pick([7, 14, 30]) };
    case 'EnableKeyRotation':
      return { KeyId: key.metadata.Arn, RotationPeriodInDays: random.pick([90, 365]) };
    case 'UpdateKeyDescription':
      return { KeyId: key.metadata.Arn, Description: 'words' };
    case 'CreateAlias':
      return { AliasName: random.pick([...words.ALIASES, 'alias/new', 'alias/aws/new']), TargetKeyId: key.metadata.Arn };
    case 'UpdateAlias':
      return { AliasName: random.pick(words.ALIASES), TargetKeyId: random.pick(scene.keys).metadata.Arn };
    case 'DeleteAlias':
      return { AliasName: random.pick(words.ALIASES) };
    case 'CreateKey':
      return { KeySpec: random.pick([undefined, 'RSA_2048']), KeyUsage: undefined };
    case 'ListKeys':
    case 'ListAliases':
    case 'GenerateRandom':
      return operation === 'GenerateRandom' ? { NumberOfBytes: 32 } : {};
    default:
      return { KeyId: random.chance(0.8) ? key.metadata.Arn : operation === 'DescribeKey' || operation === 'GetPublicKey' ? KeyId : key.metadata.Arn };
  }
}

const TOKENS = new Set([
  'CreateGrant', 'Decapsulate', 'Decrypt', 'DeriveSharedSecret', 'DescribeKey', 'Encapsulate', 'Encrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext',
  'GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext', 'GenerateMac', 'GetPublicKey', 'ReEncrypt', 'Sign', 'Verify', 'VerifyMac',
]);
const UNTOUCHED_BY_DRY_RUN = new Set(['DescribeKey', 'GetPublicKey']);
const DRY = (operation) => (TOKENS.has(operation) && !UNTOUCHED_BY_DRY_RUN.has(operation)) || operation === 'RetireGrant' || operation === 'RevokeGrant';

const without = (map) => Object.fromEntries(Object.entries(map).filter(([, v]) => v !== undefined));

/** The context keys that a request brings along. */
function context(random, principal, key) {
  const out = {};
  const service = !principal.startsWith('arn:');
  if (!service && random.chance(0.25)) out['kms:ViaService'] = random.pick(words.VIA);
  if (service ? random.chance(0.8) : random.chance(0.03)) {
    const constrained = grantsOf(key).map((g) => g.Constraints?.SourceArn).filter(Boolean);
    out['aws:SourceArn'] = constrained.length && random.chance(0.7) ? random.pick(constrained) : random.pick(words.SOURCES);
    out['aws:SourceAccount'] = words.A;
  }
  if (random.chance(0.15)) out['aws:SourceIp'] = random.pick(words.ADDRESSES);
  if (!service && random.chance(0.1)) Object.assign(out, { 'aws:MultiFactorAuthPresent': random.pick([true, false, 'true']), 'aws:MultiFactorAuthAge': random.pick([300, '600']) });
  if (random.chance(0.04)) out['aws:CalledVia'] = random.some(['athena.amazonaws.com', 'cloudformation.amazonaws.com'], 1, 2);
  if (random.chance(0.03)) out['kms:TrailingDaysWithoutKeyUsage'] = random.pick([10, 90]);
  if (random.chance(0.02)) out['kms:GrantIsForAWSResource'] = random.pick([true, 'false']);
  if (random.chance(0.02)) out['kms:RecipientAttestation:PCR0'] = random.pick(['abc', 'ABC']);
  if (random.chance(0.02)) out['aws:PrincipalTag/team'] = random.pick(words.TAG_VALUES);
  return out;
}

/** One request. */
function request(random, scene, scenario, made) {
  const key = random.chance(0.75) ? scene.keys[0] : random.pick(scene.keys);
  const operation = random.weighted([[8, random.pick(scene.operations)], [2, random.pick(words.operationsOf(key.metadata))], [0.7, random.pick(words.MANAGEMENT)], [0.3, 'Sign']]);
  const field = operation === 'RetireGrant' && random.chance(0.6) ? 'RetiringPrincipal' : 'GranteePrincipal';
  const principal = caller(random, scene, key, field);
  const out = random.chance(0.03)
    ? { principal, ...rare(random, scene, key) }
    : { principal, operation, parameters: parameters(random, scene, key, operation, made, principal) };
  out.parameters = without(out.parameters);
  const token = earlier(random, made, 'CreateGrant', 'GrantToken');
  if (TOKENS.has(out.operation) && token && random.chance(0.4)) out.parameters.GrantTokens = [token];
  if (DRY(out.operation) && random.chance(0.05)) out.parameters.DryRun = random.chance(0.9);
  if (random.chance(0.05)) spoil(random, out);
  if (random.chance(0.02)) out.region = random.pick(['us-east-1', 'eu-west-1']);
  if (principal.includes(':federated-user/')) out.sessionOf = random.pick([words.iam(words.A, 'user/Alice'), words.iam(words.A, 'user/dept/Bob')]);
  if (/:(assumed-role|federated-user)\//.test(principal)) {
    if (random.chance(principal.includes(':federated-user/') ? 0.6 : 0.15)) {
      out.sessionPolicies = Array.from({ length: random.int(0, 2) }, () => policies.identityDocument(random, scene, { allowAll: 0.4 }));
    }
    if (principal.includes(':assumed-role/') && random.chance(0.1)) out.sessionTags = { [random.pick(['team', 'team', 'Team'])]: random.pick(words.TAG_VALUES) };
  }
  const given = context(random, principal, key);
  if (scenario.vpcEndpoints && random.chance(0.5)) {
    out.vpcEndpoint = random.pick(scenario.vpcEndpoints).id;
    delete given['aws:SourceIp'];
  }
  if (Object.keys(given).length) out.context = given;
  if (random.chance(0.2)) out.at = random.pick(words.TIMES);
  return out;
}

/** A change of the world that nobody's permission is asked for. */
function change(random, scene, scenario) {
  const k = random.int(0, scene.keys.length - 1);
  const key = scene.keys[k];
  const p = random.int(0, scene.listed.length - 1);
  return random.weighted([
    [3, () => ({ set: { [`/keys/${k}/metadata/KeyState`]: random.pick(['Enabled', 'Enabled', 'Disabled', 'PendingDeletion']) } })],
    [scenario.consistency ? 0 : 3, () => ({ set: { [`/keys/${k}/grants`]: Array.from({ length: random.int(0, 3) }, () => grantEntry(random, scene, key)) } })],
    [2, () => ({ set: { [`/keys/${k}/grants/-`]: grantEntry(random, scene, key) } })],
    [2, () => ({ set: { [`/keys/${k}/policy`]: policies.keyPolicy(random, scene, key.metadata.Arn.split(':')[4]) } })],
    [2, () => ({ recreate: scenario.principals[p].arn })],
    [1, () => ({ set: { [`/keys/${k}/tags`]: [{ TagKey: 'env', TagValue: random.pick(['dev', 'prod']) }] } })],
    [2, () => ({ set: { [`/principals/${p}/permissionsBoundary`]: { name: 'boundary', document: policies.identityDocument(random, scene, { allowAll: 0.5 }) } } })],
    [1, () => ({ set: { [`/principals/${p}/tags`]: [{ Key: 'team', Value: random.pick(words.TAG_VALUES) }] } })],
    [1, () => ({ set: { [`/principals/${p}/identityPolicies`]: [{ name: 'new', document: policies.identityDocument(random, scene) }] } })],
    [scenario.consistency ? 6 : 0, () => ({ propagate: true })],
  ])();
}

/** One to six requests, changes between them. */
export function steps(random, scene, scenario) {
  const made = [];
  const count = random.weighted([[2, 1], [2, 2], [2, 3], [2, 4], [1, 5], [1, 6]]);
  for (let n = 0; n < count; n++) {
    if (n > 0 && random.chance(0.35)) {
      made.push({ id: `change${n}`, ...change(random, scene, scenario) });
    }
    made.push({ id: `step${n}`, request: request(random, scene, scenario, made) });
  }
  return made;
}
