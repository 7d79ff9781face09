/**
 * Takes in what people paste: AWS command outputs, policies, CloudTrail events, error messages, one or several. The engine recognises what
 * a text is and where it belongs; what the page has already is given to it along, so that a policy finds its key and its principal.
 */
import type { Diagnostic, Engine, Request, Scenario, Step } from '../engine/engine';
import { ownerOf } from './callers';
import { requestIn } from './command';
import { isPlaceholder, openingOf, placeholderKey } from './gallery';
import { requestFor } from './matrix';
import { inOrder, ownersOf, piecesOf, type Piece } from './pieces';
import { removalOf, withPolicy, type Addable } from './policies';
import { identityIn, isAboutKms, isForEveryone, resourcePolicy } from './recognise';
import { isScenario } from './shape';
import type { Store } from './store';
import { told, type Denial, type Told } from './told';
import { parsed, rangeIn, textOf, valueAt } from './world';

/** What a pasted text changes. */
export interface Pasted {
  text: string;
  /** For the world, by pointer. */
  changes: { [pointer: string]: unknown };
  /** The request of a pasted event or message. */
  request: Request | undefined;
  /** What the text was recognised as. */
  kinds: string[];
  /** Whose policies they are: the ARN of a user or role, or an account. */
  owner: string | undefined;
  /** The parameters that the request must have and the message does not tell. */
  standIns: string[];
  /** What messages of AWS KMS tell that are no denials. */
  told: Told[];
  loose: Loose | undefined;
  /** A denial that a message told. */
  denial: Denial | undefined;
  /** How many requests the text tells; one of them is asked. */
  requests: number;
  /** What is to be said about it besides. */
  notes: Note[];
  /** What stood between the documents, and was left out. */
  rest: string[];
  /** What could not be placed, for another attempt. */
  left: string;
  /** Whether the text is no JSON and no message that tells a request. */
  unknown: boolean;
  diagnostics: Diagnostic[];
}

/**
 * A policy that does not say what it is, and where it was put: for an IAM policy its name, and whether nothing was known of its user or
 * role before; for a key policy its text, and the one before it.
 */
export type Loose = { pointer: string; name: string; isAlone: boolean } | { pointer: string; text: string; before: string };

export type Note = { kind: 'replaced' | 'otherService' | 'truncated' } | { kind: 'otherKey'; key: string };

const nothing = { changes: {}, request: undefined, kinds: [], owner: undefined, standIns: [], told: [], loose: undefined, denial: undefined, requests: 0, notes: [], rest: [], left: '', unknown: false, diagnostics: [] };

/** More documents than anybody pastes at once. */
const most = 60;

/**
 * Puts a pasted text where it belongs, or opens it when it is a scenario file; what it was recognised as, and what is wrong with it.
 * However many documents there are in it, one undo takes all of them back.
 */
export function paste(store: Store, text: string): Pasted | 'opened' {
  const scenario = parsed(text);
  if (isScenario(scenario)) {
    store.open(scenario.title === undefined ? 'new' : 'file', scenario, openingOf(scenario));
    return 'opened';
  }
  const { pieces, rest, broken } = piecesOf(text);
  if (broken) return { ...nothing, text, left: text, diagnostics: mistakesIn(store, broken).map((one) => inWhole(one, text, broken.start)) };
  const placed: Pasted[] = [];
  const entities = ownersOf(pieces);
  const ordered = inOrder(pieces);
  store.asOne(() => placed.push(...ordered.slice(0, most).map((piece) => place(store, piece.text, entities.get(piece)))));
  const [only] = placed;
  if (placed.length === 1 && only) {
    const start = ordered[0]?.start;
    const diagnostics = only.diagnostics.map((one) => (start === undefined ? withoutPlace(one) : inWhole(one, text, start)));
    return { ...only, text, rest, left: only.kinds.length > 0 ? '' : text, diagnostics };
  }
  const whole = <Part extends 'kinds' | 'standIns' | 'told' | 'diagnostics' | 'notes'>(part: Part) => placed.flatMap((one) => one[part] as unknown[]) as Pasted[Part];
  const owners = new Set(placed.filter(({ kinds }) => kinds.length > 0).map(({ owner }) => owner));
  return {
    text,
    changes: Object.assign({}, ...placed.map(({ changes }) => changes)) as Pasted['changes'],
    request: placed.findLast(({ request }) => request)?.request,
    kinds: [...new Set(whole('kinds'))],
    owner: owners.size === 1 ? [...owners][0] : undefined,
    standIns: whole('standIns'),
    told: whole('told'),
    loose: placed.findLast(({ loose }) => loose)?.loose,
    denial: placed.findLast(({ denial }) => denial)?.denial,
    requests: placed.reduce((sum, { requests }) => sum + requests, 0),
    notes: whole('notes'),
    rest,
    left: [...placed.filter(({ kinds }) => kinds.length === 0), ...ordered.slice(most)].map((one) => one.text).join('\n\n'),
    unknown: false,
    // Their places count in texts of their own, which nobody sees.
    diagnostics: whole('diagnostics').map(withoutPlace),
  };
}

