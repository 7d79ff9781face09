// The operations of AWS KMS as core/RULES.md list them.

const [DISABLED, INVALID, UNSUPPORTED] = ['DisabledException', 'KMSInvalidStateException', 'UnsupportedOperationException'];

const ASYMMETRIC = ['encrypt', 'sign', 'agree', 'kem'];
const EVERY = ['symmetric', ...ASYMMETRIC, 'mac'];

/**
 * What kind of key it is: symmetric, encrypt (RSA for encryption), sign, agree, kem, mac.
 */
export function keyKind({ KeySpec, KeyUsage }) {
  if (KeySpec === 'SYMMETRIC_DEFAULT') return 'symmetric';
  return {
    ENCRYPT_DECRYPT: 'encrypt',
    SIGN_VERIFY: 'sign',
    KEY_AGREEMENT: 'agree',
    ENCAPSULATE_DECAPSULATE: 'kem',
    GENERATE_VERIFY_MAC: 'mac',
  }[KeyUsage];
}

// One row per operation: resource ("key", "none", "alias"), what it can do, which keys it is for, what it requires.
const crypto = (kinds, required, more) => ({
  resource: 'key', crypto: true, cross: true, takesAlias: true, dryRun: true, kinds, required, state: 'use', ...more,
});
const manage = (required, more) => ({ resource: 'key', kinds: EVERY, required, state: 'read', ...more });
const free = (required = [], more = {}) => ({ resource: 'none', required, ...more });

const KEY = ['KeyId'];
const ENCRYPTING = ['symmetric', 'encrypt'];

export const OPERATIONS = {
  Encrypt: crypto(ENCRYPTING, KEY, { context: true, algorithm: true }),
  Decrypt: crypto(ENCRYPTING, [], { context: true, algorithm: true, attested: true }),
  ReEncrypt: crypto(ENCRYPTING, ['DestinationKeyId'], { context: true, algorithm: true }),
  GenerateDataKey: crypto(['symmetric'], KEY, { context: true, algorithm: true, attested: true }),
  GenerateDataKeyWithoutPlaintext: crypto(['symmetric'], KEY, { context: true, algorithm: true }),
  GenerateDataKeyPair: crypto(['symmetric'], KEY, { context: true, algorithm: true, attested: true, noStore: true }),
  GenerateDataKeyPairWithoutPlaintext: crypto(['symmetric'], KEY, { context: true, algorithm: true, noStore: true }),
  Sign: crypto(['sign'], KEY),
  Verify: crypto(['sign'], KEY),
  GenerateMac: crypto(['mac'], KEY),
  VerifyMac: crypto(['mac'], KEY),
  DeriveSharedSecret: crypto(['agree'], KEY, { attested: true }),
  Encapsulate: crypto(['kem'], KEY),
  Decapsulate: crypto(['kem'], KEY),
  GetPublicKey: crypto(ASYMMETRIC, KEY, { crypto: false, dryRun: false }),
  DescribeKey: manage(KEY, { cross: true, takesAlias: true }),
  CreateGrant: manage(['KeyId', 'Operations'], { cross: true, dryRun: true, state: 'CreateGrant' }),
  RetireGrant: manage([], { cross: true, dryRun: true }),
  RevokeGrant: manage(['KeyId', 'GrantId'], { cross: true, dryRun: true }),
  ListGrants: manage(KEY, { cross: true }),
  GetKeyRotationStatus: manage(KEY, { cross: true, }),
  GetKeyPolicy: manage(KEY),
  PutKeyPolicy: manage(['KeyId', 'Policy']),
  ListKeyPolicies: manage(KEY),
  ListResourceTags: manage(KEY),
  GetKeyLastUsage: manage(KEY),
  TagResource: manage(['KeyId', 'Tags'], { state: 'change' }),
  UntagResource: manage(['KeyId', 'TagKeys'], { state: 'change' }),
  UpdateKeyDescription: manage(['KeyId', 'Description'], { state: 'change' }),
  EnableKey: manage(KEY, { state: 'EnableKey' }),
  DisableKey: manage(KEY, { state: 'EnableKey' }),
  ScheduleKeyDeletion: manage(KEY, { state: 'ScheduleKeyDeletion' }),
  CancelKeyDeletion: manage(KEY, { state: 'CancelKeyDeletion' }),
  EnableKeyRotation: manage(KEY, { state: 'EnableKeyRotation' }),
  DisableKeyRotation: manage(KEY, { state: 'EnableKeyRotation' }),
  CreateAlias: { resource: 'alias', kinds: EVERY, required: ['AliasName', 'TargetKeyId'], state: 'change' },
  UpdateAlias: { resource: 'alias', kinds: EVERY, required: ['AliasName', 'TargetKeyId'], state: 'UpdateAlias' },
  DeleteAlias: { resource: 'alias', kinds: EVERY, required: ['AliasName'], state: 'read' },
  GetParametersForImport: manage(KEY, { state: 'import' }),
  ImportKeyMaterial: manage(KEY, { state: 'ImportKeyMaterial' }),
  DeleteImportedKeyMaterial: manage(KEY, { state: 'DeleteImportedKeyMaterial' }),
  ReplicateKey: manage(['KeyId', 'ReplicaRegion'], { state: 'ReplicateKey' }),
  UpdatePrimaryRegion: manage(['KeyId', 'PrimaryRegion'], { state: 'UpdatePrimaryRegion' }),
  RotateKeyOnDemand: manage(KEY, { state: 'EnableKeyRotation' }),
  ListKeyRotations: manage(KEY),
  ListRetirableGrants: free(),
  ListKeys: free(),
  ListAliases: free(),
  CreateKey: free(),
  GenerateRandom: free([], { attested: true }),
  DescribeCustomKeyStores: free([], { store: true }),
  CreateCustomKeyStore: free(['CustomKeyStoreName'], { store: true }),
  UpdateCustomKeyStore: free(['CustomKeyStoreId'], { store: true }),
  DeleteCustomKeyStore: free(['CustomKeyStoreId'], { store: true }),
  ConnectCustomKeyStore: free(['CustomKeyStoreId'], { store: true }),
  DisconnectCustomKeyStore: free(['CustomKeyStoreId'], { store: true }),
};

