// P16–P22, P52: different ways to write the same.

import { outcomes, same, without } from './answers.mjs';
import { documents, edit, recase, shuffle, statements } from './edits.mjs';
import { any } from './scenes.mjs';

/** A single value in brackets, or a single element without them. */
const toggle = (value) => (Array.isArray(value) ? (value.length === 1 ? value[0] : value) : [value]);

/** Changes every value of an object. */
const mapValues = (object, change) => Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));

/** A JSON text with the same meaning: line ends, blanks and escapes differ; with `reorder`, the order of fields too. */
function text(random, value, reorder) {
  const newline = random.pick(['\n', '\r\n']);
  const string = (s) => `"${[...JSON.stringify(s).slice(1, -1).matchAll(/\\u[0-9a-f]{4}|\\.|./gsu)].map(([c]) => (c.length === 1 && random.chance(0.1) ? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}` : c)).join('')}"`;
  const blank = () => random.pick(['', '', ' ', '\t', newline]);
  const write = (node) => {
    if (typeof node === 'string') return string(node);
    if (Array.isArray(node)) return `[${blank()}${node.map(write).join(`,${blank()}`)}${blank()}]`;
    if (node === null || typeof node !== 'object') return JSON.stringify(node);
    const fields = reorder ? shuffle(random, Object.entries(node)) : Object.entries(node);
    return `{${blank()}${fields.map(([name, inner]) => `${string(name)}${blank()}:${blank()}${write(inner)}`).join(`,${blank()}`)}${blank()}}`;
  };
  return write(value);
}

/** Every policy and list of grants as a text. */
const asTexts = (random, scenario, reorder) =>
  edit(scenario, (s) => {
    for (const key of s.keys) {
      key.policy = text(random, key.policy, reorder);
      key.grants = text(random, random.chance(0.5) ? key.grants : { Grants: key.grants }, reorder);
    }
    for (const principal of s.principals) {
      for (const policy of principal.identityPolicies ?? []) policy.document = text(random, policy.document, reorder);
      if (principal.permissionsBoundary) principal.permissionsBoundary.document = text(random, principal.permissionsBoundary.document, reorder);
    }
  });

/** Another name for each account, key and user, all over the scenario. */
const NAMES = [
  ['111122223333', '901234567890'], ['444455556666', '801234567890'], ['777788889999', '701234567890'], ['1234abcd', 'fedc9876'], ['0987dcba', '5555aaaa'],
  ['1a2b3c4d-5e6f', '77aa66bb-4c3d'], ['Alice', 'Marie'], ['alice', 'marie'], ['Bob', 'Tom'], ['bob', 'tom'],
];
const rename = (scenario) => JSON.parse(NAMES.reduce((all, [from, to]) => all.replaceAll(from, to), JSON.stringify(scenario)));

export const representation = [
  {
    id: 'P16',
    says: 'A single value may stand with or without brackets',
    from: any,
    cases: (scenario) => [scenario, edit(scenario, (s) => {
      for (const { document } of documents(s)) {
        for (const statement of document.Statement) {
          for (const name of ['Action', 'NotAction', 'Resource', 'NotResource']) if (name in statement) statement[name] = toggle(statement[name]);
          for (const name of ['Principal', 'NotPrincipal']) if (typeof statement[name] === 'object') statement[name] = mapValues(statement[name], toggle);
          if (statement.Condition) {
            statement.Condition = mapValues(statement.Condition, (block, operator) => (/^(Null|Bool)/.test(operator) ? block : mapValues(block, toggle)));
          }
        }
        document.Statement = toggle(document.Statement);
      }
    })],
    holds: same,
  },
  {
    id: 'P17',
    says: 'Blanks, line ends, escapes and the order of fields change nothing',
    from: any,
    cases: (scenario, random) => [scenario, asTexts(random, scenario, true)],
    holds: (before, after) => same(before, after) && outcomes(before) === outcomes(after),
  },
  {
    id: 'P18',
    says: 'Sids and names of policies are labels only',
    from: any,
    cases: (scenario, random) => [scenario, edit(scenario, (s) => {
      statements(s).forEach(({ statement }, i) => (statement.Sid = `Label${i}x${random.hex(4)}`));
      for (const principal of s.principals) for (const policy of principal.identityPolicies ?? []) policy.name = random.hex(6);
    })],
    holds: (before, after) => {
      const labels = ['sid', 'policyName', 'range', 'response']; // GetKeyPolicy answers with the Sids
      return same(before, after) && without(before, ...labels) === without(after, ...labels);
    },
  },
  {
    id: 'P19',
    says: 'The world that the engine prints gives the same answers, and prints itself',
    from: any,
    cases: (scenario, random, answer) => (answer.results.some((r) => r.decision === 'allowed' && JSON.stringify(answer.world.keys) !== JSON.stringify(scenario.keys)) ? null : [scenario, answer.world]),
    holds: (before, after, { answers }) => without(before, 'range') === without(after, 'range') && JSON.stringify(answers[0].world) === JSON.stringify(answers[1].world),
  },
  {
    id: 'P20',
    says: 'Documents given as texts give the same answer with the same trace',
    from: any,
    cases: (scenario, random) => [scenario, asTexts(random, scenario, false)],
    holds: (before, after) => without(before, 'range', 'document') === without(after, 'range', 'document'),
  },
  {
    id: 'P22',
    says: 'The case of action names and of condition keys changes nothing',
    from: any,
    cases: (scenario, random) => [scenario, edit(scenario, (s) => {
      for (const { statement } of statements(s)) {
        for (const name of ['Action', 'NotAction']) {
          if (name in statement) statement[name] = Array.isArray(statement[name]) ? statement[name].map((a) => recase(random, a)) : recase(random, statement[name]);
        }
        if (statement.Condition) {
          statement.Condition = mapValues(statement.Condition, (block) => Object.fromEntries(Object.entries(block).map(([key, values]) => [recase(random, key), values])));
        }
      }
    })],
    holds: same,
  },
  {
    id: 'P35',
    says: '"*" is {"AWS": "*"}, and an account id is the ARN of its root',
    from: any,
    cases: (scenario) => {
      const name = (value) => (/^\d{12}$/.test(value) ? `arn:aws:iam::${value}:root` : /^arn:aws:iam::\d{12}:root$/.test(value) ? value.split(':')[4] : value);
      let changed = false;
      const other = edit(scenario, (s) => {
        for (const { statement } of statements(s)) {
          const before = JSON.stringify(statement);
          for (const element of ['Principal', 'NotPrincipal']) {
            const given = statement[element];
            if (given === '*') statement[element] = { AWS: '*' };
            else if (given?.AWS === '*' && !given.Service) statement[element] = '*';
            else if (given?.AWS) given.AWS = Array.isArray(given.AWS) ? given.AWS.map(name) : name(given.AWS);
          }
          changed ||= JSON.stringify(statement) !== before;
        }
      });
      return changed ? [scenario, other] : null;
    },
    holds: same,
  },
  {
    id: 'P52',
    says: 'Other names for accounts, keys and users change nothing',
    from: any,
    cases: (scenario) => (/\?lice|1234ABCD/.test(JSON.stringify(scenario)) ? null : [scenario, rename(scenario)]),
    holds: (before, after) => same(before, after) && outcomes(before) === outcomes(after),
  },
];
