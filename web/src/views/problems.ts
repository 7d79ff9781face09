/** What is wrong in the documents and the request, in words, with its place and a repair where there is one. */
import { html } from 'lit';
import type { Diagnostic } from '../engine/types';
import { fixOf } from '../state/fixes';
import type { State } from '../state/store';
import { documentName, icon, withCode, type View } from './view';

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
  const { line, column } = range.start;
  // Of a text that was not placed, no document shows the lines.
  if (document !== '' && !view.state.now.texts.has(document)) return html`<span class="help">${view.words.text('trace.place', { line, column })}:</span>`;
  const name = documentName(view, document);
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
