/** The whole page as one element: loads the engine, keeps the store, and lays out the views. */
import { html, LitElement, unsafeCSS } from 'lit';
import { loadEngine, type Scenario, type Source } from '../engine/engine';
import { loadWords, preferredLanguage, type Language, type Words } from '../i18n';
import { placeholderKey } from '../state/adopt';
import { exhibits, isScenario, openingOf, scenarioNamed, storyName, type Exhibit } from '../state/gallery';
import { LinkError, readLink, type Link } from '../state/link';
import { placeOf } from '../state/locate';
import type { Pasted } from '../state/paste';
import { Store } from '../state/store';
import { parsed } from '../state/world';
import styles from '../styles/playground.css?inline';
import { commands } from './commands';
import { announcement, decisionBar, decisionDetails } from './decision';
import { documents } from './documents';
import { flowPanel } from './flow';
import type { KmsEditor } from './editor';
import { gallery, type Search } from './gallery';
import { grantsPanel } from './grants';
import { pastePanel } from './paste';
import { requestPanel } from './request';
import { timeline } from './timeline';
import { toolbar, tools, type Tool, type ToolName } from './tools';
import { trace } from './trace';
import { withCode, type View } from './view';

/** Nothing is announced until the answer has stood still for this long. */
const settled = 600;

const emptyStart: Scenario = {
  scenario: 1,
  keys: [{ metadata: { Arn: placeholderKey }, policy: '', grants: [] }],
  principals: [],
};

export class KmsPlayground extends LitElement {
  static override styles = unsafeCSS(styles);

  #words: Words | undefined;
  #store: Store | undefined;
  #failure: string | undefined;
  #page: 'playground' | 'gallery' = 'playground';
  #exhibits: readonly Exhibit[] = [];
  #search: Search = { text: '', tag: '' };
  /** What is said about the link that was followed or made. */
  #notice: { text: string; alert: boolean } | undefined;
  /** The tool that is open, once it is loaded. */
  #tool: { name: ToolName; tool?: Tool } | undefined;
  #document = '';
  /** Whether the editor is loaded and used. */
  #rich = false;
  #awaited: Element | undefined;
  #plain = stored('editor') === 'plain';
  #chosen: { [name: string]: string } = {};
  #pasted: Pasted | undefined;
  #announced = '';
  #announcing: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback() {
    super.connectedCallback();
    addEventListener('hashchange', this.#route);
    addEventListener('keydown', this.#keys);
    void this.#start();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#route);
    removeEventListener('keydown', this.#keys);
  }

  async #start() {
    const engine = loadEngine();
    engine.catch(() => undefined); // awaited below, once there are words to say it with
    await this.#speak(preferredLanguage(stored('language'), navigator.languages));
    try {
      this.#store = new Store(await engine);
      this.#store.addEventListener('change', () => this.#changed());
      await this.#route();
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
      this.requestUpdate();
    }
  }

  async #speak(language: Language) {
    this.#words = await loadWords(language);
    document.documentElement.lang = language;
    this.#announced = '';
    this.requestUpdate();
  }

