/** The whole page as one element: loads the engine, keeps the store, and lays out the views. */
import { html, noChange, unsafeCSS } from 'lit';
import { loadEngine, type Scenario } from '../engine/engine';
import { preferredLanguage, type Language, type Words } from '../i18n';
import { emptyStart, exhibits, openingOf, scenarioNamed, storyName, type Exhibit } from '../state/gallery';
import { LinkError, readLink, type Link } from '../state/link';
import { Store, type State } from '../state/store';
import colours from '../styles/colours.css?inline';
import styles from '../styles/playground.css?inline';
import { awaited, decisionBar } from './decision';
import type { Search } from './gallery';
import type * as Below from './layout';
import type { Lessons } from './lessons';
import type { Presenter } from './presenter';
import { Surface } from './surface';
import { withCode, type Draft, type View } from './view';

/** In one file, there are no pages beside it. */
const isAlone = import.meta.env.MODE === 'single';

export class KmsPage extends Surface {
  static override styles = [unsafeCSS(colours), unsafeCSS(styles)];

  /** What is about to be decided, while the evaluator is still on its way. */
  #coming: Scenario | undefined;
  #page: 'playground' | 'gallery' | 'lessons' = 'playground';
  /** The open lesson or the list of lessons; its code is loaded with the first. */
  #lessons: Lessons | undefined;
  #hasLessonStyles = false;
  #presenter: Presenter | undefined;
  /** The reader's own documents, while something else is open. */
  #own: State | undefined;
  /** Tells them from those that were kept before. */
  #ownId = newId();
  /** Whether there are such; undefined until somebody asks. */
  #isKept: boolean | undefined;
  /** Whether somebody else has shown what is open. */
  #isOfOthers = false;
  #exhibits: readonly Exhibit[] = [];
  #search: Search = { text: '', tag: '' };

  constructor() {
    super();
    this.decisionFirst = true;
    this.plain = stored('editor') === 'plain';
  }

