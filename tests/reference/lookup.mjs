// Which keys a request is about: identifiers, Regions, ciphertexts, tokens.

import { OPERATIONS } from './operations.mjs';
import { refuse } from './parameters.mjs';

const notFound = () => refuse('NotFoundException');
const byArn = (world, arn) => world.keys.find((k) => k.metadata.Arn === arn) ?? notFound();

/** Resolves a key identifier as the API does (E-14, O-05); gives {key, alias}. */
function resolveKey(world, id, where, allowAlias) {
  const m = /^arn:[^:]+:kms:([^:]*):(\d{12}):(key|alias)\/(.+)$/.exec(id);
  if (id.startsWith('arn:') && !/^arn:[^:]+:kms:[^:]*:[^:]*:./.test(id)) refuse('InvalidArnException'); // §4.8
  const isAlias = id.startsWith('alias/') || m?.[3] === 'alias';
  if (isAlias && !allowAlias) refuse('ValidationException');
  if (m) {
    if (m[1] !== where.region) notFound();
    if (!isAlias) return { key: byArn(world, id) };
    const alias = `alias/${m[4]}`;
    const key = world.keys.find((k) => k.region === m[1] && k.account === m[2] && k.aliases?.includes(alias));
    return { key: key ?? notFound(), alias };
  }
  // A service has no account of its own.
  const own = world.keys.filter((k) => k.region === where.region && (where.account === undefined || k.account === where.account));
  if (isAlias) return { key: own.find((k) => k.aliases?.includes(id)) ?? notFound(), alias: id };
  return { key: own.find((k) => k.metadata.Arn.endsWith(`:key/${id}`)) ?? notFound() };
}

/** The Region called (contract, fine print). */
export function regionOf(world, request, caller) {
  if (request.region) return request.region;
  const p = request.parameters;
  for (const id of [p.KeyId, p.SourceKeyId, p.DestinationKeyId, p.TargetKeyId]) {
    const m = /^arn:[^:]+:kms:([^:]+):/.exec(id ?? '');
    if (m) return m[1];
  }
  const token = world.tokens.get(p.GrantToken);
  if (token) return token.keyArn.split(':')[3];
  const blob = world.blobs.get(p.CiphertextBlob);
  if (blob) return blob.keyArn.split(':')[3];
  const regions = new Set(world.keys.filter((k) => caller.account === undefined || k.account === caller.account).map((k) => k.region));
  return regions.size === 1 ? [...regions][0] : 'us-east-1';
}

const isMultiRegion = (arn) => arn.includes(':key/mrk-');

/** Are these the same key, or replicas of one multi-Region key (E-24)? */
export function sameMaterial(a, b) {
  if (a === b) return true;
  const withoutRegion = (arn) => arn.split(':').filter((_, i) => i !== 3).join(':');
  return isMultiRegion(a) && withoutRegion(a) === withoutRegion(b);
}

/** The key that opens a ciphertext when none is named (O-04). */
function keyOfBlob(world, name, region) {
  const { keyArn } = world.blobs.get(name) ?? refuse('InvalidCiphertextException');
  const here = world.keys.find((k) => k.region === region && sameMaterial(k.metadata.Arn, keyArn));
  return { key: here ?? byArn(world, keyArn) };
}

/**
 * The permissions that a request needs on keys: [{action, key, alias}]; for RetireGrant also the grant id.
 */
export function targets(world, request, caller, region) {
  const { operation, parameters: p } = request;
  const row = OPERATIONS[operation];
  const where = { region, account: caller.account };
  const look = (id) => resolveKey(world, id, where, row.takesAlias);
  const named = (id, action) => ({ action, ...(id !== undefined ? look(id) : keyOfBlob(world, p.CiphertextBlob, region)) });
  if (operation === 'ReEncrypt') return [named(p.SourceKeyId, 'ReEncryptFrom'), named(p.DestinationKeyId, 'ReEncryptTo')];
  if (operation === 'Decrypt') return [named(p.KeyId, operation)];
  if (operation === 'CreateAlias') return [{ action: operation, ...look(p.TargetKeyId) }];
  if (row.resource === 'alias') {
    const { key } = resolveKey(world, p.AliasName, where, true);
    return [{ action: operation, key }, ...(operation === 'UpdateAlias' ? [{ action: operation, ...look(p.TargetKeyId) }] : [])];
  }
  if (operation === 'RetireGrant' && p.GrantToken !== undefined) {
    const token = world.tokens.get(p.GrantToken) ?? refuse('InvalidGrantTokenException');
    return [{ action: operation, key: byArn(world, token.keyArn), grantId: token.grantId }];
  }
  const target = { action: operation, ...look(p.KeyId) };
  if (operation !== 'UpdatePrimaryRegion' || !target.key.metadata.MultiRegion) return [target];
  const arn = target.key.metadata.Arn.split(':');
  arn[3] = p.PrimaryRegion;
  return [target, { action: operation, key: byArn(world, arn.join(':')) }];
}
