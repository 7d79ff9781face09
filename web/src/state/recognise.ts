/** What documents are, where the engine's own recognition says too little: who is calling, and whether a policy can be a key policy. */
import { parsed, valueAt } from './world';

/** The ARN in what `aws sts get-caller-identity` or `assume-role` prints. */
export function identityIn(value: unknown): string | undefined {
  const arn = valueAt(value, '/AssumedRoleUser/Arn') ?? (valueAt(value, '/Account') && valueAt(value, '/UserId') ? valueAt(value, '/Arn') : undefined);
  return typeof arn === 'string' ? arn : undefined;
}

/** A policy with a principal, alone or as get-key-policy and other commands print it. */
export function resourcePolicy(value: unknown): unknown {
  const printed = valueAt(value, '/Policy');
  const policy = typeof printed === 'string' ? parsed(printed) : (printed ?? value);
  const [statement] = [valueAt(policy, '/Statement')].flat();
  return valueAt(statement, '/Principal') === undefined && valueAt(statement, '/NotPrincipal') === undefined ? undefined : policy;
}

/** Whether all statements are about everyone, as those of resource control policies are, and most of VPC endpoints. */
export function isForEveryone(policy: unknown): boolean {
  return [valueAt(policy, '/Statement')].flat().every((one) => [valueAt(one, '/Principal'), valueAt(one, '/Principal/AWS')].flat().includes('*'));
}

/** Whether a statement is about AWS KMS; the trust policy of a role, say, or the policy of a queue is not. */
export function isAboutKms(policy: unknown): boolean {
  const actions = [valueAt(policy, '/Statement')].flat().flatMap((one) => [valueAt(one, '/Action') ?? valueAt(one, '/NotAction') ?? '*'].flat() as unknown[]);
  return actions.some((action) => typeof action !== 'string' || /^(?:kms:|[^:]*\*)/i.test(action) || !action.includes(':'));
}
