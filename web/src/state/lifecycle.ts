/** Where the grants of a moment stand in their life, as far as the timeline tells. */
import type { Grant, Key } from '../engine/types';
import type { Moment } from './player';
import { grantsOf } from './world';

export type Stage = 'waiting' | 'active' | 'orphaned' | 'suspended';

/** A grant that was ended: AWS would no longer list it. */
export interface Tombstone {
  grant: Grant;
  operation: 'RetireGrant' | 'RevokeGrant';
  /** Who ended it. */
  by: string;
  /** For a while it may still allow. */
  lingers: boolean;
}

const listed = (moment: Moment) => (moment.world.keys ?? []).flatMap(grantsOf);
const isEventual = (moment: Moment) => moment.world['consistency'] === 'eventual';
const spreadAfter = (moments: readonly Moment[], index: number) => moments.slice(index + 1).some(({ step }) => step?.propagate);

/** The moment in which a grant was created; -1 when it was there from the start. */
function createdIn(moments: readonly Moment[], grantId: string): number {
  return moments.findIndex(
    (moment, i) => i > 0 && listed(moment).some(({ GrantId }) => GrantId === grantId) && !listed(moments[i - 1]!).some(({ GrantId }) => GrantId === grantId),
  );
}

export function stageOf(moments: readonly Moment[], key: Key, { GrantId = '', GranteePrincipal = '' }: Grant): Stage {
  const state = String(key.metadata['KeyState'] ?? 'Enabled');
  if (state !== 'Enabled' && /^\w+$/.test(state)) return 'suspended';
  // A deleted user or role is listed by the unique id that nobody else will ever have.
  if (/^A(?:ROA|IDA)[A-Z0-9]+/.test(GranteePrincipal)) return 'orphaned';
  const created = createdIn(moments, GrantId);
  const isNew = created > 0 && isEventual(moments[created]!) && !spreadAfter(moments, created);
  return isNew ? 'waiting' : 'active';
}

/** Who created a grant, when the timeline tells. */
export function creatorOf(moments: readonly Moment[], grantId = ''): string | undefined {
  const request = moments[createdIn(moments, grantId)]?.step?.request;
  return request?.operation === 'CreateGrant' ? request.principal : undefined;
}

export function tombstonesIn(moments: readonly Moment[]): Tombstone[] {
  return moments.flatMap((moment, i) => {
    const request = moment.step?.request;
    const operation = request?.operation;
    if (moment.result?.decision !== 'allowed' || !(operation === 'RetireGrant' || operation === 'RevokeGrant')) return [];
    const left = new Set(listed(moment).map(({ GrantId }) => GrantId));
    const lingers = isEventual(moment) && !spreadAfter(moments, i);
    return listed(moments[i - 1]!)
      .filter(({ GrantId }) => !left.has(GrantId))
      .map((grant) => ({ grant, operation, by: request!.principal, lingers }));
  });
}
