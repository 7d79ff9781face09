/** Presenter mode: large type, each answer covered until it is asked for, and the keys that remote controls send. Loaded when wanted. */
import { html } from 'lit';
import type { Store } from '../state/store';
import { cover, verdictOnPrediction, type Prediction } from './cover';
import type * as Below from './layout';
import { heading, type View } from './view';

export class Presenter {
  covered: boolean;
  #prediction: Prediction | undefined;
  #position: number;

  /** With `steps`, the answer of each step is covered; a lesson covers its own. */
  constructor(
    private readonly store: Store,
    private readonly steps: boolean,
    private readonly update: () => void,
    private readonly left: () => void,
  ) {
    this.covered = steps;
    this.#position = store.state.position;
    document.documentElement.style.fontSize = '150%';
    store.addEventListener('change', this.#moved);
    addEventListener('keydown', this.#keys);
  }

  close() {
    document.documentElement.style.fontSize = '';
    this.store.removeEventListener('change', this.#moved);
    removeEventListener('keydown', this.#keys);
  }

  /** What the keys do, and the same as buttons. */
  bar({ words }: View) {
    return html`<section class="panel presenter" aria-labelledby="presenter">
      ${heading('presenter', words.text('presenter.heading'))}
      ${this.steps ? html`<p class="help">${words.text('presenter.keys')}</p>` : ''}
      <div class="actions-row">
        ${this.steps
          ? html`<button type="button" class="strong" @click=${() => this.#cover(!this.covered)}>${words.text(this.covered ? 'lesson.uncover' : 'presenter.cover')}</button>`
          : ''}
        <button type="button" @click=${() => this.#leave()}>${words.text('presenter.leave')}</button>
      </div>
    </section>`;
  }

  /** What the answer is to be predicted from. */
  question(view: View, below: typeof Below) {
    return html`${cover(view, (prediction) => {
        this.#prediction = prediction;
        this.#cover(false);
        view.focus('decision');
      })}
      <div class="columns">
        <div class="column">${below.timeline(view)} ${below.requestPanel(view)}</div>
        <div class="column">${below.grantsPanel(view)} ${below.documents(view)}</div>
      </div>`;
  }

  /** Above an answer that was predicted. */
  said(view: View) {
    return this.#prediction ? verdictOnPrediction(view, this.#prediction) : '';
  }

  #cover(covered: boolean) {
    this.covered = covered;
    if (covered) this.#prediction = undefined;
    this.update();
  }

  #leave() {
    this.close();
    this.left();
  }

  /** Another step is another question. */
  #moved = () => {
    const { position } = this.store.state;
    if (position !== this.#position && this.steps) this.#cover(true);
    this.#position = position;
  };

  #keys = (event: KeyboardEvent) => {
    const [target] = event.composedPath();
    const isField = target instanceof HTMLElement && (target.matches('input, select, textarea') || target.isContentEditable);
    if (isField || event.altKey || event.ctrlKey || event.metaKey) return;
    const { position } = this.store.state;
    const actions: { [key: string]: () => void } = {
      PageDown: () => (this.covered ? this.#cover(false) : this.store.walk(position + 1)),
      PageUp: () => this.store.walk(position - 1),
      '.': () => this.#cover(!this.covered),
    };
    const action = event.key === 'Escape' ? () => this.#leave() : this.steps ? actions[event.key] : undefined;
    if (!action) return;
    event.preventDefault();
    action();
  };
}
