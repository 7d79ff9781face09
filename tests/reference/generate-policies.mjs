// Random policies of every type.

import { conditions } from './generate-conditions.mjs';
import * as words from './vocabulary.mjs';

const VERSION = '2012-10-17';

/** Actions: those of the operations at hand, wildcards over them, others. */
function actions(random, operations, noStar) {
  const wanted = random.some(operations, 1, 3).flatMap(words.permissions).map((name) => `kms:${name}`);
  return random.weighted([
    [noStar ? 0 : 1, '*'],
    [4, 'kms:*'],
    [6, random.loose(wanted)],
    [1, random.loose(wanted.map((w) => w.replace(/^kms:/, 'KMS:').replace(/[A-Z]/g, (c) => (random.chance(0.3) ? c.toLowerCase() : c))))],
    [2, ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*', 'kms:DescribeKey']],
    [1, random.pick(['kms:*Grant*', 'kms:Create*', 'kms:D?scr*', 'kms:*Data*Key*', 'kms:ReEncrypt', 'kms:ReEncrypt*', 's3:*', 'kms:Get*'])],
  ]);
}

function resources(random, keys, inKeyPolicy) {
  const arn = random.pick(keys).metadata.Arn;
  const [id] = arn.split('/').slice(-1);
  return random.weighted([
    [inKeyPolicy ? 30 : 10, '*'],
    [4, random.loose(random.some(keys.map((k) => k.metadata.Arn), 1, 2))],
    [1, `arn:aws:kms:us-east-1:${words.A}:key/*`],
    [1, `arn:aws:kms:*:*:key/${id.slice(0, 8)}*`],
    [1, random.pick([`arn:aws:kms:*:key/${id}`, `arn:aws:kms:us*1:key/${id}`, 'arn:aws:kms', 'arn:aws:kms:us-east-1', `arn:aws:kms:eu-west-1:${words.A}:key/*`])],
    [1, random.pick([`arn:aws:kms:us-east-1:${words.A}:alias/app`, `${arn.slice(0, -1)}?`, arn.toUpperCase().replace(/^ARN:AWS:KMS/, 'arn:aws:kms'), `arn:aws:kms:us-east-1:${words.A}:key/\${aws:PrincipalTag/keyid}`])],
  ]);
}

/** One statement without Principal. */
function statement(random, { operations, keys, effect, inKeyPolicy = false, stored = inKeyPolicy, plain = false, noStar = false, conditionChance = 0.3 }) {
  const out = {};
  if (random.chance(0.1)) out.Sid = `S${random.int(0, 999)}`;
  out.Effect = effect ?? (random.chance(0.8) ? 'Allow' : 'Deny');
  if (!plain && random.chance(0.05)) out.NotAction = random.pick(['iam:*', 's3:*', `kms:${random.pick(operations.flatMap(words.permissions))}`]);
  else out.Action = actions(random, operations, noStar);
  if (!plain && random.chance(0.04)) out.NotResource = resources(random, keys, false);
  else out.Resource = resources(random, keys, inKeyPolicy);
  if (random.chance(out.Effect === 'Deny' ? 0.75 : conditionChance)) out.Condition = conditions(random, operations, stored);
  return out;
}

const version = (random) => random.weighted([[85, { Version: VERSION }], [10, {}], [5, { Version: '2008-10-17' }]]);

/** An identity policy, boundary or session policy. */
export function identityDocument(random, scene, { allowAll = 0.3, ...more } = {}) {
  if (random.chance(allowAll)) return { Version: VERSION, Statement: [{ Effect: 'Allow', Action: random.pick(['*', 'kms:*']), Resource: '*' }] };
  const statements = Array.from({ length: random.weighted([[6, 1], [3, 2], [1, 3]]) }, () => statement(random, { ...scene, ...more }));
  const document = { ...version(random), Statement: statements.length === 1 && random.chance(0.3) ? statements[0] : statements };
  return random.chance(0.03) ? JSON.stringify(document) : document;
}

/** A service control policy. */
export function controlDocument(random, scene) {
  const statements = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
  if (random.chance(0.3)) statements[0] = statement(random, { ...scene, effect: 'Allow' });
  if (random.chance(0.5)) statements.push(statement(random, { ...scene, effect: 'Deny' }));
  return { Version: VERSION, Statement: statements };
}

/** A resource control policy. */
export function resourceControlDocument(random, scene) {
  return { Version: VERSION, Statement: [{ ...statement(random, { ...scene, effect: 'Deny', plain: true, noStar: true }), Principal: '*' }] };
}

/** A VPC endpoint policy. */
export function endpointDocument(random, scene) {
  const statements = [{ Effect: 'Allow', Principal: '*', Action: random.pick(['*', 'kms:*']), Resource: '*' }];
  if (random.chance(0.4)) statements[0] = { ...statement(random, { ...scene, effect: 'Allow' }), Principal: principals(random, scene) };
  if (random.chance(0.3)) statements.push({ ...statement(random, { ...scene, effect: 'Deny' }), Principal: principals(random, scene) });
  return { Version: VERSION, Statement: statements };
}

/** A Principal element: someone of the scene, an account, everyone, a near miss. */
export function principals(random, scene) {
  return random.weighted([
    [3, '*'],
    [1, { AWS: '*' }],
    [8, { AWS: random.loose(random.some([...scene.names, ...scene.names, random.pick(words.NEAR)], 1, 3)) }],
    [2, { AWS: random.loose(random.some([words.iam(words.A, 'root'), words.B, words.iam(words.B, 'root')], 1, 2)) }],
    [1, { Service: random.loose(random.some(words.SERVICES, 1, 2)) }],
    [1, { AWS: random.pick(scene.names), Service: random.pick(words.SERVICES) }],
    [0.2, { AWS: [] }],
  ]);
}

/** A key policy: usually the account statement, then statements for principals. */
export function keyPolicy(random, scene, owner) {
  const statements = [];
  if (random.chance(0.75)) {
    statements.push({
      Effect: 'Allow',
      Principal: { AWS: random.pick([words.iam(owner, 'root'), owner]) },
      Action: random.chance(0.8) ? 'kms:*' : actions(random, scene.operations),
      Resource: '*',
      ...(random.chance(0.1) ? { Condition: conditions(random, scene.operations, true) } : {}),
    });
  }
  if (random.chance(0.3)) {
    statements.push({ Effect: 'Allow', Principal: { AWS: words.iam(owner === words.A ? words.B : words.A, 'root') }, Action: actions(random, scene.operations), Resource: '*' });
  }
  for (let n = random.weighted([[3, 0], [4, 1], [2, 2], [1, 3]]); n > 0; n--) {
    const body = statement(random, { ...scene, inKeyPolicy: true, conditionChance: 0.4 });
    const element = random.chance(0.06) ? 'NotPrincipal' : 'Principal';
    const named = element === 'NotPrincipal' ? random.chance(0.05) ? '*' : { AWS: chain(random, scene) } : principals(random, scene);
    statements.push({ ...body, [element]: named });
  }
  if (random.chance(0.03)) statements.push({ Effect: 'Allow', Principal: { AWS: random.pick(scene.names) }, Action: 'kms:*' });
  if (statements.length === 0) statements.push({ Effect: 'Allow', Principal: { AWS: words.iam(owner, 'role/Admin') }, Action: 'kms:*', Resource: '*' });
  return { ...version(random), Statement: statements };
}

/** What a NotPrincipal lists: a caller with all or some of its containers. */
function chain(random, scene) {
  const role = random.pick(scene.roles);
  const account = role.split(':')[4];
  const whole = [words.iam(account, 'root'), role, words.sessionOf(role, 's1'), words.iam(account, 'user/Alice')];
  return random.chance(0.5) ? whole : random.some(whole, 1, 3);
}
