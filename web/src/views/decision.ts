/** The decision in words: what, why, by which statement or grant, and what AWS would answer. */
import { html } from 'lit';
import type { Determining, Diagnostic, PolicyType, Request, Result } from '../engine/types';
import type { Words } from '../i18n';
import type { State } from '../state/store';
import { valueAt } from '../state/world';
import { shortName } from '../state/callers';
import { diagnosticList, heading, icon, sourceLink, unique, type Icon, type View } from './view';

export type Verdict = 'allowed' | 'denied' | 'deniedUnless' | 'error' | 'none';

export const verdictIcons: { [verdict in Verdict]: Icon } = {
  allowed: 'allow',
  denied: 'deny',
  deniedUnless: 'unless',
  error: 'error',
  none: 'unknown',
};

/** An answer as people read it. A denial of a caller whose IAM policies are not known is not final. */
export function verdictOf({ decision, diagnostics = [] }: Result): Verdict {
  if (decision === null) return 'none';
  if (decision === 'allowed' || decision === 'error') return decision;
  const unknown = decision === 'implicitDeny' && diagnostics.some(({ code }) => code === 'caller.policies-unknown');
  return unknown ? 'deniedUnless' : 'denied';
}

/** What Lambda told the client in 2022: its own words around the KMS message of that time. */
const lambda2022 =
  "Lambda was unable to decrypt the environment variables because KMS access was denied. Please check the function's KMS key settings. " +
  'KMS Exception: AccessDeniedExceptionKMS Message: The ciphertext refers to a customer master key that does not exist, does not exist ' +
  'in this region, or you are not allowed to access.';

/** One sentence per way that decided. */
export function reasons(answer: Result, request: Request | undefined, words: Words) {
  const verdict = verdictOf(answer);
  const principal = shortName(request?.principal ?? '');
  const operation = request?.operation ?? '';
  const values = { principal, operation, action: `kms:${operation}`, code: answer.error?.code ?? '' };
  const keys = () => {
    if (verdict === 'none') return [`none.${whyNone(answer.diagnostics ?? [])}`];
    if (verdict === 'error') return ['refused.error'];
    if (verdict === 'deniedUnless') return ['denied.unknownPolicies'];
    if (verdict === 'allowed') return answer.decidedBy.map((way) => `allowed.${way}`);
    if (answer.decision === 'explicitDeny') return ['denied.explicit'];
    return [operation === 'RetireGrant' && answer.decidedBy.includes('identityPolicy') ? 'denied.retirement' : `denied.${answer.decidedBy[0]}`];
  };
  return keys().map((name) => ({ rich: words.find(name, values) ?? '', plain: words.findText(name, values) ?? '' }));
}

/** The engine's own word for "another document is broken"; the page shows that document's errors instead. */
const brokenDocument = 'request.brokenDocument';

function whyNone(diagnostics: readonly Diagnostic[]): 'document' | 'request' | 'unsupported' {
  if (diagnostics.some(({ code }) => code.startsWith('unsupported.'))) return 'unsupported';
  return diagnostics.some(({ code, document = '' }) => code === brokenDocument || document !== '') ? 'document' : 'request';
}

/** Why there is no decision: what is wrong with the request and in the documents. */
function obstacles({ answer, now }: State): Diagnostic[] {
  const own = (answer.diagnostics ?? []).filter(({ code }) => code !== brokenDocument);
  return unique([...now.diagnostics, ...own].filter(({ severity }) => severity === 'error')).slice(0, 5);
}

/** The settled change in one sentence, for screen readers. */
export function announcement(state: State, words: Words): string {
  const verdict = verdictOf(state.answer);
  return words.text(`announce.${verdict}`, { why: reasons(state.answer, state.request, words)[0]?.plain ?? '' });
}

export function decisionBar(view: View) {
  const { state, words } = view;
  const verdict = verdictOf(state.answer);
  const { principal = '', operation = '' } = state.request ?? {};
  return html`<section class="decision ${verdict}" aria-labelledby="decision">
    <div class="verdict">
      <span class="badge">${icon(verdictIcons[verdict])}</span>
      <div>
        ${heading('decision', words.text('decision.heading'))}
        <p class="word" data-verdict=${verdict}>${words.text(`decision.${verdict}`)}</p>
      </div>
    </div>
    <div class="why">
      ${principal && operation && verdict !== 'none'
        ? html`<p class="asked" title=${principal}>${words.say('decision.question', { principal: shortName(principal), operation })}</p>`
        : ''}
      ${reasons(state.answer, state.request, words).map(({ rich }) => html`<p class="reason">${rich}</p>`)} ${determining(view, state.answer)}
      ${verdict === 'none' ? diagnosticList(view, obstacles(state), words.text('decision.heading')) : ''}
    </div>
  </section>`;
}