const withoutPlace = ({ range: _, ...diagnostic }: Diagnostic): Diagnostic => diagnostic;

/** What is wrong with a piece, with its place in what was pasted. */
function inWhole(diagnostic: Diagnostic, text: string, start: number): Diagnostic {
  const { range } = diagnostic;
  return range && start > 0 ? { ...diagnostic, range: rangeIn(text, [start + range.start.offset, start + range.end.offset]) } : diagnostic;
}

/** Why a document is no JSON. */
function mistakesIn({ engine }: Store, { text }: Piece): Diagnostic[] {
  const { diagnostics = [] } = parsed(engine.check('grants', text)) as { diagnostics?: Diagnostic[] };
  // The box is no document of the page.
  return diagnostics.filter(({ code }) => code.startsWith('json.')).slice(0, 1).map((one) => ({ ...one, document: '/pasted' }));
}

/** Places one document or message. */
function place(store: Store, text: string, entity: string | undefined): Pasted {
  const { now, request } = store.state;
  const value = parsed(text);
  const identity = identityIn(value);
  if (identity !== undefined) {
    store.ask(JSON.stringify({ operation: 'Decrypt', ...request, principal: identity }, null, 2));
    return { ...nothing, text, kinds: ['callerIdentity'] };
  }
  const call = value === undefined ? requestIn(text) : undefined;
  if (call && !text.includes(' is not authorized to perform: ')) return { ...nothing, text, ...placeCall(store, call) };
  const limits = limitingPolicies(store, value);
  if (limits) return { ...nothing, text, ...limits };
  const message = value === undefined && !text.includes(' is not authorized to perform: ') ? told(text) : undefined;
  if (message) return { ...nothing, text, ...placeTold(store, message) };

  const resource = resourcePolicy(value);
  if (resource && !isAboutKms(resource)) return { ...nothing, text, notes: [{ kind: 'otherService' }] };

  const pasted = readPasted(store.engine, now.world, entity ?? ownerOf(request?.principal ?? ''), text);
  if (pasted.kinds.includes('accessDenied') && /Lambda was unable to decrypt/.test(text)) pasted.told = [{ kind: 'lambda', metadata: {} }];
  const denial = pasted.diagnostics.find(({ code }) => code === 'import.message')?.params as Denial | undefined;
  if (Object.keys(pasted.changes).length > 0) store.set(pasted.changes, { byItself: true });
  if (!pasted.request) return pasted;
  const { request: asked, standIns } = completed(pasted.request, store, pasted.kinds.includes('accessDenied') ? request : undefined);
  store.ask(JSON.stringify(asked, null, 2));
  return { ...pasted, denial: denial ?? denialOf(store.engine, value), standIns };
}

/**
 * A message names the operation, but not what it was called with: without that, AWS KMS would not even look at the policies. What is known
 * already of the same request (`before`) stays.
 */
