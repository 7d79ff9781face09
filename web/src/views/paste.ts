/** One box for whatever the reader has at hand; the engine says what it is and where it belongs. */
import { html } from 'lit';
import type { Diagnostic } from '../engine/types';
import { shortName } from '../state/callers';
import { fixOf, type Fix } from '../state/fixes';
import { defaultOwner, looseText, paste, placeAs, type Loose } from '../state/paste';
import { owners, type Addable } from '../state/policies';
import { diagnosticList } from './problems';
import { documentChanged } from './timeline';
import { heading, icon, withCode, type View } from './view';

/** No AWS output is larger; a file that is was dropped by mistake. */
const largest = 20_000_000;
const isLarge = ({ size }: File) => size > largest;

/** Of what was placed the text is gone from here; a mistake has its place in the one that still stands. */
const inSight = ({ range, ...rest }: Diagnostic): Diagnostic => (rest.severity === 'error' && range ? { ...rest, range } : rest);

export function pastePanel(view: View) {
  /** What could not be placed of a text. */
  const use = (text: string): string => {
    if (view.chosen['paste.large']) view.choose('paste.large', '');
    const pasted = paste(view.store, text);
    view.placed(pasted === 'opened' ? undefined : pasted);
    if (pasted === 'opened') return '';
    if (pasted.denial) view.choose('paste.denial', JSON.stringify(pasted.denial));
    const document = documentChanged(Object.keys(pasted.changes), view.store.state.now.texts);
    if (document !== undefined) view.openDocument(document);
    return pasted.left;
  };
  const { words } = view;
  // What was undone is not placed any more.
  const pasted = view.pasted && view.pasted.kinds.length > 0 && view.state.canRedo ? undefined : view.pasted;
  const place = (text: HTMLTextAreaElement) => {
    if (text.value.trim() !== '') text.value = use(text.value);
  };
  /** As in other boxes for texts of several lines. */
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    place(event.target as HTMLTextAreaElement);
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
    const replacesAll = box.selectionStart === 0 && box.selectionEnd === box.value.length;
    if ((box.value.trim() !== '' && !replacesAll) || text.trim() === '') return;
    const left = use(text);
    if (left === text) return;
    event.preventDefault();
    box.value = left;
  };
  /** What could not be placed of the files comes into the box. */
  const open = async (files: Iterable<File>, event: Event) => {
    const box = (event.currentTarget as HTMLElement).closest('section')!.querySelector('textarea')!;
    const all = [...files];
    for (const file of all.filter((file) => !isLarge(file))) {
      const left = use(await file.text());
      if (left !== '') box.value = [box.value.trim(), left].filter(Boolean).join('\n\n');
    }
    view.choose('paste.large', all.filter(isLarge).map(({ name }) => name).join('\n'));
  };
  const drop = (event: DragEvent) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    void open(event.dataTransfer.files, event);
  };
  const large = view.chosen['paste.large'];
  const { draft } = view;
  const kinds = (pasted?.kinds ?? []).map((kind) => words.findText(`kind.${kind}`) ?? kind);
  return html`<section class="panel paste" aria-labelledby="paste" @dragover=${(event: Event) => event.preventDefault()} @drop=${drop}>
    ${heading('paste', words.text('paste.heading'))}
    ${draft?.kept
      ? html`<div class="kept">
          <p>${words.text('draft.kept')}</p>
          <button type="button" @click=${draft.bringBack}>${words.text('draft.bringBack')}</button>
          <button type="button" @click=${draft.forget}>${words.text('draft.forget')}</button>
        </div>`
      : ''}
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
        @keydown=${keys}
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
          void open([...(input.files ?? [])], event).then(() => (input.value = ''));
        }}
      />
    </label>
    ${draft && !draft.isEmpty ? html`<button type="button" class="over" @click=${draft.startOver}>${words.text('draft.startOver')}</button>` : ''}
    <div aria-live="polite">
      ${large ? html`<p class="help">${words.say('paste.large', { size: largest / 1_000_000, names: large.split('\n') })}</p>` : ''}
      ${pasted
        ? html`<p class="placed">
            ${icon(kinds.length > 0 ? 'allow' : 'unknown')}
            ${kinds.length === 0 ? words.text('paste.nothing') : ''}
            ${kinds.length > 0 && pasted.owner === undefined ? withCode(words.text('paste.placed', { kinds: words.list(kinds) })) : ''}
            ${kinds.length > 0 && pasted.owner !== undefined ? words.say('paste.placedFor', { kinds: html`${words.list(kinds)}`, principal: shortName(pasted.owner) }) : ''}
          </p>`
        : ''}
      ${pasted?.told.map((message) => html`<p class="told">${icon('info')} ${words.say(`told.${message.kind}`, { usage: message.metadata['KeyUsage'] ?? '' })}</p>`)}
      ${pasted?.notes.map((note) => html`<p class="told">${icon('info')} ${words.say(`paste.note.${note.kind}`, { key: 'key' in note ? note.key : '' })}</p>`)}
      ${pasted && pasted.requests > 1 ? html`<p class="help">${words.say('paste.several', { count: pasted.requests })}</p>` : ''}
      ${pasted && pasted.kinds.length > 0 && pasted.left !== '' ? html`<p class="help">${words.text('paste.left')}</p>` : ''}
      ${pasted && pasted.rest.length > 0 ? html`<p class="help">${words.say('paste.rest', { text: [...pasted.rest.slice(0, 5).map(excerpt), ...(pasted.rest.length > 5 ? ['…'] : [])] })}</p>` : ''}
      ${pasted?.loose && looseText(view.store, pasted.loose) !== undefined ? somethingElse(view, pasted.loose) : ''}
      ${pasted && pasted.standIns.length > 0 ? html`<p class="help">${words.say('paste.standIns', { names: pasted.standIns })}</p>` : ''}
      ${pasted?.unknown && pasted.notes.length === 0
        ? html`<p class="help">${words.text('paste.unknown')}</p>`
        : pasted
          ? diagnosticList(view, pasted.diagnostics.map(inSight), words.text('paste.problems')) : ''}
      ${fixes.slice(0, 1).map((fix) => html`<button type="button" class="fix" @click=${mend(fix)}>${words.text(`editor.fix.${fix.kind}`)}</button>`)}
    </div>
  </section>`;
}

