// The same question has the same answer, byte for byte: alone, among others, in any order, after mistakes, in any place.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lines } from './engine.mjs';
import { any, grantScene } from './scenes.mjs';

const scenarios = Array.from({ length: 60 }, (_, i) => (i % 3 ? any(i + 1) : grantScene(i + 1)));
const answers = lines(scenarios);

test('P57 The same scenario gives the same bytes under another locale and time zone', async () => {
  const elsewhere = await lines(scenarios, { TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8', LC_ALL: 'tr_TR.UTF-8' });
  assert.deepEqual(elsewhere, await answers);
});

test('P57 The same scenario gives the same bytes again in the same process, and after an error', async () => {
  const broken = { scenario: 1, keys: 'none' };
  const mixed = await lines(scenarios.flatMap((scenario) => [broken, scenario, scenario]));
  const expected = await answers;
  for (const [i, line] of mixed.entries()) {
    if (i % 3 === 0) assert.deepEqual(JSON.parse(line).results, []);
    else assert.equal(line, expected[Math.floor(i / 3)]);
  }
});

test('P61 The order of a batch does not matter', async () => {
  const backwards = await lines([...scenarios].reverse());
  assert.deepEqual(backwards.reverse(), await answers);
});

test('P61 A scenario alone is answered as in a batch', async () => {
  const expected = await answers;
  for (const i of [0, 7, 22, 41, 59]) assert.deepEqual(await lines([scenarios[i]]), [expected[i]]);
});
