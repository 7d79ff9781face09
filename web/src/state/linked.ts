/** What a service-linked role needs of a key policy: AWS recommends the same two statements for all of them. */
import type { JsonObject } from '../engine/types';

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
