/** What every view is given, and the small pieces that several of them show. Views read the state and have no policy logic. */
import { html, svg, type TemplateResult } from 'lit';
import type { Source } from '../engine/types';
import type { Action } from '../element/actions';
import { code, type Words } from '../i18n';
import { placeOf } from '../state/locate';
import type { Pasted } from '../state/paste';
import type { State, Store } from '../state/store';
import { documentsOf, type DocumentRef } from '../state/world';
import { shortName } from '../state/callers';

export interface View {
  store: Store;
  state: State;
  words: Words;
  /** The document whose tab is open. */
  document: string;
  openDocument(pointer: string): void;
  /** Opens the text that a source stands in and selects it. */
  reveal(source: Source): void;
  /** What became of the text that was pasted last. */
  pasted: Pasted | undefined;
  /** Says what became of it. */
  placed(pasted: Pasted | undefined): void;
  /** What the reader chose to look at in a panel, by names of the panel's own. */
  chosen: { readonly [name: string]: string };
  choose(name: string, value: string): void;
  /** Whether texts are shown in the editor; in plain text areas otherwise. */
  rich: boolean;
  /** Whether the reader prefers plain text areas. */
  plain: boolean;
  preferPlain(yes: boolean): void;
  /** A link to what is shown, with the names in it changed where they are to be. */
  link(rename?: (text: string) => string): Promise<string>;
  /** Tells the page around an element that the reader has copied this link. */
  shared?(link: string): void;
  /** The reader's own documents of before, where such are kept at all. */
  draft?: Draft;
  /** Whether documents are only shown. */
  readonly: boolean;
  /** Whether the answer is not to be seen yet. */
  covered: boolean;
  /** Whether this part of the page is drawn now: after a change, they are drawn in turn. */
  due(turn: number): boolean;
  /** Whether the reader is offered an action. */
  may(action: Action): boolean;
  /** Moves the focus to a heading once the page is drawn, when what had the focus goes away. */
  focus(id: string): void;
}

export interface Draft {
  /** Whether there are some that can be brought back. */
  kept: boolean;
  /** Whether nothing has been put in yet. */
  isEmpty: boolean;
  bringBack(): void;
  forget(): void;
  /** Keeps what is there now, and begins with nothing. */
  startOver(): void;
}

export type Icon = 'allow' | 'deny' | 'unless' | 'error' | 'unknown' | 'dash' | 'key' | 'warning' | 'info';

const shapes: { [icon in Icon]: TemplateResult } = {
  allow: svg`<path d="M4.5 10.5 8.5 14.5 15.5 6" />`,
  deny: svg`<path d="M5.5 5.5 14.5 14.5M14.5 5.5 5.5 14.5" />`,
  unless: svg`<path d="M7 7.5a3 3 0 1 1 4.2 2.8c-.8.4-1.2.9-1.2 1.9M10 15.2v.1" />`,
  error: svg`<path d="M10 4.5v7M10 15v.2" />`,
  unknown: svg`<path d="M5 10h10" />`,
  dash: svg`<path d="M6 10h8" />`,
  key: svg`<circle cx="6.5" cy="10" r="3" /><path d="M9.5 10H17m-2.500 0v3.500M12 10v2.500" />`,
  warning: svg`<path d="M10 3 18 17H2ZM10 8v4M10 14.500v.1" />`,
  info: svg`<circle cx="10" cy="10" r="7.500" /><path d="M10 9v5M10 6v.1" />`,
};

/** A decorative icon; the word beside it says the same. */
export const icon = (name: Icon) => html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">${shapes[name]}</svg>`;

/** A caller as code: its short name, with the whole ARN as a tooltip. */
export const who = (arn: string) => html`<code lang="en" translate="no" title=${arn}>${shortName(arn)}</code>`;

/** "Key policy", "IAM policy AWSLambdaBasicExecutionRole (lambda-execution-role)", "Grants", "Request as JSON". */
export function documentName({ words, state }: Pick<View, 'words' | 'state'>, pointer: string): string {
  const refs = documentsOf(state.now.world);
  const ref = refs.find((candidate) => candidate.pointer === pointer);
  if (!ref) return words.text('request.json');
  const alike = refs.filter(({ kind }) => kind === ref.kind);
  const sharesOwner = alike.filter(({ owner }) => owner === ref.owner).length > 1;
  const isOfKey = ref.kind === 'keyPolicy' || ref.kind === 'grants' || ref.kind === 'key';
  const owner = isOfKey && alike.every(({ owner }) => owner === ref.owner) ? '' : `: ${isOfKey ? keyName(state, ref, alike) : shortName(ref.owner)}`;
  return `${kindName(words, ref)}${owner}${sharesOwner && ref.name ? ` (${ref.name})` : ''}`;
}

/** Enough of a key to tell it from the others: its alias, or the beginning of its id, with the Region where keys of several are here. */
function keyName({ now }: State, { owner, pointer }: DocumentRef, alike: readonly DocumentRef[]): string {
  const aliases = now.world.keys?.[Number(pointer.split('/')[2])]?.aliases;
  const region = (arn: string) => arn.split(':')[3] ?? '';
  const id = owner.replace(/^.*key\//, '').replace(/^(.{12}).+/, '$1…');
  return `${alike.some((other) => region(other.owner) !== region(owner)) ? `${region(owner)} ` : ''}${(Array.isArray(aliases) && aliases[0]) || id}`;
}

function kindName(words: Words, ref: DocumentRef): string {
  if (ref.kind === 'key') return words.text('request.key');
  return ref.kind === 'grants' ? words.text('documents.grants') : words.text(`policy.${ref.kind}`);
}

/** The colour of a document's tab and of what leads to its lines: one of eight, `--kms-src-1` to `-8`. */
export function tint({ state }: Pick<View, 'state'>, pointer: string): string {
  const at = documentsOf(state.now.world).findIndex((ref) => ref.pointer === pointer);
  return at < 0 ? '' : `src-${(at % 8) + 1}`;
}

/** A button that leads to the lines a source stands in; nothing when it stands in no text. */
export function sourceLink(view: View, source: Source) {
  const { words, state } = view;
  const place = placeOf(source, state.now, state.question);
  if (!place) return '';
  const { line, column } = place.range.start;
  const name = documentName(view, place.document);
  return html`<button
    class="source ${tint(view, place.document)}"
    type="button"
    aria-label=${words.text('trace.show', { document: name, place: words.text('trace.place', { line, column }) })}
    @click=${() => view.reveal(source)}
  >
    ${name} <span class="line">${line}:${column}</span>
  </button>`;
}

/** A text of a scenario or of the engine, in which backticks mark code. */
export function withCode(text: string) {
  return text.split('`').map((part, i) => (i % 2 === 1 ? code(part) : part));
}

export const heading = (id: string, text: string) => html`<h2 id=${id} tabindex="-1">${text}</h2>`;
