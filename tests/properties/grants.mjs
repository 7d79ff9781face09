// P28–P34: grants and the encryption context.

import { onlyAdds, onlyRemoves, same, sameDecision } from './answers.mjs';
import { asks, edit, grants, recase, removeGrants, requests, shuffle } from './edits.mjs';
import { grantScene } from './scenes.mjs';

const EQUALS = 'EncryptionContextEquals';
const SUBSET = 'EncryptionContextSubset';

/** Every map of pairs in the grants and requests: [owner, name]. */
const maps = (scenario) => [
  ...grants(scenario).flatMap(({ grant }) => [EQUALS, SUBSET].filter((name) => grant.Constraints?.[name]).map((name) => [grant.Constraints, name])),
  ...requests(scenario).flatMap(({ parameters }) => [
    ...['EncryptionContext', 'SourceEncryptionContext', 'DestinationEncryptionContext'].filter((name) => parameters?.[name]).map((name) => [parameters, name]),
    ...[EQUALS, SUBSET].filter((name) => parameters?.Constraints?.[name]).map((name) => [parameters.Constraints, name]),
  ]),
];

/** Grants of the caller that have this constraint. */
const constrained = (scenario, name) => grants(scenario).filter(({ grant }) => grant.Constraints?.[name]);

/** Changes the constraint of one grant; the request stays. */
const constraint = (name, change) => (scenario, random) => {
  const fitting = constrained(scenario, name);
  if (fitting.length === 0) return null;
  const { pointer } = random.pick(fitting);
  return [scenario, edit(scenario, (s) => change(grants(s).find((g) => g.pointer === pointer).grant.Constraints, random))];
};

/** Only grants with this constraint, and a request that has another pair in the second case. */
const extraPair = (name) => (scenario) => {
  if (!asks(scenario, 'Decrypt', 'Encrypt', 'GenerateDataKey') || constrained(scenario, name).length === 0) return null;
  const only = edit(scenario, (s) => void removeGrants(s, ({ grant }) => !grant.Constraints?.[name]));
  return [only, edit(only, (s) => (requests(s)[0].parameters.EncryptionContext = { ...requests(s)[0].parameters.EncryptionContext, unrelated: 'x' }))];
};

/** Whether a child's constraint is at least as strict as the parent's (M-05). */
function implied(parent, child) {
  const covers = (all, some) => Object.entries(some).every(([name, value]) => all?.[name] === value);
  const equal = (a, b) => a && covers(a, b) && covers(b, a);
  if (parent?.[EQUALS]) return Boolean(equal(child?.[EQUALS], parent[EQUALS]));
  if (parent?.[SUBSET]) return covers(child?.[SUBSET] ?? child?.[EQUALS] ?? {}, parent[SUBSET]);
  return true;
}