/** The beginning of a text. */
const excerpt = (text: string) => (text.length > 40 ? `${text.slice(0, 40).replaceAll('\n', ' ')}…` : text.replaceAll('\n', ' '));

/** A policy without a principal may be of any kind but one, and one with a principal of three: they do not say which. */
function somethingElse(view: View, loose: Loose) {
  const { words, store } = view;
  const isOfKey = 'before' in loose;
  const possible = isOfKey ? (['resourceControlPolicy', 'vpcEndpointPolicy'] as const) : (Object.keys(owners) as Addable[]).filter((kind) => kind !== 'identityPolicy');
  const kinds = possible.filter((kind) => defaultOwner(store, kind) !== undefined);
  const move = (event: Event) => {
    event.preventDefault();
    const kind = ((event.target as HTMLFormElement).elements.namedItem('kind') as HTMLSelectElement).value as Addable;
    const owner = defaultOwner(store, kind) ?? '';
    placeAs(store, loose, kind, owner);
    view.placed({ ...view.pasted!, kinds: [kind], owner: kind === 'sessionPolicy' ? undefined : owner, loose: undefined, notes: [] });
    view.focus('paste');
  };
  if (kinds.length === 0) return '';
  return html`<form class="else" @submit=${move}>
    <label class="field">
      <span>${words.text(isOfKey ? 'paste.elseKey' : 'paste.else')}</span>
      <select name="kind">
        ${kinds.map((kind) => html`<option value=${kind}>${words.text(`policy.${kind}`)}</option>`)}
      </select>
    </label>
    <button type="submit">${words.text('paste.else.move')}</button>
  </form>`;
}
