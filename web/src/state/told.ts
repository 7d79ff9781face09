/** What messages of AWS KMS tell: those that are no denials, and those that are, held against what is decided here. */
import type { PolicyType, Request, Result } from '../engine/types';
import { lacksPolicies } from './callers';

/** What a message that is no denial tells about the request and the key. */
export interface Told {
  /** The sentence that explains it. */
  kind: 'Disabled' | 'PendingDeletion' | 'PendingImport' | 'keyUsage' | 'notFound' | 'hidden' | 'lambda';
  operation?: string;
  /** The key's ARN, where the message has it. */
  key?: string;
  /** Fields of the key's metadata that follow. */
  metadata: { [field: string]: string };
}

const keyArn = /arn:aws[\w-]*:kms:[\w-]+:\d{12}:key\/[\w-]+/;

/** What a message tells; undefined for texts that tell nothing about a request. */
export function told(text: string): Told | undefined {
  const [key] = keyArn.exec(text) ?? [];
  const [, called] = /when calling the (\w+) operation/.exec(text) ?? [];
  // Lambda decrypts the variables of its functions; nothing else is behind its message.
  const operation = called ?? (/Lambda was unable to decrypt/.test(text) ? 'Decrypt' : undefined);
  const about = { ...(operation ? { operation } : {}), ...(key ? { key } : {}) };
  const state = /\bis disabled\b/.test(text) ? 'Disabled' : /\bis pending deletion\b/.test(text) ? 'PendingDeletion' : /\bis pending import\b/.test(text) ? 'PendingImport' : undefined;
  if (state && key) return { kind: state, ...about, metadata: { KeyState: state } };
  const [, usage, asked] = /key usage is (\w+) which is not valid for (\w+)/.exec(text) ?? [];
  if (usage && asked && key) return { kind: 'keyUsage', operation: asked, key, metadata: { KeyUsage: usage } };
  // RDS and others name every possibility at once.
  if (/\bdoes not exist\b.*\byou do not have permission/s.test(text)) return { kind: 'hidden', ...about, metadata: {} };
  if (key && /\bdoes not exist\b/.test(text)) return { kind: 'notFound', ...about, metadata: {} };
  if (/ciphertext refers to a customer master key that does not exist/.test(text)) return { kind: 'hidden', ...about, metadata: {} };
  return undefined;
}

/** A denial as a message tells it. */
export interface Denial {
  principal: string;
  action: string;
  resource: string;
  /** The kind of policy that it names, if any. */
  policyType: PolicyType | '';
  form: 'explicitDeny' | 'implicitDeny' | 'hidden';
}

/**
 * How a denial that AWS told differs from what is decided here about the very same request: by a Deny that does not apply here, by a
 * policy that limits and is not here, by any reason although it is allowed here, or by another reason.
 */
export function contradiction(said: Denial, request: Request | undefined, answer: Result): 'deniedBy' | 'notAllowedBy' | 'denied' | 'otherwise' | undefined {
  const named = request?.parameters?.['KeyId'];
  const isSame = said.principal === request?.principal && ['', 'From', 'To'].some((half) => said.action === `kms:${request.operation}${half}`);
  const isOtherKey = /:key\//.test(said.resource) && typeof named === 'string' && /^arn:.*:key\//.test(named) && named !== said.resource;
  if (!isSame || isOtherKey || answer.decision === null) return undefined;
  const isExplicit = said.form === 'explicitDeny' && said.policyType !== '';
  if (answer.decision === 'allowed' && isExplicit) return 'deniedBy';
  if (answer.decision === 'allowed') return ['', 'identityPolicy', 'keyPolicy'].includes(said.policyType) ? 'denied' : 'notAllowedBy';
  if (said.policyType === '' || answer.decision === 'error') return undefined;
  const agrees = isExplicit === (answer.decision === 'explicitDeny') && answer.decidedBy.includes(said.policyType);
  if (agrees || (lacksPolicies(answer) && !isExplicit)) return undefined;
  return isExplicit && answer.decision !== 'explicitDeny' ? 'deniedBy' : 'otherwise';
}
