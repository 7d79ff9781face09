/** What stands inside `<kms-playground>` once it is loaded: some of the page's views, and what the element's methods do. */
import { html, unsafeCSS } from 'lit';
import type { Request, Result, Scenario } from '../engine/types';
import type { Language, Words } from '../i18n';
import { readLink } from '../state/link';
import { Store } from '../state/store';
import { grantsOf } from '../state/world';
import colours from '../styles/colours.css?inline';
import styles from '../styles/playground.css?inline';
import embedded from '../styles/embed.css?inline';
import { cameTrue, cover, verdictOnPrediction, type Prediction } from '../views/cover';
import { decisionBar } from '../views/decision';
import type { Lessons } from '../views/lessons';
import { mini } from '../views/mini';
import { Surface } from '../views/surface';
import { withCode, type View } from '../views/view';
import { allowedActions } from './actions';
import type { KmsPlayground, TimelineEntry, ViewName } from './element';
import { childrenText, Failed, linkOpening, openingFor, saysWhat, type Opening } from './opening';
import { leaveStore, sharedEngine, sharedStore } from './shared';
import { levelBefore, schemeAround, sizeAround, watchAround } from './surroundings';
import { fallbackWords, languageOf } from './words';

const names: readonly ViewName[] = ['mini', 'story', 'flow', 'trace', 'grants', 'matrix', 'split', 'full'];
type Panel = 'timeline' | 'grantsPanel' | 'flowPanel' | 'trace' | 'documents' | 'requestPanel';
/** The panels around the decision, by column. */
const panels: { [name in ViewName]?: Panel[][] } = {
  story: [['timeline'], ['grantsPanel']],
  flow: [['flowPanel']],
  trace: [['trace']],
  grants: [['grantsPanel']],
  split: [['documents'], ['flowPanel', 'trace']],
};
/** The panels that a hint may lead to, by the id of their headings. */
const ledTo: { [id: string]: Panel } = { timeline: 'timeline', grants: 'grantsPanel', documents: 'documents', request: 'requestPanel' };
/** What tells the answer, and waits under the cover for it. */
const telling = new Set<Panel>(['flowPanel', 'trace']);

/** What pages may style with `::part()`. */
const parts = {
  bar: '.decision',
  flow: '.flow',
  node: '.node',
  edge: '.edge',
  row: '.trace li, tr',
  card: '.card',
  editor: 'textarea, kms-editor',
  tab: '[role="tab"]',
};

/** All elements that stand on the page. */
const mounted = new Set<KmsEmbed>();
/** What was predicted where an element covers the answer: it is one answer for all elements with the same store. */
const predictions = new WeakMap<Store, Prediction>();

/** Of the element itself, which pages may overrule. */
const hostStyles = unsafeCSS(`${colours}:host{--kms-bg:transparent;--kms-font:inherit;--kms-space:1}`);

/** Loads what an element asks for and puts it into its shadow root. Rejects with a Failed. */
export async function mount(host: KmsPlayground, root: ShadowRoot): Promise<KmsEmbed> {
  const inner = document.createElement('kms-embed') as KmsEmbed;
  await inner.begin(host);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, hostStyles.styleSheet!];
  inner.setAttribute('exportparts', ['playground', ...Object.keys(parts)].join(', '));
  root.append(inner);
  await inner.updateComplete;
  return inner;
}

/** What is written for our own page in rem: lengths follow the text around the element, and spaces what the page makes of them. */
const sized = (css: string) =>
  css
    .replace(/\b(gap|padding|margin)[\w-]*:[^;}]*/g, (space) => space.replace(/(-?[\d.]+)rem\b/g, 'calc($1 * var(--size) * var(--kms-space))'))
    .replace(/(-?[\d.]+)rem\b/g, 'calc($1 * var(--size))');

export class KmsEmbed extends Surface {
  // Lengths follow the text around the element, not the root of a page that is not ours.
  static override styles = unsafeCSS(sized(styles + embedded));

  #host!: KmsPlayground;
  #storeName = '';
  #position = -1;
  #answer: Result | undefined;
  /** The panel that a hint has led to although the view has none. */
  #led: Panel | undefined;
  #link = '';
  #tooLarge = false;
  #children = '';
  #turn = 0;
  #lesson: Lessons | undefined;
  #hasLessonStyles = false;
  #wasMet = false;
  #unwatch: (() => void) | undefined;
  #left: ReturnType<typeof setTimeout> | undefined;