  override connectedCallback() {
    super.connectedCallback();
    addEventListener('hashchange', this.#route);
    addEventListener('pagehide', this.#keepOwn);
    document.addEventListener('visibilitychange', this.#hide);
    void this.#start();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#route);
    removeEventListener('pagehide', this.#keepOwn);
    document.removeEventListener('visibilitychange', this.#hide);
  }

  async #start() {
    const engine = loadEngine();
    engine.catch(() => undefined); // awaited below, once there are words to say it with
    // Meanwhile the page is drawn as far as it can be, little by little, for slow phones.
    const link = readLink(location.hash).catch(() => undefined);
    await pause();
    await this.speak(preferredLanguage(stored('language'), navigator.languages));
    await this.updateComplete;
    await pause();
    const named = await link;
    if (named?.to === 'scenario') this.#coming = named.scenario;
    this.requestUpdate();
    try {
      this.use(new Store(await engine));
      await this.#route();
      await this.updateComplete;
      // Once the decision has been painted.
      requestAnimationFrame(() => setTimeout(() => void this.loadBelow()));
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
      this.requestUpdate();
    }
  }

  protected override async speak(language: Language) {
    await super.speak(language);
    document.documentElement.lang = language;
  }

  /** Opens what the address says; without anything to say, the story at the moment that surprises. */
  #route = async () => {
    const store = this.store;
    if (!store) return;
    const fragment = location.hash;
    this.notice = undefined;
    let link: Link | undefined;
    try {
      link = await readLink(fragment);
      const lessons = link.to === 'lessons' || link.to === 'lesson' ? await this.#lessonsFor(link, store) : undefined;
      const Presenter = await this.#presenterFor(link);
      if (link.to === 'scenario' && !store.state) await store.prepare(link.scenario, link.at ?? openingOf(link.scenario));
      if (fragment !== location.hash) return;
      this.#lessons = lessons;
      this.#follow(link, store);
      if (Presenter) this.#presenter = new Presenter(store, link.to !== 'lesson', () => this.requestUpdate(), this.#stopPresenting);
    } catch (error) {
      const notice = error instanceof LinkError ? (`link.${error.reason}` as const) : 'tools.failed';
      await this.loadBelow(); // with the words for it
      if (fragment !== location.hash) return;
      this.#lessons = undefined;
      const story = await scenarioNamed(storyName);
      this.#follow({ to: 'scenario', name: storyName, scenario: story!, at: undefined, deeds: [], present: false }, store);
      this.notice = { text: this.words!.findText(notice) ?? this.words!.text('tools.failed'), alert: true };
    }
    if (link?.to === 'gallery') this.#exhibits = await exhibits();
    if (this.#page === 'playground') this.drawInTurn();
    else this.requestUpdate();
  };

  async #lessonsFor(link: Link & { to: 'lesson' | 'lessons' }, store: Store): Promise<Lessons> {
    const [{ Lessons, styles }] = await Promise.all([import('./lessons'), this.loadBelow()]);
    if (!this.#hasLessonStyles) this.adopt(styles);
    this.#hasLessonStyles = true;
    const update = () => this.requestUpdate();
    const lessons = link.to === 'lessons' ? await Lessons.list(update) : await Lessons.open(link.id, link.options, store, update);
    if (!lessons) throw new LinkError('unknown');
    return lessons;
  }

  /** Presenter mode, where the link asks for it. */
  async #presenterFor(link: Link): Promise<typeof Presenter | undefined> {
    if (!(link.to === 'lesson' ? link.options.present : link.to === 'scenario' && link.present)) return undefined;
    const [{ Presenter }] = await Promise.all([import('./presenter'), this.loadBelow()]);
    return Presenter;
  }

  #stopPresenting = () => {
    this.#presenter = undefined;
    history.replaceState(null, '', location.hash.replace(/&present\b/, ''));
    this.requestUpdate();
  };

  #follow(link: Link, store: Store) {
    this.forget();
    this.#presenter?.close();
    this.#presenter = undefined;
    this.#page = link.to === 'gallery' || link.to === 'lessons' ? link.to : 'playground';
    const { state } = store;
    const isNew = state?.name === 'new';
    this.#own = this.#ownNow();
    // What somebody else has shown becomes the reader's own, when there is nothing else.
    if (link.to === 'new') {
      if (!this.#own && !isNew) store.open('new', emptyStart, 0);
      if (this.#own && this.#own !== state) store.restore(this.#own);
    }
    this.#isOfOthers = link.to === 'shown';
    if (link.to === 'shown') store.restore(link.shown);
    if (link.to !== 'scenario') return;
    store.open(link.name, link.scenario, link.at ?? openingOf(link.scenario));
    store.repeat(link.deeds);
  }

  #ownNow(): State | undefined {
    const state = this.store?.state;
    return state?.name === 'new' && !this.#isOfOthers ? state : this.#own;
  }

  /** Own documents outlive the page: also where a phone ends it without a word. */
  #keepOwn = () => {
    const own = this.#ownNow();
    const { drafts } = this.below ?? {};
    if (own && drafts?.hasContent(own)) drafts.keepDraft(this.#ownId, own);
  };

  #hide = () => {
    if (document.visibilityState === 'hidden') this.#keepOwn();
  };

  protected override stateChanged() {
    this.#own = this.#ownNow();
  }

  #draft(store: Store, { drafts }: typeof Below, focus: (id: string) => void): Draft {
    const say = (key: 'draft.tooLarge' | 'draft.unreadable') => {
      this.notice = { text: this.words!.text(key), alert: true };
      this.requestUpdate();
    };
    /** What is there is kept, or nothing else takes its place. */
    const isSafe = () => {
      const safe = !drafts.hasContent(store.state) || drafts.keepDraft(this.#ownId, store.state);
      if (!safe) say('draft.tooLarge');
      return safe;
    };
    const begin = (open: () => void) => {
      this.#ownId = newId();
      this.#isKept = undefined;
      this.forget();
      open();
      focus('paste');
    };
    const beginEmpty = () => begin(() => store.open('new', emptyStart, 0));
    const forget = () => {
      drafts.forgetDraft(this.#ownId);
      this.#isKept = undefined;
      this.requestUpdate();
      focus('paste');
    };
    return {
      kept: (this.#isKept ??= drafts.hasDraft(this.#ownId)),
      isEmpty: !drafts.hasContent(store.state),
      bringBack: async () => {
        const { state } = store;
        const shown = await drafts.readDraft(this.#ownId);
        if (store.state !== state || !isSafe()) return; // or something else was opened meanwhile
        forget();
        if (!shown) return say('draft.unreadable');
        try {
          begin(() => store.restore(shown));
        } catch {
          beginEmpty();
          say('draft.unreadable');
        }
      },
      forget,
      startOver: () => {
        if (isSafe()) beginEmpty();
      },
    };
  }

  async #copyLink() {
    await this.loadBelow();
    const words = this.words!;
    if (!this.below) return; // which has been said
    let link = '';
    try {
      link = await this.link();
      await this.below.writeClipboard(link);
      this.notice = { text: words.text('link.copied', { length: link.length }), alert: false };
    } catch (error) {
      if (link) history.replaceState(null, '', link); // to be copied from there
      this.notice = { text: words.text(error instanceof LinkError ? 'link.tooLarge' : 'link.notCopied'), alert: true };
    }
    this.requestUpdate();
  }

  /** What is to be predicted is not told. */
  protected override announce(words: Words): string {
    return this.#lessons?.covered || this.#presenter?.covered ? '' : super.announce(words);
  }

  /** Without the focus anywhere, keys are meant for the page. */
  protected override hears(event: KeyboardEvent): boolean {
    return event.target === document.body || super.hears(event);
  }

  protected override async link(rename?: (text: string) => string): Promise<string> {
    return location.href.replace(/#.*|$/, await this.store!.link(rename));
  }

  protected override preferPlain(yes: boolean) {
    remember('editor', yes ? 'plain' : 'rich');
  }

  override render() {
    const words = this.words;
    if (!words) return html`<main><slot></slot></main>`;
    const state = this.store?.state;
    return html`
      ${this.#header(words)}
      <main>
        ${this.noticeLine()}
        ${this.#page === 'gallery' ? this.#gallery(words) : this.#page === 'lessons' ? this.#lessons?.list(words) : state ? this.#views(words) : this.#parts('', this.#coming ? this.#intro(words, this.#coming, false) : '', this.#waiting(words), '')}
      </main>
      ${this.#footer(words)}
      ${this.announcements()}
    `;
  }

  #header(words: Words) {
    const state = this.store?.state;
    const languages: { [language in Language]: string } = { en: 'English', ja: '日本語' };
    return html`<header>
      <button type="button" class="skip" @click=${() => this.renderRoot.querySelector<HTMLElement>('#decision')?.focus()}>${words.text('app.skip')}</button>
      <div class="brand">
        <h1>${words.text('app.title')}</h1>
        <p>${words.text('app.tagline')}</p>
      </div>
      ${this.#lessons?.pinned ? '' : this.#nav(words)}
      <div class="tools">
        <button type="button" ?disabled=${!state || this.#page !== 'playground'} @click=${() => void this.#copyLink()}>${words.text('link.copy')}</button>
        <button type="button" ?disabled=${!state?.canUndo} @click=${() => this.store?.undo()}>${words.text('app.undo')}</button>
        <button type="button" ?disabled=${!state?.canRedo} @click=${() => this.store?.redo()}>${words.text('app.redo')}</button>
        <div class="languages" role="group" aria-label=${words.text('app.language')}>
          ${(['en', 'ja'] as const).map(
            (language) =>
              html`<button
                type="button"
                lang=${language}
                aria-pressed=${language === words.language}
                @click=${() => {
                  remember('language', language);
                  void this.speak(language);
                }}
              >
                ${languages[language]}
              </button>`,
          )}
        </div>
      </div>
    </header>`;
  }

  #nav(words: Words) {
    const state = this.store?.state;
    return html`<nav aria-label=${words.text('app.title')}>
      ${(
        [
          [`#s=${storyName}`, 'app.story', state?.name === storyName],
          ['#lessons', 'app.lessons', false],
          ['#gallery', 'app.gallery', false],
          ['#new', 'app.new', state?.name === 'new'],
        ] as const
      ).map(([href, name, shown]) => {
        const current = href === `#${this.#page}` || (shown && this.#page === 'playground');
        return html`<a href=${href} aria-current=${current ? 'page' : 'false'}>${words.text(name)}</a>`;
      })}
    </nav>`;
  }

  #gallery(words: Words) {
    return this.below?.gallery(words, this.#exhibits, this.#search, (search) => {
      this.#search = search;
      this.requestUpdate();
    });
  }

  #views(words: Words) {
    const store = this.store!;
    const { state } = store;
    const presenter = this.below && this.#presenter;
    const isNew = state.name === 'new';
    const shared = this.view(words);
    const view = { ...shared, covered: presenter?.covered ?? false, ...(isNew && !this.#isOfOthers && this.below ? { draft: this.#draft(store, this.below, shared.focus) } : {}) };
    // Until the prediction is made, only what it is to be made from.
    if (this.#lessons?.covered) return html`${presenter?.bar(view)} ${this.#lessons.before(view)}`;
    return this.#parts(
      presenter?.bar(view),
      this.#lessons?.panel(view) ?? this.#intro(words, state.start, isNew),
      presenter?.covered ? presenter.question(view, this.below!) : html`${presenter?.said(view)} ${decisionBar(view, this.below?.obstacles(view))}`,
      presenter?.covered ? '' : this.below && html`${view.due(0) ? this.#aboveColumns(view, this.below) : noChange} ${this.below.columns(view)}`,
    );
  }

