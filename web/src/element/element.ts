/**
 * `<kms-playground>`: the playground inside anybody's page. This file is all that is loaded at first: it leaves the text inside the
 * element as it is, and puts the playground in its place once the element comes into view. What it needs then is loaded once for all
 * elements of the page. Importing this module defines the element, unless it is defined already, and changes nothing else.
 *
 *     <script type="module" src="https://example.com/kms-playground/element.js"></script>
 *     <kms-playground scenario="lambda-env" view="story">
 *       <p>The role may decrypt because a grant names it.</p>
 *     </kms-playground>
 */
import type { Request, Result, Scenario, Step, TraceEntry } from '../engine/types';
import type { KmsEmbed } from './embed';
import { fallbackWords, languageOf } from './words';

export type { Request, Result, Scenario, Step, TraceEntry } from '../engine/types';

/** What is shown: one decision with a button to retire the grant behind it, some panels around a decision, or all of them. */
export type ViewName = 'mini' | 'story' | 'flow' | 'trace' | 'grants' | 'matrix' | 'split' | 'full';

/** Why an element shows its text instead of the playground. */
export type Failure = 'engine' | 'policy' | 'scenario' | 'state' | 'request' | 'slot' | 'lesson' | 'load';

/** A step of the timeline, and what its request was answered; null for a change that asks nothing. */
export interface TimelineEntry {
  step: Step;
  /** undefined: the step is still to come. */
  result: Result | null | undefined;
}

/** What the element tells the page around it. All events bubble, cross shadow roots and cannot be cancelled. */
export interface KmsPlaygroundEvents {
  /** The playground stands where the text was. */
  'kms-ready': CustomEvent<{ version: string }>;
  /** Something was done, undone or edited, or another moment is shown. */
  'kms-change': CustomEvent<{ position: number; canUndo: boolean; canRedo: boolean }>;
  /** Another answer: the result as the command line prints it. */
  'kms-decision': CustomEvent<Result>;
  /** Another moment of the timeline: `position` of `count` steps have happened. */
  'kms-step': CustomEvent<{ position: number; count: number; step: Step | null }>;
  /** The reader has predicted a covered answer. */
  'kms-predict': CustomEvent<{ predicted: 'allowed' | 'denied'; decision: Result['decision']; correct: boolean }>;
  /** A lesson's goal is reached. */
  'kms-checkpoint': CustomEvent<{ lesson: string }>;
  /** Why the text is shown instead of the playground. */
  'kms-error': CustomEvent<{ reason: Failure; message: string }>;
  /** A link was made to be passed on: by `toLink()`, or copied by the reader. */
  'kms-share': CustomEvent<{ link: string }>;
}

/** Attributes with a text, which are properties too. */
const texts = ['scenario', 'state', 'view', 'step', 'lesson', 'actions', 'editor', 'theme', 'height', 'loading', 'store', 'assets', 'headings'] as const;
/** Attributes that are there or not. */
const flags = ['cover', 'readonly', 'persist'] as const;