  async begin(host: KmsPlayground): Promise<void> {
    this.#host = host;
    await this.speak(languageOf(host));
    await this.#join();
  }

  override connectedCallback() {
    super.connectedCallback();
    clearTimeout(this.#left);
    mounted.add(this);
    this.#unwatch = watchAround(this.#host, () => this.changed('surroundings'));
    this.#dress();
    this.#updatePlain();
    void this.#loadPanels();
    // Something may have happened while it was away, in a store that others use too.
    void this.#noteLink();
    this.requestUpdate();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    mounted.delete(this);
    this.#unwatch?.();
    // Moving an element takes it out and puts it in again.
    this.#left = setTimeout(() => leaveStore(this.#storeName, this) && this.store?.close());
  }

  protected override async speak(language: Language) {
    await super.speak(language);
    this.lang = language;
  }

  /** Shows what the attributes ask for, or what others with the same store show. */
  async #join() {
    const host = this.#host;
    const assets = assetsOf(host);
    if (host.assets && !assets) throw new Failed('load', `"${host.assets}" is no address`);
    this.#storeName = host.store;
    this.#children = childrenText(host);
    const store = await sharedStore(host.store, this, async () => {
      const engine = await sharedEngine(host.hasAttribute('assets') ? assets : undefined).catch((error) => {
        const message = error instanceof Error ? error.message : String(error);
        throw this.#failed(new Failed(/content.security|\bCSP\b/i.test(message) ? 'policy' : 'engine', message));
      });
      const opened = new Store(engine);
      (await this.#opening())(opened);
      return opened;
    });
    if (!store.state) throw this.#failed(new Failed('engine', 'nothing was opened'));
    this.use(store);
    await this.#openLesson();
    this.#position = store.state.position;
    this.#answer = store.state.answer;
    await this.#noteLink();
  }

  /** The first element of the store that says what to show, wherever it is on the page. */
  async #opening(): Promise<Opening> {
    const host = this.#host;
    const alike = host.store === '' || saysWhat(host) ? [] : [...document.querySelectorAll<KmsPlayground>('kms-playground[store]')];
    const speaker = alike.find((other) => other.store === host.store && saysWhat(other)) ?? host;
    const saved = host.persist ? stored(this.#savedAs) : undefined;
    try {
      const again = saved && (await linkOpening(saved, undefined).catch(() => undefined));
      return again || (await openingFor(speaker));
    } catch (error) {
      throw this.#failed(error);
    }
  }

  get #savedAs(): string {
    const { store, scenario } = this.#host;
    // Elements with documents of their own are told apart by their place on the page.
    return `kms-playground.state.${store || scenario || location.pathname + [...document.querySelectorAll('kms-playground')].indexOf(this.#host)}`;
  }

