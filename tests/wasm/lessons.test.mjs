// Every lesson, driven by the code that the page runs and judged by the engine: the goal is not reached at the start and is when solved,
// each question has exactly one answer that the engine calls right, hints point to something that is there, both languages are complete.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { engine } from './engines.mjs';
import { filesIn } from '../../scripts/files.mjs';

const { lessonIds, LessonRun, panels, Store } = await import(new URL('../../web/dist/lessons.js', import.meta.url));

const valueAt = (root, pointer) => pointer.split('/').slice(1).reduce((value, name) => value?.[name], root);

/** Objects that hold texts for people, wherever they stand in a lesson outside of AWS documents. */
function* texts(value, path = '') {
  if (typeof value !== 'object' || value === null) return;
  if ('en' in value || 'ja' in value) yield [path, value];
  else for (const [name, inner] of Object.entries(value)) yield* texts(inner, `${path}/${name}`);
}

test('the lessons are twelve, from the surprise to the quiz', () => {
  assert.deepEqual(lessonIds, [
    'surprise', 'read-a-grant', 'retire-it', 'encryption-context', 'two-functions', 'retire-or-revoke', 'delegation', 'deny-beats-grant',
    'role-recreated', 'cross-account', 'investigate', 'quiz',
  ]); // prettier-ignore
});

for (const id of lessonIds) {
  const open = () => LessonRun.open(id, new Store(engine));

  test(`${id}: the goal is not reached at the start, and is when solved`, async () => {
    const run = await open();
    assert.equal(run.met, false);
    run.choose(0, run.questions[0].choices.findIndex((_, i) => !run.prediction.right.includes(i)));
    assert.equal(run.met, false, 'a prediction alone does not solve it');
    run.solve();
    assert.equal(run.met, true);
    run.restart();
    assert.equal(run.met, false);
  });

  test(`${id}: the engine calls exactly one answer of every question right`, async () => {
    const run = await open();
    assert.ok(run.questions.length >= 1);
    for (const [i, question] of run.questions.entries()) {
      if (run.lesson.quiz) run.go(i);
      const asked = run.lesson.quiz || i === 0 ? run.prediction : run.find;
      assert.equal(asked.question, question);
      assert.equal(asked.right.length, 1, question.text.en);
      assert.deepEqual((asked.result.diagnostics ?? []).filter(({ severity }) => severity === 'error'), []);
    }
  });

  test(`${id}: three hints, each pointing to something that is there`, async () => {
    const run = await open();
    const { world } = run.store.state.now;
    assert.equal(run.lesson.hints.length, 3);
    for (const { show } of run.lesson.hints) {
      if (show.pointer) assert.notEqual(valueAt(world, show.pointer), undefined, show.pointer);
      else assert.ok(panels.includes(show.panel), show.panel);
    }
  });

  test(`${id}: both languages are complete`, async () => {
    const { lesson } = await open();
    const all = [...texts(lesson)];
    assert.ok(all.length > 7);
    for (const [path, text] of all) {
      assert.deepEqual([path, Object.keys(text)], [path, ['en', 'ja']]);
      // A choice may be no more than a name; what is a sentence is Japanese.
      const name = /^(\d\d:\d\d )?[`\w]+$/.test(text.en);
      assert.ok(text.en !== '' && (name || /[\u3040-\u30ff\u4e00-\u9fff]|^Grant$/.test(text.ja)), path);
    }
  });
}

test('a step after the goal can undo it: the goal is judged in the world as it is', async () => {
  const run = await LessonRun.open('retire-it', new Store(engine));
  run.solve();
  run.store.undo();
  assert.equal(run.met, false);
});

test('an answer that touches what must stay does not count', async () => {
  const run = await LessonRun.open('delegation', new Store(engine));
  const { principal } = run.prediction.request;
  run.act([{ step: { set: { '/keys/0/policy': { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' }] } } } }]);
  assert.equal(run.store.decide(JSON.stringify(run.prediction.request)).decision, 'allowed', principal);
  assert.equal(run.met, false);
});

test('the panels that hints point to have headings of these names', () => {
  const views = filesIn('web/src/views', '.ts').map((file) => readFileSync(file, 'utf8')).join('\n');
  for (const panel of panels) assert.ok(views.includes(`heading('${panel}'`), panel);
});

test('questions that are made up: ten with one right answer each, half of them Allow, the same for the same seed', async () => {
  const asked = async (seed) => {
    const run = await LessonRun.open('quiz', new Store(engine), seed);
    assert.equal(run.questions.length, 10);
    assert.equal(run.met, false);
    const all = run.questions.map((question, i) => {
      run.go(i);
      const { result, right, request } = run.prediction;
      assert.equal(right.length, 1);
      assert.deepEqual((result.diagnostics ?? []).filter(({ severity }) => severity === 'error'), []);
      // What the page shows is what was asked.
      assert.deepEqual([run.store.state.request.principal, run.store.state.request.operation], [request.principal, request.operation]);
      assert.equal(run.store.state.answer.decision, result.decision);
      return [question.scenario.title.en, question.supposition?.kind, request.operation, result.decision];
    });
    run.solve();
    assert.equal(run.score, 10);
    assert.equal(run.met, true);
    return all;
  };
  const seeds = [1, 2, 3, 2026, 999_999_999];
  const all = [];
  for (const seed of seeds) all.push(await asked(seed));
  for (const questions of all) {
    assert.equal(questions.filter(([, , , decision]) => decision === 'allowed').length, 5);
    assert.equal(new Set(questions.map(([title]) => title)).size, 10);
  }
  assert.equal(new Set(all.map((questions) => JSON.stringify(questions))).size, seeds.length);
  assert.ok(new Set(all.flat().map(([, kind]) => kind)).size > 6, 'many kinds of change');
  assert.deepEqual(await asked(2026), all[3]);
});
