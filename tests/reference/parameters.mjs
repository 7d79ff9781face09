// What a request must hold before anything is looked up, and what CreateGrant checks against the key.

import { pairsOf } from './context.mjs';
import { exists } from './world.mjs';
import { GRANT_OPERATIONS, CONTEXT_ACTIONS, OPERATIONS, PLAIN_CRYPTO_ACTIONS, grantableOn, keyKind } from './operations.mjs';

/** Ends a request with an error of the API. */
export class Refused extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** Ends the request with this error. */
export const refuse = (code) => {
  throw new Refused(code);
};
const invalid = (condition) => condition && refuse('ValidationException');

const isMap = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isPairs = (value) => isMap(value) && Object.values(value).every((v) => typeof v === 'string');

const PRINCIPAL = /^arn:[^:]+:(iam::\d{12}:(root|user\/.+|role\/.+)|sts::\d{12}:(assumed-role\/[^/]+\/[^/]+|federated-user\/[^/]+))$/;
const SERVICE = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/;

/** What each member must be, in JSON; of other names AWS KMS takes no notice. */
const TYPES = Object.entries({
  string:
    'AliasName CiphertextBlob Description DestinationEncryptionAlgorithm EncryptionAlgorithm ExpirationModel GrantId GrantToken ' +
    'GranteePrincipal GranteeServicePrincipal KeyAgreementAlgorithm KeyPairSpec KeySpec KeyUsage MacAlgorithm Marker Message MessageType ' +
    'Name Origin Plaintext PrimaryRegion ReplicaRegion RetiringPrincipal RetiringServicePrincipal SigningAlgorithm ' +
    'SourceEncryptionAlgorithm WrappingAlgorithm WrappingKeySpec',
  boolean: 'BypassPolicyLockoutSafetyCheck DryRun MultiRegion',
  number: 'Limit NumberOfBytes PendingWindowInDays RotationPeriodInDays',
  list: 'DryRunModifiers GrantTokens Operations TagKeys Tags',
  map: 'Constraints',
}).flatMap(([type, names]) => names.split(' ').map((name) => [name, type]));
const typeOf = (value) => (Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value === 'object' ? 'map' : typeof value);

/** A member that is null is one that is not given. */
export const withoutNulls = (map) => (isMap(map) ? Object.fromEntries(Object.entries(map).filter(([, value]) => value !== null)) : map);

/** A principal field of CreateGrant (P-20, P-21, P-23). */
function checkPrincipal(text, via) {
  if (text === undefined) return;
  invalid(!/^[\w+=,.@:/-]{1,256}$/.test(text));
  if (SERVICE.test(text) && text === via) return;
  if (!PRINCIPAL.test(text)) refuse('InvalidArnException');
}

