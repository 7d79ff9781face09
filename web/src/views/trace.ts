/** What every statement and grant said to the request, and where it stands. */
import { html } from 'lit';
import type { TraceEntry, TraceTest } from '../engine/types';
import type { Words } from '../i18n';
import { shortId } from './decision';
import { heading, icon, sourceLink, type Icon, type View } from './view';

export function trace(view: View) {
  const { state, words } = view;
  const entries = state.answer.decision === null ? [] : (state.answer.trace ?? []);
  return html`<section class="panel trace" aria-labelledby="trace">
    ${heading('trace', words.text('trace.heading'))}
    ${entries.length === 0 ? html`<p class="empty">${words.text('trace.none')}</p>` : ''}
    ${entryList(view, entries)}
  </section>`;
}

/** Each entry as a row. */
export function entryList(view: View, entries: readonly TraceEntry[]) {
  return html`<ul class="entries">
    ${entries.map((entry) => html`<li class=${toneOf(entry)}>${row(view, entry)}</li>`)}
  </ul>`;
}

/** A Deny that applies is bad news; an Allow that applies is good news; the rest is quiet. */
function toneOf({ outcome, effect, reason }: TraceEntry): string {
  if (outcome !== 'matched' || reason === 'statement.delegates') return outcome === 'matched' ? 'delegates' : 'quiet';
  return effect === 'Deny' ? 'denies' : 'allows';
}

function row(view: View, entry: TraceEntry) {
  const { words } = view;
  const icons: { [outcome in TraceEntry['outcome']]: Icon } = { matched: entry.effect === 'Deny' ? 'deny' : 'allow', notMatched: 'dash', notApplicable: 'dash' };
  return html`${icon(icons[entry.outcome])}
    <div>
      <p class="name">
        ${nameOf(view, entry)}
        ${entry.kind === 'otherGrants' ? '' : html`<span class="outcome">${words.text(`trace.${entry.outcome}`)}</span>`}
        ${sourceLink(view, entry)}
      </p>
      <p class="reason">${reasonOf(words, entry)}</p>
      ${(entry.tests?.length ?? 0) > 0
        ? html`<details>
            <summary>${words.text('trace.tests')}</summary>
            <ul class="tests">
              ${entry.tests!.map((test) => comparison(words, test))}
            </ul>
          </details>`
        : ''}
    </div>`;
}

function nameOf({ words }: View, { kind, policyType, policyName, sid, grantId, effect, pointer = '', action }: TraceEntry) {
  if (kind === 'otherGrants') return words.text('documents.grants');
  if (kind === 'grant') return html`${words.text('policy.grant')} <code lang="en" translate="no" title=${grantId ?? ''}>${shortId(grantId)}</code>`;
  const number = Number(pointer.slice(pointer.lastIndexOf('/') + 1));
  const type = policyType ? words.text(`policy.${policyType}`) : '';
  return html`${type}
    ${policyName ? html`<code lang="en" translate="no">${policyName}</code>` : ''}
    ${sid
      ? html`<code lang="en" translate="no">${sid}</code>`
      : kind === 'statement' && Number.isInteger(number)
        ? words.say('trace.statement', { number: number + 1 })
        : ''}
    ${effect ? html`<span class="effect ${effect}" lang="en" translate="no">${effect}</span>` : ''}
    ${kind === 'check' && action ? words.say('trace.asks', { action }) : ''}`;
}

/** The sentence of a reason; constraints have one per kind of difference. */
export function reasonOf(words: Words, { reason, params = {} }: Pick<TraceTest, 'reason' | 'params'>) {
  return words.find(`reason.${reason}.${String(params['difference'])}`, params) ?? words.find(`reason.${reason}`, params) ?? reason;
}

/** The same as plain text. */
export function reasonText(words: Words, { reason, params = {} }: Pick<TraceTest, 'reason' | 'params'>): string {
  return words.findText(`reason.${reason}.${String(params['difference'])}`, params) ?? words.findText(`reason.${reason}`, params) ?? reason;
}

function comparison(words: Words, test: TraceTest) {
  const icons = { yes: 'allow', no: 'deny', notReached: 'dash' } as const;
  return html`<li class=${test.outcome}>
    ${icon(icons[test.outcome])}
    <div>
      <b>${words.find(`element.${test.element}`) ?? test.element}</b>
      <span class="outcome">${words.text(`trace.test.${test.outcome}`)}</span>
      ${test.outcome === 'notReached' ? '' : html`<div>${reasonOf(words, test)}</div>`}
    </div>
  </li>`;
}
