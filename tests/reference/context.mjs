// The context keys of one permission check: the C-rules and IL:K-rules of core/RULES.md.

import { Context } from './conditions.mjs';
import { CONTEXT_ACTIONS, OPERATIONS, keyKind } from './operations.mjs';

const AWARE_OF_RESOURCE_USE = new Set(['CreateGrant', 'ListGrants', 'RevokeGrant']);

/** Keys about the caller. */
function callerKeys(context, world, caller, request) {
  const { kind } = caller;
  context.set('aws:PrincipalIsAWSService', kind === 'service');
  if (kind === 'service') {
    context.set('aws:PrincipalServiceName', caller.arn);
    context.set('aws:PrincipalServiceNamesList', [caller.arn]);
    return;
  }
  context.set('aws:PrincipalAccount', caller.account);
  context.set('aws:PrincipalArn', kind === 'session' ? caller.entityArn : caller.arn);
  context.set('aws:PrincipalType', { root: 'Account', user: 'User', session: 'AssumedRole', federated: 'FederatedUser' }[kind]);
  if (kind === 'root') context.set('aws:userid', caller.account);
  if (kind === 'user') {
    context.set('aws:username', caller.name);
    context.set('aws:userid', caller.uniqueId ?? 'AIDAUNKNOWN');
  }
  if (kind === 'session') context.set('aws:userid', `${caller.uniqueId ?? 'AROAUNKNOWN'}:${caller.session}`);
  if (kind === 'federated') context.set('aws:userid', `${caller.account}:${caller.name}`);
  if (kind === 'session' || kind === 'federated') context.set('aws:TokenIssueTime', request.now);
  for (const tag of caller.entity?.tags ?? []) context.set(`aws:PrincipalTag/${tag.Key}`, tag.Value);
  for (const [key, value] of Object.entries(request.sessionTags ?? {})) context.set(`aws:PrincipalTag/${key}`, value);
  const organization = world.accounts.find((a) => a.id === caller.account)?.organization;
  context.set('aws:PrincipalOrgID', organization?.id);
  context.set('aws:PrincipalOrgPaths', organization?.path && [organization.path]);
}

/** Keys about the key. */
function resourceKeys(context, world, key) {
  const account = key.account;
  const organization = world.accounts.find((a) => a.id === account)?.organization;
  context.set('aws:ResourceAccount', account);
  context.set('aws:ResourceOrgID', organization?.id);
  context.set('aws:ResourceOrgPaths', organization?.path && [organization.path]);
  for (const tag of key.tags ?? []) context.set(`aws:ResourceTag/${tag.TagKey}`, tag.TagValue);
  const m = key.metadata;
  specKeys(context, m.KeySpec, m.KeyUsage, m.Origin, m.MultiRegion, m.MultiRegionConfiguration?.MultiRegionKeyType);
  const aliases = key.aliases ?? [];
  if (aliases.length > 0 && aliases.length <= 50) context.set('kms:ResourceAliases', aliases);
}

function specKeys(context, spec, usage, origin, multiRegion, type) {
  context.set('kms:KeySpec', spec);
  context.set('kms:CustomerMasterKeySpec', spec);
  context.set('kms:KeyUsage', usage);
  context.set('kms:CustomerMasterKeyUsage', usage);
  context.set('kms:KeyOrigin', origin);
  context.set('kms:MultiRegion', Boolean(multiRegion));
  context.set('kms:MultiRegionKeyType', multiRegion ? type : undefined);
}

/** The constraint kind that carries pairs; an empty map is no constraint. */
export function pairsOf(constraints) {
  for (const kind of ['EncryptionContextEquals', 'EncryptionContextSubset']) {
    const pairs = constraints?.[kind];
    if (pairs && Object.keys(pairs).length > 0) return { kind, pairs };
  }
  return { kind: undefined, pairs: {} };
}

function encryptionContextKeys(context, pairs) {
  const names = Object.keys(pairs ?? {});
  for (const name of names) context.set(`kms:EncryptionContext:${name}`, pairs[name]);
  if (names.length) context.set('kms:EncryptionContextKeys', names);
}

