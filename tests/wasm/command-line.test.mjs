// What only the command line does: many files, one scenario per line, text for people, exit statuses.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { story } from './engines.mjs';

const kms = (args, input = '') => {
  const { status, stdout, stderr } = spawnSync('build/debug/kms-playground', args, { input, encoding: 'utf8' });
  return { status, stdout, stderr };
};
const good = JSON.stringify(story());

test('one scenario per line gives one answer per line, and a broken line stops no other', () => {
  const { status, stdout } = kms(['run', '--ndjson', '-'], `${good}\n\n{"scenario": 1,\n${good}\n`);
  const [first, broken, last, end] = stdout.split('\n');
  assert.equal(status, 2);
  assert.equal(first, kms(['run', '-'], good).stdout.trimEnd());
  assert.equal(JSON.parse(broken).diagnostics[0].code, 'json.syntax');
  assert.equal(last, first);
  assert.equal(end, '');
});

test('for people, a problem is shown with its line and a caret, whichever way the scenarios came', () => {
  assert.match(kms(['run', '--format', 'text', '-'], '{"scenario": 1,').stdout, /^-:1:16: error: .* \[json\.syntax\]\n {2}1 \| \{"scenario": 1,\n {4}\| {16}\^\n {2}help: /);
  const { status, stdout } = kms(['run', '--ndjson', '--format', 'text', '-'], `${good}\n{"scenario": 1,\n`);
  assert.equal(status, 2);
  assert.match(stdout, /allowed by grant\n/);
  assert.match(stdout, /\n- line 2:1:16: error: .* \[json\.syntax\]\n {2}1 \| \{"scenario": 1,\n {4}\| {16}\^\n/);
});

test('an expectation that is not met is 1, input that is none is 2, and a file that is missing is named', () => {
  const wrong = { ...story(), steps: story().steps.map((step) => (step.expect ? { ...step, expect: { decision: 'explicitDeny' } } : step)) };
  assert.equal(kms(['run', '-'], good).status, 0);
  assert.equal(kms(['run', '-'], JSON.stringify(wrong)).status, 1);
  assert.equal(kms(['run', '-'], '[').status, 2);
  const { status, stdout, stderr } = kms(['run', '/nowhere.json', '-'], good);
  assert.equal(status, 2);
  assert.match(stderr, /cannot read \/nowhere\.json/);
  assert.equal(JSON.parse(stdout).results.length, story().steps.filter(({ request }) => request).length);
});
