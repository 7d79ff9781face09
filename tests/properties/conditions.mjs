// P37–P47: conditions.

import { Random } from '../reference/random.mjs';
import { granted, onlyAdds, onlyRemoves, same } from './answers.mjs';
import { edit, listOf, requests, statements } from './edits.mjs';
import { any, policyScene } from './scenes.mjs';

const STRING = ['StringEquals', 'StringEqualsIgnoreCase', 'StringLike'];
const WORDS = ['red', 'blue', 'Red', 'r*', '?ed', '*', ''];
const NUMBERS = ['5', '5.0', '-1', '0', '9007199254740993', '9007199254740992', '9223372036854775807', '0.1', '0.10', '12345678901234.567', '12345678901234.568', '1e2'];
const TIMES = ['2025-12-31T23:59:59Z', '2026-01-01T00:00:00Z', '2026-06-15T12:00:00Z'];
const ARNS = ['arn:aws:dynamodb:us-east-1:111122223333:table/T', 'arn:aws:dynamodb:us-east-1:111122223333:table/U'];
const ADDRESSES = ['203.0.113.9', '198.51.100.1', '2001:db8::1'];

/** Single-valued keys: what a request may carry, and the operators with values that fit. */
const KEYS = [
  { key: 'aws:PrincipalTag/team', carried: ['red', 'blue', 'Red', ''], tag: 'team', operators: STRING, values: WORDS },
  { key: 'kms:EncryptionContext:a', carried: ['red', 'blue', 'Red'], pair: 'a', operators: STRING, values: WORDS },
  { key: 'kms:ViaService', carried: ['lambda.us-east-1.amazonaws.com', 's3.us-east-1.amazonaws.com'], operators: STRING, values: ['lambda.us-east-1.amazonaws.com', 'S3.us-east-1.amazonaws.com', '*.us-east-1.amazonaws.com'] },
  { key: 'aws:PrincipalTag/count', carried: NUMBERS.slice(0, -1), tag: 'count', operators: ['NumericEquals', 'NumericLessThan', 'NumericGreaterThanEquals'], values: NUMBERS.slice(0, -1) },
  { key: 'aws:CurrentTime', carried: TIMES, always: true, operators: ['DateEquals', 'DateLessThan', 'DateGreaterThanEquals'], values: [...TIMES, '2026-01-01T02:00:00+02:00', '1767225600'] },
  { key: 'aws:SourceArn', carried: ARNS, operators: ['ArnEquals', 'ArnLike'], values: [...ARNS, 'arn:aws:dynamodb:us-east-1:111122223333:table/*', 'arn:aws:*:*:111122223333:table/?'] },
  { key: 'aws:SourceIp', carried: ADDRESSES, operators: ['IpAddress'], values: ['203.0.113.0/24', '198.51.100.1', '0.0.0.0/0', '2001:db8::/32', '::/0'] },
];

/** Keys with several values. */
const SETS = [
  { key: 'kms:EncryptionContextKeys', members: ['a', 'b', 'A2'], values: ['a', 'b', 'c', 'A*'] },
  { key: 'aws:CalledVia', members: ['athena.amazonaws.com', 'cloudformation.amazonaws.com'], values: ['athena.amazonaws.com', 'Athena.amazonaws.com', '*.amazonaws.com', 's3.amazonaws.com'] },
];

const NEGATED = {
  StringEquals: 'StringNotEquals', StringEqualsIgnoreCase: 'StringNotEqualsIgnoreCase', StringLike: 'StringNotLike', ArnEquals: 'ArnNotEquals', ArnLike: 'ArnNotLike',
  NumericEquals: 'NumericNotEquals', NumericLessThan: 'NumericGreaterThanEquals', NumericGreaterThanEquals: 'NumericLessThan',
  DateEquals: 'DateNotEquals', DateLessThan: 'DateGreaterThanEquals', DateGreaterThanEquals: 'DateLessThan', IpAddress: 'NotIpAddress',
};
const isNegation = (operator) => /Not/.test(operator);
const isComparison = (operator) => /Less|Greater/.test(operator);

/** A request that carries a value of a key, or lacks it. */
function carrying(seed, { key, tag, pair }, value, Condition) {
  const given = {};
  if (value !== undefined) {
    if (tag) given.sessionTags = { [tag]: value };
    else if (pair) given.EncryptionContext = { [pair]: value };
    else if (key !== 'aws:CurrentTime') given.context = { [key]: value };
  }
  const scenario = policyScene(seed, { Condition, ...given });
  if (key === 'aws:CurrentTime') requests(scenario)[0].at = value;
  return scenario;
}

