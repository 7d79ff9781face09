// What README.md tells people to type does what it says there. (scripts/serve and scripts/test run in continuous integration.)
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { story } from './engines.mjs';

const readme = readFileSync('README.md', 'utf8');
const blocks = [...readme.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language, text]) => ({ language, text }));
const block = (language, part) => blocks.find(({ language: its, text }) => its === language && text.includes(part)).text;

/** A folder with a program called `aws` that prints a grant. */
function withAws(use) {
  const folder = mkdtempSync(join(tmpdir(), 'kms-readme-'));
  try {
    const entry = { KeyId: story().keys[0].metadata.Arn, GrantId: 'a'.repeat(64), GranteePrincipal: 'arn:aws:iam::111122223333:role/app', Operations: ['Decrypt'] };
    writeFileSync(join(folder, 'aws'), `#!/bin/sh\ncat <<'END'\n${JSON.stringify({ Grants: [entry] })}\nEND\n`, { mode: 0o755 });
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('the blocks are those that are run here, or named in scripts', () => {
  const firstWords = blocks.map(({ language, text }) => `${language}: ${/\S+/.exec(text)[0]}`);
  assert.deepEqual(firstWords, ['sh: scripts/serve', 'html: <script', 'sh: build/debug/kms-playground', 'js: import']);
});

test('the command line answers as its comments say', () => {
  const [text, json, check, imported] = withAws((folder) =>
    block('sh', 'kms-playground run').trim().split('\n').map((line) => execFileSync('bash', ['-euo', 'pipefail', '-c', line], { encoding: 'utf8', env: { ...process.env, PATH: `${folder}:${process.env.PATH}` } })),
  );
  assert.match(text, /allowed by grant/);
  assert.equal(JSON.parse(json)[0].results[0].decision, 'allowed');
  assert.match(check, /^tests\/scenarios\/story\/lambda-env\.json:\d+:\d+: warning: /);
  const { scenario } = JSON.parse(imported);
  assert.equal(scenario.keys[0].grants[0].GrantId, 'a'.repeat(64));
});

test('the JavaScript prints a decision', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kms-readme-'));
  try {
    const code = block('js', 'loadEngine').replace("'./engine.js'", JSON.stringify(resolve('web/dist/engine.js')));
    const request = { principal: 'arn:aws:sts::111122223333:assumed-role/admin-role/operator', operation: 'DescribeKey', parameters: { KeyId: story().keys[0].metadata.Arn } };
    const given = { scenarioText: JSON.stringify({ ...story(), steps: [] }), requestText: JSON.stringify(request) };
    writeFileSync(join(folder, 'ask.mjs'), `${Object.entries(given).map(([name, text]) => `const ${name} = ${JSON.stringify(text)};\n`).join('')}${code}`);
    assert.equal(execFileSync(process.execPath, [join(folder, 'ask.mjs')], { encoding: 'utf8' }).trim(), 'allowed');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the five lines for a page are those of the embedding guide, which a browser runs', () => {
  assert.ok(readFileSync('web/docs/embedding.md', 'utf8').includes(block('html', 'kms-playground')));
});

const contributing = readFileSync('CONTRIBUTING.md', 'utf8');

test('the files that README.md and CONTRIBUTING.md name are there', () => {
  const named = [...`${readme}${contributing}`.matchAll(/\]\(([\w./-]+)(?:#[\w-]*)?\)|`((?:scripts|web|tests|wasm|core)\/[\w./-]*)`/g)].map(([, linked, said]) => linked ?? said);
  assert.ok(named.length > 8);
  for (const name of named) assert.ok(existsSync(name), name);
});

test('CONTRIBUTING.md names every step of scripts/test', () => {
  const [, steps] = /^all=\((.*)\)$/m.exec(readFileSync('scripts/test', 'utf8'));
  const [, row] = /^\| run some of them \|(.*)\|$/m.exec(contributing);
  assert.deepEqual([...row.matchAll(/`(?:scripts\/test )?(\w+)`/g)].map(([, name]) => name), steps.split(' '));
});
