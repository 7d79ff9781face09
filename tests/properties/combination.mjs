// P01–P15: how statements and grants combine.

import { decisive, granted, judged, onlyAdds, onlyRemoves, same } from './answers.mjs';
import { asks, copy, documents, edit, grantId, grants, idle, listOf, NAMES_PRINCIPALS, removeGrants, removeStatements, requests, shuffle, statements } from './edits.mjs';
import { any, grantScene } from './scenes.mjs';

/** Adds a statement to some document: a copy of one of them with another effect, or one about everything. */
function addStatement(scenario, random, Effect) {
  const place = random.pick(documents(scenario));
  if (Effect === 'Allow' && place.type === 'resourceControlPolicy') return false;
  const fitting = statements(scenario).filter(({ type, statement }) => type === place.type && (Effect === 'Allow' || !statement.NotPrincipal));
  const everything = { ...idle(place.type), Action: '*' };
  const model = fitting.length && random.chance(0.6) ? copy(random.pick(fitting).statement) : everything;
  if (place.type === 'resourceControlPolicy' && model === everything) model.Action = 'kms:*';
  delete model.Sid;
  place.document.Statement.splice(random.int(0, place.document.Statement.length), 0, { ...model, Effect });
}

const removable = (scenario, effect) => statements(scenario).filter(({ statement, document }) => statement.Effect === effect && document.Statement.length > 1);

/** A grant like those that are there, for a caller or operations of its own. */
const another = (scenario, random, more) => {
  const model = grants(scenario).find(({ grant }) => grant.GranteePrincipal);
  return model && { ...model, grant: { ...copy(model.grant), GrantId: grantId(random), ...more } };
};

/** The grant that the request names may not come or go. */
const namesGrant = (scenario) => asks(scenario, 'RetireGrant', 'RevokeGrant');

