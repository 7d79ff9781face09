/** Lessons: the list with what is solved, and the panel that leads through one of them. Loaded when the first lesson is opened. */
import { html } from 'lit';
import { live } from 'lit/directives/live.js';
import type { TraceEntry } from '../engine/types';
import type { Words } from '../i18n';
import { shortName } from '../state/callers';
import { lessonIds, lessonNamed, LessonRun, type Asked, type Choice, type Hint, type Lesson } from '../state/lessons';
import type { LessonOptions } from '../state/link';
import { placeOf } from '../state/locate';
import { Progress } from '../state/progress';
import type { Store } from '../state/store';
import { valueAt } from '../state/world';
import lessonStyles from '../styles/lessons.css?inline';
import { reasons, verdictOf } from './decision';
import { documents } from './documents';
import { requestPanel } from './request';
import { entryList } from './trace';
import { phrase } from './whatif';
import { heading, icon, withCode, type View } from './view';

export const styles = lessonStyles;

/** The panels that stand there before the prediction; hints that lead to others lead nowhere yet. */
const beforehand = new Set(['lesson', 'documents', 'request']);

export class Lessons {
  readonly #progress = new Progress(lessonIds);
  readonly #options: LessonOptions;
  /** Of the list. */
  #titles: { id: string; title: Lesson['title']; task: Lesson['task'] }[] = [];
  #run: LessonRun | undefined;
  /** Which other questions the quiz would have. */
  readonly #nextSeed = Math.floor(Math.random() * 1e6);
  /** The answer is asked for, where the link keeps it covered. */
  #uncovered = false;
  #note: 'none' | 'entered' | 'wrongCode' = 'none';

  private constructor(
    options: LessonOptions,
    private readonly update: () => void,
  ) {
    this.#options = options;
  }

  /** The list. */
  static async list(update: () => void): Promise<Lessons> {
    const lessons = new Lessons({ pin: false, noSolve: false, cover: false, present: false }, update);
    const all = await Promise.all(lessonIds.map(lessonNamed));
    lessons.#titles = all.map((lesson, i) => ({ id: lessonIds[i]!, title: lesson!.title, task: lesson!.task }));
    return lessons;
  }

  /** A lesson, opened in the store; undefined when there is none of this name. */
  static async open(id: string, options: LessonOptions, store: Store, update: () => void): Promise<Lessons | undefined> {
    const lessons = new Lessons(options, update);
    lessons.#run = await LessonRun.open(id, store, options.seed);
    return lessons.#run && lessons;
  }

