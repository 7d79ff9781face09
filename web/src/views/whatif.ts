/** What if: suppositions to switch on, what would then be answered, and the single ones that turn the decision. */
import { html } from 'lit';
import { shortName } from '../state/callers';
import { lookForFlips, suppose, type Supposition } from '../state/whatif';
import type { Store } from '../state/store';
import type { Request, Result } from '../engine/types';
import { code, type Words } from '../i18n';
import { reasons, shortId, verdictIcons, verdictOf } from './decision';
import { heading, icon, type View } from './view';

export const prepare = (store: Store) => void lookForFlips(store);

export function whatIf(view: View) {
  const { state, store, words } = view;
  const { suppositions = [], chosen, then, flips, answer, request } = state;
  const offered = suppositions.filter((one) => one.usual || chosen.includes(one));
  return html`<section class="panel what-if" aria-labelledby="what-if">
    ${heading('what-if', words.text('whatIf.heading'))}
    <p class="help">${words.text('whatIf.help')}</p>
    ${suppositions.length === 0 ? html`<p class="empty">${words.text('whatIf.none')}</p>` : ''}
    <div class="tags" role="group" aria-label=${words.text('whatIf.heading')}>
      ${offered.map((one) => {
        const supposes = chosen.includes(one);
        return html`<button type="button" aria-pressed=${supposes} @click=${() => suppose(store, one.id, !supposes)}>${phrase(words, one)}</button>`;
      })}
    </div>
    ${then
      ? html`<div class="turn" role="group" aria-label=${words.text('whatIf.then')}>
          ${side(words, words.text('whatIf.now'), answer, request)}
          <span class="arrow" aria-hidden="true">→</span>
          ${side(words, words.text('whatIf.then'), then.result, then.request)}
          <div class="actions">
            <button type="button" class="strong" @click=${() => (store.realise(), view.focus('what-if'))}>${words.text('whatIf.realise')}</button>
          </div>
        </div>`
      : ''}
    ${suppositions.length > 0 ? nearest(view, flips) : ''}
  </section>`;
}

function nearest({ state, store, words }: View, flips: View['state']['flips']) {
  if (flips === undefined) return html`<p class="help">${words.text('whatIf.looking')}</p>`;
  const count = state.suppositions?.length ?? 0;
  const title = state.answer.decision === 'allowed' ? words.text('whatIf.nearest.deny') : words.text('whatIf.nearest.allow');
  return html`<div class="nearest">
    <h3>${title}</h3>
    ${flips.length === 0 ? html`<p class="empty">${words.text('whatIf.noFlip', { count })}</p>` : ''}
    <ul>
      ${flips.map(
        ({ supposition, result }) => html`<li>
          ${icon(verdictIcons[verdictOf(result)])}
          <button type="button" class="quiet" @click=${() => suppose(store, supposition.id, true)}>${phrase(words, supposition)}</button>
        </li>`,
      )}
    </ul>
  </div>`;
}

/** "grant ef4053a4… is retired" */
export function phrase(words: Words, { kind, params }: Supposition) {
  const { principal = '', role = '', grantee = '', grant = '', policyType = '', policyName = '' } = params;
  const values = {
    ...params,
    principal: shortName(principal),
    role: shortName(role),
    grantee: shortName(grantee),
    grant: shortId(grant),
    policy: html`${words.findText(`policy.${policyType}`) ?? policyType}${policyName ? html` ${code(policyName)}` : ''}`,
  };
  return words.find(`suppose.${kind}`, values) ?? kind;
}

function side(words: Words, title: string, result: Result, request: Request | undefined) {
  const verdict = verdictOf(result);
  return html`<div class="side ${verdict}">
    <h3>${title}</h3>
    <p class="word">${icon(verdictIcons[verdict])} ${words.text(`decision.${verdict}`)}</p>
    ${reasons(result, request, words).map(({ rich }) => html`<p class="reason">${rich}</p>`)}
  </div>`;
}