  /** With a link to the full playground, where what is asked for may well be shown. */
  #failed(error: unknown): Failed {
    const failed = error instanceof Failed ? error : new Failed('engine', String(error));
    const assets = fullPageOf(this.#host);
    const named = /^[\w-]+$/.test(this.#host.scenario) && failed.reason !== 'scenario';
    if (assets && failed.link === undefined) failed.link = assets.href + (named ? `#s=${this.#host.scenario}` : '');
    return failed;
  }

  /** An attribute, a property, the children or what is around the element has changed. */
  changed(what: string) {
    const host = this.#host;
    if (what === 'lang' || what === 'surroundings') {
      this.#dress();
      if (languageOf(host) !== this.words?.language) void this.speak(languageOf(host));
    }
    if (what === 'children' && (childrenText(host) === this.#children || host.hasAttribute('scenario') || host.hasAttribute('state'))) return;
    if (what === 'step' && /^\d+$/.test(host.step)) this.walk(Number(host.step));
    if (what === 'cover') this.#predicted(undefined);
    if (what === 'editor' || what === 'readonly') this.#updatePlain();
    if (what === 'theme' || what === 'height') this.#dress();
    if (what === 'view') void this.#loadPanels();
    if (what === 'store' || what === 'assets') {
      leaveStore(this.#storeName, this);
      void this.#again(() => this.#join());
    }
    if (['scenario', 'state', 'value', 'children', 'lesson'].includes(what)) void this.reset();
    this.requestUpdate();
  }

  /** What cannot be shown any more is said above what is shown. */
  async #again(work: () => Promise<void>) {
    try {
      await work();
      this.notice = undefined;
    } catch (error) {
      const { reason, message } = this.#failed(error);
      this.notice = { text: fallbackWords[this.words!.language][reason], alert: true };
      this.#host.tell('kms-error', { reason, message });
    }
    this.requestUpdate();
  }

  // What the element's properties and methods give and do.

  get version(): string {
    return this.store!.state.engineVersion;
  }
  get scenario(): Scenario {
    return this.store!.scenario();
  }
  get request(): Request | undefined {
    return this.store!.state.request;
  }
  get decision(): Result {
    return this.store!.state.answer;
  }
  get timeline(): TimelineEntry[] {
    const { steps, moments } = this.store!.state;
    return steps.map((step, i) => ({ step, result: moments[i + 1]?.result }));
  }
  ask(request: Request) {
    this.store!.ask(JSON.stringify(request, null, 2));
  }
  evaluate(request: Request): Result {
    return this.store!.decide(JSON.stringify(request));
  }
  end(operation: 'RetireGrant' | 'RevokeGrant', grantId: string): Result {
    return this.store!.end(operation, grantId);
  }
  restore(grantId: string): boolean {
    const isThere = () => (this.store!.state.now.world.keys ?? []).flatMap(grantsOf).some(({ GrantId }) => GrantId === grantId);
    while (!isThere() && this.store!.state.canUndo) this.undo();
    return isThere();
  }
  walk(step: number) {
    this.store!.walk(step);
  }
  undo() {
    this.store!.undo();
  }
  redo() {
    this.store!.redo();
  }
  async reset(): Promise<void> {
    await this.#again(async () => {
      this.#children = childrenText(this.#host);
      const turn = ++this.#turn;
      const open = await this.#opening();
      if (turn !== this.#turn) return;    // something else is wanted by now
      this.forget();
      this.#predicted(undefined);
      open(this.store!);
      await this.#openLesson();
    });
  }

  /** What `lesson` says, in the store; the views that a lesson points to come with it. */
  async #openLesson() {
    const { lesson, cover } = this.#host;
    this.#lesson = undefined;
    this.#wasMet = false;
    if (lesson === '') return;
    const link = await readLink(`lesson=${lesson}`).catch(() => undefined);
    if (link?.to !== 'lesson') throw this.#failed(new Failed('lesson', `"${lesson}" names no lesson`));
    const { id, options } = link;
    const [{ Lessons, styles }] = await Promise.all([import('../views/lessons'), this.loadBelow()]);
    this.#lesson = await Lessons.open(id, { ...options, pin: true, cover: cover || options.cover, present: false }, this.store!, () => this.requestUpdate());
    if (!this.#lesson) throw this.#failed(new Failed('lesson', `there is no lesson "${id}"`));
    if (!this.#hasLessonStyles) this.adopt(styles);
    this.#hasLessonStyles = true;
  }
  async toLink(): Promise<string> {
    const link = await this.link();
    this.#host.tell('kms-share', { link });
    return link;
  }
  async export(kind: 'scenario' | 'report' | 'script'): Promise<string> {
    if (kind === 'scenario') return JSON.stringify(this.scenario, null, 2);
    await this.loadBelow();
    const { texts } = await import('../views/share');
    return texts(this.view(this.words!))[kind]();
  }

  protected override async link(rename?: (text: string) => string): Promise<string> {
    const page = fullPageOf(this.#host) ?? new URL(location.href);
    return page.href.replace(/#.*|$/, await this.store!.link(rename));
  }

  protected override preferPlain() {
    // Kept as long as the element is there; a page that is not ours is no place to remember it.
  }

  protected override announce(words: Words): string {
    return this.#covered ? '' : super.announce(words);
  }

  protected override stateChanged() {
    const { answer, position, steps, now, canUndo, canRedo } = this.store!.state;
    const host = this.#host;
    host.tell('kms-change', { position, canUndo, canRedo });
    if (position !== this.#position) host.tell('kms-step', { position, count: steps.length, step: now.step });
    if (answer !== this.#answer) host.tell('kms-decision', answer);
    this.#position = position;
    this.#answer = answer;
    if (answer.decision === null) void this.#loadPanels();
    void this.#noteLink();
  }

  /** The link to the full playground always carries what is shown now. */
  async #noteLink() {
    try {
      const fragment = await this.store!.link();
      const page = fullPageOf(this.#host);
      this.#tooLarge = false;
      this.#link = page ? page.href + fragment : '';
      if (this.#host.persist) store(this.#savedAs, fragment);
    } catch {
      this.#tooLarge = true;
    }
    this.requestUpdate();
  }

  // How it looks.

  get #name(): ViewName {
    return names.find((name) => name === this.#host.view) ?? (this.#lesson ? 'full' : 'split');
  }
  get #covered(): boolean {
    return this.#lesson ? this.#lesson.covered : this.#covers && !predictions.has(this.store!);
  }
  /** Whether this element or one that shows the same state covers the answer. */
  get #covers(): boolean {
    const { cover, store } = this.#host;
    return cover || (store !== '' && [...document.querySelectorAll<KmsPlayground>('kms-playground[store][cover]')].some((other) => other.store === store));
  }

  #updatePlain() {
    this.plain = this.#host.editor !== 'rich' || this.#host.readonly;
    this.requestUpdate();
  }

  /** One decision alone needs none of them. */
  async #loadPanels() {
    if (this.#name !== 'mini' || this.store?.state.answer.decision === null) await this.loadBelow();
    const isMatrix = this.#name === 'matrix';
    if (this.below && isMatrix !== (this.tool?.name === 'matrix')) await this.openTool(isMatrix ? 'matrix' : undefined);
  }

  protected override adopt(css: string) {
    super.adopt(sized(css));
  }

  /** Font size, colour scheme and height as around the element. */
  #dress() {
    const host = this.#host;
    const { height, theme } = host;
    this.style.setProperty('--size', sizeAround(host));
    this.style.colorScheme = theme === 'light' || theme === 'dark' ? theme : schemeAround(host);
    const limited = height !== '' && height !== 'auto' && CSS.supports('height', height);
    this.style.maxHeight = limited ? height : '';
    this.style.overflow = limited ? 'auto' : '';
  }

  protected override forget() {
    super.forget();
    this.#led = undefined;
  }

  protected override view(words: Words): View {
    const actions = allowedActions(this.#host.getAttribute('actions'));
    const view = super.view(words);
    return {
      ...view,
      focus: (id) => {
        if (ledTo[id] && !this.renderRoot.querySelector(`#${id}`)) this.#led = ledTo[id];
        this.requestUpdate();
        view.focus(id);
      },
      readonly: this.#host.readonly || this.#host.editor === 'none',
      covered: this.#covered,
      may: (action) => actions.has(action),
      shared: (link) => this.#host.tell('kms-share', { link }),
    };
  }

  override render() {
    const words = this.words;
    if (!words || !this.store?.state) return '';
    const view = this.view(words);
    const { state } = view;
    const name = this.#name;
    const title = this.#host.getAttribute('aria-label') || words.local(state.start.title) || words.text('app.title');
    const isLarge = name === 'full' || name === 'story' || name === 'split';
    return html`<section class="embed ${name}" aria-label=${this.#numbered(title)} part="playground">
      ${this.noticeLine()}
      ${isLarge && !this.#lesson ? html`<div class="intro"><h2>${title}</h2>${name === 'split' ? '' : html`<p>${withCode(words.local(state.start.description))}</p>`}</div>` : ''}
      ${this.#lesson?.covered ? this.#lesson.before(view) : html`${this.#lesson?.panel(view) ?? ''} ${this.#decision(view)} ${this.#panels(view)}`}
      <footer>
        <span>${words.text('app.honest')}</span>
        ${this.#tooLarge ? html`<span>${words.text('link.tooLarge')}</span>` : ''}
        ${this.#link && !this.#tooLarge ? html`<a href=${this.#link} target="_blank" rel="noopener">${words.text('element.full')}</a>` : ''}
      </footer>
      ${this.announcements()}
    </section>`;
  }

  #decision(view: View) {
    if (this.#covered) return cover(view, (prediction) => this.#predict(view, prediction));
    const prediction = predictions.get(this.store!);
    const said = prediction && this.#host.cover ? verdictOnPrediction(view, prediction) : '';
    const { below } = this;
    const obstacles = below?.obstacles(view) ?? '';
    if (this.#name === 'mini') return html`${said}${mini(view, obstacles)}`;
    return html`${said}${decisionBar(view, obstacles)} ${this.#name === 'full' || this.#name === 'split' ? below?.decisionDetails(view) : ''}`;
  }

  #predict(view: View, prediction: Prediction) {
    this.#predicted(prediction);
    this.#host.tell('kms-predict', { predicted: prediction, decision: view.state.answer.decision, correct: cameTrue(view, prediction) });
    view.focus('decision');
  }

  #predicted(prediction: Prediction | undefined) {
    if (prediction) predictions.set(this.store!, prediction);
    else predictions.delete(this.store!);
    for (const one of mounted) if (one.store === this.store) one.requestUpdate();
    this.requestUpdate();
  }

  #panels(view: View) {
    const { below } = this;
    const name = this.#name;
    if (!below) return '';
    if (name === 'full') {
      if (this.#covered) return html`<div class="columns"><div class="column">${below.timeline(view)}</div><div class="column">${below.documents(view)}</div></div>`;
      return html`${below.toolbar(view, this.tool?.name, this.tool?.tool, (tool) => void this.openTool(tool))} ${below.columns(view)}`;
    }
    const shown = (panels[name] ?? []).map((column) => column.filter((panel) => !this.#covered || !telling.has(panel)));
    // A link to some lines opens the text that they stand in, a hint the panel that it is about.
    const opened = this.opened && ({ request: 'requestPanel', document: 'documents' } as const)[this.opened];
    for (const panel of [opened, this.#led]) if (panel && !shown.flat().includes(panel)) shown.push([panel]);
    const matrix = name === 'matrix' && !this.#covered ? html`<div id="tool">${this.tool?.tool?.view(view) ?? ''}</div>` : '';
    if (shown.flat().length === 0) return matrix;
    return html`${matrix}
      <div class="columns few">${shown.map((column) => html`<div class="column">${column.map((panel) => below[panel](view))}</div>`)}</div>`;
  }

  /** Headings fit into the outline of the page around; the panels are parts of one region, not regions of that page. */
  override updated() {
    super.updated();
    const isMet = this.#lesson?.met ?? false;
    if (isMet && !this.#wasMet) this.#host.tell('kms-checkpoint', { lesson: this.#host.lesson });
    this.#wasMet = isMet;
    const first = Math.min(Math.max(Number(this.#host.headings) || levelBefore(this.#host) + 1, 2), 5);
    for (const heading of this.renderRoot.querySelectorAll('h2, h3')) heading.ariaLevel = String(first + (heading.localName === 'h3' ? 1 : 0));
    for (const panel of this.renderRoot.querySelectorAll('section section')) panel.role = 'group';
    for (const [part, selector] of Object.entries(parts)) {
      for (const element of this.renderRoot.querySelectorAll(selector)) element.part.add(part);
    }
  }

  /** Several regions of a page may not have the same name. */
  #numbered(title: string): string {
    const alike = [...mounted].filter((other) => other.#title === title);
    this.#title = title;
    const number = alike.indexOf(this) < 0 ? alike.length + 1 : alike.indexOf(this) + 1;
    return number > 1 ? `${title} (${number})` : title;
  }
  #title = '';
}

/** The folder with `kms.wasm` and the full playground; the packed form has none of its own, and neither has what is no address. */
function assetsOf(host: KmsPlayground): URL | undefined {
  const folder = host.assets.replace(/\/?$/, '/');
  if (host.assets) return URL.canParse(folder, document.baseURI) ? new URL(folder, document.baseURI) : undefined;
  return import.meta.env.MODE === 'package' ? undefined : new URL(import.meta.env.DEV ? './' : '../', import.meta.url);
}

function fullPageOf(host: KmsPlayground): URL | undefined {
  const assets = assetsOf(host);
  return assets && new URL('index.html', assets);
}

/** Storage may be forbidden, even to look at. */
function stored(name: string): string | undefined {
  try {
    return localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}

function store(name: string, value: string) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Not kept, then.
  }
}

if (!customElements.get('kms-embed')) customElements.define('kms-embed', KmsEmbed);
