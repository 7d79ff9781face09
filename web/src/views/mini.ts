/** One decision and one button: retire the grant behind it, or take that back. */
import { html } from 'lit';
import { shortName } from '../state/callers';
import { grantsOf } from '../state/world';
import { decisionBar, reasons, shortId } from './decision';
import { icon, type View } from './view';

export function mini(view: View, obstacles: unknown) {
  const { state, store, words } = view;
  const grants = (state.now.world.keys ?? []).flatMap((key, k) => grantsOf(key).map((grant, i) => ({ id: grant.GrantId ?? '', pointer: `/keys/${k}/grants/${i}` })));
  const decides = grants.find(({ pointer }) => state.answer.determining.some((by) => by.pointer === pointer)) ?? grants[0];
  // Nobody chooses here who retires it: the first caller who may.
  const may = (caller: string) => store.mayEnd('RetireGrant', decides!.id, caller).result.decision === 'allowed';
  const retirer = decides && (state.callers.find(may) ?? state.actor);
  const { refusal } = state;
  return html`${decisionBar(view, obstacles)}
    <div class="actions-row mini">
      ${decides && retirer && view.may('retire')
        ? html`<button type="button" class="strong" @click=${() => (store.actAs(retirer), store.end('RetireGrant', decides.id))}>
            ${words.text('mini.retire', { grant: shortId(decides.id), principal: shortName(retirer) })}
          </button>`
        : ''}
      ${state.canUndo && view.may('restore') ? html`<button type="button" @click=${() => store.undo()}>${words.text('app.undo')}</button>` : ''}
    </div>
    ${refusal
      ? html`<div class="refusal" role="alert">${reasons(refusal.result, refusal.request, words).map(({ rich }) => html`<p>${icon('deny')} ${rich}</p>`)}</div>`
      : ''}`;
}