function determining(view: View, { determining, decision }: Result) {
  if (determining.length === 0 || decision === null) return '';
  return html`<ul class="determining" aria-label=${view.words.text('decision.why')}>
    ${determining.map((by) => html`<li>${nameOf(view, by)} ${sourceLink(view, by)}</li>`)}
  </ul>`;
}

function nameOf({ words }: View, { kind, id, sid, policyType, policyName }: Determining) {
  if (kind === 'grant') return html`${words.text('policy.grant')} <code lang="en" translate="no" title=${id ?? ''}>${shortId(id)}</code>`;
  const name = sid ?? policyName;
  return html`${policyType ? words.text(`policy.${policyType}`) : ''} ${name ? html`<code lang="en" translate="no">${name}</code>` : ''}`;
}

/** Enough of a grant id to tell it from others. */
export const shortId = (id = '') => (id.length > 12 ? `${id.slice(0, 8)}…` : id);

/** What AWS answers, word for word, and what hangs on assumptions or on missing keys. */
export function decisionDetails(view: View) {
  const { state, words } = view;
  const verdict = verdictOf(state.answer);
  const result = state.answer;
  if (verdict === 'none') return '';
  const byLambda = state.request?.operation === 'Decrypt' && valueAt(state.request.parameters, '/EncryptionContext/aws:lambda:FunctionArn');
  const otherErrors = state.now.diagnostics.some(({ severity }) => severity === 'error');
  const notes = [
    ...((result.assumptions?.length ?? 0) > 0 ? [words.say('decision.assumes', { assumptions: result.assumptions })] : []),
    ...((result.missingContextKeys?.length ?? 0) > 0 ? [words.say('decision.missingKeys', { keys: result.missingContextKeys })] : []),
    ...(otherErrors ? [words.say('decision.documentProblems')] : []),
  ];
  return html`${result.error
    ? html`<div class="messages">
        <figure class="message">
          <figcaption>${words.text('decision.message')}</figcaption>
          <blockquote lang="en" translate="no"><b>${result.error.code}</b>: ${result.error.message}</blockquote>
        </figure>
        ${byLambda && result.error.code === 'AccessDeniedException'
          ? html`<figure class="message old">
              <figcaption>${words.text('decision.lambda2022')}</figcaption>
              <blockquote lang="en" translate="no">${lambda2022}</blockquote>
            </figure>`
          : ''}
      </div>`
    : ''}
  ${remedies(view)}
  ${notes.length > 0 ? html`<ul class="notes">${notes.map((note) => html`<li>${icon('info')} <span>${note}</span></li>`)}</ul>` : ''}`;
}

/** What would let the request through, with a statement to copy where there is one. */
function remedies({ state, words }: View) {
  const found = (state.answer.remedies ?? []).flatMap(({ code, params, pointer = '' }) => {
    const policyType = String(params['policyType'] ?? '') as PolicyType;
    const policy = policyType && html`${words.findText(`policy.${policyType}`) ?? policyType}`;
    const number = Number(pointer.slice(pointer.lastIndexOf('/') + 1)) + 1;
    const sid = params['sid'] || words.say('trace.statement', { number });
    const principals = { sid, principal: shorter(params['principal']), grantee: shorter(params['grantee']), grantId: shortId(String(params['grantId'] ?? '')) };
    const sentence = words.find(code, { ...params, ...principals, policy });
    return sentence ? [{ sentence, statement: params['statement'] }] : [];
  });
  if (found.length === 0) return '';
  return html`<details class="remedies">
    <summary>${words.text('remedies.heading')}</summary>
    <ul>
      ${found.map(
        ({ sentence, statement }) => html`<li>
          ${sentence}
          ${statement ? html`<pre tabindex="0" role="group" lang="en" translate="no" aria-label=${words.text('remedies.statement')}>${JSON.stringify(statement, null, 2)}</pre>` : ''}
        </li>`,
      )}
    </ul>
  </details>`;
}

const shorter = (arn: unknown) => (typeof arn === 'string' ? shortName(arn) : '');
