// Random grants, as list-grants prints them and as CreateGrant asks for them.

import { GRANT_OPERATIONS, grantableOn } from './operations.mjs';
import * as words from './vocabulary.mjs';

const DEFAULT = { KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT', Origin: 'AWS_KMS' };

/** A few encryption context pairs. */
export function pairs(random, low, high) {
  return Object.fromEntries(random.some(words.PAIR_NAMES.filter((n) => n !== 'A' || random.chance(0.2)), low, high)
    .filter((name, _, all) => name !== 'A' || !all.includes('a'))
    .map((name) => [name, random.pick(words.PAIR_VALUES)]));
}

function constraints(random, key) {
  const symmetric = (key.metadata.KeySpec ?? 'SYMMETRIC_DEFAULT') === 'SYMMETRIC_DEFAULT';
  const out = {};
  if (random.chance(symmetric ? 0.5 : 0.08)) {
    out[random.pick(['EncryptionContextEquals', 'EncryptionContextSubset'])] = random.chance(0.04) ? {} : pairs(random, 1, 2);
  }
  if (random.chance(0.06)) out.SourceArn = random.pick(words.SOURCES);
  return Object.keys(out).length ? out : undefined;
}

/** Operations that can be granted on the key, leaning to those at hand. */
function operations(random, scene, key, count = [1, 4]) {
  const metadata = { ...DEFAULT, ...key.metadata };
  const possible = [...GRANT_OPERATIONS].filter((o) => grantableOn(o, metadata));
  const wanted = scene.operations.flatMap(words.permissions).filter((o) => possible.includes(o));
  const list = [...random.some(wanted, 1, 3), ...random.some(possible, ...count)];
  if (random.chance(0.3)) list.push('CreateGrant');
  if (random.chance(0.35)) list.push('RetireGrant');
  return [...new Set(list)].sort(() => random.next() - 0.5);
}

/** Someone who may be grantee or retiring principal. */
const someone = (random, scene) =>
  random.weighted([
    [12, random.pick(scene.names)],
    [1, random.pick(words.NEAR)],
    [2, random.pick([words.iam(words.A, 'root'), words.iam(words.B, 'root')])],
  ]);

/** The parameters of a grant, without KeyId. */
export function grantParameters(random, scene, key) {
  const out = {};
  const made = constraints(random, key) ?? {};
  if (random.chance(0.08)) {
    out.GranteeServicePrincipal = random.pick(words.SERVICES);
    made.SourceArn ??= random.pick(words.SOURCES);
    if (random.chance(0.5)) out.RetiringServicePrincipal = random.pick(words.SERVICES);
    else out.RetiringPrincipal = someone(random, scene);
  } else {
    out.GranteePrincipal = someone(random, scene);
    if (random.chance(0.45)) out.RetiringPrincipal = someone(random, scene);
    else if (random.chance(0.05)) out.RetiringServicePrincipal = random.pick(words.SERVICES);
  }
  out.Operations = operations(random, scene, key);
  if (Object.keys(made).length) out.Constraints = made;
  if (random.chance(0.15)) out.Name = random.pick(['one', 'two']);
  return out;
}

/** A grant of the key as list-grants shows it. */
export function grantEntry(random, scene, key) {
  const owner = key.metadata.Arn.split(':')[4];
  const out = { KeyId: key.metadata.Arn, ...grantParameters(random, scene, key) };
  if (random.chance(0.9)) out.GrantId = random.hex(64);
  if (random.chance(0.1)) {
    // A service name, which list-grants shows as a label (P-23).
    if (out.GranteePrincipal && random.chance(0.6)) out.GranteePrincipal = random.pick(words.SERVICES);
    if (out.RetiringPrincipal) out.RetiringPrincipal = random.pick(words.SERVICES);
  }
  if (out.GranteePrincipal && random.chance(0.05)) {
    const role = random.int(0, words.ROLES.length - 1);
    out.GranteePrincipal = random.pick([`AROAEXAMPLEROLE000${role}`, `AROAEXAMPLEROLE000${role}:s1`, `AIDAEXAMPLEUSER000${random.int(0, 3)}`, 'AROAORPHANROLE00000']);
  }
  const issuer = random.weighted([[3, undefined], [5, owner], [2, owner === words.A ? words.B : words.A], [0.5, words.C]]);
  if (issuer) out.IssuingAccount = random.chance(0.8) ? words.iam(issuer, 'root') : issuer;
  return out;
}

/** Parameters for a child of a grant: at times within its limits, at times just outside. */
export function childParameters(random, scene, key, parent) {
  const out = grantParameters(random, scene, key);
  if (out.GranteeServicePrincipal) return out;
  out.Operations = random.some(parent.Operations, 1, 3);
  if (random.chance(0.15)) out.Operations = [...new Set([...out.Operations, ...operations(random, scene, key, [0, 1])])];
  delete out.Constraints;
  const parentPairs = parent.Constraints?.EncryptionContextEquals ?? parent.Constraints?.EncryptionContextSubset;
  if (parentPairs) {
    const kind = parent.Constraints.EncryptionContextEquals && random.chance(0.7) ? 'EncryptionContextEquals' : random.pick(['EncryptionContextEquals', 'EncryptionContextSubset']);
    const changed = { ...parentPairs };
    if (random.chance(0.3)) Object.assign(changed, pairs(random, 1, 1));
    if (random.chance(0.1)) delete changed[Object.keys(changed)[0]];
    if (random.chance(0.9) && !('a' in changed && 'A' in changed)) out.Constraints = { [kind]: changed };
  }
  const source = parent.Constraints?.SourceArn;
  if (source && random.chance(0.8)) out.Constraints = { ...out.Constraints, SourceArn: random.chance(0.8) ? source : random.pick(words.SOURCES) };
  return out;
}
