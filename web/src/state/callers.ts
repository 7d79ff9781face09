/** Who may be chosen as the caller: everyone that the scenario mentions, in the form in which AWS KMS sees callers. */
import type { Request, Result, Scenario } from '../engine/types';
import { grantsOf, valueAt } from './world';

/**
 * Callers that the scenario mentions, without repetitions: those of its requests first, then grantees and retiring principals,
 * users, a session of every role, and the root users. A role that has a known session gets another one too, because a grant for a
 * session covers no other session.
 */
export function callersIn(start: Scenario, world: Scenario): string[] {
  const callers = new Set<string>();
  const add = (caller: unknown) => typeof caller === 'string' && /^arn:|\.amazonaws\.com/.test(caller) && callers.add(caller);

  for (const { request } of start.steps ?? []) add(request?.principal);
  for (const key of world.keys ?? []) {
    for (const grant of grantsOf(key).slice(0, 100)) {
      for (const name of ['GranteePrincipal', 'RetiringPrincipal', 'GranteeServicePrincipal', 'RetiringServicePrincipal'] as const) {
        add(grant[name]);
      }
    }
    for (const arn of principalsIn(key.policy)) add(arn);
  }
  for (const { arn } of world.principals ?? []) add(arn);

  const roles = [...callers].filter((arn) => /:role\//.test(arn));
  const known = (role: string) => [...callers].some((caller) => caller.startsWith(sessionOf(role, '')));
  const sessions = roles.map((role) => sessionOf(role, known(role) ? 'another-session' : 'session'));
  return [...new Set([...callers, ...sessions])].filter((arn) => !/:role\//.test(arn));
}

/** The principals that a key policy names; a broken policy names none. */
function principalsIn(policy: unknown): string[] {
  const statements = valueAt(policy, '/Statement');
  return [statements].flat().flatMap((statement) => [valueAt(statement, '/Principal/AWS')].flat() as string[]);
}

/** A principal that a grant or policy names, as a caller: a role calls through a session. */
export function asCaller(principal: string): string {
  return /:role\//.test(principal) ? sessionOf(principal, 'session') : principal;
}

function sessionOf(role: string, session: string): string {
  const [, partition, , , account] = role.split(':');
  return `arn:${partition}:sts::${account}:assumed-role/${role.slice(role.lastIndexOf('/') + 1)}/${session}`;
}

/** Whose IAM policies count for a caller: the user itself, or the role of a session. */
export function ownerOf(caller: string): string {
  const [, partition, account, role] = /^arn:([\w-]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(caller) ?? [];
  if (role) return `arn:${partition}:iam::${account}:role/${role}`;
  return /^arn:[\w-]+:iam::\d+:user\//.test(caller) ? caller : '';
}

/** Whether the policies of a caller that has some are here. */
export function isListed({ principals = [] }: Scenario, caller: string): boolean {
  const owner = ownerOf(caller);
  // A session does not tell the path of its role.
  const [, account, name] = /^(.*:(?:role|user)\/).*?([^/]*)$/.exec(owner) ?? [];
  return owner === '' || principals.some(({ arn }) => arn.startsWith(account!) && arn.endsWith(`/${name}`));
}

/** A caller's ARN without what every ARN has: "admin-role/operator", "user/alice", "root of 111122223333". */
export function shortName(arn: string): string {
  const [, , , , account = '', ...rest] = arn.split(':');
  const resource = rest.join(':');
  if (!arn.startsWith('arn:') || resource === '') return arn;
  if (resource === 'root') return `root/${account}`;
  return resource.replace(/^(assumed-role|role|user|federated-user)\//, '');
}

/** A request with its "$step.Field" references replaced by what those steps answered. */
export function resolved(request: Request, responses: ReadonlyMap<string, unknown>): Request {
  const json = JSON.stringify(request, (_, value: unknown) => {
    const [, step, field] = (typeof value === 'string' && /^\$([^.]+)\.(\w+)$/.exec(value)) || [];
    return step && field ? (valueAt(responses.get(step), `/${field}`) ?? value) : value;
  });
  return JSON.parse(json) as Request;
}

/** Whether a denial is not final: IAM policies of the caller that nobody has given could allow it. */
export const lacksPolicies = ({ diagnostics = [] }: Pick<Result, 'diagnostics'>) => diagnostics.some(({ code }) => code === 'caller.policies-unknown');