/** One identity policy statement with a condition on a single-valued key; the request carries the key more often than not. */
export function conditionScene(seed) {
  const random = new Random(seed);
  const subject = random.pick(KEYS);
  const operator = random.pick(subject.operators);
  const value = subject.always || random.chance(0.75) ? random.pick(subject.carried) : undefined;
  return carrying(seed, subject, value, { [operator]: { [subject.key]: random.loose(random.some(subject.values, 1, 2)) } });
}

/** One condition on a key with several values, or with none. */
function setScene(seed) {
  const random = new Random(seed);
  const { key, members, values } = random.pick(SETS);
  const carried = random.some(members, 0, 3);
  const given = key === 'aws:CalledVia' ? { context: carried.length ? { [key]: carried } : undefined } : { EncryptionContext: Object.fromEntries(carried.map((name) => [name, '1'])) };
  return policyScene(seed, { Condition: { [random.pick(STRING)]: { [key]: random.loose(random.some(values, 1, 1)) } }, ...given });
}

/** The only condition of a scene: {statement, operator, key, values}. */
function only(scenario) {
  const { statement } = statements(scenario).at(-1);
  const [operator] = Object.keys(statement.Condition ?? {});
  const [key] = Object.keys(statement.Condition?.[operator] ?? {});
  return key && { statement, operator, key, values: statement.Condition[operator][key] };
}

/** The scene with another condition. */
const instead = (scenario, operator, key, values) => edit(scenario, (s) => (only(s).statement.Condition = { [operator]: { [key]: values } }));

/** Whether the request of a scene carries the key that the condition tests. */
function present(scenario) {
  const [{ sessionTags, context, parameters }] = requests(scenario);
  const { key } = only(scenario);
  if (key === 'aws:CurrentTime') return true;
  if (key.startsWith('aws:PrincipalTag/')) return key.slice('aws:PrincipalTag/'.length) in (sessionTags ?? {});
  if (key.startsWith('kms:EncryptionContext:')) return key.slice('kms:EncryptionContext:'.length) in (parameters.EncryptionContext ?? {});
  return key in (context ?? {});
}

/** Adds a condition to a statement with this effect. */
const conditioned = (effect) => (scenario, random) => {
  const fitting = statements(scenario).filter(({ type, statement }) => statement.Effect === effect && type !== 'resourceControlPolicy');
  if (fitting.length === 0) return null;
  const { pointer } = random.pick(fitting);
  const { operator, key, values } = only(conditionScene(random.int(0, 1e6)));
  return [scenario, edit(scenario, (s) => {
    const { statement } = statements(s).find((x) => x.pointer === pointer);
    const name = isComparison(operator) ? operator : random.pick([operator, NEGATED[operator]]);
    statement.Condition = { ...statement.Condition };
    if (Object.keys(statement.Condition[name] ?? {}).some((other) => other.toLowerCase() === key.toLowerCase())) return false;
    statement.Condition[name] = { ...statement.Condition[name], [key]: values };
  })];
};

/** Adds a value to the condition. */
const oneMoreValue = (negated) => (scenario, random) => {
  const { operator, key, values } = only(scenario);
  if (isComparison(operator)) return null;
  const subject = KEYS.find((k) => k.key === key);
  const name = negated ? NEGATED[operator] : operator;
  return [instead(scenario, name, key, values), instead(scenario, name, key, [...listOf(values), random.pick(subject.values)])];
};

/** Scenes of a number or a date against another one. */
const ordered = (type) => (seed) => {
  const random = new Random(seed);
  const subject = KEYS.find(({ key }) => key === (type === 'Numeric' ? 'aws:PrincipalTag/count' : 'aws:CurrentTime'));
  return carrying(seed, subject, random.pick(subject.carried), { [`${type}Equals`]: { [subject.key]: random.pick(subject.values) } });
};

const trichotomy = (type) => (scenario) => {
  const { key, values } = only(scenario);
  return ['LessThan', 'Equals', 'GreaterThan', 'LessThanEquals', 'GreaterThanEquals', 'NotEquals'].map((name) => instead(scenario, type + name, key, values));
};

const oneOrder = (less, equal, greater, lessOrEqual, greaterOrEqual, notEqual) => {
  const [l, e, g, le, ge, ne] = [less, equal, greater, lessOrEqual, greaterOrEqual, notEqual].map(granted);
  return l + e + g === 1 && le === (l || e) && ge === (g || e) && ne === !e;
};