/** Keys from the parameters of the request. `q` is {operation, action, parameters, key, grant}. */
function parameterKeys(context, q) {
  const { operation, action, parameters: p, key } = q;
  const set = (name, value) => context.set(`kms:${name}`, value);
  if (CONTEXT_ACTIONS.has(action) && keyKind(key.metadata) === 'symmetric') {
    const field = { ReEncryptFrom: 'SourceEncryptionContext', ReEncryptTo: 'DestinationEncryptionContext' }[action];
    encryptionContextKeys(context, p[field ?? 'EncryptionContext']);
  }
  if (operation === 'CreateGrant' || operation === 'RetireGrant') {
    const constraints = operation === 'CreateGrant' ? p.Constraints : q.grant?.Constraints; // C-44, C-45
    const { kind, pairs } = pairsOf(constraints);
    encryptionContextKeys(context, pairs);
    set('GrantConstraintType', kind);
  }
  if (operation === 'CreateGrant') {
    set('GrantConstraintSourceArn', p.Constraints?.SourceArn);
    set('GrantOperations', p.Operations);
    for (const name of ['GranteePrincipal', 'GranteeServicePrincipal', 'RetiringPrincipal', 'RetiringServicePrincipal']) {
      set(name, p[name]);
    }
  }
  if (OPERATIONS[operation].algorithm) {
    const field = { ReEncryptFrom: 'SourceEncryptionAlgorithm', ReEncryptTo: 'DestinationEncryptionAlgorithm' }[action];
    set('EncryptionAlgorithm', p[field ?? 'EncryptionAlgorithm'] ?? (keyKind(key.metadata) === 'symmetric' ? 'SYMMETRIC_DEFAULT' : undefined));
  }
  if (operation === 'ReEncrypt') set('ReEncryptOnSameKey', q.sameKey);
  if (operation === 'Sign' || operation === 'Verify') {
    set('SigningAlgorithm', p.SigningAlgorithm);
    set('MessageType', p.MessageType ?? 'RAW');
  }
  if (operation === 'GenerateMac' || operation === 'VerifyMac') set('MacAlgorithm', p.MacAlgorithm);
  if (operation === 'DeriveSharedSecret') set('KeyAgreementAlgorithm', p.KeyAgreementAlgorithm);
  if (operation.startsWith('GenerateDataKeyPair')) set('DataKeyPairSpec', p.KeyPairSpec);
  if (operation === 'PutKeyPolicy' || operation === 'CreateKey') {
    set('BypassPolicyLockoutSafetyCheck', p.BypassPolicyLockoutSafetyCheck);
  }
  if (operation === 'CreateKey') {
    const spec = p.KeySpec ?? 'SYMMETRIC_DEFAULT';
    specKeys(context, spec, p.KeyUsage ?? 'ENCRYPT_DECRYPT', p.Origin ?? 'AWS_KMS', p.MultiRegion ?? false, 'PRIMARY');
  }
  if (operation === 'ScheduleKeyDeletion') set('ScheduleKeyDeletionPendingWindowInDays', p.PendingWindowInDays ?? 30);
  if (operation === 'EnableKeyRotation') set('RotationPeriodInDays', p.RotationPeriodInDays);
  if (operation === 'ReplicateKey') set('ReplicaRegion', p.ReplicaRegion);
  if (operation === 'UpdatePrimaryRegion') set('PrimaryRegion', p.PrimaryRegion);
  if (operation === 'ImportKeyMaterial') {
    set('ExpirationModel', p.ExpirationModel);
    set('ValidTo', p.ValidTo);
  }
  if (operation === 'GetParametersForImport') {
    set('WrappingAlgorithm', p.WrappingAlgorithm);
    set('WrappingKeySpec', p.WrappingKeySpec);
  }
  const tags = /^(TagResource|CreateKey|ReplicateKey)$/.test(operation) ? (p.Tags ?? []) : [];
  for (const tag of tags) context.set(`aws:RequestTag/${tag.TagKey}`, tag.TagValue);
  const tagKeys = operation === 'UntagResource' ? p.TagKeys : tags.map((t) => t.TagKey);
  if (tagKeys?.length) context.set('aws:TagKeys', tagKeys);
}

/** Does the operation ever have this key when the request supplies it (C-40)? */
function mayHave(operation, name) {
  const lower = name.toLowerCase();
  if (!lower.startsWith('kms:')) return true;
  const row = OPERATIONS[operation];
  if (lower === 'kms:viaservice') return row.resource !== 'none';
  if (lower === 'kms:calleraccount') return row.resource !== 'none' || Boolean(row.store);
  if (lower === 'kms:grantisforawsresource') return AWARE_OF_RESOURCE_USE.has(operation);
  if (lower === 'kms:trailingdayswithoutkeyusage') return operation === 'ScheduleKeyDeletion' || operation === 'DisableKey';
  if (lower.startsWith('kms:recipientattestation:')) return Boolean(row.attested);
  return true;
}

/** The service through which the caller comes, or undefined. */
const viaService = (request) =>
  Object.entries(request.context ?? {}).find(([name]) => name.toLowerCase() === 'kms:viaservice')?.[1];

/** The VPC endpoint of the request; a service's call does not go through its user's endpoint (IL:E-51). */
export const endpointOf = (world, request) =>
  viaService(request) === undefined ? world.vpcEndpoints.find((e) => e.id === request.vpcEndpoint) : undefined;

/**
 * All keys of one permission check.
 * `q` is {world, caller, request, operation, action, key, parameters, aliasUsed, sameKey, grant, region}.
 */
export function buildContext(q) {
  const { world, caller, request, operation, key } = q;
  const context = new Context();
  const given = request.context ?? {};
  const via = viaService(request);
  context.set('aws:CurrentTime', request.now);
  context.set('aws:EpochTime', Math.floor(Date.parse(request.now) / 1000));
  context.set('aws:SecureTransport', true);
  context.set('aws:RequestedRegion', q.region);
  context.set('aws:ViaAWSService', via !== undefined);
  callerKeys(context, world, caller, request);
  const row = OPERATIONS[operation];
  if (row.resource !== 'none' || row.store) context.set('kms:CallerAccount', caller.account);
  if (key) resourceKeys(context, world, key);
  if (AWARE_OF_RESOURCE_USE.has(operation)) context.set('kms:GrantIsForAWSResource', via !== undefined);
  if (q.aliasUsed && (row.crypto || operation === 'DescribeKey' || operation === 'GetPublicKey')) {
    context.set('kms:RequestAlias', q.aliasUsed);
  }
  parameterKeys(context, q);
  const endpoint = endpointOf(world, request);
  context.set('aws:SourceVpce', endpoint?.id);
  context.set('aws:SourceVpc', endpoint?.vpc);
  for (const [name, value] of Object.entries(given)) if (mayHave(operation, name)) context.override(name, value);
  return context;
}
