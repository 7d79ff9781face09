/** The documents as texts to paste and edit, one tab each, with what is wrong in them. */
import { html } from 'lit';
import { live } from 'lit/directives/live.js';
import { ownerOf, shortName } from '../state/callers';
import { documentsOf, valueAt, type DocumentRef } from '../state/world';
import { textEditor } from './text';
import { diagnosticList, diagnosticsOf, documentName, heading, icon, type View } from './view';

/** The key as describe-key shows it is no text here, but a tab of its own. */
export const keyTab = 'key';

const keyStates = ['Enabled', 'Disabled', 'PendingDeletion', 'PendingImport'];

export function documents(view: View) {
  const { state, words } = view;
  const refs = documentsOf(state.now.world);
  const open = view.document === keyTab ? undefined : (refs.find(({ pointer }) => pointer === view.document) ?? refs[0]);
  const tabs = [...refs.map(({ pointer }) => pointer), keyTab];
  const openTab = open?.pointer ?? keyTab;
  return html`<section class="panel documents" aria-labelledby="documents">
    ${heading('documents', words.text('documents.heading'))}
    <div class="tabs" role="tablist" aria-labelledby="documents" @keydown=${(e: KeyboardEvent) => arrows(view, tabs, openTab, e)}>
      ${tabs.map((pointer) => {
        const broken = pointer !== keyTab && diagnosticsOf(state, pointer).some(({ severity }) => severity === 'error');
        return html`<button
          type="button"
          role="tab"
          id="tab-${idOf(pointer)}"
          aria-controls="document"
          aria-selected=${pointer === openTab}
          tabindex=${pointer === openTab ? 0 : -1}
          @click=${() => view.openDocument(pointer)}
        >
          ${pointer === keyTab ? words.text('request.key') : documentName(view, pointer)}
          ${broken ? html`<span class="broken">${icon('error')}<span class="hidden">${words.text('documents.hasErrors')}</span></span>` : ''}
        </button>`;
      })}
    </div>
    <div role="tabpanel" id="document" aria-labelledby="tab-${idOf(openTab)}">
      ${open ? editor(view, open) : keyPanel(view)}
    </div>
    <label class="check plain">
      <input type="checkbox" .checked=${live(view.plain)} @change=${(e: Event) => view.preferPlain((e.target as HTMLInputElement).checked)} />
      <span>${words.text('editor.plain')}</span>
    </label>
    ${addPolicy(view)}
  </section>`;
}

const idOf = (pointer: string) => pointer.replaceAll('/', '-');

function editor(view: View, ref: DocumentRef) {
  const { state, store, words } = view;
  const name = documentName(view, ref.pointer);
  const found = diagnosticsOf(state, ref.pointer);
  const help =
    ref.kind === 'identityPolicy'
      ? words.say('documents.identityPolicy.help', { principal: shortName(ref.owner) })
      : words.say(`documents.${ref.kind}.help`);
  return html`<p class="help" id="document-help">${help}</p>
    ${textEditor(view, {
      id: 'text-document',
      document: ref.pointer,
      text: state.now.texts.get(ref.pointer) ?? '',
      name: words.text('documents.text', { document: name }),
      rows: 18,
      describedBy: 'document-help document-problems',
      problems: found,
      edit: (text) => store.edit(ref.pointer, text),
    })}
    <div id="document-problems">
      ${found.length > 0
        ? diagnosticList(view, found.slice(0, 20), words.text('documents.problems', { document: name }))
        : html`<p class="fine">${icon('allow')} ${words.text('documents.fine')}</p>`}
    </div>`;
}

function keyPanel(view: View) {
  const { state, store, words } = view;
  return (state.now.world.keys ?? []).map((key, i) => {
    const current = String(key.metadata['KeyState'] ?? 'Enabled');
    return html`<label class="field">
        <span>${words.text('documents.key')}</span>
        <input
          class="code"
          spellcheck="false"
          autocapitalize="off"
          autocomplete="off"
          .value=${live(key.metadata.Arn)}
          @change=${(e: Event) => store.set({ [`/keys/${i}/metadata/Arn`]: (e.target as HTMLInputElement).value })}
        />
      </label>
      <label class="field">
        <span>${words.text('documents.keyState')}</span>
        <select class="code" @change=${(e: Event) => store.set({ [`/keys/${i}/metadata/KeyState`]: (e.target as HTMLSelectElement).value })}>
          ${[...new Set([current, ...keyStates])].map((name) => html`<option value=${name} ?selected=${name === current}>${name}</option>`)}
        </select>
      </label>
      ${diagnosticList(view, diagnosticsOf(state, '').filter(({ pointer }) => pointer.startsWith(`/keys/${i}/metadata`)), words.text('request.key'))}`;
  });
}

/** A principal whose IAM policies are to count, with an empty policy to paste into. */
function addPolicy(view: View) {
  const { state, store, words } = view;
  const add = (event: Event) => {
    event.preventDefault();
    const input = (event.target as HTMLFormElement).elements.namedItem('principal') as HTMLInputElement;
    const arn = input.value.trim();
    if (arn === '') return;
    const principals = state.now.world.principals ?? [];
    const index = principals.findIndex((principal) => principal.arn === arn);
    const policies = valueAt(principals, `/${index}/identityPolicies`) as unknown[] | undefined;
    const policy = { name: `policy-${(policies?.length ?? 0) + 1}`, document: '' };
    if (policies) store.set({ [`/principals/${index}/identityPolicies/${policies.length}`]: policy });
    else if (index >= 0) store.set({ [`/principals/${index}/identityPolicies`]: [policy] });
    else store.set({ [`/principals/${principals.length}`]: { arn, identityPolicies: [policy] } });
    view.openDocument(`/principals/${index >= 0 ? index : principals.length}/identityPolicies/${policies?.length ?? 0}/document`);
    input.value = '';
  };
  const known = [...new Set([...state.callers.map(ownerOf), ...(state.now.world.principals ?? []).map(({ arn }) => arn)])].filter((arn) => arn !== '');
  return html`<details class="add">
    <summary>${words.text('documents.addPolicy')}</summary>
    <form @submit=${add}>
      <label class="field">
        <span>${words.text('documents.addPolicy.principal')}</span>
        <input class="code" name="principal" list="owners" spellcheck="false" autocapitalize="off" autocomplete="off" />
      </label>
      <datalist id="owners">${known.map((arn) => html`<option value=${arn}></option>`)}</datalist>
      <button type="submit">${words.text('documents.addPolicy.add')}</button>
    </form>
  </details>`;
}

function arrows(view: View, tabs: string[], open: string, event: KeyboardEvent) {
  const at = tabs.indexOf(open);
  const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  const pointer = tabs[(next + tabs.length) % tabs.length]!;
  view.openDocument(pointer);
  const list = event.currentTarget as HTMLElement;
  requestAnimationFrame(() => list.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
}