export const conditions = [
  { id: 'P37a', says: 'One more condition on an Allow never adds access', from: any, cases: conditioned('Allow'), holds: onlyRemoves },
  { id: 'P37b', says: 'One more condition on a Deny never removes access', from: any, cases: conditioned('Deny'), holds: onlyAdds },
  { id: 'P38a', says: 'One more value for a positive operator of an Allow never removes access', from: conditionScene, cases: oneMoreValue(false), holds: onlyAdds },
  { id: 'P38b', says: 'One more value for a negated operator of an Allow never adds access', from: conditionScene, cases: oneMoreValue(true), holds: onlyRemoves },
  {
    id: 'P39',
    says: 'Of an operator and its negation exactly one holds; without the key only a negated one does',
    from: conditionScene,
    cases: (scenario) => {
      const { operator, key, values } = only(scenario);
      if (isComparison(operator) && listOf(values).length > 1) return null; // any of several values: both may hold
      return [scenario, instead(scenario, NEGATED[operator], key, values)];
    },
    holds: (positive, negative, { scenarios: [scenario] }) =>
      present(scenario) ? granted(positive) !== granted(negative) : !granted(positive) && granted(negative) === isNegation(NEGATED[only(scenario).operator]),
  },
  {
    id: 'P40',
    says: 'IfExists changes nothing when the key is there, and holds when it is not',
    from: conditionScene,
    cases: (scenario, random) => {
      const { operator, key, values } = only(scenario);
      const name = random.pick([operator, NEGATED[operator]]);
      return [instead(scenario, name, key, values), instead(scenario, `${name}IfExists`, key, values)];
    },
    holds: (before, after, { scenarios: [scenario] }) => (present(scenario) ? same(before, after) : granted(after)),
  },
  {
    id: 'P41',
    says: 'Of Null true and Null false exactly one holds',
    from: conditionScene,
    cases: (scenario) => [true, false].map((value) => instead(scenario, 'Null', only(scenario).key, value)),
    holds: (absent, there, { scenarios: [scenario] }) => {
      // An empty tag counts as null.
      const carried = present(scenario) && requests(scenario)[0].sessionTags?.team !== '';
      return granted(there) === carried && granted(absent) === !carried;
    },
  },
  {
    id: 'P42',
    says: 'ForAnyValue of an operator is the opposite of ForAllValues of its negation; over no values ForAllValues holds',
    from: setScene,
    cases: (scenario) => {
      const { operator, key, values } = only(scenario);
      return [`ForAnyValue:${operator}`, `ForAllValues:${NEGATED[operator]}`, `ForAllValues:${operator}`].map((name) => instead(scenario, name, key, values));
    },
    holds: (some, noneOther, all, { request }) => {
      const empty = !request.context && Object.keys(request.parameters.EncryptionContext ?? {}).length === 0;
      return granted(some) !== granted(noneOther) && (empty ? granted(all) && !granted(some) : !granted(all) || granted(some));
    },
  },
  {
    id: 'P43a',
    says: 'What StringEquals accepts, StringEqualsIgnoreCase and StringLike accept; without wildcards StringLike accepts no more',
    from: conditionScene,
    cases: (scenario) => {
      const { operator, key, values } = only(scenario);
      return STRING.includes(operator) ? STRING.map((name) => instead(scenario, name, key, values)) : null;
    },
    holds: (equals, ignoringCase, like, { scenarios: [scenario] }) => {
      const wild = /[*?]/.test(JSON.stringify(only(scenario).values));
      return onlyAdds(equals, ignoringCase) && onlyAdds(equals, like) && (wild || granted(equals) === granted(like));
    },
  },
  {
    id: 'P43b',
    says: 'ArnEquals is ArnLike',
    from: (seed) => {
      const random = new Random(seed);
      const subject = KEYS.find(({ key }) => key === 'aws:SourceArn');
      return carrying(seed, subject, random.pick([...subject.carried, undefined]), { ArnEquals: { [subject.key]: random.pick(subject.values) } });
    },
    cases: (scenario, random) => {
      const { key, values } = only(scenario);
      return random.pick([['ArnEquals', 'ArnLike'], ['ArnNotEquals', 'ArnNotLike']]).map((name) => instead(scenario, name, key, values));
    },
    holds: same,
  },
  { id: 'P44a', says: 'Of two numbers exactly one is less, or they are equal', from: ordered('Numeric'), cases: trichotomy('Numeric'), holds: oneOrder },
  { id: 'P44b', says: 'Of two times exactly one is earlier, or they are equal', from: ordered('Date'), cases: trichotomy('Date'), holds: oneOrder },
  {
    id: 'P44c',
    says: 'The order of numbers is transitive',
    from: ordered('Numeric'),
    cases: (scenario, random) => {
      const { key } = only(scenario);
      const subject = KEYS.find((k) => k.key === key);
      const [x, y, z] = [0, 0, 0].map(() => random.pick(subject.carried));
      return [[x, y], [y, z], [x, z]].map(([value, limit]) => carrying(0, subject, value, { NumericLessThanEquals: { [key]: limit } }));
    },
    holds: (first, second, both) => !(granted(first) && granted(second)) || granted(both),
  },
  {
    id: 'P45',
    says: 'A shorter prefix of an address range never removes access, and /0 holds every address of its family',
    from: (seed) => {
      const random = new Random(seed);
      const subject = KEYS.find(({ key }) => key === 'aws:SourceIp');
      return carrying(seed, subject, random.pick(ADDRESSES), { IpAddress: { [subject.key]: random.pick(['203.0.113.0/30', '198.51.100.1/32', '203.0.113.8/29', '2001:db8::/48', '2001:db8:1::/48']) } });
    },
    cases: (scenario, random) => {
      const { operator, key, values } = only(scenario);
      const [network, length] = values.split('/');
      return [random.int(0, Number(length)), 0].map((shorter) => instead(scenario, operator, key, `${network}/${shorter}`)).concat(scenario);
    },
    holds: (shorter, zero, before, { request, scenarios: [{ principals }] }) => {
      const six = (text) => text.includes(':');
      const [{ document }] = principals[0].identityPolicies;
      return onlyAdds(before, shorter) && granted(zero) === (six(request.context['aws:SourceIp']) === six(document.Statement[0].Condition.IpAddress['aws:SourceIp']));
    },
  },
  {
    id: 'P46',
    says: 'A context key that no document names changes nothing',
    from: any,
    cases: (scenario, random) => {
      const text = JSON.stringify(scenario).toLowerCase();
      const unnamed = ['aws:UserAgent', 'aws:Referer', 'aws:SourceIp', 'aws:MultiFactorAuthAge', 'aws:SourceIdentity'].filter((key) => !text.includes(key.toLowerCase()));
      if (unnamed.length === 0) return null;
      const key = random.pick(unnamed);
      const value = { 'aws:SourceIp': '192.0.2.1', 'aws:MultiFactorAuthAge': 5 }[key] ?? 'anything';
      return [scenario, edit(scenario, (s) => {
        for (const request of requests(s)) request.context = { ...request.context, [key]: value };
      })];
    },
    holds: same,
  },
  {
    id: 'P47a',
    says: 'A policy variable is as good as its value written by hand',
    from: (seed) => {
      const random = new Random(seed);
      const [operator, values] = random.pick([['StringEquals', '${aws:PrincipalTag/team}'], ['StringLike', '${aws:PrincipalTag/team}*'], ['StringNotEquals', '${aws:PrincipalTag/team}']]);
      const scenario = policyScene(seed, { Condition: { [operator]: { 'kms:EncryptionContext:a': values } }, sessionTags: { team: random.pick(['red', 'blue']) }, EncryptionContext: { a: random.pick(['red', 'blue', 'redder']) } });
      return scenario;
    },
    cases: (scenario) => {
      const { operator, key, values } = only(scenario);
      return [scenario, instead(scenario, operator, key, values.replace('${aws:PrincipalTag/team}', requests(scenario)[0].sessionTags.team))];
    },
    holds: same,
  },
  {
    id: 'P47b',
    says: 'In a policy of 2008-10-17 no variable is replaced',
    from: (seed) => {
      const random = new Random(seed);
      const scenario = policyScene(seed, { Condition: { StringEquals: { 'kms:EncryptionContext:a': '${aws:PrincipalTag/team}' } }, sessionTags: { team: 'red' }, EncryptionContext: { a: random.pick(['red', '${aws:PrincipalTag/team}']) } });
      scenario.principals[0].identityPolicies[0].document.Version = '2008-10-17';
      return scenario;
    },
    cases: (scenario) => [scenario],
    holds: (result, { request }) => granted(result) === (request.parameters.EncryptionContext.a !== 'red'),
  },
];
