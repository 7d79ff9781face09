// The decision: the E-rules and M-rules of core/RULES.md, and the IL:E-rules.

import { callerPolicies } from './callers.mjs';
import { endpointOf } from './context.mjs';
import { counts, grantNames, matchingGrants } from './grants.mjs';
import { OPERATIONS } from './operations.mjs';
import { matching } from './policy.mjs';

const effects = (documents, type, question) => documents.flatMap((d) => matching(d, type, question));
const has = (statements, effect) => statements.some((s) => s.effect === effect);

/** Everything that the policies say about one permission check. */
function consult(q) {
  const { world, caller } = q;
  const own = callerPolicies(caller, q.request);
  const question = {
    caller, boundary: own.boundary, action: `kms:${q.action}`, resource: q.resource, context: q.context, reads: q.reads,
  };
  const ask = (documents, type) => effects(documents, type, question);
  const account = world.accounts.find((a) => a.id === caller.account);
  const owner = q.key && world.accounts.find((a) => a.id === q.key.account);
  const scps = caller.kind === 'service' || caller.serviceLinked || account?.organization?.managementAccount;
  const rcps =
    !q.key || caller.serviceLinked || q.action === 'RetireGrant' || q.key.metadata.KeyManager === 'AWS' ||
    owner?.organization?.managementAccount;
  const levels = (lists) => (lists ?? []).map((level) => level.map((p) => p.document));
  const scpLevels = (scps ? [] : levels(account?.serviceControlPolicies)).map((l) => ask(l, 'serviceControlPolicy'));
  const endpoint = endpointOf(world, q.request)?.policy;
  const vpce = endpoint ? ask([endpoint], 'vpcEndpointPolicy') : undefined;
  const identity = ask(own.identity, 'identityPolicy');
  const boundary = own.boundary && ask([own.boundary], 'permissionsBoundary');
  const session = own.session && ask(own.session, 'sessionPolicy');
  const said = {
    keyPolicy: q.key ? ask([q.key.policy], 'keyPolicy') : [],
    identityPolicy: identity,
    permissionsBoundary: boundary ?? [],
    sessionPolicy: session ?? [],
    serviceControlPolicy: scpLevels.flat(),
    resourceControlPolicy: rcps ? [] : ask(levels(owner?.resourceControlPolicies).flat(), 'resourceControlPolicy'),
    vpcEndpointPolicy: vpce ?? [],
  };
  return {
    said,
    scpAllows: scpLevels.every((level) => has(level, 'Allow')),
    vpceAllows: !vpce || has(vpce, 'Allow'),
    identity: has(identity, 'Allow'),
    boundary: !boundary || has(boundary, 'Allow'),
    session: !session || has(session, 'Allow'),
  };
}

const deny = (decidedBy) => ({ decision: 'explicitDeny', decidedBy });
const lacks = (policy) => ({ decision: 'implicitDeny', decidedBy: [policy] });
const allow = (paths) => ({ decision: 'allowed', decidedBy: [...new Set(paths)].sort() });

/** The policy types with a matching Deny. */
const denies = (said, types) => types.filter((type) => has(said[type], 'Deny'));
const TYPES = [
  'identityPolicy', 'keyPolicy', 'permissionsBoundary', 'resourceControlPolicy', 'serviceControlPolicy', 'sessionPolicy',
  'vpcEndpointPolicy',
];

/** Which of boundary and session policy lacks the Allow. */
const cap = (c) => (!c.boundary ? 'permissionsBoundary' : !c.session ? 'sessionPolicy' : null);

/** Are boundary and session policy bound to an Allow that names the caller this way (E-20)? */
const capped = (how) => how === 'role' || how === 'parent';

/** The same for a grant, where AWS is silent. */
function grantCapped(how, c, reads) {
  if (cap(c) === null) return false;
  return { granteeForm: capped(how), limited: true, unlimited: false }[reads('A-1')];
}

/** Does an account as grantee allow all of its principals at once? Nothing hinges on it when they are delegated to. */
const delegates = (c, reads) => !(c.identity && cap(c) === null) && reads('A-4') === 'allows';

/** Operations without a key: the identity path alone. Also the alias half of alias operations. */
export function authorizeIdentity(q) {
  const c = consult(q);
  const denied = denies(c.said, TYPES);
  if (denied.length) return deny(denied);
  if (!c.scpAllows) return lacks('serviceControlPolicy');
  if (!c.vpceAllows) return lacks('vpcEndpointPolicy');
  if (q.caller.kind === 'root') return allow(['identityPolicy']);
  if (!c.identity) return lacks('identityPolicy');
  return cap(c) ? lacks(cap(c)) : allow(['identityPolicy']);
}

/**
 * One permission on one key. `q` is {world, caller, request, operation, action, key, resource, parameters, context,
 * tokens: ids of grants named by tokens, reads: which reading of an ambiguity is in force}.
 */
export function authorizeKey(q) {
  const c = consult(q);
  const denied = denies(c.said, TYPES);
  if (denied.length) return deny(denied);
  const grants = matchingGrants(q);
  const foreign = q.caller.kind !== 'service' && q.caller.account !== q.key.account;
  const judge = () => (foreign ? acrossAccounts(q, c, grants) : withinAccount(q, c, grants));
  if (!c.scpAllows) {
    if (q.reads('A-3') === 'limited' || !c.vpceAllows) return lacks('serviceControlPolicy');
    // The SCP stops what policies allow, and leaves grants alone.
    const { decision, decidedBy } = judge();
    return decision === 'allowed' && decidedBy.includes('grant') ? allow(['grant']) : lacks('serviceControlPolicy');
  }
  return c.vpceAllows ? judge() : lacks('vpcEndpointPolicy');
}

