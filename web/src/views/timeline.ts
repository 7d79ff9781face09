/** The log as a timeline: what happened, what is still to come, and where the reader stands. */
import { html } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import type { Step } from '../engine/types';
import type { Moment } from '../state/player';
import { shortName } from '../state/callers';
import { documentsOf, type DocumentRef, type Texts } from '../state/world';
import { verdictIcons, verdictOf } from './decision';
import { documentName, heading, icon, withCode, type View } from './view';

export function timeline(view: View) {
  const { state, store, words } = view;
  const { steps, position, moments, start } = state;
  const shortened = (start.steps ?? []).length > 0 && !steps.includes(start.steps!.at(-1)!);
  return html`<section class="panel timeline" aria-labelledby="timeline" @keydown=${(event: KeyboardEvent) => arrows(view, event)}>
    ${heading('timeline', words.text('timeline.heading'))}
    <div class="walk">
      <button type="button" aria-disabled=${position === 0} @click=${() => store.walk(position - 1)}>
        <span aria-hidden="true">←</span> ${words.text('timeline.back')}
      </button>
      <span class="at">${words.text('timeline.at', { step: position, count: steps.length })}</span>
      <button type="button" aria-disabled=${position === steps.length} @click=${() => store.walk(position + 1)}>
        ${words.text('timeline.forward')} <span aria-hidden="true">→</span>
      </button>
    </div>
    ${steps.length === 0 ? html`<p class="empty">${words.text('timeline.empty')}</p>` : ''}
    <ol>
      ${steps.map((step, index) => {
        const moment = moments[index + 1];
        const current = index + 1 === position;
        const verdict = !(current && view.covered) && moment?.result && verdictOf(moment.result);
        return html`<li class=${classMap({ done: index < position, current })}>
          <button type="button" aria-current=${current ? 'step' : 'false'} @click=${() => store.walk(index + 1)}>
            <span class="dot ${verdict ?? ''}">${verdict ? icon(verdictIcons[verdict]) : ''}</span>
            <span class="title">${titleOf(view, step, moments[index] ?? state.now, moment ?? state.now)}</span>
            ${verdict ? html`<span class="said">${words.text(`decision.${verdict}`)}</span>` : ''}
          </button>
          ${current && step.note ? html`<p class="note">${withCode(words.local(step.note))}</p>` : ''}
        </li>`;
      })}
    </ol>
    ${shortened ? html`<p class="empty">${words.text('timeline.shortened')}</p>` : ''}
  </section>`;
}

/** What a step is called: by itself, by its request, or by the document that it changes or removes. */
function titleOf({ words, state }: View, step: Step, before: Moment, after: Moment) {
  if (step.title) return words.local(step.title);
  if (step.request) {
    return words.say('timeline.request', { operation: step.request.operation, principal: shortName(step.request.principal) });
  }
  const gone = removed(before, after);
  if (gone !== undefined) return words.text('timeline.removed', { document: documentName({ words, state: { ...state, now: before } }, gone) });
  const document = documentChanged(Object.keys(step.set ?? {}), after.texts);
  return document === undefined ? words.text('timeline.changed') : words.text('timeline.edited', { document: documentName({ words, state: { ...state, now: after } }, document) });
}

/** The document that is there no longer, if there is one less. */
function removed(before: Moment, after: Moment): string | undefined {
  const [had, has] = [documentsOf(before.world), documentsOf(after.world)];
  const tell = ({ kind, owner, name }: DocumentRef) => `${kind} ${owner} ${name}`;
  const left = has.map(tell);
  const gone = had.filter((ref) => !left.includes(tell(ref)));
  return had.length > has.length ? gone.at(-1)?.pointer : undefined;
}

/** The document that a change of these places is about: the one named, else the policy or grants in them, else the key around them. */
export function documentChanged(pointers: readonly string[], texts: Texts): string | undefined {
  const all = [...texts.keys()];
  const touched = all.filter((one) => pointers.some((pointer) => one.startsWith(`${pointer}/`) || pointer.startsWith(`${one}/`)));
  return all.findLast((one) => pointers.includes(one)) ?? touched.findLast((one) => !/^\/keys\/\d+$/.test(one)) ?? touched.at(-1);
}

function arrows({ state, store }: View, event: KeyboardEvent) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  store.walk(state.position + step);
}
