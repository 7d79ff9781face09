/** One box for whatever the reader has at hand; the engine says what it is and where it belongs. */
import { html } from 'lit';
import type { Diagnostic } from '../engine/types';
import { shortName } from '../state/callers';
import { fixOf, type Fix } from '../state/fixes';
import { paste } from '../state/paste';
import { diagnosticList } from './problems';
import { documentChanged } from './timeline';
import { heading, icon, withCode, type View } from './view';

/** No AWS output is larger; a file that is was dropped by mistake. */
const largest = 20_000_000;

/** Of what was placed the text is gone from here; a mistake has its place in the one that still stands. */
const inSight = ({ range, ...rest }: Diagnostic): Diagnostic => (rest.severity === 'error' && range ? { ...rest, range } : rest);

export function pastePanel(view: View) {
  /** Whether anything was placed. */
  const use = (text: string) => {
    const pasted = paste(view.store, text);
    view.placed(pasted === 'opened' ? undefined : pasted);
    if (pasted === 'opened') return true;
    const document = documentChanged(Object.keys(pasted.changes), view.store.state.now.texts);
    if (document !== undefined) view.openDocument(document);
    return pasted.kinds.length > 0;
  };
  const { words, pasted } = view;
  const place = (text: HTMLTextAreaElement) => {
    if (text.value.trim() !== '' && use(text.value)) text.value = '';
  };
  const submit = (event: Event) => {
    event.preventDefault();
    place((event.target as HTMLFormElement).elements.namedItem('text') as HTMLTextAreaElement);
  };
  /** Mends the text where it stands, and tries again. */
  const mend = (fix: Fix) => (event: Event) => {
    const text = (event.target as HTMLElement).closest('section')!.querySelector('textarea')!;
    text.value = pasted!.text.slice(0, fix.from) + fix.insert + pasted!.text.slice(fix.to);
    text.focus();
    place(text);
  };
  const fixes = pasted?.kinds.length === 0 ? pasted.diagnostics.flatMap((diagnostic) => fixOf(diagnostic, pasted.text) ?? []) : [];
  // What is pasted whole needs no button.
  const pasteWhole = (event: ClipboardEvent) => {
    const box = event.target as HTMLTextAreaElement;
    const text = event.clipboardData?.getData('text') ?? '';
    if (box.value.trim() === '' && text.trim() !== '' && use(text)) event.preventDefault();
  };
  const open = async (files: Iterable<File>) => {
    for (const file of files) if (file.size <= largest) use(await file.text());
  };
  const drop = (event: DragEvent) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    void open(event.dataTransfer.files);
  };
  const kinds = (pasted?.kinds ?? []).map((kind) => words.findText(`kind.${kind}`) ?? kind);
  return html`<section class="panel paste" aria-labelledby="paste" @dragover=${(event: Event) => event.preventDefault()} @drop=${drop}>
    ${heading('paste', words.text('paste.heading'))}
    <p class="help" id="paste-help">${words.say('paste.help')}</p>
    <form @submit=${submit}>
      <textarea
        name="text"
        class="code"
        rows="3"
        spellcheck="false"
        autocapitalize="off"
        autocomplete="off"
        aria-label=${words.text('paste.text')}
        aria-describedby="paste-help"
        @paste=${pasteWhole}
      ></textarea>
      <button type="submit">${words.text('paste.place')}</button>
    </form>
    <label class="field">
      <span>${words.text('paste.files')}</span>
      <input
        type="file"
        multiple
        @change=${(event: Event) => {
          const input = event.target as HTMLInputElement;
          void open([...(input.files ?? [])]).then(() => (input.value = ''));
        }}
      />
    </label>
    <div aria-live="polite">
      ${pasted
        ? html`<p class="placed">
            ${icon(kinds.length > 0 ? 'allow' : 'unknown')}
            ${kinds.length === 0 ? words.text('paste.nothing') : ''}
            ${kinds.length > 0 && pasted.owner === undefined ? withCode(words.text('paste.placed', { kinds: words.list(kinds) })) : ''}
            ${kinds.length > 0 && pasted.owner !== undefined ? words.say('paste.placedFor', { kinds: html`${words.list(kinds)}`, principal: shortName(pasted.owner) }) : ''}
          </p>`
        : ''}
      ${pasted && pasted.standIns.length > 0 ? html`<p class="help">${words.say('paste.standIns', { names: pasted.standIns })}</p>` : ''}
      ${pasted?.unknown
        ? html`<p class="help">${words.text('paste.unknown')}</p>`
        : pasted
          ? diagnosticList(view, pasted.diagnostics.map(inSight), words.text('paste.problems')) : ''}
      ${fixes.slice(0, 1).map((fix) => html`<button type="button" class="fix" @click=${mend(fix)}>${words.text(`editor.fix.${fix.kind}`)}</button>`)}
    </div>
  </section>`;
}