/** Permissions that carry an encryption context; ReEncrypt is two of them (G-25). */
export const CONTEXT_ACTIONS = new Set([
  'Encrypt', 'Decrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext', 'ReEncryptFrom', 'ReEncryptTo',
]);

/** Cryptographic permissions without an encryption context. */
export const PLAIN_CRYPTO_ACTIONS = new Set([
  'Sign', 'Verify', 'GenerateMac', 'VerifyMac', 'DeriveSharedSecret', 'Encapsulate', 'Decapsulate',
]);

const GRANTABLE = {
  symmetric: [...CONTEXT_ACTIONS],
  encrypt: ['Encrypt', 'Decrypt', 'ReEncryptFrom', 'ReEncryptTo', 'GetPublicKey'],
  sign: ['Sign', 'Verify', 'GetPublicKey'],
  mac: ['GenerateMac', 'VerifyMac'],
  agree: ['DeriveSharedSecret', 'GetPublicKey'],
  kem: ['Encapsulate', 'Decapsulate', 'GetPublicKey'],
};
const ALWAYS = ['DescribeKey', 'CreateGrant', 'RetireGrant'];

/** The nineteen grant operations (G-13). */
export const GRANT_OPERATIONS = new Set([...Object.values(GRANTABLE).flat(), ...ALWAYS]);

const inStore = (metadata) => /^(AWS_CLOUDHSM|EXTERNAL_KEY_STORE)$/.test(metadata.Origin);

/** May this operation be granted on this key (G-13)? */
export function grantableOn(operation, metadata) {
  if (ALWAYS.includes(operation)) return true;
  if (operation.startsWith('GenerateDataKeyPair') && inStore(metadata)) return false;
  return GRANTABLE[keyKind(metadata)].includes(operation);
}

