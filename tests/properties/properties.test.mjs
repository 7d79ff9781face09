// Properties that hold for every scenario: what a change may and may not do to an answer.
//   KMS_PROPERTY_COUNT=1000 KMS_PROPERTY_SEED=5 node --test tests/properties/*.test.mjs

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onlyAdds, onlyRemoves } from './answers.mjs';
import { check, show, shrink } from './check.mjs';
import { properties } from './table.mjs';

const count = Number(process.env.KMS_PROPERTY_COUNT ?? 150);
const seed = Number(process.env.KMS_PROPERTY_SEED ?? 1);

// Started once; each test waits for all answers and reads its own.
const reports = check(properties, { count, seed });

for (const property of properties) {
  test(`${property.id} ${property.says}`, async () => {
    const report = (await reports).find((r) => r.property === property);
    // A property that hardly ever applies, or that only ever saw one outcome, would say nothing.
    assert.ok(report.applied >= count / 2, `applied to ${report.applied} scenarios only`);
    assert.ok(report.granted > 0 && report.refused > 0, `${report.granted} answers gave access, ${report.refused} did not`);
    if ([onlyAdds, onlyRemoves].includes(property.holds)) assert.ok(report.told > 0, 'no change ever changed a decision');
    if (report.failed.length) assert.fail(`${report.failed.length} of ${report.applied} fail, first with seed ${report.failed[0].seed}:\n${show(await shrink(property, report.failed[0]))}`);
  });
}
