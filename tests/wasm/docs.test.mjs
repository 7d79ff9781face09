// The documentation says nothing that the engine does not: every scenario, document and live element on its pages is run.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { markdownOf, pages, rules, examples } from '../../web/documentation.mjs';
import { engine, errorsOf, story } from './engines.mjs';

const written = pages.map((page) => [page, markdownOf(page)]).filter(([, markdown]) => markdown !== undefined);
const kinds = { 'key-policy': 'keyPolicy', 'identity-policy': 'identityPolicy', grants: 'grants', request: 'request' };
const attributesOf = (text) => Object.fromEntries([...text.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, name, value]) => [name, value ?? '']));
const opened = new Set();

test('the pages are those that the site links', () => {
  assert.deepEqual(written.map(([page]) => page), pages);
});

for (const [page, markdown] of written) {
  test(`${page}: every JSON block is what it says`, () => {
    for (const [, kind, text] of markdown.matchAll(/^```json(?: (\S+))?\n([^]*?)^```$/gm)) {
      const value = JSON.parse(text);
      if (value.scenario === 1) {
        const answer = JSON.parse(engine.run(text));
        assert.deepEqual(errorsOf(answer), []);
        assert.ok(answer.results.length > 0);
        for (const { step, expect } of answer.results) assert.deepEqual([step, expect], [step, 'pass']);
      } else if (kind) {
        assert.ok(kinds[kind], `${kind} is no kind of document`);
        assert.deepEqual(errorsOf(JSON.parse(engine.check(kinds[kind], text))), []);
      }
    }
  });

  test(`${page}: every element shows the decision that its text claims`, () => {
    for (const [all, attributes, inside] of markdown.matchAll(/<kms-playground([^>]*)>([^]*?)<\/kms-playground>/g)) {
      const { scenario, step, store, 'data-decision': claimed, 'aria-label': name } = attributesOf(attributes);
      for (const [, slot, written] of inside.matchAll(/<pre slot="([\w-]+)"[^>]*>([^]*?)<\/pre>/g)) {
        const text = written.replace(/^\{`([^]*)`\}$/, '$1'); // as MDX wants it
        const kind = { 'key-policy': 'keyPolicy', iam: 'identityPolicy', grants: 'grants', request: 'request' }[slot];
        if (!text.includes('…')) assert.deepEqual(errorsOf(JSON.parse(engine.check(kind, text))), [], all);
      }
      if (scenario === undefined || /^https?:/.test(scenario)) continue;
      const file = scenario.includes('/') ? `web/dist/docs/${scenario}` : `web/gallery/${scenario}.json`;
      assert.ok(existsSync(file), `${page} shows ${scenario}, which does not exist`);
      if (claimed === undefined) {
        assert.match(page, /^embedding/, `${all} claims nothing`);
        continue;
      }
      const world = JSON.parse(readFileSync(file, 'utf8'));
      assert.ok(Number(step) >= 1 && Number(step) <= world.steps.length, all);
      const answer = JSON.parse(engine.run(JSON.stringify({ ...world, steps: world.steps.slice(0, Number(step)) })));
      const last = answer.results.at(-1);
      assert.deepEqual([name, last.step, last.decision], [name, world.steps[step - 1].id ?? last.step, claimed]);
      if (world.steps[step - 1].expect) assert.equal(last.expect, 'pass', name);
      if (store) opened.add(store);
    }
    for (const [, attributes] of markdown.matchAll(/<kms-playground([^>]*)>/g)) {
      const { scenario, store } = attributesOf(attributes);
      if (store && !scenario && !page.startsWith('embedding')) assert.ok(opened.has(store), `nothing on ${page} opens the store ${store}`);
    }
  });

  test(`${page}: every link within the site leads somewhere`, () => {
    for (const [, target] of markdown.matchAll(/\]\(([\w.-]+)\.md(?:#[\w-]*)?\)/g)) assert.ok(pages.includes(target), target);
    for (const [, target] of markdown.matchAll(/\]\(\.\.\/([\w.]+)/g)) assert.ok(existsSync(`web/dist/${target}`), target);
  });
}

test('the article prints the grants, and names the grant, that its live steps show', () => {
  const played = JSON.parse(engine.run(JSON.stringify(story()))).results;
  const lists = played.filter(({ step, response }) => response?.Grants && story().steps.find(({ id }) => id === step).request.operation === 'ListGrants').map(({ response }) => response.Grants);
  const created = played.map(({ response }) => response?.GrantId).filter(Boolean);
  for (const page of ['lambda', 'lambda.ja']) {
    const printed = [...markdownOf(page).matchAll(/^```json grants\n([^]*?)^```$/gm)].map(([, text]) => JSON.parse(text).Grants);
    assert.ok(printed.length >= 2);
    for (const grants of printed) assert.ok(lists.some((list) => JSON.stringify(list) === JSON.stringify(grants)), JSON.stringify(grants));
    assert.deepEqual([...markdownOf(page).matchAll(/--grant-id (\S+)/g)].map(([, id]) => id), created);
  }
});

test('a Japanese page has the code and the elements of the English one; only what people read is Japanese', () => {
  const codeIn = (markdown) => markdown.match(/^```[^]*?^```$/gm) ?? [];
  const elementsIn = (markdown) => [...markdown.matchAll(/<kms-playground([^>]*)>/g)].map(([, attributes]) => ({ ...attributesOf(attributes), 'aria-label': '' }));
  const twins = pages.filter((page) => page.endsWith('.ja') && page !== 'lambda.ja');
  assert.equal(twins.length, 6);
  for (const page of twins) {
    const [japanese, english] = [markdownOf(page), markdownOf(page.replace('.ja', ''))];
    const lines = codeIn(japanese).join('\n').split('\n');
    const wanted = codeIn(english).join('\n').split('\n').map((line, i) => (/[\u3040-\u30ff]/.test(lines[i]) ? lines[i] : line));
    assert.deepEqual(lines, wanted, page);
    assert.deepEqual(elementsIn(japanese), elementsIn(english), page);
  }
});

/** A quota that a scenario would need 50,000 grants to reach, and two that end without any decision. */
const withoutExample = ['G-06', 'IL:G-06', 'IL:E-04'];

test('every built or assumed rule has an example on the page about rules, but for those that cannot', () => {
  const page = markdownOf('rules');
  const ids = rules().flatMap(({ id }) => (id ? [id] : []));
  assert.ok(ids.length > 300);
  for (const id of ids) assert.ok(page.includes(`**${id}** `), id);
  const shown = examples();
  const missing = rules().filter(({ id, status }) => id && status !== 'out of scope' && !shown.has(id)).map(({ id }) => id);
  assert.deepEqual(missing, withoutExample);
  for (const id of examples().keys()) assert.ok(page.includes(`scenario="rules/${id.replace(':', '-')}.json"`), id);
});
