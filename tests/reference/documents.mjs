// What AWS KMS refuses to store as a key policy (the IL:G-rules of core/RULES.md, C-43, P-14).

import { date, list } from './text.mjs';
import { isOperator } from './conditions.mjs';

const ELEMENTS = ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];
const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const strings = (value) => list(value).every((v) => typeof v === 'string');

/** One value of an AWS principal (IL:P-04 to P-08, P-11). */
const awsPrincipal = (value) =>
  value === '*' || /^\d{12}$/.test(value) || /^A(ROA|IDA)[A-Z0-9]+$/.test(value) ||
  /^arn:[^:*?]+:iam::\d{12}:(root|(user|role)\/[^*?]+)$/.test(value) ||
  /^arn:[^:*?]+:sts::\d{12}:(assumed-role\/[^/*?]+\/[^*?]+|federated-user\/[^*?]+)$/.test(value);

function principalIsSound(principal) {
  if (principal === '*') return true;
  if (!isObject(principal)) return false;
  return Object.entries(principal).every(([kind, values]) => {
    if (!strings(values)) return false;
    if (kind === 'AWS') return list(values).every(awsPrincipal);
    if (kind === 'Service') return list(values).every((v) => v === '*' || /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(v));
    return kind === 'CanonicalUser';
  });
}

const actionIsSound = (value) => value === '*' || /^[A-Za-z0-9.-]+:[^:]*$/.test(value);

function conditionIsSound(condition) {
  if (!isObject(condition)) return false;
  return Object.entries(condition).every(([operator, keys]) => {
    if (!isObject(keys)) return false;
    const names = Object.keys(keys).map((k) => k.toLowerCase());
    if (names.length === 0) return true; // IL:G-19
    if (!isOperator(operator) || /^(for(all|any)values?:)?nullifexists$/i.test(operator)) return false;
    if (new Set(names).size !== names.length) return false; // IL:C-06
    const single = names.some((k) => k.startsWith('kms:encryptioncontext:') || k.startsWith('aws:requesttag/'));
    if (single && /^forallvalues:/i.test(operator)) return false; // C-43
    const dated = /date(not)?(equals|less|greater)/i.test(operator);
    return !dated || Object.values(keys).flat().every((v) => date(String(v)) !== null); // IL:C-14
  });
}

function statementIsSound(s) {
  if (!isObject(s) || !Object.keys(s).every((k) => ELEMENTS.includes(k))) return false;
  if (s.Effect !== 'Allow' && s.Effect !== 'Deny') return false;
  const both = (name) => s[name] !== undefined && s[`Not${name}`] !== undefined;
  if (both('Principal') || both('Action') || both('Resource')) return false;
  if (s.Principal === undefined && s.NotPrincipal === undefined) return false;
  if (!principalIsSound(s.Principal ?? s.NotPrincipal)) return false;
  const actions = s.Action ?? s.NotAction;
  if (actions !== undefined && !(strings(actions) && list(actions).every(actionIsSound))) return false;
  const resources = s.Resource ?? s.NotResource;
  if (resources !== undefined && !strings(list(resources).filter((r) => r !== null))) return false; // IL:G-17
  if (s.Sid !== undefined && typeof s.Sid !== 'string') return false;
  return s.Condition === undefined || conditionIsSound(s.Condition);
}

/** Reads a Policy parameter. Gives the document, or null when it is malformed. */
export function readKeyPolicy(text) {
  let document = text;
  if (typeof text === 'string') {
    try {
      document = JSON.parse(text);
    } catch {
      return null;
    }
  }
  if (/[^\t\n\r\u0020-\u00ff]/.test(JSON.stringify(document))) return null; // IL:G-18
  if (!isObject(document) || !Object.keys(document).every((k) => ['Version', 'Id', 'Statement'].includes(k))) return null;
  if (document.Version !== undefined && !['2012-10-17', '2008-10-17'].includes(document.Version)) return null;
  if (document.Id !== undefined && typeof document.Id !== 'string') return null;
  const statements = list(document.Statement);
  return statements.length > 0 && statements.every(statementIsSound) ? document : null;
}

/** The AWS principals that a document names. */
export const principalsOf = (document) =>
  list(document.Statement).flatMap((s) => list((s.Principal ?? s.NotPrincipal).AWS));

/** Does the text exceed what a key policy may have (P-14)? */
export const tooLong = (policy) => Buffer.byteLength(typeof policy === 'string' ? policy : JSON.stringify(policy)) > 32768;
