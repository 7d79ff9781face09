// P54, P55, P59: what an answer says about itself.

import { GRANT_OPERATIONS } from '../reference/operations.mjs';
import { at, granted, judged, sameDecision } from './answers.mjs';
import { asks, documents, edit, idle, plain, removeGrants, removeStatements, requests, statements } from './edits.mjs';
import { any, grantScene } from './scenes.mjs';

const accountOf = (arn) => arn.split(':')[4];

/** Whether the request is about one key alone, with one permission. */
const simple = (scenario) => scenario.keys.length === 1 && !asks(scenario, 'ReEncrypt', 'RetireGrant', 'CreateAlias', 'UpdateAlias', 'DeleteAlias', 'ListRetirableGrants', 'ReplicateKey', 'CreateKey');

/** The decision that follows from a trace alone, where there are key policy, identity policies and grants only (kms.md 1.1, steps 2 to 10). */
function decide(trace, { principal }, scenario) {
  const matched = trace.filter(({ outcome }) => outcome === 'matched');
  if (matched.some(({ effect }) => effect === 'Deny')) return 'explicitDeny';
  if (trace.some(({ kind, outcome }) => kind === 'check' && outcome === 'notMatched')) return 'implicitDeny'; // E-13, E-15
  const allows = (type) => matched.filter(({ policyType, effect }) => policyType === type && effect === 'Allow');
  const key = allows('keyPolicy');
  const direct = key.some(({ reason }) => reason !== 'statement.delegates');
  const account = key.some(({ reason }) => reason === 'statement.delegates');
  const root = principal.endsWith(':root');
  const federated = principal.includes(':federated-user/'); // without a session policy it has none of its user's permissions
  const identity = root || (!federated && allows('identityPolicy').length > 0);
  const grants = matched.filter(({ kind }) => kind === 'grant');
  if (!principal.startsWith('arn:')) return direct || grants.length ? 'allowed' : 'implicitDeny';
  const home = accountOf(principal) === accountOf(scenario.keys[0].metadata.Arn);
  const consents = ({ pointer, tests }) => {
    if (tests.some(({ params }) => params?.form === 'account') && !identity) return false;
    const issuer = at(scenario, pointer).IssuingAccount ?? accountOf(scenario.keys[0].metadata.Arn);
    return home || identity || issuer === accountOf(principal) || issuer === `arn:aws:iam::${accountOf(principal)}:root`;
  };
  const policies = home ? direct || (account && identity) : (direct || account) && identity;
  return policies || grants.some(consents) ? 'allowed' : 'implicitDeny';
}

/** Pointers of the statements and grants that decided. */
const deciding = (result) => new Set(result.determining.map(({ pointer }) => pointer));

/** The scenario without the statements and grants at these pointers. */
const lacking = (scenario, pointers) =>
  edit(scenario, (s) => {
    removeStatements(s, ({ pointer }) => pointers.has(pointer));
    removeGrants(s, ({ pointer }) => pointers.has(pointer));
  });

/** Scenarios with one request, so that one trace says what may go. */
const single = (seed) => {
  const scenario = any(seed);
  scenario.steps.length = 1;
  return scenario;
};