export const encryptionContext = [
  {
    id: 'P28a',
    says: 'The order of the pairs of an encryption context changes nothing',
    from: grantScene,
    cases: (scenario, random) => [scenario, edit(scenario, (s) => {
      for (const [owner, name] of maps(s)) owner[name] = Object.fromEntries(shuffle(random, Object.entries(owner[name])));
    })],
    holds: same,
  },
  {
    id: 'P28b',
    says: 'The case of constraint keys does not matter, and a decision that hinges on it says so',
    from: grantScene,
    cases: (scenario, random) => {
      if (asks(scenario, 'CreateGrant')) return null;
      const recased = edit(scenario, (s) => {
        for (const { grant } of grants(s)) {
          for (const name of [EQUALS, SUBSET]) {
            if (grant.Constraints?.[name]) grant.Constraints[name] = Object.fromEntries(Object.entries(grant.Constraints[name]).map(([k, v]) => [recase(random, k), v]));
          }
        }
      });
      return [scenario, recased, { ...recased, readings: { 'A-10': 'keyMatchesCase' } }];
    },
    holds: (before, recased, strict) => sameDecision(before, recased) && recased.assumptions.includes('A-10') === (recased.decision !== strict.decision),
  },
  {
    id: 'P28c',
    says: 'A value of an encryption context in another case never satisfies a constraint',
    from: grantScene,
    cases: (scenario) => {
      if (!asks(scenario, 'Decrypt', 'Encrypt', 'GenerateDataKey')) return null;
      const swap = (value) => ({ IT: 'it', it: 'IT' })[value] ?? `${value}x`;
      return [scenario, edit(scenario, (s) => {
        removeGrants(s, ({ grant }) => ![EQUALS, SUBSET].some((name) => Object.keys(grant.Constraints?.[name] ?? {}).length));
        // A grant that asks for the value in the other case would match.
        const asked = JSON.stringify(grants(s));
        const { parameters } = requests(s)[0];
        parameters.EncryptionContext = Object.fromEntries(Object.entries(parameters.EncryptionContext).map(([k, v]) => [k, asked.includes(`"${swap(v)}"`) ? `${v}x` : swap(v)]));
      })];
    },
    holds: (before, after) => after.decision === 'implicitDeny',
  },
  {
    id: 'P29',
    says: 'Pairs that satisfy EncryptionContextEquals satisfy EncryptionContextSubset',
    from: grantScene,
    cases: constraint(EQUALS, (constraints) => {
      constraints[SUBSET] = constraints[EQUALS];
      delete constraints[EQUALS];
    }),
    holds: onlyAdds,
  },
  { id: 'P30a', says: 'One more pair in the request breaks EncryptionContextEquals', from: grantScene, cases: extraPair(EQUALS), holds: (before, after) => after.decision === 'implicitDeny' },
  { id: 'P30b', says: 'One more pair in the request never breaks EncryptionContextSubset', from: grantScene, cases: extraPair(SUBSET), holds: same },
  {
    id: 'P31a',
    says: 'Removing a pair from EncryptionContextSubset never removes access',
    from: grantScene,
    cases: constraint(SUBSET, (constraints, random) => void delete constraints[SUBSET][random.pick(Object.keys(constraints[SUBSET]))]),
    holds: onlyAdds,
  },
  {
    id: 'P31b',
    says: 'Adding a pair to EncryptionContextSubset never adds access',
    from: grantScene,
    cases: constraint(SUBSET, (constraints, random) => (constraints[SUBSET][random.pick(['a', 'b', 'c'])] ??= random.pick(['1', '2']))),
    holds: onlyRemoves,
  },
  {
    id: 'P32',
    says: 'A constraint on the encryption context does not concern DescribeKey and RetireGrant',
    from: grantScene,
    cases: (scenario, random) => {
      if (!asks(scenario, 'DescribeKey', 'RetireGrant') || maps(scenario).length === 0) return null;
      return [scenario, edit(scenario, (s) => {
        for (const { grant } of grants(s)) {
          if (random.chance(0.5)) delete grant.Constraints;
          else grant.Constraints = { [random.pick([EQUALS, SUBSET])]: { never: 'sent' } };
        }
      })];
    },
    holds: same,
  },
  {
    id: 'P33b',
    says: 'A grant on another key is as good as none',
    from: grantScene,
    cases: (scenario, random) => {
      if (asks(scenario, 'RetireGrant')) return null;
      const { pointer } = random.pick(grants(scenario));
      return [
        edit(scenario, (s) => removeGrants(s, (g) => g.pointer === pointer)),
        edit(scenario, (s) => {
          const { list, grant } = grants(s).find((g) => g.pointer === pointer);
          list.splice(list.indexOf(grant), 1);
          const Arn = grant.KeyId.replace('1234abcd', '99999999');
          s.keys.push({ metadata: { Arn }, policy: s.keys[0].policy, grants: [{ ...grant, KeyId: Arn }] });
        }),
      ];
    },
    holds: same,
  },
  {
    id: 'P34',
    says: 'A grant lets create another one exactly when that is at least as strict',
    from: grantScene,
    cases: (scenario) => (asks(scenario, 'CreateGrant') ? [scenario] : null),
    holds: (result, { request, scenarios: [scenario] }) => {
      const { principal, parameters } = request;
      const own = [principal, principal.replace(/^arn:aws:sts::(\d+):assumed-role\/(\w+)\/.*/, 'arn:aws:iam::$1:role/$2')];
      const enough = scenario.keys[0].grants.some((grant) =>
        own.includes(grant.GranteePrincipal) &&
        grant.Operations.includes('CreateGrant') &&
        parameters.Operations.every((operation) => grant.Operations.includes(operation)) &&
        implied(grant.Constraints, parameters.Constraints));
      return result.decision === (enough ? 'allowed' : 'implicitDeny');
    },
  },
];
