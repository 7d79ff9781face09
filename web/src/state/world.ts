/**
 * The documents in a scenario as the page handles them: each one a text of its own, addressed by its pointer in the scenario.
 */
import type { Grant, Key, PolicyType, Range, Scenario } from '../engine/types';

/** A document that people read and edit as text. */
export interface DocumentRef {
  kind: Exclude<PolicyType, 'sessionPolicy'> | 'grants' | 'key';
  pointer: string;
  /** The ARN of the key or principal it belongs to, or the id of the account or VPC endpoint. */
  owner: string;
  /** The policy's name, where it has one. */
  name?: string;
}

/** The texts of all documents, by pointer. */
export type Texts = ReadonlyMap<string, string>;

export function documentsOf(world: Scenario): DocumentRef[] {
  const keys = (world.keys ?? []).flatMap((key, i): DocumentRef[] => [
    { kind: 'keyPolicy', pointer: `/keys/${i}/policy`, owner: key.metadata.Arn },
    { kind: 'grants', pointer: `/keys/${i}/grants`, owner: key.metadata.Arn },
  ]);
  const named = (kind: DocumentRef['kind'], owner: string, policy: unknown, pointer: string): DocumentRef => {
    const name = valueAt(policy, '/name');
    return { kind, pointer: `${pointer}/document`, owner, ...(typeof name === 'string' ? { name } : {}) };
  };
  const principals = (world.principals ?? []).flatMap(({ arn, identityPolicies = [], permissionsBoundary }, i) => [
    ...identityPolicies.map((policy, j) => named('identityPolicy', arn, policy, `/principals/${i}/identityPolicies/${j}`)),
    ...(permissionsBoundary === undefined ? [] : [named('permissionsBoundary', arn, permissionsBoundary, `/principals/${i}/permissionsBoundary`)]),
  ]);
  const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
  const organization = list(world['accounts']).flatMap((account, i) =>
    (['serviceControlPolicy', 'resourceControlPolicy'] as const).flatMap((kind) => {
      const field = kind === 'serviceControlPolicy' ? 'serviceControlPolicies' : 'resourceControlPolicies';
      return list(valueAt(account, `/${field}`)).flatMap((level, l) =>
        list(level).map((policy, j) => named(kind, String(valueAt(account, '/id')), policy, `/accounts/${i}/${field}/${l}/${j}`)),
      );
    }),
  );
  const endpoints = list(world['vpcEndpoints']).flatMap((endpoint, i): DocumentRef[] =>
    valueAt(endpoint, '/policy') === undefined ? [] : [{ kind: 'vpcEndpointPolicy', pointer: `/vpcEndpoints/${i}/policy`, owner: String(valueAt(endpoint, '/id')) }],
  );
  // After what is in it: whoever looks for the document of a pointer finds the policy first.
  const entries = (world.keys ?? []).map(({ metadata }, i): DocumentRef => ({ kind: 'key', pointer: `/keys/${i}`, owner: metadata.Arn }));
  return [...keys, ...principals, ...organization, ...endpoints, ...entries];
}

/** What a pointer names, or undefined. */
export function valueAt(root: unknown, pointer: string): unknown {
  let value = root;
  for (const part of segments(pointer)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as { [name: string]: unknown })[part];
  }
  return value;
}

/** A copy of `root` in which `pointer` names `value`; what is not on the way is shared. */
export function withValue<T>(root: T, pointer: string, value: unknown): T {
  const replace = (node: unknown, parts: string[]): unknown => {
    const [part, ...rest] = parts;
    if (part === undefined) return value;
    const copy = (Array.isArray(node) ? [...node] : { ...(node as object) }) as { [name: string]: unknown };
    copy[part] = replace(copy[part], rest);
    return copy;
  };
  return replace(root, segments(pointer)) as T;
}

/** The names in a JSON pointer. */
export function segments(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The text shown for a document that nobody has typed. Grants are shown as the AWS CLI prints them. */
export function textOf(kind: DocumentRef['kind'], value: unknown): string {
  if (typeof value === 'string') return value;
  if (kind === 'key') {
    const { metadata, aliases = [], tags = [] } = value as Key;
    return JSON.stringify({ metadata, ...(aliases.length > 0 ? { aliases } : {}), ...(tags.length > 0 ? { tags } : {}) }, null, 2);
  }
  if (kind === 'grants') return JSON.stringify(Array.isArray(value) ? { Grants: value } : (value ?? { Grants: [] }), null, 2);
  return value === undefined ? '' : JSON.stringify(value, null, 2);
}

/** A text as the normalised world holds it: a broken one stays as typed, a grant list is its entries. */
export function valueOf(kind: DocumentRef['kind'], text: string): unknown {
  const value = parsed(text);
  if (value === undefined) return text;
  const entries = kind === 'grants' ? (value as { Grants?: unknown } | null)?.Grants : undefined;
  return Array.isArray(entries) ? entries : value;
}

/** The JSON value of a text, or undefined when it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The scenario with every document given as text, so that the ranges in answers count in the texts on the page. */
export function withTexts(scenario: Scenario): { scenario: Scenario; texts: Texts } {
  const texts = new Map<string, string>();
  let result = scenario;
  for (const { kind, pointer } of documentsOf(scenario)) {
    const text = textOf(kind, valueAt(scenario, pointer));
    texts.set(pointer, text);
    if (kind !== 'key') result = withValue(result, pointer, text);
  }
  return { scenario: result, texts };
}

/** The grants of a key; none when their text is broken or is no grant list. */
export function grantsOf(key: Key | undefined): Grant[] {
  return Array.isArray(key?.grants) ? key.grants.filter((grant) => typeof grant === 'object' && grant !== null) : [];
}

/** Start and end of the value at `path` in a text that is JSON; undefined when there is none. */
export function locate(text: string, path: readonly string[]): [number, number] | undefined {
  let at = 0;
  const token = /\s*(?:("(?:[^"\\]|\\.)*")|([[\]{},:])|([^\s[\]{},:"]+))/y;
  const next = () => {
    token.lastIndex = at;
    const [all = '', string, mark, word] = token.exec(text) ?? [];
    at += all.length;
    return { text: string ?? mark ?? word ?? '', start: at - (string ?? mark ?? word ?? '').length };
  };
  /** Reads one value; what it returns ends the search. */
  const value = (rest: readonly string[] | undefined): [number, number] | undefined => {
    const first = next();
    if (first.text === '{' || first.text === '[') {
      for (let index = 0; ; index += 1) {
        const before = at;
        let name = next().text;
        if (name === '}' || name === ']' || name === '') break;
        if (first.text === '[') {
          at = before;
          name = String(index);
        } else {
          name = JSON.parse(name) as string;
          next();
        }
        const found = value(rest && rest[0] === name ? rest.slice(1) : undefined);
        if (found) return found;
        if (next().text !== ',') break;
      }
    }
    return rest?.length === 0 ? [first.start, at] : undefined;
  };
  return value(path);
}

/** Offsets in a text as a range. */
export function rangeIn(text: string, [start, end]: [number, number]): Range {
  const position = (offset: number) => {
    const lines = text.slice(0, offset).split('\n');
    return { line: lines.length, column: lines.at(-1)!.length + 1, offset };
  };
  return { start: position(start), end: position(end) };
}
