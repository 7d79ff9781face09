/** Principals × operations, decided in one question to the engine. */
import type { DecidedBy, Decision, Engine, Key, Request, Result } from '../engine/engine';
import { lacksPolicies } from './callers';
import type { State, Store } from './store';
import { grantsOf, valueAt } from './world';
import { sessionAt } from './whatif';

export interface Cell {
  decision: Decision | null;
  decidedBy: DecidedBy[];
  errorCode?: string;
  /** Whether IAM policies that nobody has given could allow it. */
  isOpen?: boolean;
}

export interface Matrix {
  principals: readonly string[];
  operations: readonly string[];
  rows: Cell[][];
}

export type Group = 'use' | 'grants' | 'administration';
export const groups: readonly Group[] = ['use', 'grants', 'administration'];

/** A larger table would be slow to work out and useless to read. */
export const mostPrincipals = 16;
export const mostKeys = 12;

/** What keys of each usage are used for. */
const uses: { [usage: string]: string[] } = {
  SIGN_VERIFY: ['Sign', 'Verify', 'GetPublicKey', 'DescribeKey'],
  GENERATE_VERIFY_MAC: ['GenerateMac', 'VerifyMac', 'DescribeKey'],
  KEY_AGREEMENT: ['DeriveSharedSecret', 'GetPublicKey', 'DescribeKey'],
};

/** The key that is asked about, else the first. */
export function keyOf({ now, request }: Pick<State, 'now' | 'request'>): Key | undefined {
  const named = request?.parameters?.['KeyId'];
  const keys = now.world.keys ?? [];
  const isNamed = (name: string) => typeof named === 'string' && named !== '' && (name.endsWith(named) || named.endsWith(`:${name}`));
  return keys.find(({ metadata: { Arn }, aliases }) => [Arn, ...(Array.isArray(aliases) ? aliases : [])].some(isNamed)) ?? keys[0];
}

export function operationsOf(group: Group, key: Key | undefined): string[] {
  if (group === 'administration') return ['GetKeyPolicy', 'PutKeyPolicy', 'DisableKey', 'ScheduleKeyDeletion', 'TagResource'];
  if (group === 'grants') return ['CreateGrant', 'ListGrants', ...(grantsOf(key).length > 0 ? ['RetireGrant', 'RevokeGrant'] : [])];
  return uses[String(key?.metadata['KeyUsage'])] ?? ['Decrypt', 'Encrypt', 'GenerateDataKey', 'ReEncrypt', 'DescribeKey'];
}

/** The request that a cell asks: what is asked now, by another principal, for another operation and perhaps about another key. */
export function requestFor(state: State, principal: string, operation: string, key = keyOf(state)): Request {
  const all = parametersFor(state, key);
  const { KeyId, EncryptionContext, GrantId, Policy, Tags, GranteePrincipal, Operations, SourceKeyId, DestinationKeyId } = all;
  const context = EncryptionContext === undefined ? {} : { EncryptionContext };
  const parameters: { [operation: string]: object } = {
    ReEncrypt: { SourceKeyId, DestinationKeyId },
    CreateGrant: { KeyId, GranteePrincipal, Operations },
    RetireGrant: { KeyId, GrantId },
    RevokeGrant: { KeyId, GrantId },
    PutKeyPolicy: { KeyId, Policy },
    TagResource: { KeyId, Tags },
  };
  const withContext = ['Decrypt', 'Encrypt', 'GenerateDataKey'].includes(operation);
  return { ...state.request, principal, operation, parameters: { ...(parameters[operation] ?? { KeyId, ...(withContext ? context : {}) }) } };
}

/** Everything that one of the operations needs: each takes its own of it. */
function parametersFor(state: State, key: Key | undefined): { [name: string]: unknown } {
  const { request } = state;
  const isAsked = key === keyOf(state);
  const KeyId = (isAsked ? request?.parameters?.['KeyId'] : undefined) ?? key?.metadata.Arn;
  const EncryptionContext = request?.parameters?.['EncryptionContext'];
  return {
    KeyId,
    ...(EncryptionContext === undefined ? {} : { EncryptionContext }),
    GrantId: (isAsked ? request?.parameters?.['GrantId'] : undefined) ?? valueAt(key, '/grants/0/GrantId') ?? '',
    GranteePrincipal: `arn:aws:iam::${key?.metadata.Arn.split(':')[4]}:root`,
    Operations: operationsOf('use', key).slice(0, 1),
    SourceKeyId: KeyId,
    DestinationKeyId: KeyId,
    Policy: JSON.stringify(key?.policy ?? {}),
    Tags: [{ TagKey: 'name', TagValue: 'value' }],
  };
}

/** Who may be compared: the callers that the documents name, and the one who asks. */
export function callersFor({ callers, request }: Pick<State, 'callers' | 'request'>): readonly string[] {
  const asking = request?.principal ?? '';
  const isWhole = /^arn:[\w-]+:(?:iam|sts)::\d{12}:(?:user|assumed-role|federated-user)\/.+/.test(asking);
  return isWhole && !callers.includes(asking) ? [asking, ...callers] : callers;
}

/** The tables that are known, by the answer that they stand beside: views ask again whenever they are drawn. */
const known = new WeakMap<Result, Map<string, Matrix>>();

/** Principals × operations on a key, at the moment after `position` steps. */
export function matrixOf({ engine, state }: Store, group: Group, position: number, key = keyOf(state)): Matrix {
  const tables = known.get(state.answer) ?? new Map<string, Matrix>();
  known.set(state.answer, tables);
  const name = `${group} ${position} ${state.now.world.keys?.indexOf(key!)}`;
  const table = tables.get(name) ?? matrixAt(engine, state, group, position, key);
  tables.set(name, table);
  return table;
}

function matrixAt(engine: Engine, state: State, group: Group, position: number, key: Key | undefined): Matrix {
  const principals = callersFor(state).slice(0, mostPrincipals);
  const operations = operationsOf(group, key);
  const session = sessionAt(engine, state, position);
  try {
    const request = { ...state.request, parameters: parametersFor(state, key) };
    const { rows = [] } = JSON.parse(session.matrix(JSON.stringify({ principals, operations, request }))) as { rows?: Cell[][] };
    // A table does not say it, but a question does.
    const isOpen = (principal: string, operation: string) => lacksPolicies(JSON.parse(session.decide(JSON.stringify(requestFor(state, principal, operation, key)), 'decision')) as Result);
    const cells = rows.map((row, i) => row.map((cell, j) => (cell.decision === 'implicitDeny' && isOpen(principals[i]!, operations[j]!) ? { ...cell, isOpen: true } : cell)));
    return { principals, operations, rows: cells };
  } finally {
    session.close();
  }
}