export const trace = [
  {
    id: 'P54a',
    says: 'The trace has every statement that counts once, and every grant of the key once or in the number of the others',
    from: any,
    cases: (scenario, random, answer) => (simple(scenario) && requests(scenario).every(({ parameters }) => parameters?.KeyId) && answer.results.every(judged) ? [scenario] : null),
    holds: (result, { request, scenarios: [scenario] }) => {
      const seen = result.trace.filter(({ kind }) => kind === 'statement' || kind === 'grant').map(({ pointer }) => pointer).filter(Boolean);
      const others = result.trace.filter(({ kind }) => kind === 'otherGrants').reduce((sum, { params }) => sum + Number(params.count), 0);
      const own = request.principal.replace(/^arn:aws:sts::(\d+):assumed-role\/([^/]+)\/.*/, 'arn:aws:iam::$1:role/$2');
      const callers = (arn) => arn === own || (own.includes(':role/') && accountOf(arn) === accountOf(own) && arn.includes(':role/') && arn.split('/').at(-1) === own.split('/').at(-1));
      const expected = statements(scenario).filter(({ type, pointer }) => {
        if (type === 'keyPolicy') return true;
        return type === 'identityPolicy' && callers(scenario.principals[pointer.split('/')[2]].arn);
      });
      const grants = GRANT_OPERATIONS.has(request.operation) ? scenario.keys[0].grants.length : 0; // no grant gives other operations
      const shown = seen.filter((pointer) => /^\/keys\/0\/grants\//.test(pointer)).length;
      return new Set(seen).size === seen.length && expected.every(({ pointer }) => seen.includes(pointer)) && shown + others === grants;
    },
  },
  {
    id: 'P54b',
    says: 'The decision follows from the trace alone',
    from: any,
    cases: (scenario, random, answer) => {
      const foreign = requests(scenario).some(({ principal }) => principal.startsWith('arn:') && accountOf(principal) !== accountOf(scenario.keys[0].metadata.Arn));
      if (!simple(scenario) || requests(scenario).some(({ parameters }) => !parameters?.KeyId) || !answer.results.every(judged)) return null;
      // Some operations never work across accounts, whatever the policies say.
      if (foreign && !asks(scenario, 'Encrypt', 'Decrypt', 'DescribeKey', 'GenerateDataKey', 'CreateGrant', 'ListGrants', 'RevokeGrant')) return null;
      return [plain(scenario)];
    },
    holds: (result, { request, scenarios: [scenario] }) => {
      const decision = decide(result.trace, request, scenario);
      return decision === 'allowed' ? granted(result) : result.decision === decision;
    },
  },
  {
    id: 'P55a',
    says: 'Without what decided, the decision is another one',
    from: single,
    cases: (scenario, random, answer) => {
      const [result] = answer.results;
      if (!['allowed', 'explicitDeny'].includes(result.decision) || asks(scenario, 'RetireGrant', 'RevokeGrant') || result.determining.length === 0) return null;
      return [scenario, lacking(scenario, deciding(result))];
    },
    holds: (before, after) => before.decision !== after.decision && after.decision !== null,
  },
  {
    id: 'P55b',
    says: 'Without any statement or grant that did not match, the decision is the same',
    from: single,
    cases: (scenario, random, answer) => {
      const [result] = answer.results;
      if (!judged(result) || asks(scenario, 'RetireGrant', 'RevokeGrant')) return null;
      const matching = new Set(result.trace.filter(({ outcome }) => outcome === 'matched').map(({ pointer }) => pointer));
      const idleOnes = new Set(result.trace.filter(({ outcome, pointer }) => outcome === 'notMatched' && pointer && !matching.has(pointer)).map(({ pointer }) => pointer));
      return idleOnes.size ? [scenario, lacking(scenario, idleOnes)] : null;
    },
    holds: sameDecision,
  },
  {
    id: 'P59',
    says: 'A document that cannot be read gives no decision',
    from: any,
    cases: (scenario, random) => [scenario, edit(scenario, (s) => {
      const { type, document } = random.pick(documents(s));
      const broken = random.pick([
        { Effect: 'allow' }, { Effect: undefined }, { Action: undefined, Actions: '*' }, { NotAction: 's3:*' }, { NotResource: 'x' }, { Action: 5 }, { Action: 'kms:*', Condition: { StringEqual: { 'aws:username': 'x' } } },
        { Condition: 'always' }, { Extra: true },
      ]);
      document.Statement.splice(random.int(0, document.Statement.length), 0, { ...idle(type, 'Allow'), Action: '*', ...broken });
    })],
    holds: (before, after, { answers: [, answer] }) => after.decision === null && answer.results.length === 0 && answer.diagnostics.some(({ severity }) => severity === 'error'),
  },
  {
    id: 'P59b',
    says: 'A grant that cannot be read gives no decision',
    from: grantScene,
    cases: (scenario, random) => [scenario, edit(scenario, (s) => {
      const [grant] = s.keys[0].grants;
      const broken = random.pick([{ Operations: ['Decript'] }, { GranteePrincipal: undefined }, { Operations: 'Decrypt' }, { Constraints: { EncryptionContextEquals: { a: 1 } } }, { Operations: ['PutKeyPolicy'] }]);
      s.keys[0].grants.push({ ...grant, GrantId: random.hex(64), ...broken });
    })],
    holds: (before, after, { answers: [, answer] }) => after.decision === null && answer.results.length === 0 && answer.diagnostics.some(({ severity }) => severity === 'error'),
  },
];
