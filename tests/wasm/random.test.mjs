// KMS_RANDOM_COUNT=1000000 KMS_RANDOM_SEED=7 node --test tests/wasm/random.test.mjs
import { test } from 'node:test';
import { generate } from '../reference/generate.mjs';
import { commandLine, engine, sameText } from './engines.mjs';

const count = Number(process.env.KMS_RANDOM_COUNT ?? 20000);
const seed = Number(process.env.KMS_RANDOM_SEED ?? 1);
const BATCH = 200;

test(`${count} random scenarios from seed ${seed} on give the same bytes in WebAssembly and natively`, () => {
  for (let start = 0; start < count; start += BATCH) {
    const text = JSON.stringify(Array.from({ length: Math.min(BATCH, count - start) }, (_, i) => generate(seed + start + i)));
    sameText(engine.run(text), commandLine(text), `in the batch of seed ${seed + start}`);
  }
});
