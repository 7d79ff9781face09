// Other names: everything that is shown is decided as before under them, whatever wildcards it has.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { redactor } from '../../web/src/state/redact.ts';

type Scenario = { keys: object[]; steps: { id: string }[] };
const { loadEngine } = await import('../../web/dist/engine.js');
const engine = await loadEngine();
const answers = (scenario: string) =>
  (JSON.parse(engine.run(scenario)).results as { [name: string]: unknown }[]).map(({ decision, decidedBy, determining, error, flow, assumptions, expect }) => ({
    decision,
    decidedBy,
    because: (determining as { pointer: string }[]).map(({ pointer }) => pointer),
    error: (error as { code: string } | null)?.code,
    flow,
    assumptions,
    expect,
  }));

const gallery = '../web/gallery';
for (const file of readdirSync(gallery).filter((name) => name.endsWith('.json')))
  test(`${file} is decided as before`, () => {
    const text = readFileSync(`${gallery}/${file}`, 'utf8');
    const other = redactor(text)(text);
    expect(answers(other)).toEqual(answers(text));
    expect(answers(text).length).toBeGreaterThan(0);
    // What tells whose it is has gone, except what AWS itself uses in its examples.
    const ids = (text.match(/(?<!\d)\d{12}(?!\d)/g) ?? []).filter((id) => !['111122223333', '444455556666', '777788889999', '123456789012'].includes(id));
    for (const id of ids) expect(other).not.toContain(id);
  });

/** A key whose policy has this statement, asked by these callers and by its alias. */
function scenarioOf(statement: object, callers: string[]): string {
  const arn = 'arn:aws:kms:us-east-1:999988887777:key/0987dcba-09fe-87dc-65ba-ab0987654321';
  const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*', ...statement }] };
  return JSON.stringify({
    scenario: 1,
    keys: [{ metadata: { Arn: arn }, policy, aliases: ['alias/prod-billing', 'alias/production', 'alias/test'] }],
    principals: [{ arn: 'arn:aws:iam::999988887777:role/app', uniqueId: 'AROA1234567890ABCDEFG' }],
    steps: callers.map((caller, i) => {
      const [principal, KeyId = arn] = caller.split(' ');
      return { id: `s${i}`, request: { principal, operation: 'Decrypt', parameters: { KeyId } } };
    }),
  });
}
const session = (role: string, name = 'jane') => `arn:aws:sts::999988887777:assumed-role/${role}/${name}`;
const principal = (...patterns: string[]) => ({ Condition: { ArnLike: { 'aws:PrincipalArn': patterns } } });

for (const [what, statement, callers, decisions, gone] of [
  ['a beginning', principal('arn:aws:iam::999988887777:role/app-*'), ['app-reader', 'app-writer', 'billing-app', 'apple'].map((role) => session(role)), 'aadd', ['app', 'reader', 'billing']],
  ['a beginning within a word', principal('arn:aws:iam::*:role/app*'), ['app-reader', 'apple', 'ap', 'billing'].map((role) => session(role)), 'aadd', ['app', 'reader', 'billing']],
  ['one beginning within another', principal('arn:aws:iam::999988887777:role/application*', 'arn:aws:iam::999988887777:role/app-r*'), ['application-x', 'applet', 'app-reader', 'app-writer'].map((role) => session(role)), 'adad', ['app', 'reader', 'writer']],
  ['an end', principal('arn:aws:iam::999988887777:role/*-reader'), ['app-reader', 'billing-reader', 'reader', 'app-writer'].map((role) => session(role)), 'aadd', ['reader', 'billing']],
  ['a middle', principal('arn:aws:iam::999988887777:role/*secret*'), ['my-secret-role', 'topsecrets', 'other'].map((role) => session(role)), 'aad', ['secret', 'top']],
  ['beginning and end', principal('arn:aws:iam::999988887777:role/app-*-prod'), ['app-x-prod', 'app-x-test', 'app-prod'].map((role) => session(role)), 'add', ['app', 'prod-']],
  ['a condition that begins anywhere', { Condition: { StringLike: { 'aws:PrincipalArn': '*:role/app-*' } } }, ['app-reader', 'other'].map((role) => session(role)), 'ad', ['app', 'reader']],
  ['a single character, whose names stay', principal('arn:aws:iam::999988887777:role/app-?'), ['app-1', 'app-12'].map((role) => session(role)), 'ad', []],
  ['sessions', { Condition: { StringLike: { 'aws:userid': '*:jane-*' } } }, [session('app', 'jane-doe'), session('app', 'bob')], 'ad', ['jane', 'bob']],
  ['the alias that is asked by', { Condition: { StringLike: { 'kms:RequestAlias': 'alias/prod*' } } }, [`${session('app')} alias/prod-billing`, `${session('app')} alias/production`, `${session('app')} alias/test`], 'aad', ['billing', 'prod']],
] as const)
  test(`wildcards: ${what}`, () => {
    const text = scenarioOf(statement, [...callers]);
    const other = redactor(text)(text);
    expect(answers(text).map(({ decision }) => (decision === 'allowed' ? 'a' : 'd')).join('')).toBe(decisions);
    expect(answers(other)).toEqual(answers(text));
    expect(other).not.toContain('999988887777');
    for (const name of gone) expect([name, other.match(new RegExp(`[^"]*\\b${name}[^"]*`, 'i'))?.[0]]).toEqual([name, undefined]);
  });