/** The shape of a CreateGrant request (P-22, G-22, G-23, G-29). */
function checkCreateGrant(p, via) {
  invalid((p.GranteePrincipal === undefined) === (p.GranteeServicePrincipal === undefined));
  invalid(p.RetiringPrincipal !== undefined && p.RetiringServicePrincipal !== undefined);
  invalid(p.Operations.length === 0);
  invalid(!p.Operations.every((o) => GRANT_OPERATIONS.has(o)));
  invalid(p.Name !== undefined && !/^[a-zA-Z0-9:/_-]{1,256}$/.test(p.Name));
  const c = p.Constraints ?? {};
  invalid(Object.keys(c).some((k) => !['EncryptionContextEquals', 'EncryptionContextSubset', 'SourceArn'].includes(k))); // G-32
  const full = (pairs) => pairs && Object.keys(pairs).length > 0;
  invalid(full(c.EncryptionContextEquals) && full(c.EncryptionContextSubset));
  for (const pairs of [c.EncryptionContextEquals, c.EncryptionContextSubset]) {
    invalid(pairs !== undefined && !isPairs(pairs));
    invalid(pairs && Object.keys(pairs).length > 8);
    invalid(pairs && Object.values(pairs).some((v) => v.length > 384));
  }
  if (c.SourceArn !== undefined) {
    invalid(c.SourceArn.length < 20 || c.SourceArn.length > 512);
    invalid(!/^arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$/.test(c.SourceArn));
  }
  if (p.GranteeServicePrincipal !== undefined) {
    invalid(p.RetiringPrincipal === undefined && p.RetiringServicePrincipal === undefined);
    invalid(c.SourceArn === undefined);
  }
  for (const service of [p.GranteeServicePrincipal, p.RetiringServicePrincipal]) {
    invalid(service !== undefined && !(service.length <= 128 && /^[A-Za-z0-9-]+\.[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(service))); // P-22
  }
  checkPrincipal(p.GranteePrincipal, via);
  checkPrincipal(p.RetiringPrincipal, via);
}

/** ListRetirableGrants: one retiring principal, of the caller's account (M-51, M-53). */
function checkRetirable(p, caller) {
  invalid((p.RetiringPrincipal === undefined) === (p.RetiringServicePrincipal === undefined));
  invalid(p.RetiringServicePrincipal !== undefined && caller.kind !== 'service');
  checkPrincipal(p.RetiringPrincipal);
}

/** Payloads: 4096 bytes of plaintext, 6144 of ciphertext (O-07). */
function checkSizes(operation, p) {
  const bytes = (text) => (typeof text === 'string' ? Buffer.from(text, 'base64').length : 0);
  if (operation === 'Encrypt') invalid(bytes(p.Plaintext) > 4096);
  if (operation === 'Decrypt' || operation === 'ReEncrypt') invalid(bytes(p.CiphertextBlob) > 6144);
}

/** Does the operation take GrantTokens (G-41)? */
const takesTokens = (operation) => OPERATIONS[operation].takesAlias || operation === 'CreateGrant';

/** Checks parameters without looking at any key. */
export function checkParameters(world, request, caller) {
  const { operation, parameters: p } = request;
  invalid(request.unresolved);
  for (const name of OPERATIONS[operation].required) invalid(p[name] === undefined);
  for (const id of [p.KeyId, p.SourceKeyId, p.DestinationKeyId, p.TargetKeyId]) {
    invalid(id !== undefined && (typeof id !== 'string' || id.length < 1 || id.length > 2048));
  }
  invalid(TYPES.some(([name, type]) => p[name] !== undefined && typeOf(p[name]) !== type));
  invalid(operation === 'CreateAlias' && !p.AliasName.startsWith('alias/'));
  invalid(p.Tags?.some((tag) => !isMap(tag) || typeof tag.TagKey !== 'string' || tag.TagKey === ''));
  invalid(p.GrantTokens && (p.GrantTokens.length > 10 || !takesTokens(operation))); // G-41, G-42
  invalid(p.DryRun && !OPERATIONS[operation].dryRun); // M-60
  if (operation === 'Decrypt') invalid(p.KeyId === undefined && p.CiphertextBlob === undefined);
  if (operation === 'ReEncrypt') invalid(p.SourceKeyId === undefined && p.CiphertextBlob === undefined);
  if ((operation === 'Decrypt' || operation === 'ReEncrypt') && p.DryRun && p.DryRunModifiers?.includes('IGNORE_CIPHERTEXT')) { // M-61
    invalid((operation === 'ReEncrypt' ? p.SourceKeyId : p.KeyId) === undefined);
  }
  for (const pairs of [p.EncryptionContext, p.SourceEncryptionContext, p.DestinationEncryptionContext]) {
    invalid(pairs !== undefined && !isPairs(pairs));
  }
  invalid((operation === 'RetireGrant' || operation === 'RevokeGrant') && p.Name !== undefined); // G-11
  if (operation === 'RetireGrant') {
    // A token alone, or key and grant id (M-17).
    invalid(p.GrantToken === undefined ? p.KeyId === undefined || p.GrantId === undefined : p.GrantId !== undefined);
  }
  if (operation.startsWith('List')) invalid(p.Limit !== undefined && (p.Limit < 1 || p.Limit > 100));
  if (operation === 'ListGrants') {
    invalid(p.GranteePrincipal !== undefined && p.GranteeServicePrincipal !== undefined);
    invalid(p.GranteeServicePrincipal !== undefined && caller.kind !== 'service'); // M-41
  }
  if (operation === 'ListRetirableGrants') checkRetirable(p, caller);
  if (/^List(Retirable)?Grants$/.test(operation) && p.Marker !== undefined && !world.markers.has(p.Marker)) refuse('InvalidMarkerException');
  checkSizes(operation, p);
  if (p.GrantId?.length > 128) refuse('InvalidGrantIdException');
  if (operation === 'CreateGrant') {
    const via = Object.entries(request.context ?? {}).find(([k]) => k.toLowerCase() === 'kms:viaservice')?.[1];
    checkCreateGrant(p, via);
  }
}

/** What CreateGrant checks against the key (G-13, A-11). */
export function checkGrantOnKey(p, key, reads) {
  invalid(!p.Operations.every((o) => grantableOn(o, key.metadata)));
  const { kind } = pairsOf(p.Constraints);
  if (kind && keyKind(key.metadata) !== 'symmetric') {
    const touches = p.Operations.some((o) => CONTEXT_ACTIONS.has(o) || PLAIN_CRYPTO_ACTIONS.has(o));
    invalid(touches && reads('A-11') === 'neverMatches');
  }
}

/** Principals that do not exist (P-24). */
export function checkGrantPrincipals(world, p) {
  for (const name of [p.GranteePrincipal, p.RetiringPrincipal]) {
    if (name !== undefined && !exists(world, name)) refuse('InvalidArnException');
  }
}
