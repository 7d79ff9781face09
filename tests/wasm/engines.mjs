// The two engines under test: the built site's engine.js, loaded as anybody would, and the command line.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import '../../scripts/files.mjs';

const { loadEngine } = await import(new URL('../../web/dist/engine.js', import.meta.url));
export const engine = await loadEngine();

/** What `kms-playground run` prints about a scenario text. */
export function commandLine(text) {
  const { stdout, stderr, error } = spawnSync('build/debug/kms-playground', ['run', '-'], { input: text, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (error) throw error;
  if (stderr !== '' && stdout === '') throw new Error(stderr);
  return stdout;
}

/** Fails with the first place where two long texts differ; a diff of the whole would hide it. */
export function sameText(actual, expected, where = '') {
  if (actual === expected) return;
  let at = 0;
  while (actual[at] === expected[at]) at += 1;
  const around = (text) => `…${text.slice(Math.max(0, at - 60), at + 60)}`;
  assert.fail(`differs at character ${at} ${where}:\n  engine.js     ${around(actual)}\n  command line  ${around(expected)}`);
}

export const story = () => JSON.parse(readFileSync('tests/scenarios/story/lambda-env.json', 'utf8'))[0];

export const errorsOf = (answer) => answer.diagnostics.filter(({ severity }) => severity === 'error');
