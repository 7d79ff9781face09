// Grants: who is named, whether the constraints hold, what a child grant may be (the G-, P- and M-rules of core/RULES.md).

import { pairsOf } from './context.mjs';
import { CONTEXT_ACTIONS, PLAIN_CRYPTO_ACTIONS, keyKind } from './operations.mjs';
import { names } from './policy.mjs';
import { glob, wild } from './text.mjs';

const SERVICE_NAME = /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;

/**
 * How a principal field of a grant names the caller, or null. `servicePrincipal` is the field for services;
 * a service name in the other field is a label only (P-23).
 */
export function grantNames(principal, servicePrincipal, caller, reads) {
  if (servicePrincipal !== undefined) return caller.kind === 'service' && servicePrincipal === caller.arn ? 'service' : null;
  if (principal === undefined) return null;
  if (caller.kind === 'service') {
    return SERVICE_NAME.test(principal) && principal === caller.arn && reads('P-23') === 'matches' ? 'service' : null;
  }
  // ListGrants shows the id form of sessions as AROA…:session (P-25).
  if (caller.kind === 'session' && caller.uniqueId && principal === `${caller.uniqueId}:${caller.session}`) return 'session';
  if (principal === '*' || /^\d{12}$/.test(principal)) return null;
  const how = names(principal, caller);
  return how === 'parent' ? null : how; // P-29: a federated session is another principal than its user
}

/** Looks up pairs of `wanted` in `given`, keys without regard to case. Gives "exact", "folded" or null. */
function contains(given, wanted) {
  let result = 'exact';
  for (const [key, value] of Object.entries(wanted)) {
    if (given[key] === value) continue;
    const folded = Object.keys(given).find((k) => k.toLowerCase() === key.toLowerCase() && given[k] === value);
    if (folded === undefined) return null;
    result = 'folded';
  }
  return result;
}

/** Are the pairs within, or equal to, the wanted ones? A-10 decides whether the case of keys counts. */
function pairsHold(kind, given, wanted, reads) {
  if (kind === 'EncryptionContextEquals' && Object.keys(given).length !== Object.keys(wanted).length) return false;
  if (kind === 'EncryptionContextEquals' && !contains(wanted, given)) return false;
  const found = contains(given, wanted);
  return found === 'exact' || (found === 'folded' && reads('A-10') === 'keyIgnoresCase');
}

/** The encryption context that a permission check carries. */
export function requestPairs(action, parameters) {
  const field = { ReEncryptFrom: 'SourceEncryptionContext', ReEncryptTo: 'DestinationEncryptionContext' }[action];
  return parameters[field ?? 'EncryptionContext'] ?? {};
}

/** Do the constraints of the grant hold for this check (G-20 to G-29)? `q` is the check as in authorize.mjs. */
function constraintsHold(grant, q) {
  const { kind, pairs } = pairsOf(grant.Constraints);
  const symmetric = keyKind(q.key.metadata) === 'symmetric';
  if (kind === undefined && grant.Constraints?.EncryptionContextEquals && symmetric && CONTEXT_ACTIONS.has(q.action)) {
    if (Object.keys(requestPairs(q.action, q.parameters)).length > 0 && q.reads('A-16') === 'emptyContext') return false;
  }
  if (kind !== undefined) {
    if (symmetric && CONTEXT_ACTIONS.has(q.action)) {
      if (!pairsHold(kind, requestPairs(q.action, q.parameters), pairs, q.reads)) return false;
    } else if (!symmetric && (CONTEXT_ACTIONS.has(q.action) || PLAIN_CRYPTO_ACTIONS.has(q.action))) {
      if (q.reads('A-11') === 'neverMatches') return false;
    }
  }
  return sourceHolds(grant, q);
}

/** The SourceArn constraint (G-29): as aws:SourceArn, exact text, not met when the key is absent. */
function sourceHolds(grant, q) {
  const wanted = grant.Constraints?.SourceArn;
  if (wanted === undefined) return true;
  const source = q.context.get('aws:SourceArn')?.[0];
  if (source === undefined) {
    const byService = q.caller.kind === 'service' || q.context.get('aws:ViaAWSService')?.[0] === 'true';
    return !byService && q.reads('A-13') === 'servicesOnly';
  }
  if (source === wanted) return true;
  return glob(wild(wanted), source) && q.reads('A-18') === 'wildcards';
}

/** May a grant with the operation CreateGrant create this child (M-02, M-05, M-06)? */
export function allowsChild(parent, parameters, reads) {
  if (!parameters.Operations.every((o) => parent.Operations.includes(o))) return false;
  const source = parent.Constraints?.SourceArn;
  if (source !== undefined && parameters.Constraints?.SourceArn !== source) return false;
  const of = pairsOf(parent.Constraints);
  const child = pairsOf(parameters.Constraints);
  if (of.kind === undefined) return true;
  if (child.kind === undefined) return false;
  if (of.kind === 'EncryptionContextEquals') {
    return child.kind === of.kind && pairsHold(of.kind, child.pairs, of.pairs, reads);
  }
  return pairsHold(of.kind, child.pairs, of.pairs, reads);
}

/** Does the grant count at all: has it spread, or is it named by a token; retired ones count until spread? */
export function counts(grant, q) {
  if (grant.pending && (grant.gone || !q.tokens.includes(grant.GrantId))) return false;
  return !grant.gone || q.reads('A-25') === 'stillVisible';
}

/**
 * The grants that allow this check, each with the way in which it names the caller.
 */
export function matchingGrants(q) {
  const found = [];
  for (const grant of q.key.grants) {
    if (grant.KeyId !== q.key.metadata.Arn || !grant.Operations.includes(q.action)) continue;
    const how = grantNames(grant.GranteePrincipal, grant.GranteeServicePrincipal, q.caller, q.reads);
    if (!how || !counts(grant, q) || !constraintsHold(grant, q)) continue;
    if (q.action === 'CreateGrant' && !allowsChild(grant, q.parameters, q.reads)) continue;
    found.push({ grant, how });
  }
  return found;
}