function withinAccount(q, c, grants) {
  const root = q.caller.kind === 'root';
  const paths = [];
  const stopped = [];
  const add = (path, isCapped) => (isCapped && cap(c) ? stopped.push(cap(c)) : paths.push(path));
  let delegated = false;
  for (const { effect, how } of c.said.keyPolicy) {
    if (effect !== 'Allow') continue;
    for (const way of how) {
      if (way !== 'account') add('keyPolicy', capped(way));
      else if (root) add('keyPolicy', false);
      else {
        delegated = true;
        if (c.identity) add('identityPolicy', true);
      }
    }
  }
  for (const { how } of grants) {
    if (root) paths.push('grant');
    else if (how !== 'account' || delegates(c, q.reads)) add('grant', grantCapped(how, c, q.reads));
    else if (c.identity) add('grant', true);
  }
  if (paths.length) return allow(paths);
  if (stopped.length) return lacks(stopped.includes('permissionsBoundary') ? 'permissionsBoundary' : 'sessionPolicy');
  return lacks(delegated ? 'identityPolicy' : 'keyPolicy');
}

function acrossAccounts(q, c, grants) {
  if (!OPERATIONS[q.operation].cross) return lacks('keyPolicy'); // E-13
  const account = q.world.accounts.find((a) => a.id === q.caller.account);
  if (account?.enabledOptInRegions && optIn(q.region) && !account.enabledOptInRegions.includes(q.region)) {
    return lacks('keyPolicy'); // E-15
  }
  const root = q.caller.kind === 'root';
  const paths = [];
  const stopped = [];
  const add = (path, isCapped) => (isCapped && cap(c) ? stopped.push(cap(c)) : paths.push(path));
  let ownerSide = false;
  if (c.said.keyPolicy.some((s) => s.effect === 'Allow')) {
    ownerSide = true;
    if (root) paths.push('keyPolicy');
    else if (c.identity) add('identityPolicy', true);
  }
  for (const { grant, how } of grants) {
    ownerSide = true;
    if (root) paths.push('grant');
    else {
      const issued = grant.issuer === q.caller.account;
      const consents = () => ({ issuingAccount: issued, identityPolicy: false, grantAlone: true })[q.reads('A-2')];
      if ((how !== 'account' || delegates(c, q.reads)) && consents()) add('grant', grantCapped(how, c, q.reads));
      if (c.identity) add('grant', true);
    }
  }
  if (paths.length) return allow(paths);
  if (stopped.length) return lacks(stopped.includes('permissionsBoundary') ? 'permissionsBoundary' : 'sessionPolicy');
  return lacks(ownerSide ? 'identityPolicy' : 'keyPolicy');
}

/** Regions that are disabled by default. */
const optIn = (region) =>
  /^(af-south-1|ap-east-[12]|ap-south-2|ap-southeast-[34567]|ca-west-1|eu-central-2|eu-south-[12]|il-central-1|me-central-1|me-south-1|mx-central-1)$/.test(region);

/** RetireGrant (M-11): the grant and its issuing account decide. */
export function authorizeRetirement(q) {
  const c = consult(q);
  const keyPolicyDenies = has(c.said.keyPolicy, 'Deny') && q.reads('A-21') === 'denyCounts';
  const scpDenies = has(c.said.serviceControlPolicy, 'Deny') && q.reads('A-22') === 'counts';
  const denied = denies(c.said, TYPES).filter((type) => type !== 'keyPolicy' && type !== 'serviceControlPolicy');
  if (keyPolicyDenies) denied.push('keyPolicy');
  if (scpDenies) denied.push('serviceControlPolicy');
  if (denied.length) return deny(denied.sort());
  // A refused RetireGrant always reads as the missing identity policy (contract).
  if (!c.scpAllows && q.reads('A-22') === 'counts') return lacks('identityPolicy');
  if (!c.vpceAllows) return lacks('identityPolicy');
  const { grant, caller } = q;
  const delegated = caller.kind === 'root' || (c.identity && cap(c) === null);
  const paths = [];
  const retiring = grantNames(grant.RetiringPrincipal, grant.RetiringServicePrincipal, caller, q.reads);
  if (retiring && (retiring !== 'account' || delegated)) paths.push('retiringPrincipal');
  const grantee = grantNames(grant.GranteePrincipal, grant.GranteeServicePrincipal, caller, q.reads);
  if (grantee && grant.Operations.includes('RetireGrant') && (q.parameters.GrantToken || counts(grant, q))) {
    if (grantee !== 'account' || delegated || q.reads('A-4') === 'allows') paths.push('granteePrincipal');
  }
  if (caller.kind !== 'service' && delegated) {
    if (caller.account === grant.issuer) paths.push('issuingAccount');
    else if (caller.account === q.key.account && q.reads('A-12') === 'ownerToo') paths.push('issuingAccount');
  }
  return paths.length ? allow(paths) : lacks('identityPolicy');
}