function completed(request: Request, { state }: Store, before: Request | undefined): { request: Request; standIns: string[] } {
  const { principal, operation, parameters = {} } = request;
  const keys = new Set([before?.parameters?.['KeyId'], parameters['KeyId']].filter((id) => id !== undefined).map((id) => namedBy(state, id) ?? id));
  const isSame = before !== undefined && ['', principal].includes(before.principal) && before.operation === operation && keys.size < 2;
  const given: { [name: string]: unknown } = isSame ? { ...parameters, ...before.parameters } : parameters;
  const { EncryptionContext: _, ...needed } = requestFor(state, principal, operation).parameters ?? {};
  const key = given['SourceKeyId'] ?? given['DestinationKeyId'] ?? valueAt(state.now.world, '/keys/0/metadata/Arn');
  const keysOf = Object.fromEntries(['KeyId', 'SourceKeyId', 'DestinationKeyId'].filter((name) => name in needed).map((name) => [name, key]));
  const missing = Object.entries({ ...needed, ...keysOf }).filter(([name]) => !(name in given));
  return {
    request: { ...(isSame ? before : {}), ...request, parameters: { ...Object.fromEntries(missing), ...given } as Request['parameters'] & object },
    standIns: missing.map(([name]) => name).filter((name) => name !== 'KeyId'),
  };
}

/** The key that an id, an alias or an ARN names. */
function namedBy({ now }: Store['state'], id: unknown): string | undefined {
  return now.world.keys?.find(({ metadata: { Arn }, aliases }) => Arn === id || Arn.endsWith(`/${id as string}`) || (Array.isArray(aliases) && aliases.includes(id as string)))?.metadata.Arn;
}

/**
 * A command tells what was called, not by whom. A key that it names is the first one as long as nothing else is known of that, and has the
 * alias that it is called by.
 */
