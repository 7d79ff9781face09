import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engine, errorsOf, story } from './engines.mjs';

/** An answer without the places in texts: a session's steps are texts of their own. */
const withoutPlaces = (answer) => JSON.parse(JSON.stringify(answer, (key, value) => (['document', 'range'].includes(key) ? undefined : value)));

test('the story performed step by step in a session is the story run at once', () => {
  const whole = JSON.parse(engine.run(JSON.stringify(story())));
  const session = engine.open(JSON.stringify({ ...story(), steps: [] }));
  const results = story().steps.flatMap((step) => JSON.parse(session.perform(JSON.stringify(step))).results);
  assert.deepEqual(withoutPlaces(results), withoutPlaces(whole.results));
  assert.deepEqual(JSON.parse(session.world()).world.keys, whole.world.keys);
  session.close();
});

test('to decide changes nothing, to perform does', () => {
  const session = engine.open(JSON.stringify({ ...story(), steps: [] }));
  const before = session.world();
  const retire = story().steps.find((step) => step.request?.operation === 'RetireGrant');
  assert.equal(JSON.parse(session.decide(JSON.stringify(retire.request))).decision, 'allowed');
  assert.equal(session.world(), before);
  session.perform(JSON.stringify(retire));
  assert.notEqual(session.world(), before);
  session.close();
});

test('a closed session answers with a diagnostic', () => {
  const session = engine.open(JSON.stringify(story()));
  session.close();
  assert.equal(errorsOf(JSON.parse(session.world())).length, 1);
});
