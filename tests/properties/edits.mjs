// Ways to take scenarios apart and to change them. Properties change copies only.

export const copy = (value) => JSON.parse(JSON.stringify(value));

/** A changed copy, or null when the change says that it does not apply (by giving false). */
export function edit(scenario, change) {
  const changed = copy(scenario);
  return change(changed) === false ? null : changed;
}

/** Policy types whose statements name principals. */
export const NAMES_PRINCIPALS = new Set(['keyPolicy', 'resourceControlPolicy', 'vpcEndpointPolicy']);

/** The requests of a scenario. */
export const requests = (scenario) => scenario.steps.filter((step) => step.request).map((step) => step.request);

/** Every policy document: {type, pointer, document}. */
export function documents(scenario) {
  const found = [];
  const add = (type, pointer, document) => document && found.push({ type, pointer, document });
  scenario.keys.forEach((key, k) => add('keyPolicy', `/keys/${k}/policy`, key.policy));
  (scenario.principals ?? []).forEach((principal, p) => {
    (principal.identityPolicies ?? []).forEach((policy, i) => add('identityPolicy', `/principals/${p}/identityPolicies/${i}/document`, policy.document));
    add('permissionsBoundary', `/principals/${p}/permissionsBoundary/document`, principal.permissionsBoundary?.document);
  });
  (scenario.accounts ?? []).forEach((account, a) => {
    for (const [field, type] of [['serviceControlPolicies', 'serviceControlPolicy'], ['resourceControlPolicies', 'resourceControlPolicy']]) {
      (account[field] ?? []).forEach((level, l) => level.forEach((policy, i) => add(type, `/accounts/${a}/${field}/${l}/${i}/document`, policy.document)));
    }
  });
  (scenario.vpcEndpoints ?? []).forEach((endpoint, e) => add('vpcEndpointPolicy', `/vpcEndpoints/${e}/policy`, endpoint.policy));
  scenario.steps.forEach((step, s) => {
    (step.request?.sessionPolicies ?? []).forEach((document, i) => add('sessionPolicy', `/steps/${s}/request/sessionPolicies/${i}`, document));
  });
  return found;
}

/** Every statement: {type, pointer, document, statement}. */
export const statements = (scenario) =>
  documents(scenario).flatMap(({ type, pointer, document }) =>
    document.Statement.map((statement, i) => ({ type, pointer: `${pointer}/Statement/${i}`, document, statement })),
  );

/** Every grant: {pointer, key, list, grant}. */
export const grants = (scenario) =>
  scenario.keys.flatMap((key, k) => (key.grants ?? []).map((grant, g) => ({ pointer: `/keys/${k}/grants/${g}`, key, list: key.grants, grant })));

/** A document may not be without statements: one about another service takes their place. */
export const idle = (type, Effect = 'Deny') => ({ Effect, ...(NAMES_PRINCIPALS.has(type) ? { Principal: '*' } : {}), Action: 's3:*', Resource: '*' });

/** Removes statements from the scenario itself. */
export function removeStatements(scenario, unwanted) {
  const gone = new Set(statements(scenario).filter(unwanted).map(({ statement }) => statement));
  for (const { type, document } of documents(scenario)) {
    document.Statement = document.Statement.filter((statement) => !gone.has(statement));
    if (document.Statement.length === 0) document.Statement = [idle(type)];
  }
  return gone.size > 0;
}

/** Removes grants from the scenario itself. */
export function removeGrants(scenario, unwanted) {
  const gone = new Set(grants(scenario).filter(unwanted).map(({ grant }) => grant));
  for (const key of scenario.keys) if (key.grants) key.grants = key.grants.filter((grant) => !gone.has(grant));
  return gone.size > 0;
}

/** Only key policy, identity policies and grants remain. */
export function plain(scenario) {
  const changed = copy(scenario);
  delete changed.vpcEndpoints;
  for (const principal of changed.principals ?? []) delete principal.permissionsBoundary;
  for (const account of changed.accounts ?? []) {
    delete account.serviceControlPolicies;
    delete account.resourceControlPolicies;
  }
  for (const request of requests(changed)) {
    delete request.sessionPolicies;
    delete request.vpcEndpoint;
  }
  return changed;
}

export const shuffle = (random, list) => list.map((value) => [random.next(), value]).sort((a, b) => a[0] - b[0]).map(([, value]) => value);

/** A list of what may stand without brackets. */
export const listOf = (value) => (Array.isArray(value) ? value : [value]);

/** Changes the case of letters at random. */
export const recase = (random, text) => text.replace(/[a-z]/gi, (c) => (random.chance(0.5) ? c.toUpperCase() : c.toLowerCase()));

/** A new GrantId. */
export const grantId = (random) => random.hex(64);

/** Whether the scenario asks for one of these operations. */
export const asks = (scenario, ...operations) => requests(scenario).some((request) => operations.includes(request.operation));
