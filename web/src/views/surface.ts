/**
 * What the page and the embedded element have in common: the words, the store, and everything that their views share, such as the
 * document that is open, the editor, what was pasted, and the announcements. Each lays the views out in its own `render`.
 */
import { html, LitElement, unsafeCSS } from 'lit';
import type { Source } from '../engine/types';
import { loadWords, type Language, type Words } from '../i18n';
import { placeOf } from '../state/locate';
import type { Pasted } from '../state/paste';
import type { Store } from '../state/store';
import { announcement } from './decision';
import type { KmsEditor } from './editor';
import type * as Below from './layout';
import type { Tool, ToolName } from './tools';
import type { View } from './view';

/** Nothing is announced until the answer has stood still for this long. */
const settled = 600;

/** Drawing goes on for so many milliseconds before the browser may show what there is. */
const patience = 8;

/** Style sheets by their text: all elements of a page share them. */
const sheets = new Map<string, CSSStyleSheet>();

export abstract class Surface extends LitElement {
  protected words: Words | undefined;
  /** The views below the decision, once they are loaded. */
  protected below: typeof Below | undefined;
  protected store: Store | undefined;
  protected failure: string | undefined;
  /** What is said about the link that was followed or made. */
  protected notice: { text: string; alert: boolean } | undefined;
  /** The tool that is open, once it is loaded. */
  protected tool: { name: ToolName; tool?: Tool } | undefined;
  protected document = '';
  /** The text that a link to some lines has opened last. */
  protected opened: 'document' | 'request' | undefined;
  /** Whether the reader prefers plain text areas. */
  protected plain = false;
  /** Whether the editor is loaded and used. */
  #rich = false;
  #awaited: Element | undefined;
  #chosen: { [name: string]: string } = {};
  #pasted: Pasted | undefined;
  /** Whether a change draws the decision first, and the rest in turn. */
  protected decisionFirst = false;
  /** What the next update draws below the decision: everything, nothing, or the part with this number. */
  protected due: 'all' | 'none' | number = 'all';
  /** The part that was drawn last in turn, and how many are still to be. */
  #turn = -1;
  #turnsLeft = 0;
  /** Whether parts are still to be drawn. */
  protected isDrawing = false;
  #announced = '';
  #announcing: ReturnType<typeof setTimeout> | undefined;

  /** A link to what is shown, with the names in it changed. */
  protected abstract link(rename?: (text: string) => string): Promise<string>;
  /** What the reader prefers is remembered where that is allowed. */
  protected abstract preferPlain(yes: boolean): void;

