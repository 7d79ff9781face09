// Condition blocks and policy variables: the IL:C-, IL:O-, IL:S- and IL:V-rules of core/RULES.md.

import { arnGlob, date, fold, glob, inRange, list, literal, number, sameBytes, wild } from './text.mjs';

/** Keys that carry a set of values; they need ForAllValues or ForAnyValue (IL:K-08, IL:S-01). */
const MULTI = new Set(
  ['aws:CalledVia', 'aws:PrincipalOrgPaths', 'aws:ResourceOrgPaths', 'aws:PrincipalServiceNamesList', 'aws:TagKeys',
    'kms:EncryptionContextKeys', 'kms:GrantOperations', 'kms:ResourceAliases'].map((k) => k.toLowerCase()),
);

/** The context of one request: names without regard to case (IL:C-04), values as texts. */
export class Context {
  #values = new Map();

  /** Sets a key; undefined leaves it absent. Names that differ in case only stay side by side (IL:C-05). */
  set(name, value) {
    if (value === undefined || value === null) return;
    const key = name.toLowerCase();
    if (!this.#values.has(key)) this.#values.set(key, new Map());
    this.#values.get(key).set(name, list(value).map(String));
  }

  /** Sets a key to this value, whatever was there under any spelling. */
  override(name, value) {
    this.#values.delete(name.toLowerCase());
    this.set(name, value);
  }

  /** The values of a key, or undefined when it is absent. kms:ResourceAliases is for IAM policies only (C-21). */
  get(name, policyType) {
    const key = name.toLowerCase();
    if (key === 'kms:resourcealiases' && policyType === 'keyPolicy') return undefined;
    return this.#values.get(key)?.values().next().value;
  }

  /** Does the request carry the key under two spellings? */
  isAmbiguous(name) {
    return this.#values.get(name.toLowerCase())?.size > 1;
  }

  isMulti(name) {
    return MULTI.has(name.toLowerCase());
  }
}

/**
 * Replaces variables (IL:V-rules). Gives pattern tokens, or null when a variable has no value.
 * `wildcards` says whether * and ? outside variables are wildcards.
 */
export function expand(text, context, policyType, variables, wildcards) {
  const tokens = wildcards ? wild : literal;
  if (!variables) return tokens(text);
  const out = [];
  let rest = text;
  for (;;) {
    const start = rest.indexOf('${');
    const end = start < 0 ? -1 : rest.indexOf('}', start);
    if (end < 0) return [...out, ...tokens(rest)];
    const inside = rest.slice(start + 2, end);
    const named = /^([^\s',{}$*?]+)(?:\s*,\s*'([^']*)')?$/.exec(inside);
    out.push(...tokens(rest.slice(0, start)));
    if (inside === '*' || inside === '?' || inside === '$') {
      out.push(inside);
    } else if (named) {
      const values = context.isMulti(named[1]) ? undefined : context.get(named[1], policyType);
      const value = values?.length === 1 && values[0] !== '' ? values[0] : named[2];
      if (value === undefined) return null;
      out.push(...literal(value));
    } else {
      out.push(...tokens(rest.slice(start, end + 1)));
    }
    rest = rest.slice(end + 1);
  }
}

/** An operator that compares what `read` makes of both values, by the sign of value minus policy value. */
const compare = (read) => (test) => (policy, value) => {
  const [p, v] = [read(policy), read(value)];
  if (p === null || v === null) return p === null ? null : false;
  return test(v > p ? 1 : v < p ? -1 : 0);
};
const numeric = compare(number);
const dated = compare(date);
const equal = (sign) => sign === 0;

/**
 * The operators. `test(policy value, request value)` gives true, false, or null for a policy value that cannot be read.
 * `tokens` operators get the policy value as tokens after variables, `text` operators as text.
 */
const OPERATORS = {
  StringEquals: { variables: true, test: (p, v) => p === v },
  StringEqualsIgnoreCase: { variables: true, test: (p, v) => fold(p) === fold(v) },
  StringLike: { variables: true, tokens: true, test: glob },
  ArnEquals: { variables: true, tokens: true, test: arnGlob },
  ArnLike: { variables: true, tokens: true, test: arnGlob },
  Bool: {
    variables: true,
    test: (p, v) => (/^(true|false)$/i.test(p) ? p.toLowerCase() === v.toLowerCase() : null),
  },
  BinaryEquals: { test: sameBytes },
  IpAddress: { test: (p, v) => inRange(v, p) },
  NumericEquals: { test: numeric(equal) },
  NumericLessThan: { test: numeric((sign) => sign < 0) },
  NumericLessThanEquals: { test: numeric((sign) => sign <= 0) },
  NumericGreaterThan: { test: numeric((sign) => sign > 0) },
  NumericGreaterThanEquals: { test: numeric((sign) => sign >= 0) },
  DateEquals: { test: dated(equal) },
  DateLessThan: { test: dated((sign) => sign < 0) },
  DateLessThanEquals: { test: dated((sign) => sign <= 0) },
  DateGreaterThan: { test: dated((sign) => sign > 0) },
  DateGreaterThanEquals: { test: dated((sign) => sign >= 0) },
  Null: {},
};
const NEGATED = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NotIpAddress: 'IpAddress',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
};
const NAMES = new Map([...Object.keys(OPERATORS), ...Object.keys(NEGATED)].map((n) => [n.toLowerCase(), n]));

const SYNTAX = /^(?:(forallvalues|foranyvalue):)?([a-z]+?)(ifexists)?$/i;

/** Is this the name of a condition operator? */
export const isOperator = (text) => NAMES.has(SYNTAX.exec(text)?.[2].toLowerCase());

/** Reads "ForAnyValue:StringEqualsIfExists". */
function readOperator(text) {
  if (!isOperator(text)) throw new Error(`unknown condition operator ${text}`);
  const m = SYNTAX.exec(text);
  const name = NAMES.get(m[2].toLowerCase());
  const base = NEGATED[name] ?? name;
  return { set: m[1]?.toLowerCase(), ifExists: Boolean(m[3]), negated: name in NEGATED, base, ...OPERATORS[base] };
}

/** One key of one operator. */
function holds(operator, key, policyValues, env) {
  const values = env.context.get(key, env.policyType);
  const texts = list(policyValues).map(String);
  const empty = values === undefined || (values.length === 1 && values[0] === '');
  if (operator.base === 'Null') {
    if (operator.set) return operator.set === 'forallvalues'; // IL:S-07
    const absent = values === undefined || (empty && env.reads('IL:X-04') === 'absent');
    return texts.some((t) => t.toLowerCase() === String(absent)); // IL:C-10
  }
  if (env.context.isAmbiguous(key)) return (env.effect === 'Deny') === (env.reads('IL:C-05') === 'failsClosed');
  const multi = env.context.isMulti(key);
  if (values === undefined || (multi && empty && env.reads('IL:X-03') === 'emptySet')) {
    if (operator.ifExists && values === undefined) return true; // IL:C-09, IL:S-08
    if (operator.set) return operator.set === 'forallvalues'; // IL:S-02, IL:S-03
    return operator.negated; // IL:C-07, IL:C-08
  }
  if (!operator.set && multi && env.reads('IL:X-06') === 'neverMatches') return false;
  const each = (value) => {
    const results = texts.map((text) => {
      if (!operator.variables) return operator.test(text, value);
      const literal = operator.base === 'Bool' && text.includes('${') && env.reads('IL:X-02') === 'literal';
      const tokens = expand(text, env.context, env.policyType, env.variables && !literal, operator.tokens);
      if (tokens === null) return false; // IL:V-07
      return operator.test(operator.tokens ? tokens : tokens.join(''), value);
    });
    if (!operator.negated) return results.includes(true);
    if (results.includes(true)) return false;
    if (!results.includes(null)) return true;
    return (env.effect === 'Deny') === (env.reads('IL:X-05') === 'failsClosed');
  };
  if ((operator.set || operator.ifExists) && texts.length === 0) return false; // IL:C-12
  if (operator.set === 'forallvalues') return values.every(each);
  return values.some(each);
}

/**
 * Does the Condition block hold? `env` is {context, policyType, variables: is it a 2012 document, effect, reads}.
 */
export function conditionHolds(block, env) {
  return Object.entries(block ?? {}).every(([name, keys]) => {
    if (Object.keys(keys).length === 0) return true; // IL:G-19
    const operator = readOperator(name);
    return Object.entries(keys).every(([key, values]) => holds(operator, key, values, env));
  });
}
