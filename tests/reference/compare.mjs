// Compares the engine with the reference on random scenarios.
//   node tests/reference/compare.mjs [--count N] [--seed S] [--engine PATH] [--jobs N] [--show N]
// Scenario i has the seed S + i. Prints what the answers were and every difference, and ends with 1 when there is one.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { evaluate } from './evaluate.mjs';
import { generate } from './generate.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { values: options } = parseArgs({
  options: {
    count: { type: 'string', default: '50000' },
    seed: { type: 'string', default: '1' },
    engine: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    show: { type: 'string', default: '10' },
    part: { type: 'string' },
  },
});
const engine = options.engine ?? ['release', 'debug'].map((p) => `${root}build/${p}/kms-playground`).find(existsSync);
if (!engine) {
  console.error('no engine: build one, or name it with --engine');
  process.exit(2);
}
const BATCH = 2000;

/** Runs the engine on scenarios; gives one result per scenario. */
function runEngine(scenarios) {
  const folder = mkdtempSync(join(tmpdir(), 'kms-compare-'));
  const file = join(folder, 'scenarios.ndjson');
  writeFileSync(file, `${scenarios.map((s) => JSON.stringify(s)).join('\n')}\n`);
  return new Promise((resolve, reject) => {
    const results = [];
    let rest = '';
    const child = spawn(engine, ['run', '--ndjson', file], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      for (const line of lines) if (line) results.push(brief(JSON.parse(line)));
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      rmSync(folder, { recursive: true });
      if (signal || results.length !== scenarios.length) {
        reject(new Error(`the engine answered ${results.length} of ${scenarios.length} scenarios (${signal ?? code})`));
      } else {
        resolve(results);
      }
    });
  });
}

/** The part of an engine's result that is compared. */
const brief = ({ results, diagnostics }) => ({
  errors: diagnostics.filter((d) => d.severity === 'error').map((d) => `${d.code} ${d.pointer}: ${d.message}`),
  results: results.filter((r) => r.decision !== undefined).map(({ step, decision, decidedBy, error, assumptions }) => ({
    step, decision, decidedBy, errorCode: error?.code ?? null, assumptions: assumptions ?? [],
  })),
});

/** Compares one answer; gives the first step that differs, or null. */
export function difference(scenario, engineAnswer) {
  let expected;
  try {
    expected = evaluate(scenario);
  } catch (error) {
    return { reference: `failed: ${error.stack}` };
  }
  const requests = new Set(scenario.steps.filter((s) => s.request).map((s) => s.id));
  const answers = engineAnswer.results.filter((r) => requests.has(r.step));
  if (answers.length !== expected.length) return { engine: engineAnswer.errors };
  for (const [i, reference] of expected.entries()) {
    const keys = ['step', 'decision', 'decidedBy', 'errorCode', 'assumptions'];
    if (keys.some((k) => JSON.stringify(reference[k]) !== JSON.stringify(answers[i][k]))) {
      return { step: reference.step, reference, engine: answers[i] };
    }
  }
  return null;
}

/** Compares scenarios seed … seed + count - 1. */
async function compare(seed, count) {
  const tally = { scenarios: 0, requests: 0, decision: {}, decidedBy: {}, errorCode: {}, assumptions: {}, differences: [] };
  const add = (group, name) => (tally[group][name] = (tally[group][name] ?? 0) + 1);
  for (let start = 0; start < count; start += BATCH) {
    const scenarios = Array.from({ length: Math.min(BATCH, count - start) }, (_, i) => generate(seed + start + i));
    const answers = await runEngine(scenarios);
    scenarios.forEach((scenario, i) => {
      tally.scenarios++;
      for (const r of answers[i].results) {
        tally.requests++;
        add('decision', r.decision);
        if (r.decision === 'allowed' || r.decision === 'implicitDeny' || r.decision === 'explicitDeny') add('decidedBy', `${r.decision} ${r.decidedBy.join('+')}`);
        if (r.decision === 'error') add('errorCode', r.errorCode);
        for (const a of r.assumptions) add('assumptions', a);
      }
      const found = difference(scenario, answers[i]);
      if (found) tally.differences.push({ seed: seed + start + i, ...found });
    });
  }
  return tally;
}

if (options.part) {
  const [seed, count] = options.part.split(',').map(Number);
  const tally = await compare(seed, count);
  process.stdout.write(JSON.stringify(tally));
} else {
  const { report } = await import('./report.mjs');
  const self = fileURLToPath(import.meta.url);
  process.exitCode = await report({ self, engine, seed: Number(options.seed), count: Number(options.count), jobs: Number(options.jobs), show: Number(options.show), runEngine, difference });
}
