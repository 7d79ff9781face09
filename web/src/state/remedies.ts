/** Following a remedy of the engine; and what a service-linked role needs of a key policy, for which AWS always recommends the same. */
import type { JsonObject, Remedy, Scenario } from '../engine/types';
import { withPolicy } from './policies';
import type { State } from './store';
import { contradiction, type Denial } from './told';
import { grantsOf, valueAt } from './world';

const use = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'];
const covers = (action: string) => use.some((one) => one === action || (one.endsWith('*') && action.startsWith(one.slice(0, -1))));

/** The services of roles that often use keys: the path of such a role names its service, whatever the session does not tell. */
const services: { [role: string]: string } = {
  AutoScaling: 'autoscaling', EC2Spot: 'spot', EC2SpotFleet: 'spotfleet', EC2Fleet: 'ec2fleet', AmazonEKS: 'eks', AmazonEKSNodegroup: 'eks-nodegroup', RDS: 'rds', Backup: 'backup',
}; // prettier-ignore

/** A key that AWS manages: nobody changes its policy. */
function isOfAws(world: Scenario, pointer: string): boolean {
  const key = world.keys?.[Number(pointer.split('/')[2])];
  const aliases = Array.isArray(key?.aliases) ? key.aliases : [];
  return key?.metadata['KeyManager'] === 'AWS' || aliases.some((alias) => alias.startsWith('alias/aws/'));
}

/** The remedies of an answer; none where AWS is known to have denied it by a Deny that is not here, which no Allow outweighs. */
export function advised({ now, answer, request }: Pick<State, 'now' | 'answer' | 'request'>, said: Denial | undefined): Remedy[] {
  if (said && contradiction(said, request, answer) === 'deniedBy') return [];
  return (answer.remedies ?? []).map((remedy) => {
    const { code, params, pointer = '' } = remedy;
    return code === 'remedy.keyPolicy' && isOfAws(now.world, pointer) ? { code: 'remedy.awsManagedKey', params: { key: params['key'] } } : remedy;
  });
}

/**
 * The service-linked role that a remedy is about: its name, whether the path is known that AWS KMS wants in its ARN, and the
 * statements: for using the key and for creating grants for AWS resources only, or, for an action that these do not cover, the remedy's.
 */
export function linkedRole({ principal, action, statement }: JsonObject): { name: string; hasPath: boolean; statements: object[] } | undefined {
  const [, account, path, name] = /^(.*:role\/)(aws-service-role\/.*\/)?(AWSServiceRoleFor[^/]+)$/.exec(String(principal)) ?? [];
  if (!name) return undefined;
  const service = services[name.replace('AWSServiceRoleFor', '')];
  const hasPath = path !== undefined || service !== undefined;
  const Principal = path === undefined && service ? { AWS: `${account}aws-service-role/${service}.amazonaws.com/${name}` } : (statement as JsonObject)['Principal'];
  if (action !== 'kms:CreateGrant' && !covers(String(action))) return { name, hasPath, statements: [{ ...(statement as JsonObject), Principal }] };
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
    const role = linkedRole(params);
    if (role && !role.hasPath) return undefined; // AWS KMS would refuse it
    const added = role?.statements ?? [statement];
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
