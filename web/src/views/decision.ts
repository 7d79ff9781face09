/** The decision in words: what, why, by which statement or grant. */
import { html } from 'lit';
import type { Determining, Diagnostic, FlowNode, Request, Result } from '../engine/types';
import type { Words } from '../i18n';
import type { State } from '../state/store';
import { lacksPolicies, shortName } from '../state/callers';
import { heading, icon, sourceLink, type Icon, type View } from './view';

export type Verdict = 'allowed' | 'denied' | 'deniedUnless' | 'error' | 'none';

export const verdictIcons: { [verdict in Verdict]: Icon } = {
  allowed: 'allow',
  denied: 'deny',
  deniedUnless: 'unless',
  error: 'error',
  none: 'unknown',
};

/** An answer as people read it. A denial of a caller whose IAM policies are not known is not final. */
export function verdictOf(answer: Result): Verdict {
  const { decision } = answer;
  if (decision === null) return 'none';
  if (decision === 'allowed' || decision === 'error') return decision;
  return decision === 'implicitDeny' && lacksPolicies(answer) ? 'deniedUnless' : 'denied';
}

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
    if (answer.decision === 'explicitDeny') return ['denied.explicit'];
    // A caller of another account needs both sides, and has them, or lacks its own.
    const of = (name: FlowNode) => answer.flow?.find(({ node }) => node === name)?.outcome;
    const other = of('callerAccount');
    if (verdict === 'allowed') return other === 'yes' && of('identityPolicy') === 'yes' ? ['allowed.otherAccount'] : answer.decidedBy.map((way) => `allowed.${way}`);
    if (other === 'no' && answer.decidedBy[0] === 'identityPolicy') return ['denied.otherAccount'];
    return [operation === 'RetireGrant' && answer.decidedBy.includes('identityPolicy') ? 'denied.retirement' : `denied.${answer.decidedBy[0]}`];
  };
  return keys().map((name) => ({ rich: words.find(name, values) ?? '', plain: words.findText(name, values) ?? '' }));
}

/** The engine's own word for "another document is broken"; the page shows that document's errors instead. */
export const brokenDocument = 'request.brokenDocument';

function whyNone(diagnostics: readonly Diagnostic[]): 'document' | 'request' | 'unsupported' {
  if (diagnostics.some(({ code }) => code.startsWith('unsupported.'))) return 'unsupported';
  return diagnostics.some(({ code, document = '' }) => code === brokenDocument || document !== '') ? 'document' : 'request';
}

/** The settled change in one sentence, for screen readers. */
export function announcement(state: State, words: Words): string {
  const verdict = verdictOf(state.answer);
  return words.text(`announce.${verdict}`, { why: reasons(state.answer, state.request, words)[0]?.plain ?? '' });
}

/** The place of the decision before there is an evaluator. */
export function awaited(words: Words) {
  return html`<section class="decision" aria-labelledby="decision">
    <div class="verdict">
      <span class="badge">${icon('unknown')}</span>
      <div>
        ${heading('decision', words.text('decision.heading'))}
        <p class="word">${words.text('app.loading')}</p>
      </div>
    </div>
  </section>`;
}

/** `obstacles` is what stands in the way of a decision. */
export function decisionBar(view: View, obstacles: unknown) {
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
      ${verdict === 'none' ? obstacles : ''}
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
