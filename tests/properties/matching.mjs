// P23–P27, P36, P51: actions, resources and wildcards.

import { granted, onlyAdds, onlyRemoves, same } from './answers.mjs';
import { edit, listOf, statements } from './edits.mjs';
import { KEY, any, policyScene } from './scenes.mjs';
import { Random } from '../reference/random.mjs';

/** A pattern that matches at least as much: one character becomes ? or *, several become *, ? becomes *. The fixed prefix stays. */
function wider(random, pattern, prefix) {
  const start = prefix.exec(pattern)?.[0].length;
  if (start === undefined || start === pattern.length || pattern.includes('$')) return pattern;
  const from = random.int(start, pattern.length - 1);
  const one = random.chance(0.4);
  const to = one ? from + 1 : random.chance(0.5) ? pattern.length : random.int(from + 1, pattern.length);
  const by = one && !['*', '?'].includes(pattern[from]) && random.chance(0.6) ? '?' : '*';
  return pattern.slice(0, from) + by + pattern.slice(to);
}

/** A pattern that matches no more: a wildcard becomes a character, or * becomes ?. */
function narrower(random, pattern, prefix) {
  const start = prefix.exec(pattern)?.[0].length;
  if (start === undefined || pattern.includes('$')) return pattern;
  const stars = [...pattern.matchAll(/[*?]/g)].map((m) => m.index).filter((i) => i >= start);
  if (stars.length === 0) return pattern;
  const from = random.pick(stars);
  const by = pattern[from] === '*' ? random.pick(['?', 'D*', '*t', 'De*', '12*']) : random.pick(['e', 'a']);
  return pattern.slice(0, from) + by + pattern.slice(from + 1);
}

const ACTION = /^kms:/i;
const ARN = /^arn:aws:kms:[^:]*:[^:]*:/;
const ANY = /^/;

/** Changes patterns of one statement with this effect; gives null when there is none to change. */
function patterns(scenario, random, effect, change) {
  const fitting = statements(scenario).filter(({ statement }) => statement.Effect === effect);
  if (fitting.length === 0) return null;
  const { pointer } = random.pick(fitting);
  let changed = false;
  const other = edit(scenario, (s) => {
    const { statement } = statements(s).find((x) => x.pointer === pointer);
    const before = JSON.stringify(statement);
    const each = (value, prefix) => (Array.isArray(value) ? value.map((v) => change(random, v, prefix)) : change(random, value, prefix));
    const places = [];
    if (statement.Action) places.push(() => (statement.Action = each(statement.Action, ACTION)));
    if (statement.Resource) places.push(() => (statement.Resource = each(statement.Resource, ARN)));
    for (const [operator, block] of Object.entries(statement.Condition ?? {})) {
      if (!/StringLike/.test(operator)) continue;
      for (const name of Object.keys(block)) places.push(() => (block[name] = each(block[name], ANY)));
    }
    if (places.length) random.pick(places)();
    changed = JSON.stringify(statement) !== before;
  });
  return changed ? [scenario, other] : null;
}

/** A lone identity policy statement with the element given, about something near the request. */
const lone = (values) => (seed) => {
  const random = new Random(seed);
  const scenario = policyScene(seed);
  scenario.steps[0].request.operation = random.pick(['Decrypt', 'DescribeKey', 'ListGrants', 'GetKeyPolicy']);
  const { statement } = statements(scenario).at(-1);
  const [name] = Object.keys(values);
  statement[name] = random.loose(random.some(values[name], 1, 2));
  return scenario;
};

/** Any scenario, or one where a single pattern of a statement with this effect decides. */
const near = (effect) => (seed) => {
  if (seed % 3 === 0) return any(seed);
  const random = new Random(seed);
  const scenario = policyScene(seed, { EncryptionContext: { a: 'red' } });
  const { document } = statements(scenario).at(-1);
  const statement = { Effect: effect, Action: 'kms:*', Resource: '*' };
  random.pick([
    () => (statement.Action = random.pick(['kms:Decrypts', 'kms:Dxcrypt', 'kms:De*', 'kms:Decryp?'])),
    () => (statement.Resource = random.pick([KEY, `${KEY.slice(0, -3)}*`, KEY.replace('1234', '9?34'), `${KEY}0`])),
    () => (statement.Condition = { StringLike: { 'kms:EncryptionContext:a': random.pick(['rex', 'r*', 'reds', '?ed']) } }),
  ])();
  document.Statement = effect === 'Allow' ? [statement] : [...document.Statement, statement];
  return scenario;
};

