// Do the tests notice when the evaluator is wrong? Seeds small faults into a copy of it, one at a time, and runs the tests on each.
//   node tests/mutation/mutate.mjs [--count 60] [--seed 1] [--only FILE] [--random 2000]
// Prints each fault with what caught it, and ends with 1 when fewer than 90 % are caught. Takes about half a minute per fault.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Random } from '../reference/random.mjs';

const { values: options } = parseArgs({
  options: { count: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' }, only: { type: 'string', default: '' }, random: { type: 'string', default: '2000' } },
});
const root = fileURLToPath(new URL('../../', import.meta.url));
const place = `${root}build/mutation`;
const random = new Random(Number(options.seed));

/** What decides; reading, reporting and importing have tests of their own. */
const FOLDERS = ['authorize', 'grant', 'perform', 'request', 'policy', 'text'];
const NOT = /findings|diagnostics|check\.cpp|utf/;

/** Each turns a line into faulty ones. */
const FAULTS = [
  ['== turned', / == /g, () => ' != '],
  ['!= turned', / != /g, () => ' == '],
  ['&& turned', / && /g, () => ' || '],
  ['|| turned', / \|\| /g, () => ' && '],
  ['< widened', / < /g, () => ' <= '],
  ['> widened', / > /g, () => ' >= '],
  ['! dropped', /(?<=[( ])!(?=[a-z])/g, () => ''],
  ['true turned', /\b(?:return|=) true\b/g, (text) => text.replace('true', 'false')],
  ['false turned', /\b(?:return|=) false\b/g, (text) => text.replace('false', 'true')],
  ['rule skipped', /^ +if \(.*\) return .*;(?: *\/\/.*)?$/g, () => ''],
];

function faultsIn(file, text) {
  const found = [];
  text.split('\n').forEach((line, number) => {
    if (/^\s*(\/\/|#|template|static_assert|for |using )/.test(line)) return;
    const code = line.replace(/ *\/\/.*$/, '');
    for (const [kind, pattern, instead] of FAULTS) {
      for (const match of code.matchAll(pattern)) {
        if ((code.slice(0, match.index).match(/"/g) ?? []).length % 2) continue; // inside a string
        if (kind.endsWith('widened') && /template|<[a-z]+>/.test(code)) continue;
        found.push({ kind, file, number: number + 1, line, faulty: code.slice(0, match.index) + instead(match[0]) + code.slice(match.index + match[0].length) });
      }
    }
  });
  return found;
}

/** With everything that it starts: a fault that never ends would otherwise go on after its test was given up. */
function run(command, args, seconds = 600) {
  const { status, stdout = '', stderr = '' } = spawnSync('timeout', [String(seconds), command, ...args], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
  return { good: status === 0, text: stdout + stderr };
}

/** What notices: every scenario, then the core's own tests, then random scenarios against the reference. */
const TESTS = {
  scenarios: () => run('node', ['scripts/check-scenarios.mjs', `${place}/out/kms-playground`], 120),
  units: () => run('cmake', ['--build', `${place}/out`, '--target', 'kms_tests', '-j', String(availableParallelism())]).good && run(`${place}/out/kms_tests`, [], 120),
  reference: () => run('node', ['tests/reference/compare.mjs', '--engine', `${place}/out/kms-playground`, '--count', options.random, '--show', '0'], 300),
};

rmSync(`${place}/source`, { recursive: true, force: true });
mkdirSync(place, { recursive: true });
for (const part of ['core', 'tests/core', 'tests/catch.hpp', 'tests/CMakeLists.txt', 'CMakeLists.txt']) cpSync(`${root}${part}`, `${place}/source/${part}`, { recursive: true });
const build = () => run('cmake', ['--build', `${place}/out`, '--target', 'kms-playground', '-j', String(availableParallelism())]);
run('cmake', ['-S', `${place}/source`, '-B', `${place}/out`, '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Debug', '-DCMAKE_CXX_FLAGS_DEBUG=-O0', '-DBUILD_TESTING=ON']);
const clean = build();
if (!clean.good) throw new Error(`the evaluator does not build:\n${clean.text}`);
for (const [name, test] of Object.entries(TESTS)) {
  const { good, text } = test();
  if (!good) throw new Error(`${name} fails without any fault:\n${text.slice(-2000)}`);
}

const all = FOLDERS.flatMap((folder) => readdirSync(`${root}core/src/${folder}`).map((name) => `core/src/${folder}/${name}`))
  .filter((file) => file.endsWith('.cpp') && !NOT.test(file) && file.includes(options.only))
  .flatMap((file) => faultsIn(file, readFileSync(`${root}${file}`, 'utf8')));
const caught = { scenarios: 0, units: 0, reference: 0 };
const survivors = [];
let tried = 0;
while (tried < Number(options.count) && all.length) {
  const [fault] = all.splice(random.int(0, all.length - 1), 1);
  const path = `${place}/source/${fault.file}`;
  const text = readFileSync(path, 'utf8');
  const lines = text.split('\n');
  lines[fault.number - 1] = fault.faulty;
  writeFileSync(path, lines.join('\n'));
  if (build().good) {
    tried++;
    const by = Object.keys(TESTS).find((name) => !TESTS[name]().good);
    console.log(`${String(tried).padStart(3)} ${(by ?? 'SURVIVES').padEnd(9)} ${fault.kind.padEnd(12)} ${fault.file}:${fault.number}: ${fault.line.trim()}`);
    if (by) caught[by]++;
    else survivors.push(fault);
  }
  writeFileSync(path, text);
}
console.log(`\n${tried} faults: ${caught.scenarios} caught by the scenarios, ${caught.units} by the core's own tests, ${caught.reference} by the reference, ${survivors.length} survive`);
for (const { kind, file, number, line, faulty } of survivors) console.log(`\n${file}:${number} (${kind})\n- ${line.trim()}\n+ ${faulty.trim() || '(nothing)'}`);
process.exitCode = survivors.length > tried / 10 ? 1 : 0;
