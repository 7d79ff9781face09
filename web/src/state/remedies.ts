/** Following a remedy of the engine; and what a service-linked role needs of a key policy, for which AWS always recommends the same. */
import type { JsonObject, Remedy } from '../engine/types';
import { withPolicy } from './policies';
import type { State } from './store';
import { grantsOf, valueAt } from './world';

const use = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'];
const covers = (action: string) => use.some((one) => one === action || (one.endsWith('*') && action.startsWith(one.slice(0, -1))));

/**
 * The service-linked role that a remedy is about: its name, whether its ARN has the path that AWS KMS asks for, and, for an action that
 * they cover, the two statements: using the key, and creating grants for AWS resources only.
 */
export function linkedRole({ principal, action, statement }: JsonObject): { name: string; hasPath: boolean; statements?: object[] } | undefined {
  const [, path, name] = /:role\/(aws-service-role\/.*\/)?(AWSServiceRoleFor[^/]+)$/.exec(String(principal)) ?? [];
  if (!name) return undefined;
  const hasPath = path !== undefined;
  if (action !== 'kms:CreateGrant' && !covers(String(action))) return { name, hasPath };
  const { Principal } = statement as JsonObject;
  const statements = [
    { Effect: 'Allow', Principal, Action: use, Resource: '*' },
    { Effect: 'Allow', Principal, Action: 'kms:CreateGrant', Resource: '*', Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } },
  ];
  return { name, hasPath, statements };
}

/** What adds the statement or grant of a remedy to the documents; undefined for advice of another kind. */
export function followed({ now, request }: Pick<State, 'now' | 'request'>, { code, params, pointer = '' }: Remedy): { [pointer: string]: unknown } | undefined {
  const { world } = now;
  const { statement, principal, grantee, operation, encryptionContext } = params;
  if (code === 'remedy.keyPolicy') {
    const statements = valueAt(world, `${pointer}/Statement`);
    if (!Array.isArray(statements)) return undefined;
    const added = linkedRole(params)?.statements ?? [statement];
    return { [pointer]: JSON.stringify({ ...(valueAt(world, pointer) as object), Statement: [...statements, ...added] }, null, 2) };
  }
  if (code === 'remedy.identityPolicy' && typeof principal === 'string') {
    const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, null, 2);
    return withPolicy(world, request, 'identityPolicy', principal, { document, name: 'added' }).changes;
  }
  if (code !== 'remedy.createGrant') return undefined;
  const key = (world.keys ?? []).find(({ metadata }) => metadata.Arn === params['key']);
  if (!key) return undefined;
  const grants = grantsOf(key);
  let number = 1;
  while (grants.some(({ GrantId }) => GrantId === `added-${number}`)) number += 1;
  const Constraints = encryptionContext ? { Constraints: { EncryptionContextSubset: encryptionContext } } : {};
  return { [pointer]: JSON.stringify({ Grants: [...grants, { KeyId: key.metadata.Arn, GrantId: `added-${number}`, GranteePrincipal: grantee, Operations: [operation], ...Constraints }] }, null, 2) };
}
