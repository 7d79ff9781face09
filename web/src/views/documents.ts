/** The documents as texts to paste and edit, one tab each, with what is wrong in them. */
import { html } from 'lit';
import { live } from 'lit/directives/live.js';
import { ownerOf, shortName } from '../state/callers';
import { owners, removalOf, withPolicy, type Addable } from '../state/policies';
import type { Key } from '../engine/types';
import { isBroken } from '../state/entry';
import { documentsOf, valueAt, type DocumentRef } from '../state/world';
import { textEditor, whole } from './text';
import { diagnosticList, diagnosticsOf } from './problems';
import { documentName, heading, icon, tint, type View } from './view';

/** What describe-key says that decides, the default first. */
const metadata: { [field: string]: string[] } = {
  KeyState: ['Enabled', 'Disabled', 'PendingDeletion', 'PendingImport', 'Unavailable'],
  KeyUsage: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'GENERATE_VERIFY_MAC', 'KEY_AGREEMENT'],
  KeySpec: ['SYMMETRIC_DEFAULT', 'RSA_2048', 'RSA_4096', 'ECC_NIST_P256', 'HMAC_256'],
  KeyManager: ['CUSTOMER', 'AWS'],
  Origin: ['AWS_KMS', 'EXTERNAL', 'AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE'],
};

export function documents(view: View) {
  const { state, words } = view;
  const refs = documentsOf(state.now.world);
  const open = refs.find(({ pointer }) => pointer === view.document) ?? refs[0];
  const tabs = refs.map(({ pointer }) => pointer);
  const openTab = open?.pointer ?? '';
  return html`<section class="panel documents" aria-labelledby="documents">
    ${heading('documents', words.text('documents.heading'))}
    <div class="tabs" role="tablist" aria-labelledby="documents" @keydown=${(e: KeyboardEvent) => arrows(view, tabs, openTab, e)}>
      ${tabs.map((pointer) => {
        const broken = diagnosticsOf(state, pointer).some(({ severity }) => severity === 'error');
        return html`<button
          type="button"
          role="tab"
          class=${tint(view, pointer)}
          id="tab-${idOf(pointer)}"
          aria-controls="document"
          aria-selected=${pointer === openTab}
          tabindex=${pointer === openTab ? 0 : -1}
          @click=${() => view.openDocument(pointer)}
        >
          ${documentName(view, pointer)}
          ${broken ? html`<span class="broken">${icon('error')}<span class="hidden">${words.text('documents.hasErrors')}</span></span>` : ''}
        </button>`;
      })}
    </div>
    <div role="tabpanel" id="document" aria-labelledby="tab-${idOf(openTab)}">
      ${open?.kind === 'key' ? keyForm(view, open.pointer) : ''} ${open ? editor(view, open) : ''}
    </div>
    ${view.readonly
      ? ''
      : html`<label class="check plain">
          <input type="checkbox" .checked=${live(view.plain)} @change=${(e: Event) => view.preferPlain((e.target as HTMLInputElement).checked)} />
          <span>${words.text('editor.plain')}</span>
        </label>`}
    ${view.readonly ? '' : html`${open ? removal(view, open) : ''} ${addPolicy(view)}`}
  </section>`;
}

const idOf = (pointer: string) => pointer.replaceAll('/', '-');

