/** What every view is given, and the small pieces that several of them show. Views read the state and have no policy logic. */
import { html, svg, type TemplateResult } from 'lit';
import type { Diagnostic, Source } from '../engine/types';
import { code, type Words } from '../i18n';
import { fixOf } from '../state/fixes';
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
  /** Puts a pasted text where it belongs; whether anything was placed. */
  paste(text: string): boolean;
  /** What the reader chose to look at in a panel, by names of the panel's own. */
  chosen: { readonly [name: string]: string };
  choose(name: string, value: string): void;
  /** Whether texts are shown in the editor; in plain text areas otherwise. */
  rich: boolean;
  /** Whether the reader prefers plain text areas. */
  plain: boolean;
  preferPlain(yes: boolean): void;
  /** A link to what is shown, with the names in it changed. */
  link(rename: (text: string) => string): Promise<string>;
  /** Moves the focus to a heading once the page is drawn, when what had the focus goes away. */
  focus(id: string): void;
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
  const isOfKey = ref.kind === 'keyPolicy' || ref.kind === 'grants';
  const owner = isOfKey && alike.every(({ owner }) => owner === ref.owner) ? '' : `: ${shortName(ref.owner)}`;
  return `${kindName(words, ref)}${owner}${sharesOwner && ref.name ? ` (${ref.name})` : ''}`;
}

function kindName(words: Words, ref: DocumentRef): string {
  return ref.kind === 'grants' ? words.text('documents.grants') : words.text(`policy.${ref.kind}`);
}

/** A button that leads to the lines a source stands in; nothing when it stands in no text. */
export function sourceLink(view: View, source: Source) {
  const { words, state } = view;
  const place = placeOf(source, state.now, state.question);
  if (!place) return '';
  const { line, column } = place.range.start;
  const name = documentName(view, place.document);
  return html`<button
    class="source"
    type="button"
    aria-label=${words.text('trace.show', { document: name, place: words.text('trace.place', { line, column }) })}
    @click=${() => view.reveal(source)}
  >
    ${name} <span class="line">${line}:${column}</span>
  </button>`;
}

/** What is wrong, as a sentence in the reader's language, or in the engine's English when there is none. */
function diagnosticText(view: View, diagnostic: Diagnostic) {
  const { words } = view;
  const { message, help } = diagnostic;
  const { key, values } = sentenceOf(view, diagnostic);
  const own = words.find(`problem.${key}`, values);
  if (own) return html`${own} <span class="help">${words.find(`fix.${key}`, values)}</span>`;
  return html`<span lang="en">${withCode(sentence(message))}${help ? html` <span class="help">${withCode(sentence(help))}</span>` : ''}</span>`;
}

/** The same as plain text. */
export function diagnosticSentence(view: View, diagnostic: Diagnostic): string {
  const { key, values } = sentenceOf(view, diagnostic);
  return view.words.findText(`problem.${key}`, values) ?? sentence(diagnostic.message).replaceAll('`', '');
}

/** Which sentence says it: syntax errors have one for each cause. */
function sentenceOf({ words, state }: View, { code: name, params, document = '', range }: Diagnostic) {
  const text = document === '' ? state.question : state.now.texts.get(document);
  const excerpt = (range && text?.slice(range.start.offset, range.end.offset).split('\n')[0]?.slice(0, 60)) ?? '';
  const special = `${name}.${String(params['cause'])}`;
  return { key: words.findText(`problem.${special}`) === undefined ? name : special, values: { ...params, text: excerpt } };
}

/** A text of a scenario or of the engine, in which backticks mark code. */
export function withCode(text: string) {
  return text.split('`').map((part, i) => (i % 2 === 1 ? code(part) : part));
}

/** The engine writes messages like compilers do: lower case, no full stop. */
function sentence(text: string): string {
  const trimmed = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

export function diagnosticList(view: View, diagnostics: readonly Diagnostic[], label: string) {
  if (diagnostics.length === 0) return '';
  const { words } = view;
  const icons = { error: 'error', warning: 'warning', info: 'info' } as const;
  return html`<ul class="diagnostics" aria-label=${label}>
    ${diagnostics.map(
      (diagnostic) => html`<li class=${diagnostic.severity}>
        ${icon(icons[diagnostic.severity])}
        <div>
          <b>${words.text(`diagnostic.${diagnostic.severity}`)}</b>
          ${place(view, diagnostic)} ${diagnosticText(view, diagnostic)} ${fixButton(view, diagnostic)}
        </div>
      </li>`,
    )}
  </ul>`;
}

function place(view: View, diagnostic: Diagnostic) {
  const { range, document = '' } = diagnostic;
  if (!range) return '';
  const name = documentName(view, document);
  const { line, column } = range.start;
  return html`<button
    class="source"
    type="button"
    aria-label=${view.words.text('trace.show', { document: name, place: view.words.text('trace.place', { line, column }) })}
    @click=${() => view.reveal({ document, range })}
  >
    ${name} <span class="line">${line}:${column}</span>
  </button>`;
}

/** Repairs the text, when it is clear how. */
function fixButton({ state, store, words }: View, diagnostic: Diagnostic) {
  const { document = '' } = diagnostic;
  const text = document === '' ? state.question : state.now.texts.get(document);
  const fix = text !== undefined && fixOf(diagnostic, text);
  if (!fix) return '';
  const repaired = text.slice(0, fix.from) + fix.insert + text.slice(fix.to);
  return html`<button type="button" class="fix" @click=${() => (document === '' ? store.ask(repaired) : store.edit(document, repaired))}>
    ${words.text(`editor.fix.${fix.kind}`)}
  </button>`;
}

/** Diagnostics of one document, the gravest first. */
export function diagnosticsOf({ now, answer }: State, pointer: string): Diagnostic[] {
  const order = { error: 0, warning: 1, info: 2 };
  return unique([...now.diagnostics, ...(answer.diagnostics ?? [])])
    .filter(({ document = '', range, step }) => document === pointer && (pointer !== '' || (range !== undefined && step === undefined)))
    .sort((a, b) => order[a.severity] - order[b.severity]);
}

/** The engine may say the same of a document and of a decision that reads it. */
export function unique(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map((d) => [`${d.code} ${d.pointer} ${d.range?.start.offset}`, d])).values()];
}

export const heading = (id: string, text: string) => html`<h2 id=${id} tabindex="-1">${text}</h2>`;
