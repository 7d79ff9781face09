// What an allowed request changes, and the fields of its response that later steps may name.

import { callerAccountOf, newGrant } from './world.mjs';

const sortedJson = (value) =>
  JSON.stringify(value, (_, v) => (v && typeof v === 'object' && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort()) : v));

const PARAMETERS = ['GranteePrincipal', 'GranteeServicePrincipal', 'RetiringPrincipal', 'RetiringServicePrincipal', 'Operations', 'Constraints', 'Name'];
const likeness = (source) => sortedJson(PARAMETERS.map((name) => source[name] ?? null));

/** A named grant with the same parameters is the same grant; every call gives another token (G-09). */
function createGrant(world, p, key, caller) {
  const same = p.Name && key.grants.find((g) => !g.gone && likeness(g) === likeness(p));
  const grant = same || newGrant(world, key, p, callerAccountOf(caller, key));
  if (!same) key.grants.push(grant);
  const token = `token-${++world.counter}`;
  world.tokens.set(token, { grantId: grant.GrantId, keyArn: key.metadata.Arn });
  return { GrantId: grant.GrantId, GrantToken: token };
}

function removeGrant(world, key, grant) {
  if (world.consistency === 'eventual') grant.gone = true;
  else key.grants.splice(key.grants.indexOf(grant), 1);
  return {};
}

function newBlob(world, key, encryptionContext) {
  const blob = `blob-${++world.counter}`;
  world.blobs.set(blob, { keyArn: key.metadata.Arn, encryptionContext });
  return blob;
}

function putTags(key, tags) {
  key.tags = (key.tags ?? []).filter((t) => !tags.some((n) => n.TagKey === t.TagKey)).concat(tags);
  return {};
}

/** Applies an allowed request; gives its response. */
export function effect(world, request, { q, found }) {
  const { operation, parameters: p } = request;
  const key = found?.[0].key;
  const state = (name) => {
    key.metadata.KeyState = name;
    return { KeyId: key.metadata.Arn };
  };
  switch (operation) {
    case 'Encrypt':
    case 'GenerateDataKey':
    case 'GenerateDataKeyWithoutPlaintext':
      return { CiphertextBlob: newBlob(world, key, p.EncryptionContext), KeyId: key.metadata.Arn };
    case 'GenerateDataKeyPair':
    case 'GenerateDataKeyPairWithoutPlaintext':
      return { PrivateKeyCiphertextBlob: newBlob(world, key, p.EncryptionContext), KeyId: key.metadata.Arn };
    case 'ReEncrypt':
      return { CiphertextBlob: newBlob(world, found[1].key, p.DestinationEncryptionContext), KeyId: found[1].key.metadata.Arn, SourceKeyId: key.metadata.Arn };
    case 'CreateGrant':
      return createGrant(world, p, key, q.caller);
    case 'RetireGrant':
    case 'RevokeGrant':
      return removeGrant(world, key, q.grant);
    case 'PutKeyPolicy':
      key.policy = typeof p.Policy === 'string' ? JSON.parse(p.Policy) : p.Policy;
      return {};
    case 'EnableKey':
      return state('Enabled');
    case 'DisableKey':
      return state('Disabled');
    case 'ScheduleKeyDeletion':
      return state('PendingDeletion');
    case 'CancelKeyDeletion':
      return state('Disabled');
    case 'TagResource':
      return putTags(key, p.Tags);
    case 'UntagResource':
      key.tags = (key.tags ?? []).filter((t) => !p.TagKeys.includes(t.TagKey));
      return {};
    case 'CreateAlias':
      key.aliases = [...(key.aliases ?? []), p.AliasName];
      return {};
    case 'DeleteAlias':
      key.aliases = key.aliases.filter((a) => a !== p.AliasName);
      return {};
    case 'UpdateAlias':
      key.aliases = key.aliases.filter((a) => a !== p.AliasName);
      found[1].key.aliases = [...(found[1].key.aliases ?? []), p.AliasName];
      return {};
    default:
      return key ? { KeyId: key.metadata.Arn } : {};
  }
}