/** Where pages are made on a server, there is nothing to extend; the element begins in the browser. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

export class KmsPlayground extends Base {
  static observedAttributes = [...texts, ...flags, 'lang', 'aria-label'];

  /** The name of a scenario of the gallery, or the URL of a scenario file. Default: `lambda-env`, unless children hold documents. */
  declare scenario: string;
  /** What a link says after its `#`, or the whole link; wins over `scenario`. */
  declare state: string;
  /** A ViewName; anything else counts as the default, `split`. */
  declare view: string;
  /** How many steps have happened at first. Default: as many as the scenario opens with. */
  declare step: string;
  /** The name of a lesson: guided mode; with the options of its link where wanted, such as `retire-it&nosolve`. */
  declare lesson: string;
  /** Which actions are offered, of `retire revoke restore request`, separated by spaces; `none` for none. Default: all. */
  declare actions: string;
  /** How documents are edited: `light` (a plain text area, the default), `rich` (CodeMirror), `none` (not at all). */
  declare editor: string;
  /** `light`, `dark`, or `auto` (default): dark where the text around the element is light. */
  declare theme: string;
  /** `auto` (default) grows with the content; else a CSS length, beyond which the element scrolls. */
  declare height: string;
  /** When the playground is loaded: `lazy` (default) near the window, `eager` at once, `click` when the reader asks. */
  declare loading: string;
  /** Elements of a page with the same `store` show the same state. */
  declare store: string;
  /** The folder with `kms.wasm` and the full playground. Default: where this file is. */
  declare assets: string;
  /** The level of the element's first headings, 2 to 5. Default: below that of the heading before it. */
  declare headings: string;
  /** Hides the answer until the reader has predicted it. */
  declare cover: boolean;
  /** No edits; actions are still offered. */
  declare readonly: boolean;
  /** Keeps the state in this browser's local storage, where that is allowed. */
  declare persist: boolean;

  /** Resolves when the playground stands there. It never rejects: a failure shows a message and fires `kms-error`. */
  readonly ready: Promise<this>;
  #isReady!: (self: this) => void;
  #loading: Promise<KmsEmbed | undefined> | undefined;
  #inner: KmsEmbed | undefined;
  #value: Scenario | undefined;
  #root: ShadowRoot;
  #text = document.createElement('slot');
  #note = document.createElement('p');
  /** What has changed while the playground was being loaded, or was no part of the page. */
  #late = new Set<string>();
  #seen: IntersectionObserver | undefined;
  #children = new MutationObserver(() => {
    this.#showText();
    if (this.#inner) this.#inner.changed('children');
    else if (this.#loading) this.#late.add('children');
    else if (this.#note.role === 'alert') this.#await();
  });

  constructor() {
    super();
    this.ready = new Promise((resolve) => (this.#isReady = resolve));
    // With slots assigned by hand, all children are shown in the order in which they were written, whatever their `slot`.
    this.#root = this.attachShadow({ mode: 'open', slotAssignment: 'manual' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(':host{display:block}:host([hidden]){display:none}p{margin-block:.5em}button{font:inherit;min-height:2.75em}');
    this.#root.adoptedStyleSheets = [sheet];
    this.#note.hidden = true;
    this.#root.append(this.#text, this.#note);
  }

  connectedCallback() {
    // A framework may have set properties before the element was defined.
    for (const name of [...texts, ...flags, 'value', 'request'] as const) {
      if (!Object.hasOwn(this, name)) continue;
      const { [name]: value } = this;
      delete this[name];
      Object.assign(this, { [name]: value });
    }
    this.#children.observe(this, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ['slot', 'data-principal'] });
    this.#showText();
    this.#await();
    if (!this.#inner) return;
    this.#inner.changed('children');
    this.#catchUp(this.#inner);
  }

  disconnectedCallback() {
    this.#children.disconnect();
    this.#seen?.disconnect();
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null) {
    if (before === after) return;
    if (this.#inner && this.isConnected) this.#inner.changed(name);
    else if (this.#inner || this.#loading) this.#late.add(name);
    else if (this.isConnected && (name === 'loading' || this.#note.role === 'alert')) this.#await();
  }

  /** Loads the playground now, wherever the element is, and resolves once it stands there or cannot. */
  async load(): Promise<void> {
    await this.#load();
  }

  /** The scenario with everything that was done in it, or the one to show; undefined until the playground is loaded. */
  get value(): Scenario | undefined {
    return this.#inner?.scenario ?? this.#value;
  }
  set value(scenario: Scenario | undefined) {
    this.#value = scenario;
    this.#inner?.changed('value');
  }

  /** What was given as `value`. @internal */
  get given(): Scenario | undefined {
    return this.#value;
  }

  /** The request that is asked; undefined while its text is broken or nothing is loaded. Setting it asks another one. */
  get request(): Request | undefined {
    return this.#inner?.request;
  }
  set request(request: Request | undefined) {
    if (request) void this.#load().then((inner) => inner?.ask(request));
  }

  /** The answer as the command line prints it; undefined until the playground is loaded. */
  get decision(): Result | undefined {
    return this.#inner?.decision;
  }

  /** What every statement and grant said to the request. */
  get trace(): readonly TraceEntry[] | undefined {
    return this.#inner?.decision?.trace;
  }

  /** What has happened and what is still to come. */
  get timeline(): readonly TimelineEntry[] | undefined {
    return this.#inner?.timeline;
  }

  /** What AWS KMS would answer to a request at this moment. Changes nothing; undefined when the playground cannot be loaded. */
  async evaluate(request: Request): Promise<Result | undefined> {
    return (await this.#load())?.evaluate(request);
  }

  /** Retires the grant with this id as the chosen principal, when AWS KMS would let it; gives what RetireGrant was answered. */
  async retire(grantId: string): Promise<Result | undefined> {
    return (await this.#load())?.end('RetireGrant', grantId);
  }

  /** Revokes the grant with this id, likewise. */
  async revoke(grantId: string): Promise<Result | undefined> {
    return (await this.#load())?.end('RevokeGrant', grantId);
  }

  /** Undoes actions until the grant is there again; whether it is. No action of AWS. */
  async restore(grantId: string): Promise<boolean> {
    return (await this.#load())?.restore(grantId) ?? false;
  }

  /** Shows the moment after `step` steps; out of range, nothing happens. */
  async goTo(step: number): Promise<void> {
    (await this.#load())?.walk(step);
  }

  /** Takes the last action back. */
  async undo(): Promise<void> {
    (await this.#load())?.undo();
  }

  /** Does again what was undone. */
  async redo(): Promise<void> {
    (await this.#load())?.redo();
  }

  /** Shows what was shown at first; a covered answer is covered again. */
  async reset(): Promise<void> {
    await (await this.#load())?.reset();
  }

  /** A link to the full playground with what is shown here, edits included. Rejects when that is too large for a link. */
  async toLink(): Promise<string | undefined> {
    return (await this.#load())?.toLink();
  }

  /** What is shown, as a text: `scenario` (JSON for the command line), `report` (Markdown) or `script` (AWS CLI). */
  async export(kind: 'scenario' | 'report' | 'script'): Promise<string | undefined> {
    return (await this.#load())?.export(kind);
  }

  #showText() {
    this.#text.assign(...(this.#inner ? [] : [...this.childNodes].filter((node) => node instanceof Element || node instanceof Text)));
  }

  /** Waits for what `loading` says. */
  #await() {
    this.#seen?.disconnect();
    if (this.#inner) return;
    const loading = this.getAttribute('loading');
    if (loading === 'eager') return void this.#load();
    if (loading === 'click') return this.#offer();
    this.#note.hidden = true;
    this.#seen = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && void this.#load(), { rootMargin: '300px' });
    this.#seen.observe(this);
  }

  #offer() {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = fallbackWords[languageOf(this)].start;
    button.addEventListener('click', () => void this.#load());
    this.#note.replaceChildren(button);
    this.#note.hidden = false;
  }

  #load(): Promise<KmsEmbed | undefined> {
    this.#seen?.disconnect();
    this.#loading ??= this.#mount();
    return this.#loading;
  }

  async #mount(): Promise<KmsEmbed | undefined> {
    try {
      const { mount } = await import('./embed').catch((error) => Promise.reject(Object.assign(new Error(String(error)), { reason: 'load' })));
      const inner = await mount(this, this.#root);
      this.#inner = inner;
      this.#showText();
      this.#note.hidden = true;
      this.#catchUp(inner);
      this.#isReady(this);
      this.tell('kms-ready', { version: inner.version });
      return inner;
    } catch (error) {
      this.#fail(error);
      this.#loading = undefined;
      return undefined;
    }
  }

  #catchUp(inner: KmsEmbed) {
    for (const name of this.#late) inner.changed(name);
    this.#late.clear();
  }

  /** The text stays; below it, why, and where the playground works. */
  #fail(error: unknown) {
    const { reason = 'engine', message = String(error), link } = error as { reason?: Failure; message?: string; link?: string };
    const words = fallbackWords[languageOf(this)];
    this.#note.role = 'alert';
    this.#note.textContent = `${words[reason]} `;
    if (link) {
      const open = document.createElement('a');
      open.href = link;
      open.target = '_blank';
      open.rel = 'noopener';
      open.textContent = words.open;
      this.#note.append(open);
    }
    this.#note.hidden = false;
    this.tell('kms-error', { reason, message });
  }

  /** Fires an event. @internal */
  tell<Name extends keyof KmsPlaygroundEvents>(name: Name, detail: KmsPlaygroundEvents[Name]['detail']) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

for (const name of texts) {
  Object.defineProperty(KmsPlayground.prototype, name, {
    configurable: true,
    get(this: KmsPlayground) {
      return this.getAttribute(name) ?? '';
    },
    set(this: KmsPlayground, value: unknown) {
      if (value === null || value === undefined) this.removeAttribute(name);
      else this.setAttribute(name, String(value));
    },
  });
}
for (const name of flags) {
  Object.defineProperty(KmsPlayground.prototype, name, {
    configurable: true,
    get(this: KmsPlayground) {
      return this.hasAttribute(name);
    },
    set(this: KmsPlayground, value: unknown) {
      this.toggleAttribute(name, Boolean(value));
    },
  });
}

declare global {
  interface HTMLElementTagNameMap {
    'kms-playground': KmsPlayground;
  }
  interface HTMLElementEventMap extends KmsPlaygroundEvents {}
}

// A page may load this file twice, or in two versions: the first one stays.
if (globalThis.customElements && !customElements.get('kms-playground')) customElements.define('kms-playground', KmsPlayground);
