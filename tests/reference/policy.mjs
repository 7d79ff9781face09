// Statements against a request: principal, action, resource (the IL:P-, IL:A- and IL:R-rules of core/RULES.md).

import { conditionHolds, expand } from './conditions.mjs';
import { glob, list, resourceGlob, wild } from './text.mjs';

/**
 * How one principal value names the caller: "everyone", "account", "user", "role", "session", "federated",
 * "parent" (the user behind a federated session), "service", or null.
 */
export function names(value, caller) {
  if (value === '*') return 'everyone';
  if (caller.kind === 'service') return null;
  if (/^\d{12}$/.test(value)) return value === caller.account ? 'account' : null;
  if (value === `arn:${caller.partition}:iam::${caller.account}:root`) return 'account';
  if (/^A(ROA|IDA)[A-Z0-9]+$/.test(value)) {
    if (value === caller.uniqueId) return caller.kind === 'session' ? 'role' : 'user'; // IL:P-10
    return value === caller.parent?.uniqueId ? 'parent' : null;
  }
  if (caller.kind === 'session') {
    const anyPath = caller.anyPath && value.startsWith(`arn:${caller.partition}:iam::${caller.account}:role/`) && value.endsWith(`/${caller.name}`);
    if (value === caller.entityArn || anyPath) return 'role';
  }
  if (caller.kind === 'federated' && value === caller.parent?.arn) return 'parent';
  return value === caller.arn && caller.kind !== 'root' ? caller.kind : null;
}

/** All the ways in which a Principal element names the caller. */
function namings(principal, caller, reads) {
  const element = principal === '*' ? { AWS: '*' } : principal;
  const found = list(element.AWS).map((v) => names(v, caller)).filter(Boolean);
  if (caller.kind !== 'service') return found;
  // That everyone includes services is not certain (IL:P-03).
  const everyone = found.length > 0 && reads('IL:P-03') === 'servicesToo' ? ['everyone'] : [];
  return list(element.Service).includes(caller.arn) ? [...everyone, 'service'] : everyone;
}

/** What NotPrincipal must list to spare a caller with certainty (IL:P-14). */
const CHAIN = {
  root: ['account'],
  user: ['user', 'account'],
  session: ['session', 'role', 'account'],
  federated: ['federated', 'account'],
  service: ['service'],
};

/** The ways in which the statement applies to the caller; empty when it does not. */
function applies(statement, caller, boundary, env) {
  if (statement.Principal !== undefined) return namings(statement.Principal, caller, env.reads);
  const listed = namings(statement.NotPrincipal, caller, env.reads);
  if (statement.Effect === 'Allow') return listed.length ? [] : ['everyone']; // IL:P-16
  if (boundary) return ['everyone']; // IL:P-15, whatever is listed
  if (listed.includes('everyone')) return [];
  const missing = CHAIN[caller.kind].filter((link) => !listed.includes(link));
  if (missing.length === 0) return [];
  return listed.length > 0 && env.reads('IL:X-09') === 'spared' ? [] : ['everyone'];
}

/** Action values against a permission such as kms:Decrypt (IL:A-rules). */
function actionMatches(values, action) {
  const [service, name] = action.toLowerCase().split(':');
  return list(values).some((value) => {
    if (value === '*') return true;
    const parts = value.toLowerCase().split(':');
    return parts.length === 2 && parts[0] === service && glob(wild(parts[1]), name);
  });
}

/** Resource values against the resource of the request: a key ARN, an alias ARN or "*" (IL:R-rules). */
function resourceMatches(values, resource, env) {
  return list(values).some((value) => {
    // Variables stand in the resource part only, behind the fifth colon (IL:R-12).
    const parts = value.split(':');
    if (parts.length < 6) return resourceGlob(wild(value), resource);
    const head = `${parts.slice(0, 5).join(":")}:`;
    const tail = expand(parts.slice(5).join(':'), env.context, env.policyType, env.variables, true);
    return tail !== null && resourceGlob([...wild(head), ...tail], resource); // IL:R-13
  });
}

/**
 * The statements of one document that match. `question` is {caller, boundary, action, resource, context, reads};
 * gives [{effect, how}], where `how` lists the ways in which the caller is named (['identity'] in IAM policies).
 */
export function matching(document, policyType, question) {
  const found = [];
  const named = policyType === 'keyPolicy' || policyType === 'vpcEndpointPolicy' || policyType === 'resourceControlPolicy';
  // Only where there is a variable does it matter which language a document without Version speaks (IL:X-01).
  const open = document.Version === undefined && JSON.stringify(document.Statement ?? []).includes('${');
  const speaks2012 = open ? question.reads('IL:X-01') === 'language2012' : document.Version === '2012-10-17';
  for (const statement of list(document.Statement)) {
    const env = {
      context: question.context,
      policyType,
      reads: question.reads,
      variables: speaks2012,
      effect: statement.Effect,
    };
    const how = named ? applies(statement, question.caller, question.boundary, env) : ['identity'];
    if (how.length === 0) continue;
    // A statement without Action or Resource is inert (E-22).
    if (statement.Action === undefined && statement.NotAction === undefined) continue;
    if (statement.Resource === undefined && statement.NotResource === undefined) continue;
    if (statement.Action !== undefined && !actionMatches(statement.Action, question.action)) continue;
    if (statement.NotAction !== undefined && actionMatches(statement.NotAction, question.action)) continue;
    if (statement.Resource !== undefined && !resourceMatches(statement.Resource, question.resource, env)) continue;
    if (statement.NotResource !== undefined && resourceMatches(statement.NotResource, question.resource, env)) continue;
    if (!conditionHolds(statement.Condition, env)) continue;
    found.push({ effect: statement.Effect, how });
  }
  return found;
}
