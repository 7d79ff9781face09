// The tables of sentences against the sources that use them. That both languages have the same keys and values, the compiler checks.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';

const source = '../web/src';
const tables = (language: string) =>
  [`${language}.first.ts`, `${language}.ts`].map((name) => join(source, 'i18n', name)).filter(existsSync).map((file) => readFileSync(file, 'utf8')).join('\n');
const keysOf = (language: string) => [...tables(language).matchAll(/^ {2}'([^']+)':/gm)].map(([, key]) => key!);
const code = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !/i18n.(en|ja|problems.ja)(.first)?.ts/.test(file))
  .map((file) => readFileSync(join(source, file), 'utf8'))
  .join('\n');

test('every sentence is used', () => {
  const prefixes = [...code.matchAll(/`([a-z]+(?:\.[a-zA-Z]+)*\.)\$\{/g)].map(([, prefix]) => prefix!);
  const unused = keysOf('en').filter((key) => !code.includes(`'${key}'`) && !prefixes.some((prefix) => key.startsWith(prefix)) && !key.startsWith('remedy.'));
  expect(prefixes.length).toBeGreaterThan(10);
  expect(unused).toEqual([]);
});

test('every diagnostic of the engine about documents and requests has a Japanese sentence', () => {
  const core = readdirSync('../core/src', { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(cpp|hpp)$/.test(file))
    .map((file) => readFileSync(join('../core/src', file), 'utf8'))
    .join('\n');
  const codes = new Set([...core.matchAll(/"((?:json|policy|grant|grants|request|caller|key)\.[a-zA-Z-]+)"/g)].map(([, found]) => found!));
  // Reasons of the trace begin alike; their sentences are in the tables themselves.
  const reasons = keysOf('ja').filter((key) => key.startsWith('reason.')).map((key) => key.slice('reason.'.length));
  for (const known of [...keysOf('problems.ja'), ...reasons]) codes.delete(known);
  expect([...codes].sort()).toEqual([]);
});

test('every reading that a decision may rest on is said in words', () => {
  const readings = readFileSync('../core/src/catalog/readings.cpp', 'utf8');
  const ids = [...readings.matchAll(/^ {8}\{"([A-Z:0-9-]+)", \{/gm)].map(([, id]) => id!);
  expect(ids.length).toBeGreaterThan(20);
  const said = keysOf('en').filter((key) => key.startsWith('assumption.')).map((key) => key.slice('assumption.'.length));
  expect(said.sort()).toEqual(ids.sort());
});
