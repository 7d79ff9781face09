// Runs every file of tests/scenarios through the command line and says which expectation was not met, and how; then every file of
// tests/bad ({"input": a scenario as text, "code", "line", "column"}), which must be found at fault there.
//   node scripts/check-scenarios.mjs build/debug/kms-playground
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { filesIn, scenarioFiles } from './files.mjs';

const cli = process.argv[2];
const text = (title) => (typeof title === 'object' && title ? title.en : title) ?? '(no title)';
const seen = { scenarios: 0, steps: 0, mistakes: 0, failures: 0 };

function fail(where, ...lines) {
  seen.failures += 1;
  console.error([`FAILED ${where}`, ...lines].join('\n    '));
}

for (const file of scenarioFiles()) {
  const input = JSON.parse(readFileSync(file, 'utf8'));
  const { status, signal, stdout, stderr } = spawnSync(cli, ['run', file], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (signal || stdout === '' || stdout === null) {
    fail(file, `the command line ended with ${signal ?? status} and printed nothing`, stderr ?? '');
    continue;
  }
  const failuresBefore = seen.failures;
  const outputs = [JSON.parse(stdout)].flat();
  [input].flat().forEach((scenario, index) => {
    const where = `${file}: ${text(scenario.title)}`;
    const { results = [], diagnostics = [] } = outputs[index] ?? {};
    seen.scenarios += 1;
    if (!scenario.steps.some((step) => step.expect)) fail(where, 'expects nothing');
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    if (results.length === 0) fail(where, ...errors.map((d) => `${d.range?.start.line}:${d.range?.start.column} ${d.code}: ${d.message}`));
    for (const step of scenario.steps) {
      if (!step.expect || results.length === 0) continue;
      seen.steps += 1;
      const result = results.find((r) => r.step === step.id);
      if (result?.expect === 'pass') continue;
      fail(`${where}, step ${step.id}: ${text(step.title)}`, ...(result?.differences ?? ['the step has no result']));
    }
  });
  if (status !== 0 && seen.failures === failuresBefore) fail(file, `the command line ended with ${status} although every expectation was met`, stderr);
}

for (const file of filesIn('tests/bad', '.json')) {
  const { input, code, line, column, severity = 'error' } = JSON.parse(readFileSync(file, 'utf8'));
  const { stdout } = spawnSync(cli, ['run', '-'], { input, encoding: 'utf8' });
  const { results, diagnostics } = stdout ? JSON.parse(stdout) : {};
  const found = diagnostics?.filter((d) => d.severity === severity).map((d) => `${d.code} at ${d.range?.start.line}:${d.range?.start.column}`) ?? ['no answer'];
  seen.mistakes += 1;
  if (!found.includes(`${code} at ${line}:${column}`)) fail(file, `wanted ${code} at ${line}:${column}`, ...found);
  if (severity === 'error' && results?.length !== 0) fail(file, 'broken input was given a decision');
}

console.log(`${seen.scenarios} scenarios, ${seen.steps} expectations, ${seen.mistakes} broken inputs, ${seen.failures} failures`);
process.exitCode = seen.failures || !seen.steps || !seen.mistakes ? 1 : 0;
