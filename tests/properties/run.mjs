// Runs the properties for longer, or some of them, and shows each failure in its smallest form.
//   node tests/properties/run.mjs [--count N] [--seed S] [--only P03,P04] [--engine PATH]

import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: { count: { type: 'string', default: '500' }, seed: { type: 'string', default: '1' }, only: { type: 'string' }, engine: { type: 'string' } },
});
if (options.engine) process.env.KMS_ENGINE = options.engine;
const { check, shrink, show } = await import('./check.mjs');
const { properties } = await import('./table.mjs');

const wanted = options.only?.split(',');
const reports = await check(properties.filter(({ id }) => !wanted || wanted.includes(id)), { count: Number(options.count), seed: Number(options.seed) });
for (const { property, applied, told, granted, refused, failed } of reports) {
  console.log(`${property.id} ${property.says}: ${applied} times (decisions differ in ${told}, ${granted} answers gave access, ${refused} did not), ${failed.length} failed`);
  if (failed.length) console.log(show(await shrink(property, failed[0])));
}
process.exitCode = reports.some(({ failed }) => failed.length) ? 1 : 0;