  /** One template before and after the evaluator is there: what stands already is not drawn again. */
  #parts(bar: unknown, intro: unknown, decision: unknown, below: unknown) {
    return html`${bar} ${intro} ${decision} ${below}`;
  }

  #intro(words: Words, start: Scenario, isNew: boolean) {
    return html`<div class="intro">
      <h2>${isNew ? words.text('new.title') : words.local(start.title)}</h2>
      <p>${isNew ? words.say('new.description') : withCode(words.local(start.description))}</p>
      <p class="honest">${words.text('app.honest')}</p>
    </div>`;
  }

  #aboveColumns(view: View, below: typeof Below) {
    return html`${below.decisionDetails(view)} ${below.toolbar(view, this.tool?.name, this.tool?.tool, (name) => void this.openTool(name))}`;
  }

  #waiting(words: Words) {
    if (this.failure === undefined && this.#coming) return awaited(words);
    if (this.failure === undefined) return html`<p class="waiting">${words.text('app.loading')}</p>`;
    return html`<div class="waiting" role="alert">
      <h2>${words.text('app.failed')}</h2>
      <p>${words.text('app.failed.help')}</p>
      <pre lang="en">${this.failure}</pre>
    </div>`;
  }

  #footer(words: Words) {
    const version = this.store?.state?.engineVersion;
    const inLanguage = words.language === 'ja' ? '.ja' : '';
    return html`<footer aria-labelledby="about">
      <h2 id="about">${words.text('app.about')}</h2>
      ${this.below ? (['simulation', 'private', 'limits'] as const).map((what) => html`<p>${words.text(`app.about.${what}`)}</p>`) : ''}
      ${isAlone || this.#lessons?.pinned
        ? ''
        : html`<p class="more">
            <a href="./docs/index${inLanguage}.html">${words.text('app.docs')}</a>
            <a href="./docs/lambda${inLanguage}.html">${words.text('app.article')}</a>
          </p>`}
      ${version ? html`<p>${words.say('app.about.version', { version })}</p>` : ''}
    </footer>`;
  }
}

const newId = () => `${Date.now()}-${Math.random()}`;

/** Lets the browser do what else it has to do. */
const pause = () => new Promise((resolve) => setTimeout(resolve));

/** Storage may be forbidden (in embedded pages); then nothing is remembered. */
function stored(name: string): string | null {
  try {
    return localStorage.getItem(`kms-playground.${name}`);
  } catch {
    return null;
  }
}

function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`kms-playground.${name}`, value);
  } catch {
    // Not remembered, then.
  }
}