/** A pattern for a tag, and requests whose tags lie near it. */
function globScene(seed) {
  const random = new Random(seed);
  const text = (letters, longest) => Array.from({ length: random.int(0, longest) }, () => random.pick(letters)).join('');
  const letters = random.pick([['a', 'b', '*', '?'], ['a', '*'], ['a', 'é', '?', '*'], ['a', 'b', 'a', 'b', '*']]);
  const scenario = policyScene(seed, { Condition: { StringLike: { 'aws:PrincipalTag/team': text(letters, 8) } } });
  const [{ request }] = scenario.steps;
  scenario.steps = Array.from({ length: 12 }, (_, i) => ({ id: `ask${i}`, request: { ...request, sessionTags: { team: text(letters.filter((c) => c !== '*' && c !== '?'), 8) } } }));
  return scenario;
}

/** Whether a pattern matches, by the table of all prefixes. */
function matches(pattern, subject) {
  let row = [true, ...Array(subject.length).fill(false)];
  for (const letter of pattern) {
    const next = [letter === '*' && row[0]];
    [...subject].forEach((c, i) => next.push(letter === '*' ? row[i + 1] || next[i] : row[i] && (letter === '?' || letter === c)));
    row = next;
  }
  return row.at(-1);
}

const not = (name) => (scenario) => [scenario, edit(scenario, (s) => {
  const { statement } = statements(s).at(-1);
  statement[`Not${name}`] = statement[name];
  delete statement[name];
})];

export const matching = [
  { id: 'P23', says: 'A wider wildcard in an Allow never removes access', from: near('Allow'), cases: (s, random) => patterns(s, random, 'Allow', wider), holds: onlyAdds },
  { id: 'P24', says: 'A wider wildcard in a Deny never adds access', from: near('Deny'), cases: (s, random) => patterns(s, random, 'Deny', wider), holds: onlyRemoves },
  { id: 'P25a', says: 'A narrower wildcard in an Allow never adds access', from: near('Allow'), cases: (s, random) => patterns(s, random, 'Allow', narrower), holds: onlyRemoves },
  { id: 'P25b', says: 'A narrower wildcard in a Deny never removes access', from: near('Deny'), cases: (s, random) => patterns(s, random, 'Deny', narrower), holds: onlyAdds },
  {
    id: 'P26',
    says: 'A pattern matches what the table of all prefixes says',
    from: globScene,
    cases: (scenario) => [scenario],
    holds: (result, { request, scenarios: [scenario] }) => granted(result) === matches(statements(scenario).at(-1).statement.Condition.StringLike['aws:PrincipalTag/team'], request.sessionTags.team),
  },
  {
    id: 'P27',
    says: 'Two stars are as good as one',
    from: any,
    cases: (scenario) => [scenario, edit(scenario, (s) => {
      const twice = (value) => (typeof value === 'string' ? value.replace(/^(kms:|arn:aws:kms:[^:]*:[^:]*:)?(.*)$/s, (_, head = '', tail) => head + (head ? tail.replaceAll('*', '**') : tail)) : value);
      for (const { statement } of statements(s)) {
        for (const name of ['Action', 'NotAction', 'Resource', 'NotResource']) if (statement[name]) statement[name] = listOf(statement[name]).map(twice);
      }
    })],
    holds: same,
  },
  {
    id: 'P36a',
    says: 'Action and NotAction with the same list: exactly one matches',
    from: lone({ Action: ['kms:Decrypt', 'kms:D*', 'kms:*Key', 'kms:List*', 'kms:Get?eyPolicy', 'KMS:DESCRIBEKEY', 's3:*'] }),
    cases: not('Action'),
    holds: (positive, negative) => granted(positive) !== granted(negative),
  },
  {
    id: 'P36b',
    says: 'Resource and NotResource with the same list: exactly one matches',
    from: lone({ Resource: ['*', KEY, `${KEY.slice(0, -1)}?`, KEY.replace('1234', '0000'), 'arn:aws:kms:us-east-1:444455556666:key/*', 'arn:aws:kms:*:*:key/1234*'] }),
    cases: not('Resource'),
    holds: (positive, negative) => granted(positive) !== granted(negative),
  },
  {
    id: 'P51',
    says: 'A key policy statement without Resource or Action has no effect, and is reported',
    from: any,
    cases: (scenario, random) => [scenario, edit(scenario, (s) => {
      const inert = { Effect: random.pick(['Allow', 'Deny']), Principal: '*', Action: 'kms:*', Resource: '*' };
      delete inert[random.pick(['Action', 'Resource'])];
      s.keys[0].policy.Statement.push(inert);
    })],
    holds: (before, after, { scenarios, answers }) => {
      const pointer = `/keys/0/policy/Statement/${scenarios[1].keys[0].policy.Statement.length - 1}`;
      return same(before, after) && answers[1].diagnostics.some((d) => d.pointer?.startsWith(pointer) && d.severity === 'warning');
    },
  },
];