  override connectedCallback() {
    super.connectedCallback();
    addEventListener('keydown', this.#keys);
    this.store?.addEventListener('change', this.#changed);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('keydown', this.#keys);
    this.store?.removeEventListener('change', this.#changed);
    clearTimeout(this.#announcing);
  }

  /** Shows this store from now on. */
  protected use(store: Store) {
    this.store?.removeEventListener('change', this.#changed);
    this.store = store;
    if (this.isConnected) store.addEventListener('change', this.#changed);
    this.requestUpdate();
  }

  protected async speak(language: Language) {
    const first = await loadWords(language, 'first');
    this.words = this.below ? await loadWords(language, 'all') : first;
    this.#announced = '';
    this.requestUpdate();
  }

  /** Loads the views below the decision, with their words and styles. */
  protected async loadBelow() {
    if (this.below) return;
    const { language } = this.words!;
    try {
      const [below, words] = await Promise.all([import('./layout'), loadWords(language, 'all')]);
      if (this.words!.language === language) this.words = words;
      else this.words = await loadWords(this.words!.language, 'all');
      this.adopt(below.styles);
      this.below = below;
      this.drawInTurn();
    } catch {
      this.notice = { text: this.words!.text('tools.failed'), alert: true };
      this.requestUpdate();
    }
  }

  /** Adds styles to those of the element, which may not stand on the page yet. */
  protected adopt(css: string) {
    const root = ((this as { renderRoot?: HTMLElement | DocumentFragment }).renderRoot ??= this.createRenderRoot()) as ShadowRoot;
    const sheet = sheets.get(css) ?? unsafeCSS(css).styleSheet!;
    sheets.set(css, sheet);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  }

  /** Forgets what the reader chose to look at in what was shown before. */
  protected forget() {
    this.document = '';
    this.opened = undefined;
    this.#chosen = {};
    this.#pasted = undefined;
    this.#announced = '';
  }

  protected async openTool(name: ToolName | undefined) {
    this.tool = name && { name };
    this.requestUpdate();
    // A file of an older build may be gone from the site by now.
    const tool = name && (await this.below!.tools[name]().catch(() => undefined));
    if (!name || this.tool?.name !== name) return;
    if (!tool) {
      this.tool = undefined;
      this.notice = { text: this.words!.text('tools.failed'), alert: true };
      return this.requestUpdate();
    }
    this.tool = { name, tool };
    tool.prepare?.(this.store!);
    this.requestUpdate();
  }

  #changed = () => {
    this.drawInTurn();
    this.stateChanged();
    this.tool?.tool?.prepare?.(this.store!);
    clearTimeout(this.#announcing);
    this.#announcing = setTimeout(() => {
      if (!this.words) return;
      this.#announced = this.announce(this.words);
      this.#draw('none');
    }, settled);
  };

  /** Called after every change of the store. */
  protected stateChanged(): void {}

  /** Draws everything. */
  override requestUpdate(...change: Parameters<LitElement['requestUpdate']>) {
    this.due = 'all';
    super.requestUpdate(...change);
  }

  /**
   * Draws the decision, and then part after part, in each frame as many as there is time for, so that neither typing nor scrolling ever
   * waits for the whole page. A change on the way begins another round where the last one stands: who types on and on still sees every
   * part follow.
   */
  protected drawInTurn() {
    if (!this.decisionFirst) return this.requestUpdate();
    this.#turnsLeft = this.below?.turns ?? 1;
    this.#draw('none');
    if (!this.isDrawing) this.#drawNext();
  }

  #drawNext() {
    this.isDrawing = true;
    requestAnimationFrame(() =>
      setTimeout(async () => {
        const began = performance.now();
        try {
          while (this.#turnsLeft > 0 && performance.now() - began < patience) {
            this.#turn = (this.#turn + 1) % (this.below?.turns ?? 1);
            // Whatever else happened that draws everything has drawn what is left, too.
            this.#turnsLeft = this.due === 'all' ? 0 : this.#turnsLeft - 1;
            this.#draw(this.#turn);
            await this.updateComplete;
          }
        } finally {
          if (this.#turnsLeft > 0) this.#drawNext();
          else this.isDrawing = false;
        }
      }),
    );
  }

  /** Draws so much of the page, unless all of it is about to be drawn anyway. */
  #draw(due: 'none' | number) {
    if (this.isUpdatePending && this.due === 'all') return;
    super.requestUpdate();
    this.due = due;
  }

  /** The settled change in one sentence. */
  protected announce(words: Words): string {
    return announcement(this.store!.state, words);
  }

  /** Where the focus has to be for the keys of this element; on a page of its own, nowhere in particular counts too. */
  protected hears(event: KeyboardEvent): boolean {
    return event.composedPath().includes(this);
  }

  /** Undo and redo of actions; inside a text field the browser's own undo stays. */
  #keys = (event: KeyboardEvent) => {
    const inText = event
      .composedPath()
      .some((node) => node instanceof HTMLTextAreaElement || node instanceof HTMLInputElement || (node instanceof HTMLElement && node.isContentEditable));
    if (!this.hears(event) || inText || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
    event.preventDefault();
    if (event.shiftKey) this.store?.redo();
    else this.store?.undo();
  };

  async #reveal(source: Source) {
    const { state } = this.store!;
    const place = placeOf(source, state.now, state.question);
    if (!place) return;
    const inRequest = place.document === '';
    this.opened = inRequest ? 'request' : 'document';
    if (!inRequest) this.document = place.document;
    await this.loadBelow();
    this.requestUpdate();
    await this.updateComplete;
    const details = this.renderRoot.querySelector<HTMLDetailsElement>('#request-json');
    if (inRequest && details) details.open = true;
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
    if (this.#rich || this.plain || !(text instanceof HTMLTextAreaElement) || this.#awaited === text) return;
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

  /** What every view is given. */
  protected view(words: Words): View {
    const store = this.store!;
    return {
      store,
      state: store.state,
      words,
      document: this.document,
      openDocument: (pointer) => {
        this.document = pointer;
        this.requestUpdate();
      },
      reveal: (source) => void this.#reveal(source),
      pasted: this.#pasted,
      placed: (pasted) => {
        this.#pasted = pasted;
        this.requestUpdate();
      },
      chosen: this.#chosen,
      choose: (name, value) => {
        this.#chosen = { ...this.#chosen, [name]: value };
        this.requestUpdate();
      },
      rich: this.#rich && !this.plain,
      plain: this.plain,
      preferPlain: (yes) => {
        this.plain = yes;
        this.preferPlain(yes);
        this.requestUpdate();
      },
      link: (rename) => this.link(rename),
      readonly: false,
      covered: false,
      due: (turn) => this.due === 'all' || this.due === turn,
      may: () => true,
      focus: (id) => void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#${id}`)?.focus()),
    };
  }

  /** Tells screen readers what has changed; part of every `render`. */
  protected announcements() {
    return html`<div class="hidden" role="status" aria-live="polite">${this.#announced}</div>`;
  }

  protected noticeLine() {
    return this.notice ? html`<p class="notice" role=${this.notice.alert ? 'alert' : 'status'}>${this.notice.text}</p>` : '';
  }
}

/** Safari has no idle callback. */
function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(work, { timeout: 3000 });
  else setTimeout(work, 500);
}
