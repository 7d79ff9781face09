// Runs the reference on the scenario corpus and reports where it disagrees with `expect`.
//   node tests/reference/corpus.mjs

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { evaluate } from './evaluate.mjs';

const root = fileURLToPath(new URL('../scenarios/', import.meta.url));
const FIELDS = ['decision', 'decidedBy', 'errorCode', 'assumptions'];
let scenarios = 0;
let requests = 0;
let disagreements = 0;

for (const name of readdirSync(root, { recursive: true }).filter((n) => n.endsWith('.json')).sort()) {
  for (const scenario of [JSON.parse(readFileSync(root + name, 'utf8'))].flat()) {
    scenarios++;
    const expects = new Map(scenario.steps.filter((s) => s.expect).map((s) => [s.id, s.expect]));
    for (const result of evaluate(scenario)) {
      const expect = expects.get(result.step) ?? {};
      requests++;
      const wrong = FIELDS.filter((f) => f in expect && JSON.stringify(expect[f]) !== JSON.stringify(result[f]));
      if (wrong.length === 0) continue;
      disagreements++;
      console.log(`${name}: ${JSON.stringify(scenario.title)}: ${result.step}`);
      for (const f of wrong) console.log(`  ${f}: expected ${JSON.stringify(expect[f])}, reference ${JSON.stringify(result[f])}`);
    }
  }
}
console.log(`${scenarios} scenarios, ${requests} requests, ${disagreements} disagreements`);
process.exit(disagreements === 0 && requests > 0 ? 0 : 1);