  /** Opens what the address says; without anything to say, the story at the moment that surprises. */
  #route = async () => {
    const store = this.#store;
    if (!store) return;
    const fragment = location.hash;
    this.#notice = undefined;
    let link: Link | undefined;
    try {
      link = await readLink(fragment);
      if (fragment !== location.hash) return;
      this.#follow(link, store);
    } catch (error) {
      const reason = error instanceof LinkError ? error.reason : 'damaged';
      const story = await scenarioNamed(storyName);
      this.#follow({ to: 'scenario', name: storyName, scenario: story!, at: undefined, deeds: [] }, store);
      this.#notice = { text: this.#words!.text(`link.${reason}`), alert: true };
    }
    if (link?.to === 'gallery') this.#exhibits = await exhibits();
    this.requestUpdate();
  };

  #follow(link: Link, store: Store) {
    this.#document = '';
    this.#chosen = {};
    this.#pasted = undefined;
    this.#announced = '';
    this.#page = link.to === 'gallery' ? 'gallery' : 'playground';
    if (link.to === 'new') store.open('new', emptyStart, 0);
    if (link.to === 'shown') store.restore(link.shown);
    if (link.to !== 'scenario') return;
    store.open(link.name, link.scenario, link.at ?? openingOf(link.scenario));
    store.repeat(link.deeds);
  }

  async #copyLink() {
    const words = this.#words!;
    try {
      const link = location.href.replace(/#.*|$/, await this.#store!.link());
      await navigator.clipboard.writeText(link);
      this.#notice = { text: words.text('link.copied', { length: link.length }), alert: false };
    } catch (error) {
      this.#notice = { text: words.text(error instanceof LinkError ? 'link.tooLarge' : 'link.notCopied'), alert: true };
    }
    this.requestUpdate();
  }

  async #openTool(name: ToolName | undefined) {
    this.#tool = name && { name };
    this.requestUpdate();
    // A file of an older build may be gone from the site by now.
    const tool = name && (await tools[name]().catch(() => undefined));
    if (!name || this.#tool?.name !== name) return;
    if (!tool) {
      this.#tool = undefined;
      this.#notice = { text: this.#words!.text('tools.failed'), alert: true };
      return this.requestUpdate();
    }
    this.#tool = { name, tool };
    tool.prepare?.(this.#store!);
    this.requestUpdate();
  }

  #changed() {
    this.requestUpdate();
    this.#tool?.tool?.prepare?.(this.#store!);
    clearTimeout(this.#announcing);
    this.#announcing = setTimeout(() => {
      this.#announced = announcement(this.#store!.state, this.#words!);
      this.requestUpdate();
    }, settled);
  }

  /** Undo and redo of actions; inside a text field the browser's own undo stays. */
  #keys = (event: KeyboardEvent) => {
    const path = event.composedPath();
    const elsewhere = event.target !== document.body && !path.includes(this);
    const inText = path.some((node) => node instanceof HTMLTextAreaElement || node instanceof HTMLInputElement || (node instanceof HTMLElement && node.isContentEditable));
    if (elsewhere || inText || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
    event.preventDefault();
    if (event.shiftKey) this.#store?.redo();
    else this.#store?.undo();
  };

  async #reveal(source: Source) {
    const { state } = this.#store!;
    const place = placeOf(source, state.now, state.question);
    if (!place) return;
    const inRequest = place.document === '';
    if (inRequest) this.renderRoot.querySelector<HTMLDetailsElement>('#request-json')!.open = true;
    else this.#document = place.document;
    this.requestUpdate();
    await this.updateComplete;
    const text = this.renderRoot.querySelector<HTMLTextAreaElement | KmsEditor>(inRequest ? '#text-request' : '#text-document');
    if (!text) return;
    if (!(text instanceof HTMLTextAreaElement)) return text.select(place.range);
    const { start, end } = place.range;
    text.focus();
    text.setSelectionRange(start.offset, Math.max(end.offset, start.offset));
    const lineHeight = parseFloat(getComputedStyle(text).lineHeight);
    text.scrollTop = (start.line - 3) * lineHeight;
  }

  /** The editor is loaded when a text comes into view and the browser has nothing else to do; it takes no field away from under a hand. */
  override updated() {
    const text = this.renderRoot.querySelector('#text-document');
    if (this.#rich || this.#plain || !(text instanceof HTMLTextAreaElement) || this.#awaited === text) return;
    this.#awaited = text;
    const seen = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting) return;
      seen.disconnect();
      whenIdle(async () => {
        if (!(await import('./editor').catch(() => undefined))) return;
        const inUse = () => this.renderRoot instanceof ShadowRoot && this.renderRoot.activeElement instanceof HTMLTextAreaElement;
        while (inUse()) await new Promise((resolve) => this.renderRoot.addEventListener('focusout', () => setTimeout(resolve), { once: true }));
        this.#rich = true;
        this.requestUpdate();
      });
    });
    seen.observe(text);
  }

  override render() {
    const words = this.#words;
    if (!words) return html`<main><slot></slot></main>`;
    const state = this.#store?.state;
    return html`
      ${this.#header(words)}
      <main>
        ${this.#notice ? html`<p class="notice" role=${this.#notice.alert ? 'alert' : 'status'}>${this.#notice.text}</p>` : ''}
        ${this.#page === 'gallery' ? this.#gallery(words) : state ? this.#views(words) : this.#waiting(words)}
      </main>
      ${this.#footer(words)}
      <div class="hidden" role="status" aria-live="polite">${this.#announced}</div>
    `;
  }

  #header(words: Words) {
    const state = this.#store?.state;
    const languages: { [language in Language]: string } = { en: 'English', ja: '日本語' };
    return html`<header>
      <button type="button" class="skip" @click=${() => this.renderRoot.querySelector<HTMLElement>('#decision')?.focus()}>${words.text('app.skip')}</button>
      <div class="brand">
        <h1>${words.text('app.title')}</h1>
        <p>${words.text('app.tagline')}</p>
      </div>
      <nav aria-label=${words.text('app.title')}>
        ${(
          [
            [`#s=${storyName}`, 'app.story', state?.name === storyName],
            ['#gallery', 'app.gallery', false],
            ['#new', 'app.new', state?.name === 'new'],
          ] as const
        ).map(([href, name, shown]) => {
          const current = href === '#gallery' ? this.#page === 'gallery' : shown && this.#page === 'playground';
          return html`<a href=${href} aria-current=${current ? 'page' : 'false'}>${words.text(name)}</a>`;
        })}
      </nav>
      <div class="tools">
        <button type="button" ?disabled=${!state || this.#page === 'gallery'} @click=${() => void this.#copyLink()}>${words.text('link.copy')}</button>
        <button type="button" ?disabled=${!state?.canUndo} @click=${() => this.#store?.undo()}>${words.text('app.undo')}</button>
        <button type="button" ?disabled=${!state?.canRedo} @click=${() => this.#store?.redo()}>${words.text('app.redo')}</button>
        <div class="languages" role="group" aria-label=${words.text('app.language')}>
          ${(['en', 'ja'] as const).map(
            (language) =>
              html`<button
                type="button"
                lang=${language}
                aria-pressed=${language === words.language}
                @click=${() => {
                  remember('language', language);
                  void this.#speak(language);
                }}
              >
                ${languages[language]}
              </button>`,
          )}
        </div>
      </div>
    </header>`;
  }

  #gallery(words: Words) {
    return gallery(words, this.#exhibits, this.#search, (search) => {
      this.#search = search;
      this.requestUpdate();
    });
  }

  #views(words: Words) {
    const store = this.#store!;
    const { state } = store;
    const view: View = {
      store,
      state,
      words,
      document: this.#document,
      openDocument: (pointer) => {
        this.#document = pointer;
        this.requestUpdate();
      },
      reveal: (source) => void this.#reveal(source),
      pasted: this.#pasted,
      paste: (text) => {
        const scenario = parsed(text);
        if (isScenario(scenario)) {
          store.open(scenario.title === undefined ? 'new' : 'file', scenario, openingOf(scenario));
          return true;
        }
        this.#pasted = store.paste(text);
        this.requestUpdate();
        return this.#pasted.kinds.length > 0;
      },
      chosen: this.#chosen,
      choose: (name, value) => {
        this.#chosen = { ...this.#chosen, [name]: value };
        this.requestUpdate();
      },
      rich: this.#rich && !this.#plain,
      plain: this.#plain,
      preferPlain: (yes) => {
        this.#plain = yes;
        remember('editor', yes ? 'plain' : 'rich');
        this.requestUpdate();
      },
      link: async (rename) => location.href.replace(/#.*|$/, await store.link(rename)),
      focus: (id) => void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#${id}`)?.focus()),
    };
    const isNew = state.name === 'new';
    const columns = isNew
      ? [[pastePanel, documents], [requestPanel, grantsPanel, timeline], [flowPanel, trace, commands]]
      : [[timeline, grantsPanel], [flowPanel, trace], [requestPanel, documents, pastePanel, commands]];
    return html`
      <div class="intro">
        <h2>${isNew ? words.text('new.title') : words.local(state.start.title)}</h2>
        <p>${isNew ? words.say('new.description') : withCode(words.local(state.start.description))}</p>
        <p class="honest">${words.text('app.honest')}</p>
      </div>
      ${decisionBar(view)} ${decisionDetails(view)}
      ${toolbar(view, this.#tool?.name, this.#tool?.tool, (name) => void this.#openTool(name))}
      <div class="columns ${isNew ? 'own' : ''}">
        ${columns.map((panels) => html`<div class="column">${panels.map((panel) => panel(view))}</div>`)}
      </div>
    `;
  }

  #waiting(words: Words) {
    if (this.#failure === undefined) return html`<p class="waiting">${words.text('app.loading')}</p>`;
    return html`<div class="waiting" role="alert">
      <h2>${words.text('app.failed')}</h2>
      <p>${words.text('app.failed.help')}</p>
      <pre lang="en">${this.#failure}</pre>
    </div>`;
  }

  #footer(words: Words) {
    const version = this.#store?.state?.engineVersion;
    return html`<footer aria-labelledby="about">
      <h2 id="about">${words.text('app.about')}</h2>
      <p>${words.text('app.about.simulation')}</p>
      <p>${words.text('app.about.private')}</p>
      <p>${words.text('app.about.limits')}</p>
      ${version ? html`<p>${words.say('app.about.version', { version })}</p>` : ''}
    </footer>`;
  }
}

/** Safari has no idle callback. */
function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(work, { timeout: 3000 });
  else setTimeout(work, 500);
}

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