export const combination = [
  {
    id: 'P01',
    says: 'Adding a Deny statement never turns a deny into Allow',
    from: any,
    cases: (scenario, random) => [scenario, edit(scenario, (s) => addStatement(s, random, 'Deny'))],
    holds: onlyRemoves,
  },
  {
    id: 'P02',
    says: 'Adding an Allow statement never turns Allow into a deny',
    from: any,
    cases: (scenario, random) => {
      const more = edit(scenario, (s) => addStatement(s, random, 'Allow'));
      return more && [scenario, more];
    },
    holds: onlyAdds,
  },
  {
    id: 'P03',
    says: 'Removing a grant never turns a deny into Allow',
    from: any,
    cases: (scenario, random) => {
      if (grants(scenario).length === 0 || namesGrant(scenario)) return null;
      const gone = random.pick(grants(scenario)).pointer;
      return [scenario, edit(scenario, (s) => removeGrants(s, ({ pointer }) => pointer === gone))];
    },
    holds: onlyRemoves,
  },
  {
    id: 'P04',
    says: 'Adding a grant never turns Allow into a deny, and never lifts an explicit deny',
    from: any,
    cases: (scenario, random) => {
      const more = edit(scenario, (s) => {
        const [{ principal, operation }] = s.steps.map((step) => step.request);
        if (!principal.startsWith('arn:')) return false;
        const made = another(s, random, random.chance(0.5) ? { GranteePrincipal: principal } : {});
        if (!made) return false;
        if (random.chance(0.5) && ['Encrypt', 'Decrypt', 'DescribeKey', 'CreateGrant'].includes(operation) && !made.key.metadata.KeySpec) made.grant.Operations = [operation];
        made.list.push(made.grant);
      });
      return more && [scenario, more];
    },
    holds: (before, after) => onlyAdds(before, after) && (before.decision !== 'explicitDeny' || after.decision === 'explicitDeny'),
  },
  {
    id: 'P05',
    says: 'Removing a Deny statement never turns Allow into a deny',
    from: any,
    cases: (scenario, random) => {
      const denies = removable(scenario, 'Deny');
      if (denies.length === 0) return null;
      const gone = random.pick(denies).pointer;
      return [scenario, edit(scenario, (s) => removeStatements(s, ({ pointer }) => pointer === gone))];
    },
    holds: onlyAdds,
  },
  {
    id: 'P06',
    says: 'The order of statements in a document changes nothing',
    from: any,
    cases: (scenario, random) => [scenario, edit(scenario, (s) => {
      for (const { document } of documents(s)) document.Statement = shuffle(random, document.Statement);
    })],
    holds: (before, after, { scenarios }) => same(before, after) && decisive(scenarios[0], before) === decisive(scenarios[1], after),
  },
  {
    id: 'P07',
    says: 'The order of policies of one type, of grants, principals and accounts changes nothing',
    from: any,
    cases: (scenario, random) => [scenario, edit(scenario, (s) => {
      for (const key of s.keys) key.grants = shuffle(random, key.grants);
      for (const principal of s.principals) if (principal.identityPolicies) principal.identityPolicies = shuffle(random, principal.identityPolicies);
      s.principals = shuffle(random, s.principals);
      for (const account of s.accounts ?? []) {
        for (const field of ['serviceControlPolicies', 'resourceControlPolicies']) {
          if (account[field]) account[field] = shuffle(random, account[field].map((level) => shuffle(random, level)));
        }
      }
      if (s.accounts) s.accounts = shuffle(random, s.accounts);
    })],
    holds: (before, after, { scenarios }) => same(before, after) && decisive(scenarios[0], before) === decisive(scenarios[1], after),
  },
  {
    id: 'P08',
    says: 'Duplicating a statement changes nothing',
    from: any,
    cases: (scenario, random) => [scenario, edit(scenario, (s) => {
      const { document, statement } = random.pick(statements(s));
      document.Statement.push({ ...copy(statement), Sid: 'Again' });
    })],
    holds: same,
  },
  {
    id: 'P09',
    says: 'Duplicating a grant under another GrantId changes nothing',
    from: any,
    cases: (scenario, random) => {
      if (grants(scenario).length === 0) return null;
      return [scenario, edit(scenario, (s) => {
        const { list, grant } = random.pick(grants(s));
        list.push({ ...copy(grant), GrantId: grantId(random) });
      })];
    },
    holds: same,
  },
  {
    id: 'P10',
    says: 'Without an Allow statement and without a grant nothing is allowed',
    from: any,
    cases: (scenario) => {
      // The root user needs no policy for what concerns no key.
      if (requests(scenario).some(({ principal, parameters }) => principal.endsWith(':root') && !parameters?.KeyId)) return null;
      return [scenario, edit(scenario, (s) => {
        removeStatements(s, ({ statement }) => statement.Effect === 'Allow');
        removeGrants(s, () => true);
      })];
    },
    holds: (before, after) => after.decision !== null && !granted(after),
  },
  {
    id: 'P11',
    says: 'A Deny that matches wins over every Allow and every grant',
    from: any,
    cases: (scenario, random, answer) => {
      const places = documents(scenario).filter(({ pointer }) => answer.results.every((r) => judged(r) && counts(r, pointer)));
      if (places.length === 0 || asks(scenario, 'RetireGrant')) return null;
      const { pointer } = random.pick(places);
      return [scenario, edit(scenario, (s) => {
        const place = documents(s).find((d) => d.pointer === pointer);
        place.document.Statement.push({ ...idle(place.type), Action: 'kms:*' });
      })];
    },
    holds: (before, after) => after.decision === 'explicitDeny' && after.decidedBy.length > 0 && (before.decision === 'explicitDeny') === denied(before),
  },
  {
    id: 'P12',
    says: 'A statement with several actions, resources and principals is as good as one for each',
    from: any,
    cases: (scenario) => {
      const split = edit(scenario, (s) => {
        let changed = false;
        for (const { document } of documents(s)) {
          document.Statement = document.Statement.flatMap((statement) => {
            const parts = singles(statement);
            changed ||= parts.length > 1;
            return parts;
          });
        }
        return changed;
      });
      return split && [scenario, split];
    },
    holds: same,
  },
  {
    id: 'P13',
    says: 'Statements that differ only in Action are as good as one with all actions',
    from: any,
    cases: (scenario, random) => {
      const places = statements(scenario).filter(({ statement }) => statement.Action);
      if (places.length === 0) return null;
      const { pointer } = random.pick(places);
      const extra = random.pick(['kms:Decrypt', 'kms:Encrypt', 'kms:CreateGrant', 'kms:Describe*']);
      const change = (how) => edit(scenario, (s) => {
        const { document, statement } = statements(s).find((x) => x.pointer === pointer);
        how(document, statement);
      });
      return [
        change((document, statement) => document.Statement.push({ ...copy(statement), Sid: 'More', Action: extra })),
        change((document, statement) => (statement.Action = [...listOf(statement.Action), extra])),
      ];
    },
    holds: same,
  },
  {
    id: 'P14',
    says: 'A statement about another service changes nothing',
    from: any,
    cases: (scenario, random) => [scenario, edit(scenario, (s) => {
      const { type, document } = random.pick(documents(s));
      document.Statement.push(idle(type, type === 'resourceControlPolicy' ? 'Deny' : random.pick(['Allow', 'Deny'])));
    })],
    holds: same,
  },
  {
    id: 'P15',
    says: 'A grant for another grantee or for operations that nobody asked for changes nothing',
    from: any,
    cases: (scenario, random) => {
      if (asks(scenario, 'GetPublicKey', 'CreateGrant')) return null;
      const more = edit(scenario, (s) => {
        const operations = random.chance(0.5) && !asks(s, 'DescribeKey');
        const made = another(s, random, operations ? { Operations: ['DescribeKey'] } : { GranteePrincipal: 'arn:aws:iam::777788889999:user/Nobody', RetiringPrincipal: undefined });
        if (!made) return false;
        made.list.splice(random.int(0, made.list.length), 0, made.grant);
      });
      return more && [scenario, more];
    },
    holds: same,
  },
  {
    id: 'P33',
    says: 'A revoked grant is as good as none',
    from: grantScene,
    cases: (scenario, random) => {
      if (asks(scenario, 'RetireGrant')) return null;
      const { pointer, grant } = random.pick(grants(scenario));
      const revoke = { principal: 'arn:aws:iam::111122223333:user/Admin', operation: 'RevokeGrant', parameters: { KeyId: grant.KeyId, GrantId: grant.GrantId } };
      return [
        edit(scenario, (s) => removeGrants(s, (other) => other.pointer === pointer)),
        edit(scenario, (s) => s.steps.unshift({ id: 'revoke', request: revoke })),
      ];
    },
    holds: (without, revoked, { answers }) => answers[1].results[0].decision === 'allowed' && same(without, revoked),
  },
];

/** Whether a Deny that counts matched. */
const denied = (result) => result.trace.some(({ effect, outcome }) => effect === 'Deny' && outcome === 'matched');

/** Whether a document is one of those that the decision reads. */
const counts = (result, document) => result.trace.some(({ kind, pointer, outcome }) => kind === 'statement' && pointer?.startsWith(`${document}/`) && outcome !== 'notApplicable');

/** One statement for each action, resource and principal. */
function singles(statement) {
  const each = (name, list) => (list.length ? list.map((value) => (value === undefined ? {} : { [name]: value })) : [{}]);
  const values = (name) => each(name, name in statement ? listOf(statement[name]) : [undefined]);
  const principals =
    statement.Principal && typeof statement.Principal === 'object'
      ? Object.entries(statement.Principal).flatMap(([type, names]) => listOf(names).map((name) => ({ Principal: { [type]: name } })))
      : [{}];
  const { Sid, ...body } = statement;
  const parts = values('Action').flatMap((action) => values('Resource').flatMap((resource) => principals.map((principal) => ({ ...body, ...action, ...resource, ...principal }))));
  return parts.length > 1 ? parts.map(copy) : [statement];
}