  /** Whether the page must not show the decision yet. */
  get covered(): boolean {
    const run = this.#run;
    return run !== undefined && (!run.predicted || ((this.#options.cover || this.#options.present) && !this.#uncovered));
  }

  /** Whether the page leads nowhere else. */
  get pinned(): boolean {
    return this.#options.pin;
  }

  /** Whether the goal of the open lesson is reached. */
  get met(): boolean {
    return this.#run !== undefined && this.#run.predicted && this.#run.met;
  }

  /** All lessons, with what is solved. */
  list(words: Words) {
    const progress = this.#progress;
    return html`<section class="gallery lessons" aria-labelledby="lessons">
      <div class="intro">
        ${heading('lessons', words.text('lessons.heading'))}
        <p>${words.text('lessons.description')}</p>
        <p><a href="#s=lambda-env&present">${words.text('lessons.present')}</a></p>
      </div>
      <p class="help" role="status">${words.text('lessons.count', { count: progress.count, total: lessonIds.length })}</p>
      <ol class="exhibits">
        ${this.#titles.map(
          ({ id, title, task }, i) => html`<li class="card">
            <h3><a href="#lesson=${id}">${i + 1}. ${withCode(words.local(title))}</a></h3>
            <p>${withCode(words.local(task))}</p>
            ${progress.has(id) ? html`<p class="of">${icon('allow')} ${words.text('lessons.solved')}</p>` : ''}
          </li>`,
        )}
      </ol>
      <div class="panel progress">
        <h3>${words.text('lessons.progress')}</h3>
        <p class="help">${words.text('lessons.progress.help')}</p>
        <label class="field">
          <span>${words.text('lessons.code')}</span>
          <input
            class="code"
            autocomplete="off"
            spellcheck="false"
            .value=${live(progress.code)}
            @change=${(event: Event) => {
              this.#note = progress.enter((event.target as HTMLInputElement).value) ? 'entered' : 'wrongCode';
              this.update();
            }}
          />
        </label>
        <div class="actions-row">
          <button
            type="button"
            ?disabled=${progress.count === 0}
            @click=${() => {
              progress.clear();
              this.#note = 'none';
              this.update();
            }}
          >
            ${words.text('lessons.forget')}
          </button>
        </div>
        <p class="help" role="status">${this.#note === 'none' ? '' : words.text(`lessons.code.${this.#note}`)}</p>
      </div>
    </section>`;
  }

  /** The open lesson with what a prediction is made from. */
  before(view: View) {
    return html`${this.panel(view)}
      <div class="column">${documents(view)} ${requestPanel(view)}</div>`;
  }

  /** The open lesson. */
  panel(view: View) {
    const run = this.#run!;
    const { words } = view;
    const { id, lesson } = run;
    const number = lessonIds.indexOf(id) + 1;
    const met = run.predicted && run.met;
    if (met && !this.#progress.has(id)) this.#progress.add(id);
    return html`<section class="panel lesson" aria-labelledby="lesson">
      ${heading('lesson', words.text('lesson.heading', { number, total: lessonIds.length, title: words.local(lesson.title).replaceAll('`', '') }))}
      ${words.local(lesson.story).split('\n\n').map((paragraph) => html`<p>${withCode(paragraph)}</p>`)}
      ${lesson.events ? this.#events(view) : ''}
      ${this.#question(view, run.prediction, run.at, lesson.quiz ? words.text('lesson.questionOf', { number: run.at + 1, total: run.questions.length }) : words.text('lesson.predict'))}
      ${run.predicted && !this.covered && lesson.quiz ? this.#next(view, run) : ''}
      ${this.covered ? html`<p class="help">${words.text('lesson.covered')}</p>` : lesson.quiz ? '' : this.#task(view, run)}
      <p class="goal ${met ? 'met' : ''}" role="status">
        ${met ? html`${icon('allow')} <b>${words.text('lesson.met')}</b> ${withCode(words.local(lesson.solved))}` : this.#standing(words, run)}
      </p>
      ${this.#help(view, run)} ${this.#ways(words, number)}
    </section>`;
  }

  #standing(words: Words, run: LessonRun) {
    if (run.lesson.quiz) return words.text('lesson.score', { score: run.score, total: run.questions.length, needed: run.lesson.goal.right ?? 0 });
    return run.predicted && !this.covered ? words.text('lesson.notMet') : '';
  }

  #task(view: View, run: LessonRun) {
    const { words } = view;
    const { task, offers = [] } = run.lesson;
    return html`<h3>${words.text('lesson.task')}</h3>
      <p>${withCode(words.local(task))}</p>
      ${offers.length > 0
        ? html`<div class="actions-row" role="group" aria-label=${words.text('lesson.offers')}>
            ${offers.map(({ text, does }) => html`<button type="button" @click=${() => this.#do(() => run.act(does))}>${withCode(words.local(text))}</button>`)}
          </div>`
        : ''}
      ${run.find ? this.#question(view, run.find, 1, words.text('lesson.find')) : ''}`;
  }

  /** A question with its choices; once one is chosen, what the engine answers and why. */
  #question(view: View, asked: Asked, index: number, name: string) {
    const { words } = view;
    const run = this.#run!;
    const { question } = asked;
    const chosen = run.chosen[index];
    const closed = chosen !== undefined && !(index === 1 && run.find && !run.met);
    return html`<fieldset class="question">
      <legend>${name}</legend>
      <p>${this.#asks(words, asked)}</p>
      <div class="actions-row">
        ${question.choices.map(
          (choice, i) => html`<button
            type="button"
            aria-pressed=${chosen === i}
            ?disabled=${closed && chosen !== i}
            @click=${() => !closed && this.#do(() => run.choose(index, i))}
          >
            ${withCode(choiceText(words, choice))}
          </button>`,
        )}
      </div>
      ${chosen === undefined ? '' : this.covered ? this.#uncover(words) : this.#reveal(view, asked, chosen, index)}
    </fieldset>`;
  }

  /** What is asked; where it is made up, with what is different. */
  #asks(words: Words, { question: { text, supposition }, request: { principal, operation } }: Asked) {
    if (text) return withCode(words.local(text));
    return html`${words.say('decision.question', { principal: shortName(principal), operation })}
    ${supposition ? html`${words.text('lesson.supposing')} <b>${phrase(words, supposition)}</b>` : ''}`;
  }

  #uncover(words: Words) {
    return html`<div class="actions-row">
      <button type="button" class="strong" @click=${() => this.#do(() => (this.#uncovered = true))}>${words.text('lesson.uncover')}</button>
    </div>`;
  }

  #reveal(view: View, { question, request, result, right }: Asked, chosen: number, index: number) {
    const { words } = view;
    const isRight = right.includes(chosen);
    const seeks = index === 1 && this.#run!.find !== undefined;
    const answer = words.text(`decision.${verdictOf(result)}`);
    const said = choiceText(words, question.choices[chosen]!).replaceAll('`', '');
    return html`<div class="reveal">
      <p role="status">
        ${isRight ? icon('allow') : ''}
        ${isRight ? words.text(seeks ? 'lesson.found' : 'lesson.foreseen', { answer }) : words.text(seeks ? 'lesson.notFound' : 'lesson.otherwise', { said, answer })}
      </p>
      ${isRight || !seeks ? (question.why ? html`<p>${withCode(words.local(question.why))}</p>` : reasons(result, request, words).map(({ rich }) => html`<p>${rich}</p>`)) : ''}
      ${isRight ? '' : this.#trace(view, toShow(result.trace ?? [], seeks ? question.choices[chosen] : undefined))}
    </div>`;
  }

  /** What each statement and grant said: that explains more than a cross would. */
  #trace(view: View, entries: TraceEntry[]) {
    if (entries.length === 0) return '';
    return html`<details open>
      <summary>${view.words.text('trace.heading')}</summary>
      ${entryList(view, entries)}
    </details>`;
  }

  #next({ words }: View, run: LessonRun) {
    const last = run.at === run.questions.length - 1;
    return html`<div class="actions-row">
      <button type="button" class="strong" ?disabled=${last} @click=${() => this.#do(() => ((this.#uncovered = false), run.go(run.at + 1)))}>
        ${words.text('lesson.nextQuestion')}
      </button>
    </div>`;
  }

  /** The records that CloudTrail would hold, as the engine writes them. */
  #events({ state, words }: View) {
    const records = state.moments.flatMap(({ result }) => (result?.cloudTrail ? [result.cloudTrail] : []));
    const text = (record: unknown, pointer: string) => String(valueAt(record, pointer) ?? '');
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${words.text('lesson.events')}>
      <table>
        <caption>${words.text('lesson.events')}</caption>
        <thead lang="en" translate="no">
          <tr>${['eventTime', 'eventName', 'userIdentity.arn', 'grantId', 'errorCode'].map((name) => html`<th scope="col">${name}</th>`)}</tr>
        </thead>
        <tbody lang="en" translate="no">
          ${records.map((record) => {
            const grantId = text(record, '/requestParameters/grantId') || text(record, '/additionalEventData/grantId');
            const covered = this.covered && record === records.at(-1);
            return html`<tr>
              <td>${text(record, '/eventTime').slice(11, 16)}</td>
              <td>${text(record, '/eventName')}</td>
              <td>${text(record, '/userIdentity/arn').replace(/^.*assumed-role\//, '')}</td>
              <td>${grantId.slice(0, 8)}</td>
              <td>${covered ? '?' : text(record, '/errorCode')}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
  }

  #help(view: View, run: LessonRun) {
    const { words } = view;
    const { hints } = run.lesson;
    return html`<div class="hints">
      <ol aria-label=${words.text('lesson.hints')}>
        ${hints.slice(0, run.hints).map(
          ({ text, show }) => html`<li>
            ${withCode(words.local(text))}
            ${'panel' in show && this.covered && !beforehand.has(show.panel)
              ? ''
              : html`<button type="button" class="source" @click=${() => this.#show(view, show)}>${words.text('lesson.show')}</button>`}
          </li>`,
        )}
      </ol>
      <div class="actions-row">
        <button type="button" ?disabled=${run.hints === hints.length} @click=${() => this.#do(() => (run.hints += 1))}>
          ${words.text('lesson.hint', { number: Math.min(run.hints + 1, hints.length), total: hints.length })}
        </button>
        ${this.#options.noSolve
          ? ''
          : html`<button type="button" @click=${() => this.#do(() => ((this.#uncovered = true), run.solve()))}>${words.text('lesson.solve')}</button>`}
        <button type="button" @click=${() => this.#do(() => ((this.#uncovered = false), run.restart()))}>${words.text('lesson.restart')}</button>
      </div>
    </div>`;
  }

  #show(view: View, show: Hint['show']) {
    if ('panel' in show) return view.focus(show.panel);
    // A whole policy is shown by its statements.
    const { now, question } = view.state;
    const pointer = [show.pointer, `${show.pointer}/Statement`].find((one) => placeOf({ pointer: one }, now, question));
    if (pointer) view.reveal({ pointer });
    else view.focus('documents'); // what it points to is gone, or its text is broken
  }

  #ways(words: Words, number: number) {
    if (this.#options.pin) return '';
    const [before, after] = [lessonIds[number - 2], lessonIds[number]];
    const { id, lesson } = this.#run!;
    return html`<nav class="ways" aria-label=${words.text('lessons.heading')}>
      ${before ? html`<a href="#lesson=${before}">${words.text('lesson.before')}</a>` : ''}
      <a href="#lessons">${words.text('lesson.all')}</a>
      ${lesson.quiz ? html`<a href="#lesson=${id}&seed=${this.#nextSeed}">${words.text('lesson.otherQuestions')}</a>` : ''}
      ${after ? html`<a href="#lesson=${after}">${words.text('lesson.after')}</a>` : ''}
    </nav>`;
  }

  #do(action: () => void) {
    action();
    this.update();
  }
}

const choiceText = (words: Words, { text, expect }: Choice): string =>
  text === undefined ? words.text(`decision.${expect.decision === 'allowed' || expect.decision === 'error' ? expect.decision : 'denied'}`) : words.local(text);

/** Of a wrong answer, what the statement or grant that was taken for the right one said; else everything that was evaluated. */
function toShow(trace: TraceEntry[], choice: Choice | undefined): TraceEntry[] {
  const { determining, failing } = choice?.expect ?? {};
  const chosen = trace.filter(({ pointer = ' ' }) => determining === pointer || failing?.startsWith(`${pointer}/`));
  return chosen.length > 0 ? chosen : trace.slice(0, 6);
}