function editor(view: View, ref: DocumentRef) {
  const { state, store, words } = view;
  const name = documentName(view, ref.pointer);
  const found = diagnosticsOf(state, ref.pointer);
  const help = words.find(`documents.${ref.kind}.help`, { principal: shortName(ref.owner), owner: ref.owner });
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

/** What decides about a key as fields; the text below them says the same. */
function keyForm(view: View, pointer: string) {
  const { state, store, words } = view;
  const key = valueAt(state.now.world, pointer) as Key;
  if (isBroken(state.now.world, pointer, state.now.texts.get(pointer))) return html`<p class="empty">${words.text('documents.key.broken')}</p>`;
  return html`<label class="field">
      <span>${words.text('documents.key')}</span>
      <input
        class="code"
        spellcheck="false"
        autocapitalize="off"
        autocomplete="off"
        ?readonly=${view.readonly}
        .value=${key.metadata.Arn /* not live: what is being typed stays, whatever is drawn meanwhile */}
        @change=${(e: Event) => store.set({ [`${pointer}/metadata/Arn`]: (e.target as HTMLInputElement).value })}
      />
    </label>
    ${whole(key.metadata.Arn)}
    <div class="fields">
      ${Object.entries(metadata).map(([field, values]) => {
        const current = String(key.metadata[field] ?? values[0]);
        return html`<label class="field">
          <span>${field === 'KeyState' ? words.text('documents.keyState') : html`<code lang="en" translate="no">${field}</code>`}</span>
          <select class="code" .value=${live(current)} ?disabled=${view.readonly} @change=${(e: Event) => store.set({ [`${pointer}/metadata/${field}`]: (e.target as HTMLSelectElement).value })}>
            ${[...new Set([...values, current])].map((name) => html`<option value=${name} ?selected=${name === current}>${name}</option>`)}
          </select>
        </label>`;
      })}
    </div>`;
}

/** A policy can go; what belongs to a key goes with it, as long as there is another key. */
function removal(view: View, { kind, pointer }: DocumentRef) {
  const { state, store, words } = view;
  const isOfKey = kind === 'keyPolicy' || kind === 'grants' || kind === 'key';
  if (isOfKey && (kind !== 'key' || (state.now.world.keys ?? []).length < 2)) return '';
  const remove = () => {
    store.happen([removalOf(state.now, pointer)]);
    view.openDocument('');
    view.focus('documents');
  };
  return html`<button type="button" class="remove" @click=${remove}>${words.text(isOfKey ? 'documents.removeKey' : 'documents.remove')}</button>`;
}

/** A further policy, empty, to paste into. */
function addPolicy(view: View) {
  const { state, store, words } = view;
  const kind = (view.chosen['documents.add'] ?? 'identityPolicy') as Addable;
  const add = (event: Event) => {
    event.preventDefault();
    const input = (event.target as HTMLFormElement).elements.namedItem('owner') as HTMLInputElement | null;
    const owner = input?.value.trim() ?? '';
    if (input && owner === '') return;
    const { changes, pointer, request } = withPolicy(state.now.world, state.request, kind, owner);
    if (Object.keys(changes).length > 0) store.set(changes);
    if (request) store.ask(JSON.stringify(request, null, 2));
    if (pointer === '') view.reveal({ pointer: '/sessionPolicies', document: '', range: start });
    else view.openDocument(pointer);
    if (input) input.value = '';
  };
  const arns = [...state.callers.map(ownerOf), ...(state.now.world.principals ?? []).map(({ arn }) => arn)];
  const accounts = [...arns, ...(state.now.world.keys ?? []).map(({ metadata }) => metadata.Arn)].map((arn) => arn.split(':')[4] ?? '');
  const known = new Set(owners[kind].startsWith('arn') ? arns : owners[kind].startsWith('vpce') ? [] : accounts);
  return html`<details class="add">
    <summary>${words.text('documents.addPolicy')}</summary>
    <form @submit=${add}>
      <label class="field">
        <span>${words.text('documents.addPolicy.kind')}</span>
        <select @change=${(e: Event) => view.choose('documents.add', (e.target as HTMLSelectElement).value)}>
          ${(Object.keys(owners) as Addable[])
            .filter((name) => name !== 'sessionPolicy' || state.request)
            .map((name) => html`<option value=${name} ?selected=${name === kind}>${words.text(`policy.${name}`)}</option>`)}
        </select>
      </label>
      ${owners[kind] === ''
        ? ''
        : html`<label class="field">
              <span>${words.text(`documents.owner.${kind as Exclude<Addable, 'sessionPolicy'>}`)}</span>
              <input class="code" name="owner" list="owners" pattern=${owners[kind]} required spellcheck="false" autocapitalize="off" autocomplete="off" />
            </label>
            <datalist id="owners">${[...known].filter(Boolean).map((owner) => html`<option value=${owner}></option>`)}</datalist>`}
      <button type="submit">${words.text('documents.addPolicy.add')}</button>
    </form>
  </details>`;
}

const start = { start: { line: 1, column: 1, offset: 0 }, end: { line: 1, column: 1, offset: 0 } };

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
