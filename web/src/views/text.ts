/** A text to read and edit: the editor once it is loaded, else a text area. */
import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Diagnostic } from '../engine/types';
import { fixOf } from '../state/fixes';
import { typed } from './typing';
import { diagnosticSentence } from './problems';
import { type View } from './view';

export interface Text {
  /** Of the element; "text-" and what it is. */
  id: string;
  /** Which document is shown; "" is the request. */
  document: string;
  text: string;
  name: string;
  rows: number;
  /** The element that describes it. */
  describedBy?: string;
  problems: readonly Diagnostic[];
  edit: (text: string) => void;
}

export function textEditor(view: View, { id, document, text, name, rows, describedBy, problems, edit }: Text) {
  const invalid = problems.some(({ severity }) => severity === 'error');
  if (!view.rich) {
    const use = typed(edit);
    return html`<textarea
      id=${id}
      class="code"
      rows=${rows}
      spellcheck="false"
      autocapitalize="off"
      autocomplete="off"
      aria-label=${name}
      aria-describedby=${describedBy ?? nothing}
      aria-invalid=${invalid}
      ?readonly=${document === '' ? !view.may('request') : view.readonly}
      .value=${live(text)}
      @input=${use}
      @compositionend=${use}
    ></textarea>`;
  }
  const squiggles = problems.flatMap((problem) => {
    const { range, severity } = problem;
    if (!range) return [];
    const fix = fixOf(problem, text);
    const actions = fix ? [{ name: view.words.text(`editor.fix.${fix.kind}`), apply: () => edit(text.slice(0, fix.from) + fix.insert + text.slice(fix.to)) }] : [];
    return [{ from: range.start.offset, to: range.end.offset, severity, message: diagnosticSentence(view, problem), actions }];
  });
  return html`<kms-editor
    id=${id}
    .document=${document}
    .text=${live(text)}
    .label=${{ name, invalid, description: squiggles.map(({ message }) => message).slice(0, 3).join(' ') }}
    .problems=${squiggles}
    @edit=${(event: CustomEvent<string>) => edit(event.detail)}
  ></kms-editor>`;
}

/** The value of a field once more, to be read to its end: a field shows one line, and ARNs are longer. */
export const whole = (text: string) =>
  text.length > 24 ? html`<p class="to-end" aria-hidden="true" lang="en" translate="no">${text.split(/(?<=[:/])/).map((part) => html`${part}<wbr />`)}</p>` : '';
