// Who calls: the principal of a request and the identity behind it.

import { list } from './text.mjs';

const findRole = (world, partition, account, name) =>
  world.principals.filter((p) => {
    const m = /^arn:([^:]+):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(p.arn);
    return m && m[1] === partition && m[2] === account && m[3] === name;
  });

/**
 * The caller of a request: {kind, arn, partition, account, entity, entityArn, uniqueId, parent, serviceLinked, …}.
 * `entity` is the entry of `principals` that owns the policies, if it is listed.
 */
export function readCaller(world, request) {
  const arn = request.principal;
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/.test(arn)) return { kind: 'service', arn };
  const [, partition, service, , account, ...rest] = arn.split(':');
  const tail = rest.join(':');
  const base = { arn, partition, account };
  const listed = (wanted) => world.principals.find((p) => p.arn === wanted && !p.deleted);
  if (service === 'iam' && tail === 'root') return { ...base, kind: 'root' };
  if (service === 'iam' && tail.startsWith('user/')) {
    const entity = listed(arn);
    return { ...base, kind: 'user', name: tail.split('/').at(-1), entity, entityArn: arn, uniqueId: entity?.uniqueId };
  }
  const [type, name, session] = tail.split('/');
  if (type === 'federated-user') {
    const of = request.sessionOf;
    const entity = of && listed(of);
    return { ...base, kind: 'federated', name, entity, parent: of && { arn: of, uniqueId: entity?.uniqueId } };
  }
  const found = findRole(world, partition, account, name);
  const entity = found.find((p) => !p.deleted);
  const known = entity ?? found[0];
  const entityArn = known?.arn ?? `arn:${partition}:iam::${account}:role/${name}`;
  // The path of a role that is not listed is unknown; its name tells whether it is service-linked.
  const serviceLinked = known ? entityArn.includes(':role/aws-service-role/') : name.startsWith('AWSServiceRoleFor');
  return { ...base, kind: 'session', name, session, entity, entityArn, anyPath: !known, uniqueId: entity?.uniqueId, serviceLinked };
}

/** The documents that the caller brings: identity policies, boundary, session policies. */
export function callerPolicies(caller, request) {
  const entity = caller.kind === 'root' || caller.kind === 'service' ? undefined : caller.entity;
  const sessions = caller.kind === 'service' ? [] : list(request.sessionPolicies);
  return {
    identity: (entity?.identityPolicies ?? []).map((p) => p.document),
    boundary: caller.serviceLinked ? undefined : entity?.permissionsBoundary?.document,
    // A federated session without a session policy has none of its user's permissions (IL:E-26).
    session: sessions.length || caller.kind === 'federated' ? sessions : undefined,
  };
}
