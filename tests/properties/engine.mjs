// Asks the engine about many scenarios at once, through the command line.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The engine to test: KMS_ENGINE, else the build at hand. */
export const engine = process.env.KMS_ENGINE ?? ['release', 'debug'].map((preset) => `${root}build/${preset}/kms-playground`).find(existsSync);

/** One line of output per scenario, as the engine prints it. */
export function lines(scenarios, env = {}) {
  if (!engine) throw new Error('no engine: build one, or name it in KMS_ENGINE');
  const folder = mkdtempSync(join(tmpdir(), 'kms-properties-'));
  const file = join(folder, 'scenarios.ndjson');
  writeFileSync(file, scenarios.map((scenario) => `${JSON.stringify(scenario)}\n`).join(''));
  return new Promise((resolve, reject) => {
    const chunks = [];
    const child = spawn(engine, ['run', '--ndjson', file], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } });
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      rmSync(folder, { recursive: true });
      const found = Buffer.concat(chunks).toString('utf8').split('\n').slice(0, -1);
      if (signal || found.length !== scenarios.length) {
        reject(new Error(`the engine answered ${found.length} of ${scenarios.length} scenarios (${signal ?? code})`));
      } else {
        resolve(found);
      }
    });
  });
}

const BATCH = 2000;

/** The answers to scenarios, in order. */
export async function run(scenarios) {
  const answers = [];
  for (let start = 0; start < scenarios.length; start += BATCH) {
    for (const line of await lines(scenarios.slice(start, start + BATCH))) answers.push(JSON.parse(line));
  }
  return answers;
}
