/** The answer under a cover: the reader says first what it will be. */
import { html } from 'lit';
import { shortName } from '../state/callers';
import { verdictOf } from './decision';
import { heading, type View } from './view';

export type Prediction = 'allowed' | 'denied';

/** Whether it came as predicted; a refusal and a denial both mean that the caller does not get what it asked for. */
export function cameTrue(view: Pick<View, 'state'>, prediction: Prediction): boolean {
  return (verdictOf(view.state.answer) === 'allowed') === (prediction === 'allowed');
}

/** Stands where the decision will stand. */
export function cover(view: View, predict: (prediction: Prediction) => void) {
  const { state, words } = view;
  const { principal = '', operation = '' } = state.request ?? {};
  return html`<section class="decision none covered" aria-labelledby="decision">
    <div class="why">
      ${heading('decision', words.text('cover.heading'))}
      <p class="reason">${words.say('decision.question', { principal: shortName(principal), operation })}</p>
      <div class="actions-row">
        ${(['allowed', 'denied'] as const).map((one) => html`<button type="button" @click=${() => predict(one)}>${words.text(`decision.${one}`)}</button>`)}
      </div>
    </div>
  </section>`;
}

/** Said above the answer once it is uncovered. */
export function verdictOnPrediction(view: View, prediction: Prediction) {
  const { words } = view;
  return html`<p class="notice" role="status">
    ${words.text(cameTrue(view, prediction) ? 'cover.right' : 'cover.wrong', { predicted: words.text(`decision.${prediction}`) })}
  </p>`;
}
