import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { scenarioFiles } from '../../scripts/files.mjs';
import { commandLine, engine, sameText } from './engines.mjs';

for (const file of scenarioFiles()) {
  test(`${file} gives the same bytes in WebAssembly and natively`, () => {
    const text = readFileSync(file, 'utf8');
    const answer = engine.run(text);
    sameText(answer, commandLine(text));
    for (const { results } of [JSON.parse(answer)].flat()) assert.notEqual(results.length, 0);
  });
}
