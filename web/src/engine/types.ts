/**
 * The contract between the evaluator and whoever asks it, as types: scenarios and requests go in, results and diagnostics come out.
 * AWS documents keep AWS spelling inside; the envelope is camelCase.
 */

/** A JSON object whose shape AWS defines and this page only shows or hands on. */
export type JsonObject = { [name: string]: unknown };

/** A text for people: one for all languages, or one per language. */
export type Localized = string | { [language: string]: string };

/** A place in a text. Lines and columns count from 1, offsets from 0; columns and offsets are UTF-16 units, as in JavaScript. */
export interface Position {
  line: number;
  column: number;
  offset: number;
}

/** From the first character (inclusive) to `end` (exclusive). */
export interface Range {
  start: Position;
  end: Position;
}

/** What is wrong, where, and what to do about it. An `error` means that no decision is made on that document. */
export interface Diagnostic {
  code: string;
  severity: 'error' | 'warning' | 'info';
  params: JsonObject;
  /** English, for codes that a page has no sentence for. */
  message: string;
  help?: string;
  /** The pointer of the text that `range` counts in; "" is the scenario or request itself. */
  document?: string;
  pointer: string;
  range?: Range;
  /** The step whose decision it belongs to, if any. */
  step?: string;
}

export interface Request {
  principal: string;
  /** The API operation, "Decrypt", not the action "kms:Decrypt". */
  operation: string;
  parameters?: JsonObject;
  context?: JsonObject;
  at?: string;
  [more: string]: unknown;
}

/** One thing that happens: a request, or an edit of the world that asks nobody's permission. */
export interface Step {
  id?: string;
  title?: Localized;
  note?: Localized;
  request?: Request;
  set?: { [pointer: string]: unknown };
  remove?: string[];
  recreate?: string;
  propagate?: boolean;
  expect?: JsonObject;
  rules?: string[];
}

export interface Key {
  metadata: { Arn: string } & JsonObject;
  policy?: unknown;
  grants?: unknown;
  aliases?: string[];
  tags?: unknown[];
}

export interface Principal {
  arn: string;
  identityPolicies?: { name: string; document: unknown }[];
  [more: string]: unknown;
}

export interface Scenario {
  scenario: 1;
  title?: Localized;
  description?: Localized;
  keys?: Key[];
  principals?: Principal[];
  steps?: Step[];
  [more: string]: unknown;
}

/** One grant as `aws kms list-grants` prints it. */
export interface Grant {
  GrantId?: string;
  KeyId?: string;
  Name?: string;
  CreationDate?: string;
  GranteePrincipal?: string;
  GranteeServicePrincipal?: string;
  RetiringPrincipal?: string;
  RetiringServicePrincipal?: string;
  IssuingAccount?: string;
  Operations?: string[];
  Constraints?: JsonObject;
}

export type PolicyType =
  | 'keyPolicy'
  | 'identityPolicy'
  | 'permissionsBoundary'
  | 'sessionPolicy'
  | 'serviceControlPolicy'
  | 'resourceControlPolicy'
  | 'vpcEndpointPolicy';

export type Decision = 'allowed' | 'explicitDeny' | 'implicitDeny' | 'error';

/** What made the decision: the ways that each suffice, the policies that deny, or the one whose missing Allow AWS names. */
export type DecidedBy = PolicyType | 'grant' | 'retiringPrincipal' | 'granteePrincipal' | 'issuingAccount';

export type FlowNode =
  | 'request'
  | 'explicitDeny'
  | 'serviceControlPolicy'
  | 'vpcEndpointPolicy'
  | 'keyPolicy'
  | 'accountDelegation'
  | 'identityPolicy'
  | 'permissionsBoundary'
  | 'sessionPolicy'
  | 'grant'
  | 'callerAccount'
  | 'retirement'
  | 'keyState'
  | 'result';

export type FlowOutcome = 'yes' | 'no' | 'notReached' | 'notApplicable';

export interface FlowEntry {
  node: FlowNode;
  outcome: FlowOutcome;
}

/** Where something stands: `pointer` in the normalised world, `range` in the text `document` when it was given as text. */
export interface Source {
  pointer?: string;
  document?: string;
  range?: Range;
}

/** A statement or grant that decided. */
export interface Determining extends Source {
  kind: 'statement' | 'grant';
  policyType?: PolicyType;
  policyName?: string;
  sid?: string;
  id?: string;
  rule?: string;
}

/** One comparison inside a trace entry. */
export interface TraceTest extends Source {
  element: string;
  outcome: 'yes' | 'no' | 'notReached';
  reason: string;
  params?: JsonObject;
  rule?: string;
}

/** What one statement or grant said to the request. */
export interface TraceEntry extends Source {
  kind: 'statement' | 'grant' | 'otherGrants' | 'check';
  policyType?: PolicyType;
  policyName?: string;
  action?: string;
  effect?: 'Allow' | 'Deny';
  sid?: string;
  grantId?: string;
  outcome: 'matched' | 'notMatched' | 'notApplicable';
  reason: string;
  params?: JsonObject;
  rule?: string;
  tests?: TraceTest[];
}

/** A change that would let a denied request through. */
export interface Remedy {
  code: string;
  params: JsonObject;
  pointer?: string;
}

/** The error that AWS would answer with. */
export interface ApiError {
  code: string;
  message: string;
  httpStatus: number;
}

export interface Result {
  step?: string;
  /** null: no decision is made, an error diagnostic says why. */
  decision: Decision | null;
  decidedBy: DecidedBy[];
  determining: Determining[];
  error: ApiError | null;
  response?: JsonObject | null;
  flow?: FlowEntry[];
  trace?: TraceEntry[];
  missingContextKeys?: string[];
  assumptions?: string[];
  remedies?: Remedy[];
  cloudTrail?: JsonObject;
  expect?: 'pass' | 'fail' | null;
  /** In the answer to a single question: what is wrong with it, and what its decision rests on. */
  diagnostics?: Diagnostic[];
}

/** What every question is answered with. */
export interface Answer {
  results: Result[];
  diagnostics: Diagnostic[];
  world?: Scenario;
}

/** The documents that `check` reads alone. */
export type DocumentKind = 'scenario' | 'keyPolicy' | 'identityPolicy' | 'grants' | 'request';
