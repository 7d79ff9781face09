// One request: parameters, key lookup, authorization, key state, key usage, ciphertext, dry run, in this order.

import { authorizeIdentity, authorizeKey, authorizeRetirement } from './authorize.mjs';
import { readCaller } from './callers.mjs';
import { buildContext } from './context.mjs';
import { effect } from './effects.mjs';
import { exists } from './world.mjs';
import { regionOf, sameMaterial, targets } from './lookup.mjs';
import { keyKind, OPERATIONS, stateError, usageError } from './operations.mjs';
import { principalsOf, readKeyPolicy, tooLong } from './documents.mjs';
import { checkGrantOnKey, checkGrantPrincipals, checkParameters, refuse, Refused } from './parameters.mjs';
import { underReadings } from './readings.mjs';

/** Joins the answers of the permissions that one operation needs (O-02). */
function join(answers) {
  const union = (list) => [...new Set(list.flatMap((a) => a.decidedBy))].sort();
  const denied = answers.filter((a) => a.decision === 'explicitDeny');
  if (denied.length) return { decision: 'explicitDeny', decidedBy: union(denied) };
  return answers.find((a) => a.decision === 'implicitDeny') ?? { decision: 'allowed', decidedBy: union(answers) };
}

/** Asks for every permission that the operation needs. */
function authorize(base, found) {
  const { operation, parameters } = base;
  const sameKey = operation === 'ReEncrypt' ? found[0].key === found[1].key : undefined;
  const question = (more) => {
    const q = { ...base, sameKey, ...more };
    q.context = buildContext(q);
    return q;
  };
  const questions = found.map(({ action, key, alias }) =>
    question({ action, key, resource: key.metadata.Arn, aliasUsed: alias }),
  );
  const answers = questions.map((q) => (operation === 'RetireGrant' ? authorizeRetirement(q) : authorizeKey(q)));
  if (OPERATIONS[operation].resource === 'alias') {
    // A service calls from no account: the alias is then its key's.
    const [, partition, , , account] = base.caller.kind === 'service' ? found[0].key.metadata.Arn.split(':') : ['', base.caller.partition, '', '', base.caller.account];
    const alias = `arn:${partition}:kms:${base.region}:${account}:${parameters.AliasName}`;
    // The alias is no key: condition keys about keys are absent (C-01).
    answers.unshift(authorizeIdentity(question({ action: operation, key: undefined, resource: alias })));
  }
  if (operation === 'ReplicateKey') {
    answers.push(authorizeIdentity(question({ action: 'CreateKey', key: undefined, resource: '*', region: parameters.ReplicaRegion })));
  }
  return { ...join(answers), questions };
}

const sameContext = (a = {}, b = {}) =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([k, v]) => b[k] === v);

/** Does the ciphertext fit the request (O-04, G-30)? */
function checkBlob(world, { operation, parameters: p }, found) {
  if (operation !== 'Decrypt' && operation !== 'ReEncrypt') return;
  if (p.CiphertextBlob === undefined || (p.DryRun && p.DryRunModifiers?.includes('IGNORE_CIPHERTEXT'))) return;
  const blob = world.blobs.get(p.CiphertextBlob);
  if (!blob) return;
  if (!sameMaterial(found[0].key.metadata.Arn, blob.keyArn)) refuse('IncorrectKeyException');
  const given = operation === 'Decrypt' ? p.EncryptionContext : p.SourceEncryptionContext;
  if (!sameContext(given, blob.encryptionContext)) refuse('InvalidCiphertextException');
}

/** The error of the keys' states, or null. */
function stateOf(operation, found, reads) {
  return found.map(({ key }) => stateError(operation, key.metadata, reads, found.at(-1).key.metadata)).find(Boolean) ?? null;
}

/**
 * A key policy that somebody wants to store: its size and grammar, principals that are gone, and the lockout check
 * (P-09, P-13, P-14). `q` is the question about the key with its present policy.
 */
function checkPolicy(world, { parameters }, q) {
  if (tooLong(parameters.Policy)) refuse('LimitExceededException');
  const document = readKeyPolicy(parameters.Policy) ?? refuse('MalformedPolicyDocumentException');
  if (!principalsOf(document).every((name) => exists(world, name))) refuse('MalformedPolicyDocumentException');
  if (parameters.BypassPolicyLockoutSafetyCheck) return;
  const asked = { ...q, operation: 'PutKeyPolicy', action: 'PutKeyPolicy', key: { ...q.key, policy: document }, resource: q.key.metadata.Arn };
  if (authorizeKey({ ...asked, context: buildContext(asked) }).decision !== 'allowed') refuse('MalformedPolicyDocumentException');
}

