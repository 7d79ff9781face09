import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { filesIn } from '../../scripts/files.mjs';
import { commandLine, engine, errorsOf, story } from './engines.mjs';

test('what is wrong with tests/bad is said in the same bytes, natively (where check-scenarios.mjs has looked at it) and in WebAssembly', () => {
  for (const file of filesIn('tests/bad', '.json')) {
    const { input } = JSON.parse(readFileSync(file, 'utf8'));
    assert.equal(engine.run(input), commandLine(input), file);
  }
});

/** A text cut short at about forty places, never to nothing and never at its end. */
function* cuts(text) {
  const whole = text.trimEnd();
  for (let at = 1; at < whole.length; at += Math.max(1, Math.floor(whole.length / 40))) yield whole.slice(0, at);
}

test('a scenario cut short anywhere gives an error and no decision', () => {
  for (const text of ['', ...cuts(JSON.stringify(story(), null, 2))]) {
    const answer = JSON.parse(engine.run(text));
    assert.deepEqual(answer.results, [], text);
    assert.equal(errorsOf(answer)[0]?.document, '', text);
  }
});

const documents = {
  'key policy': { pointer: '/keys/0/policy', of: (s) => s.keys[0].policy, put: (s, text) => (s.keys[0].policy = text) },
  'grant list': { pointer: '/keys/0/grants', of: (s) => s.keys[0].grants, put: (s, text) => (s.keys[0].grants = text) },
  'identity policy': {
    pointer: '/principals/0/identityPolicies/0/document',
    of: (s) => s.principals[0].identityPolicies[0].document,
    put: (s, text) => (s.principals[0].identityPolicies[0].document = text),
  },
};

for (const [name, { pointer, of, put }] of Object.entries(documents)) {
  test(`the ${name} cut short anywhere gives an error in that text, and a session decides nothing that reads it`, () => {
    const request = JSON.stringify(story().steps.find((step) => step.request?.operation === 'Decrypt').request);
    for (const text of cuts(JSON.stringify(of(story()), null, 2))) {
      const scenario = story();
      put(scenario, text);
      const answer = JSON.parse(engine.run(JSON.stringify(scenario)));
      assert.deepEqual(answer.results, [], text);
      const [error] = errorsOf(answer);
      assert.equal(error?.document, pointer, text);
      assert.ok(error.range.start.offset <= text.length, `${text}: ${JSON.stringify(error)}`);

      const session = engine.open(JSON.stringify(scenario));
      assert.equal(JSON.parse(session.decide(request)).decision, null, text);
      session.close();
    }
  });
}
