// The engine's JSON reader against the JavaScript engine's: both take the same texts, and read the same from them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../reference/random.mjs';
import { engine, story } from './engines.mjs';

const syntax = (text) => JSON.parse(engine.check('request', text)).diagnostics.filter((d) => d.code.startsWith('json.') && d.code !== 'json.duplicateKey');

function accepts(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const PIECES = ['"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', '.', 'e', 'E', '+', 't', 'true', 'null', 'nul', '\n', '\t', ' ', '\\u', '\\u00e9', '\\ud83d', '\\ude00', '\\ud83d\\ude00', 'é', '😀', '\u0000', '\u001f', '\u007f', '\u2028', '"a":1', '01', '1.', '.5', '1e5', '-0', '//', "'", '“'];

test('10,000 texts with random mistakes: accepted exactly when JSON.parse accepts them, otherwise with a place inside the text', () => {
  const random = new Random(7);
  const seeds = [JSON.stringify(story(), null, 2), '{"a":[1,-2.5e+3,"x\\u00e9\\n",true,false,null,{}],"b":{"c":[]}}', '[0,-0,1.5,1E9]', '"\\"\\\\\\/\\b\\f"', '7'];
  let refused = 0;
  for (let i = 0; i < 10000; i++) {
    let text = seeds[i % seeds.length];
    for (let edits = random.int(1, 3); edits > 0; edits--) {
      const at = random.int(0, text.length);
      text = text.slice(0, at) + (random.int(0, 2) ? PIECES[random.int(0, PIECES.length - 1)] : '') + text.slice(at + random.int(0, 2));
    }
    if (text.trim() === '' || !text.isWellFormed()) continue; // the engine takes UTF-8, which has no half pairs
    // JSON.parse lets an escape stand for half a pair; AWS cannot store one.
    const half = /\\u[dD][89a-fA-F]/.test(text.replace(/\\\\/g, '').replace(/\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}/g, ''));
    const found = syntax(text);
    if (half && accepts(text)) {
      assert.equal(found[0]?.code, 'json.syntax', text);
      continue;
    }
    assert.equal(found.length === 0, accepts(text), JSON.stringify(text));
    if (found.length === 0) continue;
    refused++;
    assert.equal(found[0].code, 'json.syntax');
    assert.ok(found[0].params.cause, JSON.stringify(text));
  }
  assert.ok(refused > 5000, `${refused} refused`);
});

test('strings are read as JSON.parse reads them', () => {
  const random = new Random(11);
  const letters = ['a', 'é', '日', '😀', '\\n', '\\t', '\\"', '\\\\', '\\/', '\\b', '\\f', '\\r', '\\u0041', '\\u00E9', '\\u65e5', '\\uD83D\\uDE00', '\\u0000', '\u007f', '\u2028', ' '];
  for (let i = 0; i < 500; i++) {
    const title = `"${Array.from({ length: random.int(0, 12) }, () => letters[random.int(0, letters.length - 1)]).join('')}"`;
    const scenario = JSON.stringify({ ...story(), title: '@' }).replace('"@"', title);
    assert.equal(JSON.parse(engine.run(scenario)).world.title, JSON.parse(title), title);
  }
});

test('where the mistake is', () => {
  const places = [
    ['{"a" 1}', 5, 'other'], ['{"a": 1 "b": 2}', 8, 'separator'], ['{"a": 1,}', 8, 'trailingComma'], ['[1,]', 3, 'trailingComma'], ['{"a": tru}', 9, 'other'],
    ['{"a": "b', 8, 'incomplete'], ['{"a": "\\x"}', 7, 'other'], ['["\\ud800"]', 2, 'other'], ['{“a”: 1}', 1, 'smartQuote'], ["{'a': 1}", 1, 'singleQuote'],
    ['{} {}', 3, 'secondDocument'], ['{"a": 1} // note', 9, 'comment'], ['[01]', 2, 'other'], ['[1.]', 3, 'other'], ['{', 1, 'incomplete'], ['{"a": "x\ny"}', 8, 'other'],
  ];
  for (const [text, offset, cause] of places) {
    const [d] = syntax(text);
    assert.deepEqual([d.range.start.offset, d.params.cause], [offset, cause], text);
  }
});
