import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { scenarioFiles } from '../../scripts/files.mjs';
import { commandLine, engine } from './engines.mjs';

/** Fails with the first place where two long texts differ; a diff of the whole would hide it. */
function sameText(actual, expected) {
  if (actual === expected) return;
  let at = 0;
  while (actual[at] === expected[at]) at += 1;
  assert.fail(`differs at character ${at}:\n  engine.js     …${actual.slice(at - 60, at + 60)}\n  command line  …${expected.slice(at - 60, at + 60)}`);
}

for (const file of scenarioFiles()) {
  test(`${file} gives the same bytes in WebAssembly and natively`, () => {
    const text = readFileSync(file, 'utf8');
    const answer = engine.run(text);
    sameText(answer, commandLine(text));
    for (const { results } of [JSON.parse(answer)].flat()) assert.notEqual(results.length, 0);
  });
}
