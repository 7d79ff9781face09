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
  const { steps, ...world } = story();
  const retire = steps.findIndex((step) => step.request?.operation === 'RetireGrant' && step.expect.decision === 'allowed');
  const session = engine.open(JSON.stringify({ ...world, steps: [] }));
  for (const step of steps.slice(0, retire)) session.perform(JSON.stringify(step));
  const grants = () => JSON.parse(session.world()).world.keys[0].grants.length;
  assert.equal(grants(), 1);
  assert.equal(JSON.parse(session.decide(JSON.stringify(steps[retire].request))).decision, 'allowed');
  assert.equal(grants(), 1);
  session.perform(JSON.stringify(steps[retire]));
  assert.equal(grants(), 0);
  session.close();
});

test('a closed session answers with a diagnostic', () => {
  const session = engine.open(JSON.stringify(story()));
  session.close();
  assert.equal(errorsOf(JSON.parse(session.world())).length, 1);
});