/** Operations without a key. */
function decideWithoutKey(world, request, base) {
  const { operation, parameters } = request;
  const ask = (action) => {
    // ListRetirableGrants is authorized on the retiring principal that it names (M-50).
    const q = { ...base, action, resource: parameters.RetiringPrincipal ?? '*' };
    return authorizeIdentity({ ...q, context: buildContext(q) });
  };
  const answer = join([ask(operation), ...(operation === 'CreateKey' && parameters.Tags?.length ? [ask('TagResource')] : [])]);
  if (answer.decision !== 'allowed') return answer;
  const named = parameters.RetiringPrincipal?.split(':')[4];
  if (named && named !== base.caller.account) refuse('InvalidArnException'); // M-51
  if (operation === 'CreateKey' && parameters.Policy !== undefined) {
    const { account, partition } = base.caller;
    const { KeySpec = 'SYMMETRIC_DEFAULT', KeyUsage = 'ENCRYPT_DECRYPT', Origin = 'AWS_KMS', MultiRegion = false, Tags } = parameters;
    const metadata = { Arn: `arn:${partition}:kms:${base.region}:${account}:key/new`, KeyManager: 'CUSTOMER', KeySpec, KeyUsage, Origin, MultiRegion };
    checkPolicy(world, request, { ...base, key: { metadata, region: base.region, account, grants: [], tags: Tags } });
  }
  return answer;
}

function decide(world, request, reads) {
  const { operation, parameters } = request;
  const caller = readCaller(world, request);
  checkParameters(world, request, caller);
  const region = regionOf(world, request, caller);
  const base = { world, caller, request, operation, parameters, region, reads };
  if (OPERATIONS[operation].resource === 'none') return decideWithoutKey(world, request, base);
  const found = targets(world, request, caller, region);
  base.tokens = (parameters.GrantTokens ?? []).map((t) => (world.tokens.get(t) ?? refuse('InvalidGrantTokenException')).grantId);
  if (operation === 'RetireGrant' || operation === 'RevokeGrant') {
    const id = found[0].grantId ?? parameters.GrantId;
    base.grant = found[0].key.grants.find((g) => g.GrantId === id && !g.gone);
    if (!base.grant && operation === 'RetireGrant') refuse('NotFoundException');
  }
  const { questions, ...answer } = authorize(base, found);
  if (answer.decision !== 'allowed') {
    // Only a caller without permission shows whether the key's state is told first.
    const state = stateOf(operation, found, reads);
    if (state && reads('A-5') === 'keyStateFirst') refuse(state);
    return answer;
  }
  if (operation === 'CreateGrant') {
    checkGrantOnKey(parameters, found[0].key, reads);
    checkGrantPrincipals(world, parameters);
  }
  if (operation === 'RevokeGrant' && !base.grant) refuse('NotFoundException');
  const state = stateOf(operation, found, reads);
  if (state) refuse(state);
  for (const { key } of found) {
    const error = usageError(operation, key.metadata);
    if (error) refuse(error);
  }
  if ((operation === 'ReplicateKey' || operation === 'UpdatePrimaryRegion') && !found[0].key.metadata.MultiRegion) refuse('UnsupportedOperationException');
  if (operation === 'PutKeyPolicy') checkPolicy(world, request, questions[0]);
  checkBlob(world, request, found);
  const { AliasName } = parameters;
  if (AliasName?.startsWith('alias/aws/')) refuse('NotAuthorizedException'); // E-25
  if (operation === 'UpdateAlias' && keyKind(found[0].key.metadata) !== keyKind(found[1].key.metadata)) refuse('ValidationException');
  const taken = (k) => k.account === found[0].key.account && k.region === found[0].key.region && k.aliases?.includes(AliasName);
  if (operation === 'CreateAlias' && world.keys.some(taken)) refuse('AlreadyExistsException');
  if (parameters.DryRun) refuse('DryRunOperationException');
  return { ...answer, q: questions[0], found };
}

/** Asks without changing the world. */
function ask(world, request, reads) {
  try {
    const answer = decide(world, request, reads);
    return { ...answer, errorCode: answer.decision === 'allowed' ? null : 'AccessDeniedException' };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { decision: 'error', decidedBy: [], errorCode: error.code };
  }
}

/** Answers a request and, when it is allowed, changes the world. */
export function perform(world, request) {
  const found = underReadings(world.readings, (reads) => ask(world, request, reads));
  const { decision, decidedBy, errorCode, assumptions } = found;
  const response = decision === 'allowed' ? effect(world, request, found) : undefined;
  return { answer: { decision, decidedBy, errorCode, assumptions }, response };
}