/** The error of an operation that this key cannot perform, or null. */
export function usageError(name, metadata) {
  const operation = OPERATIONS[name];
  if (operation.resource !== 'key') return null;
  if (/^(EnableKeyRotation|DisableKeyRotation|RotateKeyOnDemand)$/.test(name)) {
    return keyKind(metadata) === 'symmetric' ? null : UNSUPPORTED;
  }
  if (name === 'GetPublicKey') {
    return operation.kinds.includes(keyKind(metadata)) ? null : UNSUPPORTED;
  }
  if (operation.noStore && inStore(metadata)) return UNSUPPORTED;
  if (!operation.kinds.includes(keyKind(metadata))) return 'InvalidKeyUsageException';
  return null;
}

/** Key states by row of the key state table (S-rules); states that are not named are fine. */
const STATES = {
  use: { Disabled: DISABLED, PendingDeletion: INVALID, PendingReplicaDeletion: INVALID, PendingImport: INVALID, Unavailable: INVALID, Creating: INVALID },
  CreateGrant: { Disabled: DISABLED, PendingDeletion: INVALID, PendingReplicaDeletion: INVALID, PendingImport: INVALID, Creating: INVALID },
  read: {},
  change: { PendingDeletion: INVALID, PendingReplicaDeletion: INVALID },
  EnableKey: { PendingDeletion: INVALID, PendingReplicaDeletion: INVALID, PendingImport: INVALID, Creating: INVALID, Updating: INVALID },
  ScheduleKeyDeletion: { PendingDeletion: INVALID, PendingReplicaDeletion: INVALID, Updating: INVALID },
  CancelKeyDeletion: { Enabled: INVALID, Disabled: INVALID, PendingImport: INVALID, Unavailable: INVALID, Creating: INVALID, Updating: INVALID },
  EnableKeyRotation: { Disabled: DISABLED, PendingDeletion: INVALID, PendingReplicaDeletion: INVALID, Creating: INVALID },
  import: { PendingDeletion: INVALID, PendingReplicaDeletion: INVALID, Creating: INVALID, Updating: INVALID },
  ImportKeyMaterial: { PendingDeletion: INVALID, PendingReplicaDeletion: INVALID, Creating: INVALID },
  DeleteImportedKeyMaterial: { Creating: INVALID, Updating: INVALID },
  ReplicateKey: { Disabled: DISABLED, PendingDeletion: INVALID, PendingReplicaDeletion: INVALID, PendingImport: INVALID, Creating: INVALID, Updating: INVALID },
  UpdatePrimaryRegion: { Disabled: DISABLED, PendingDeletion: INVALID, PendingReplicaDeletion: INVALID, PendingImport: INVALID, Creating: INVALID },
  UpdateAlias: {},
};

/** The error of an operation on a key in this state, or null. `target` is the destination of UpdateAlias. */
export function stateError(name, metadata, reads, target) {
  const { state } = OPERATIONS[name];
  // The footnotes about origins, 6, 7 and 9.
  const imported = metadata.Origin === 'EXTERNAL';
  if (/^((En|Dis)ableKeyRotation|GetKeyRotationStatus)$/.test(name) && (imported || inStore(metadata))) return UNSUPPORTED;
  if (name === 'RotateKeyOnDemand' && inStore(metadata)) return UNSUPPORTED;
  if (/^(GetParametersForImport|ImportKeyMaterial|DeleteImportedKeyMaterial)$/.test(name) && !imported) return UNSUPPORTED;
  if (state === 'UpdateAlias') return target?.KeyState?.startsWith('Pending') && target.KeyState !== 'PendingImport' ? INVALID : null;
  const error = STATES[state][metadata.KeyState] ?? null;
  if (error && name === 'GetPublicKey' && metadata.KeyState === 'Disabled' && reads('A-17') === 'allowed') return null;
  return error;
}