function placeCall(store: Store, { operation, parameters }: Pick<Request, 'operation'> & { parameters: { [name: string]: unknown } }) {
  const { now, request } = store.state;
  const [first, ...others] = now.world.keys ?? [];
  const changes: Pasted['changes'] = {};
  const named = Object.entries(parameters).filter(([name]) => /^(?:Source|Destination)?KeyId$/.test(name));
  for (const [name, id] of named) {
    if (typeof id !== 'string' || namedBy(store.state, id) !== undefined) continue;
    if (first && isPlaceholder(first.metadata.Arn) && /^arn:.*:key\//.test(id)) changes['/keys/0/metadata/Arn'] = id;
    else if (first && others.length === 0 && id.startsWith('alias/')) changes['/keys/0/aliases'] = [...(Array.isArray(first.aliases) ? first.aliases : []), id];
    else if (!id.startsWith('arn:')) delete parameters[name];
  }
  if (Object.keys(changes).length > 0) store.set(changes, { byItself: true });
  const { request: asked, standIns } = completed({ principal: request?.principal ?? '', operation, parameters } as Request, store, undefined);
  store.ask(JSON.stringify(asked, null, 2));
  return { kinds: ['command'], changes, request: asked, standIns };
}

/**
 * Policies that commands of other services print: VPC endpoints with theirs, and what `aws organizations describe-policy` prints, which is
 * for the account of the caller, or of the key where it is about resources.
 */
function limitingPolicies(store: Store, value: unknown) {
  const endpoints = valueAt(value, '/VpcEndpoints');
  if (Array.isArray(endpoints)) return endpointPolicies(store, endpoints);
  const kind = { SERVICE_CONTROL_POLICY: 'serviceControlPolicy', RESOURCE_CONTROL_POLICY: 'resourceControlPolicy' }[String(valueAt(value, '/Policy/PolicySummary/Type'))] as Addable | undefined;
  const content = valueAt(value, '/Policy/Content');
  const owner = kind && defaultOwner(store, kind);
  if (!kind || !owner || typeof content !== 'string') return undefined;
  return { kinds: [kind as string], owner, changes: placePolicy(store, kind, owner, content, String(valueAt(value, '/Policy/PolicySummary/Name') ?? '')) };
}

/** What `aws ec2 describe-vpc-endpoints` prints: the policies of the endpoints to AWS KMS, or of all, if none says that it is one. */
function endpointPolicies(store: Store, endpoints: unknown[]) {
  const ofKms = endpoints.filter((one) => /\.kms(-fips)?$/.test(String(valueAt(one, '/ServiceName'))));
  let changes: Pasted['changes'] = {};
  const placed = (ofKms.length > 0 ? ofKms : endpoints).flatMap((one) => {
    const [id, document] = [valueAt(one, '/VpcEndpointId'), valueAt(one, '/PolicyDocument')];
    if (typeof id !== 'string' || typeof document !== 'string') return [];
    changes = { ...changes, ...placePolicy(store, 'vpcEndpointPolicy', id, document, '') };
    return [id];
  });
  return placed.length === 0 ? undefined : { kinds: ['vpcEndpointPolicy'], owner: placed.length === 1 ? placed[0] : undefined, changes };
}

/** Whom a policy of this kind most likely is for: the caller, its account, or the account of the key. */
export function defaultOwner({ state }: Store, kind: Addable): string | undefined {
  const { request, now } = state;
  const owner = ownerOf(request?.principal ?? '');
  const key = now.world.keys?.[0]?.metadata.Arn ?? '';
  const found = {
    identityPolicy: owner,
    permissionsBoundary: owner,
    sessionPolicy: owner,
    serviceControlPolicy: owner.split(':')[4],
    resourceControlPolicy: isPlaceholder(key) ? undefined : key.split(':')[4],
    vpcEndpointPolicy: (request?.['vpcEndpoint'] ?? valueAt(now.world, '/vpcEndpoints/0/id') ?? 'vpce-00000000000000000') as string,
  }[kind];
  return found === '' ? undefined : found;
}

function placePolicy(store: Store, kind: Addable, owner: string, document: string, name: string) {
  const { changes, request } = withPolicy(store.state.now.world, store.state.request, kind, owner, { document, name });
  if (Object.keys(changes).length > 0) store.set(changes, { byItself: true });
  if (request) store.ask(JSON.stringify(request, null, 2));
  return changes;
}

/** A denied event has the message inside. */
function denialOf(engine: Engine, value: unknown): Denial | undefined {
  const records = (valueAt(value, '/Records') as unknown[] | undefined) ?? [value];
  const message = records.map((record) => valueAt(record, '/errorMessage')).findLast((said) => typeof said === 'string');
  if (typeof message !== 'string' || !message.includes(' is not authorized to perform: ')) return undefined;
  return readPasted(engine, { scenario: 1 }, '', message).diagnostics.find(({ code }) => code === 'import.message')?.params as Denial | undefined;
}

/** The text of a policy that may be of another kind, as long as it is still there. */
export function looseText({ state }: Store, loose: Loose): string | undefined {
  const { world, texts } = state.now;
  const { pointer } = loose;
  const isThere = 'before' in loose ? texts.get(pointer) === loose.text : valueAt(world, pointer.replace(/document$/, 'name')) === loose.name;
  return isThere ? texts.get(pointer) : undefined;
}

/** A policy that was taken for an IAM policy or a key policy is something else. */
export function placeAs(store: Store, loose: Loose, kind: Addable, owner: string): void {
  const document = looseText(store, loose) ?? '';
  store.asOne(() => {
    if ('before' in loose) store.set({ [loose.pointer]: loose.before });
    else store.happen([withoutLoose(store, loose)]);
    placePolicy(store, kind, owner, document, '');
  });
}

/** The step that takes an IAM policy away again, and its user or role with it when nothing else is known of that. */
function withoutLoose({ state: { now } }: Store, { pointer, isAlone }: Loose & { isAlone: boolean }): Step {
  const [principal = ''] = /^\/principals\/\d+/.exec(pointer) ?? [];
  const isLast = (valueAt(now.world, `${principal}/identityPolicies`) as unknown[]).length === 1;
  return removalOf(now, isAlone && isLast ? principal : pointer);
}

/** A message that is no denial names the key, or what it was asked for; what it says of the key holds. */
function placeTold(store: Store, message: Told) {
  const { now, request } = store.state;
  const { key: arn, operation, metadata, kind } = message;
  const keys = now.world.keys ?? [];
  const known = keys.findIndex((key) => key.metadata.Arn === arn);
  const at = known >= 0 ? known : keys.findIndex((key) => isPlaceholder(key.metadata.Arn));
  const place = `/keys/${at >= 0 ? at : keys.length}`;
  const changes: Pasted['changes'] = {};
  const exists = arn && kind !== 'notFound';
  if (exists && at < 0) changes[place] = { metadata: { Arn: arn, ...metadata } };
  if (exists && at >= 0) for (const [field, text] of Object.entries({ Arn: arn, ...metadata })) changes[`${place}/metadata/${field}`] = text;
  if (exists) store.set(changes, { byItself: true });
  const asked = { principal: request?.principal ?? '', operation: operation ?? request?.operation ?? 'Decrypt', parameters: arn ? { KeyId: arn } : {} };
  const isAsked = operation !== undefined || arn !== undefined;
  const before = request?.operation === asked.operation ? { ...request, ...asked, parameters: { ...request.parameters, ...asked.parameters } } : undefined;
  const { request: whole, standIns } = completed(asked, store, before);
  if (isAsked) store.ask(JSON.stringify(whole, null, 2));
  return { changes, standIns, told: [message], kinds: isAsked ? ['errorMessage'] : [] };
}

function readPasted(engine: Engine, world: Scenario, owner: string, text: string): Pasted {
  const document = parsed(text);
  const isLoose = valueAt(document, '/Statement') !== undefined || valueAt(document, '/PolicyVersion') !== undefined;
  // A key policy for everyone names no account either: it is then the policy of whatever key is here.
  const isOfAnyKey = resourcePolicy(document) !== undefined && !/\d{12}/.test(text);
  const known = asOutputs(world, owner, isLoose, isOfAnyKey);
  const input = known.length;
  const answer = parsed(engine.import([...known, text])) as {
    scenario?: Scenario;
    diagnostics?: Diagnostic[];
    placed?: { input: number; kind: string; pointer: string }[];
  };
  const { scenario = { scenario: 1 }, diagnostics = [], placed = [] } = answer;
  const mine = placed.filter((place) => place.input === input);
  // A list without grants names no key, and is no less an answer.
  const grants = valueAt(parsed(text), '/Grants');
  if (mine.length === 0 && Array.isArray(grants) && grants.length === 0 && world.keys?.length === 1) {
    return { ...nothing, text, changes: { '/keys/0/grants': text }, kinds: ['grants'] };
  }
  let changes: { [pointer: string]: unknown } = {};
  const requests: Request[] = [];
  let placedFor: string | undefined;
  let loose: Loose | undefined;
  const notes: Note[] = [];
  let denied: Request | undefined;
  const madeUp = new Set(diagnostics.filter(({ code }) => code === 'import.keyUnknown').map(({ params }) => params['key']));
  for (const { pointer, kind: what } of mine) {
    const isInline = what === 'inlinePolicy';
    const [, kind, index] = /^\/(\w+)\/(\d+)/.exec(pointer) ?? [];
    if (kind === 'keys') changes = { ...changes, ...keyChanges(scenario, world, Number(index), pointer, madeUp) };
    if (kind === 'principals') {
      const found = principalChanges(scenario, world, Number(index), isInline);
      changes = { ...changes, ...found.changes };
      placedFor = scenario.principals?.[Number(index)]?.arn;
      if (what === 'identityPolicy' || what === 'policyVersion') loose = found.last;
    }
    if (kind === 'steps') {
      const step = valueAt(scenario, `/steps/${index}`) as Step;
      if (step.request) requests.push(step.request);
      if (step.request && / failed with /.test(String(step.title))) denied = step.request;
    }
  }
  // Of several, what was denied is what somebody looks for.
  const request = denied ?? requests.at(-1);
  // A message tells which key it is about, before any document does.
  const { KeyId, SourceKeyId, DestinationKeyId } = request?.parameters ?? {};
  const named = KeyId ?? SourceKeyId ?? DestinationKeyId;
  const [first] = world.keys ?? [];
  for (const [pointer, after] of Object.entries(changes)) {
    const before = textOf('keyPolicy', valueAt(world, pointer));
    if (!/^\/keys\/\d+\/policy$/.test(pointer)) {
      if (/^\/keys\/\d+$/.test(pointer)) notes.push({ kind: 'otherKey', key: String(valueAt(after, '/metadata/Arn')) });
      continue;
    }
    if (before !== '' && before !== after) notes.push({ kind: 'replaced' });
    // A key policy names principals, and is there once.
    const isDoubtful = before !== '' || isForEveryone(document);
    if (before !== after && isDoubtful && valueAt(document, '/Statement') !== undefined) loose = { pointer, before, text: String(after) };
  }
  if (valueAt(document, '/Truncated') === true) notes.push({ kind: 'truncated' });
  if (first && isPlaceholder(first.metadata.Arn) && typeof named === 'string' && /^arn:.*:key\//.test(named)) {
    changes = { ...changes, '/keys/0/metadata/Arn': named };
  }
  const own = diagnostics.filter(({ document = '' }) => document === `/${input}`);
  return {
    ...nothing,
    text,
    changes,
    request,
    owner: placedFor,
    loose,
    requests: requests.length,
    notes,
    unknown: mine.length === 0 && !/^\s*[[{"]/.test(text) && !own.some(({ code }) => code.startsWith('import.')),
    kinds: [...new Set(mine.map(({ kind }) => kind))],
    // The page has a key for what names none.
    diagnostics: own.filter(({ code }) => code !== 'import.keyUnknown'),
  };
}

/** The keys and principals on the page as the AWS CLI would print them. A policy that does not say whose it is is the caller's. */
function asOutputs(world: Scenario, caller: string, isLoose: boolean, isOfAnyKey: boolean): string[] {
  // The account may be known before the key is.
  const keys = (world.keys ?? []).filter(({ metadata: { Arn } }) => isOfAnyKey || Arn !== placeholderKey);
  const principals = (world.principals ?? []).map(({ arn }) => arn);
  // A session does not tell the path of its role: one of that name is it.
  const isCaller = (arn: string) => arn === caller || (caller.includes(':role/') && arn.startsWith(caller.replace(/[^/]*$/, '')) && arn.endsWith(caller.slice(caller.lastIndexOf('/'))));
  const asking = principals.find(isCaller) ?? caller;
  const all = asking === '' ? principals : isLoose ? [asking] : [...new Set([...principals, asking])];
  return [...keys.map(({ metadata }) => ({ KeyMetadata: metadata })), ...all.map(asEntity)].map((output) => JSON.stringify(output));
}

function asEntity(arn: string): object {
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  return /:user\//.test(arn) ? { User: { Arn: arn, UserName: name } } : { Role: { Arn: arn, RoleName: name } };
}

/** A key that the page knows is changed where it stands; the first one named takes the place of the placeholder. */
function keyChanges(scenario: Scenario, world: Scenario, index: number, pointer: string, madeUp: ReadonlySet<unknown>) {
  const keys = world.keys ?? [];
  const arn = scenario.keys?.[index]?.metadata.Arn;
  const known = keys.findIndex(({ metadata }) => metadata.Arn === arn);
  const found = known >= 0 ? known : keys.findIndex(({ metadata }) => isPlaceholder(metadata.Arn));
  // What names no key is about the first one.
  const at = found >= 0 ? found : madeUp.has(arn) && keys.length > 0 ? 0 : keys.length;
  if (at === keys.length) return { [`/keys/${at}`]: scenario.keys?.[index] };
  const rest = pointer.slice(`/keys/${index}`.length);
  const value = valueAt(scenario, pointer);
  const text = rest === '/policy' ? asText(value) : rest === '/grants' ? asText({ Grants: value }) : value;
  return { ...(madeUp.has(arn) ? {} : { [`/keys/${at}/metadata/Arn`]: arn }), [`/keys/${at}${rest}`]: text };
}

/** Policies join those that the page has of the same user or role; an inline policy takes the place of the one of its name. */
function principalChanges(scenario: Scenario, world: Scenario, index: number, isInline: boolean) {
  const pasted = scenario.principals?.[index];
  const principals = world.principals ?? [];
  if (!pasted) return { changes: {}, last: undefined };
  const found = principals.findIndex(({ arn }) => arn === pasted.arn);
  const at = found >= 0 ? found : principals.length;
  const known = principals[at]?.identityPolicies ?? [];
  // A version has a number, but its policy has a name.
  const added = (pasted.identityPolicies ?? []).map(({ name, document }) => ({ name: /^v\d+$/.test(name) ? `managed policy ${name}` : name, document: asText(document) }));
  const isSame = (one: { name: string; document: unknown }) => added.some(({ name, document }) => name === one.name && (isInline || document === asText(one.document)));
  const kept = known.filter((one) => !isSame(one));
  const identityPolicies = [...kept, ...added];
  const place = `/principals/${at}`;
  return {
    changes: { [place]: { ...principals[at], ...pasted, identityPolicies } },
    last: { pointer: `${place}/identityPolicies/${identityPolicies.length - 1}/document`, name: added.at(-1)?.name ?? '', isAlone: found < 0 },
  };
}

const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));
