// Starts the parts of a comparison, adds up what they found, and shows each difference in its smallest form.

import { spawn } from 'node:child_process';
import { generate } from './generate.mjs';
import { shrink } from './shrink.mjs';

function part(self, engine, seed, count) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [self, '--part', `${seed},${count}`, '--engine', engine], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(JSON.parse(text)) : reject(new Error(`a part failed (${code})`))));
  });
}

function sum(parts) {
  const total = parts.shift();
  for (const p of parts) {
    for (const [name, value] of Object.entries(p)) {
      if (typeof value === 'number') total[name] += value;
      else if (Array.isArray(value)) total[name].push(...value);
      else for (const [k, n] of Object.entries(value)) total[name][k] = (total[name][k] ?? 0) + n;
    }
  }
  return total;
}

function table(title, counts, all) {
  console.log(`\n${title}`);
  for (const [name, n] of Object.entries(counts).sort((a, b) => b[1] - a[1])) {
    console.log(`  ${((100 * n) / all).toFixed(2).padStart(6)} %  ${String(n).padStart(8)}  ${name}`);
  }
}

/** Runs the whole comparison; gives the exit code. */
export async function report({ self, engine, seed, count, jobs, show, runEngine, difference }) {
  const size = Math.ceil(count / jobs);
  const parts = [];
  for (let start = 0; start < count; start += size) parts.push(part(self, engine, seed + start, Math.min(size, count - start)));
  const total = sum(await Promise.all(parts));
  console.log(`${total.scenarios} scenarios, ${total.requests} requests`);
  for (const group of ['decision', 'decidedBy', 'errorCode', 'assumptions']) table(group, total[group], total.requests);
  const granted = Object.entries(total.decidedBy).filter(([name]) => name.startsWith('allowed') && name.includes('grant')).reduce((n, [, k]) => n + k, 0);
  console.log(`\nallowed by a grant, alone or beside a policy: ${((100 * granted) / total.requests).toFixed(2)} %`);

  for (const found of total.differences.slice(0, show)) {
    const differences = async (scenarios) => (await runEngine(scenarios)).map((answer, i) => difference(scenarios[i], answer));
    const small = await shrink(generate(found.seed), differences);
    console.log(`\n--- seed ${found.seed}`);
    console.log(JSON.stringify(small.scenario));
    console.log(`reference ${JSON.stringify(small.difference?.reference)}`);
    console.log(`engine    ${JSON.stringify(small.difference?.engine)}`);
  }
  console.log(`\n${total.differences.length} differences`);
  return total.differences.length || !total.requests ? 1 : 0;
}
