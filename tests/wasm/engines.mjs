// The two engines under test: the built site's engine.js, loaded as anybody would, and the command line.
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

export const story = () => JSON.parse(readFileSync('tests/scenarios/story/lambda-env.json', 'utf8'))[0];

export const errorsOf = (answer) => answer.diagnostics.filter(({ severity }) => severity === 'error');
