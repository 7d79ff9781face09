/** The question as a form and as JSON: two views of one text. */
import { html } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Request } from '../engine/types';
import { shortId } from './decision';
import { diagnosticList, diagnosticsOf } from './problems';
import { heading, type View } from './view';
import { grantsOf, valueAt } from '../state/world';
import { ownerOf, shortName } from '../state/callers';
import { textEditor, whole } from './text';
import { typed } from './typing';
import { keyOf, operationsOf, requestFor } from '../state/matrix';

/** What the form offers; every other operation can be written in the JSON. */
const operations = [
  'Decrypt', 'Encrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'ReEncrypt',
  'DescribeKey', 'ListGrants', 'CreateGrant', 'RetireGrant', 'RevokeGrant',
  'EnableKey', 'DisableKey', 'GetKeyPolicy', 'PutKeyPolicy', 'ScheduleKeyDeletion',
]; // prettier-ignore
const withContext = new Set(['Decrypt', 'Encrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext']);
const withGrant = new Set(['RetireGrant', 'RevokeGrant']);

export function requestPanel(view: View) {
  const { state, store, words } = view;
  const { request } = state;
  return html`<section class="panel request" aria-labelledby="request">
    ${heading('request', words.text('request.heading'))}
    ${request ? html`<fieldset class="whole" ?disabled=${!view.may('request')}>${form(view, request)}</fieldset>` : html`<p class="empty">${words.text('request.broken')}</p>`}
    <details ?open=${!request} id="request-json">
      <summary>${words.text('request.json')}</summary>
      ${textEditor(view, {
        id: 'text-request',
        document: '',
        text: state.question,
        name: words.text('request.json'),
        rows: 10,
        problems: diagnosticsOf(state, ''),
        edit: (text) => store.ask(text),
      })}
      ${diagnosticList(view, diagnosticsOf(state, ''), words.text('documents.problems', { document: words.text('request.json') }))}
    </details>
    <div class="actions">
      <button type="button" ?disabled=${!request || !view.may('request')} aria-describedby="perform-help" @click=${() => store.perform()}>
        ${words.text('request.perform')}
      </button>
      <p id="perform-help" class="help">${words.text('request.perform.help')}</p>
    </div>
  </section>`;
}

type Change = (to: (now: Request) => Request) => void;

function form(view: View, request: Request) {
  const { state, store, words } = view;
  // What is shown may be older than what is asked: a change is made to the request as it is by then.
  const change: Change = (to) => store.ask(JSON.stringify(to(store.state.request ?? request), null, 2));
  const parameters = request.parameters ?? {};
  const setParameters = (next: object) => change((now) => ({ ...now, parameters: { ...now.parameters, ...next } }));
  const known = operations.includes(request.operation) ? operations : [request.operation, ...operations];
  const keys = state.now.world.keys ?? [];

  return html`<form @submit=${(event: Event) => event.preventDefault()}>
    <label class="field">
      <span>${words.text('request.principal')}</span>
      <input
        class="code"
        list="callers"
        spellcheck="false"
        autocapitalize="off"
        autocomplete="off"
        aria-describedby="principal-help"
        .value=${live(request.principal)}
        @input=${typed((principal) => change((now) => ({ ...now, principal })))}
      />
    </label>
    ${whole(request.principal)}
    <p id="principal-help" class="help">${words.text('request.principal.help')}</p>
    <datalist id="callers">${state.callers.map((caller) => html`<option value=${caller}>${shortName(caller)}</option>`)}</datalist>

    <label class="field">
      <span>${words.text('request.operation')}</span>
      <select class="code" .value=${live(request.operation)} @change=${(e: Event) => change((now) => withOperation(view, now, valueOf(e)))}>
        ${known.map((name) => html`<option value=${name} ?selected=${name === request.operation}>${name}</option>`)}
      </select>
    </label>

    ${keys.length > 1
      ? html`<label class="field">
          <span>${words.text('request.key')}</span>
          <select class="code" @change=${(e: Event) => setParameters({ KeyId: valueOf(e) })}>
            ${keys.map(({ metadata: { Arn } }) => html`<option value=${Arn} ?selected=${Arn === parameters['KeyId']}>${shortName(Arn)}</option>`)}
          </select>
        </label>`
      : ''}
    ${withGrant.has(request.operation)
      ? html`<label class="field">
          <span>${words.text('request.grant')}</span>
          <select class="code" @change=${(e: Event) => setParameters({ GrantId: valueOf(e) })}>
            ${grantOptions(view, parameters['GrantId'])}
          </select>
        </label>`
      : ''}
    ${request.operation === 'CreateGrant' ? newGrant(view, parameters, setParameters) : ''}
    ${withContext.has(request.operation) ? context(view, request, change) : ''}
    ${via(view, request, change)} ${conditions(view, request, change)}
  </form>`;
}

/** Another operation with the parameters that it shares with the one before. */
function withOperation({ state }: View, request: Request, operation: string): Request {
  if (operation === 'ReEncrypt' || operation === 'PutKeyPolicy') return requestFor(state, request.principal, operation);
  const { KeyId = state.now.world.keys?.[0]?.metadata.Arn, EncryptionContext, GrantId } = request.parameters ?? {};
  const parameters: { [name: string]: unknown } = { KeyId };
  if (withContext.has(operation) && EncryptionContext) parameters['EncryptionContext'] = EncryptionContext;
  if (withGrant.has(operation)) parameters['GrantId'] = GrantId ?? grantsOf(state.now.world.keys?.[0])[0]?.GrantId ?? '';
  if (operation === 'CreateGrant') Object.assign(parameters, { GranteePrincipal: '', Operations: operationsOf('use', keyOf(state)).slice(0, 1) });
  return { ...request, operation, parameters };
}

function grantOptions({ state, words }: View, chosen: unknown) {
  const ids = (state.now.world.keys ?? []).flatMap((key) => grantsOf(key).map(({ GrantId = '' }) => GrantId));
  const all = typeof chosen === 'string' && chosen !== '' && !ids.includes(chosen) ? [chosen, ...ids] : ids;
  return html`<option value="" ?selected=${!chosen}>${words.text('request.grant.choose')}</option>
    ${all.slice(0, 200).map((id) => html`<option value=${id} ?selected=${id === chosen}>${shortId(id)}</option>`)}`;
}

/** What a grant may hold. */
const grantable = [
  'Decrypt', 'Encrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext',
  'ReEncryptFrom', 'ReEncryptTo', 'CreateGrant', 'RetireGrant', 'DescribeKey', 'GetPublicKey', 'Sign', 'Verify', 'GenerateMac', 'VerifyMac', 'DeriveSharedSecret',
]; // prettier-ignore

/** The grant to be created: for whom, for what, and who may retire it. Constraints are in the JSON. */
function newGrant({ state, words }: View, parameters: { [name: string]: unknown }, set: (next: object) => void) {
  const chosen = (Array.isArray(parameters['Operations']) ? parameters['Operations'] : []) as unknown[];
  const principal = (name: 'GranteePrincipal' | 'RetiringPrincipal', label: string) =>
    html`<label class="field">
      <span>${label}</span>
      <input
        class="code"
        list="principals"
        spellcheck="false"
        autocapitalize="off"
        autocomplete="off"
        .value=${live(String(parameters[name] ?? ''))}
        @input=${typed((arn) => set({ [name]: arn === '' && name === 'RetiringPrincipal' ? undefined : arn }))}
      />
    </label>`;
  const known = [...new Set([...state.callers.flatMap((caller) => [ownerOf(caller), caller]), ...(state.now.world.principals ?? []).map(({ arn }) => arn)])].filter(Boolean);
  return html`${principal('GranteePrincipal', words.text('request.grantee'))}
    <datalist id="principals">${known.map((arn) => html`<option value=${arn}>${shortName(arn)}</option>`)}</datalist>
    <fieldset class="choices">
      <legend>${words.text('request.operations')}</legend>
      ${grantable.map((name) => {
        const isChosen = chosen.includes(name);
        const others = chosen.filter((one) => one !== name);
        return html`<label class="check">
          <input type="checkbox" .checked=${live(isChosen)} @change=${() => set({ Operations: isChosen ? others : [...others, name] })} />
          <code lang="en" translate="no">${name}</code>
        </label>`;
      })}
    </fieldset>
    ${principal('RetiringPrincipal', words.text('request.retiring'))}`;
}

const pairsOf = ({ parameters = {} }: Request) =>
  Object.entries((parameters['EncryptionContext'] ?? {}) as { [name: string]: unknown }).map(([name, text]) => [name, String(text)] as const);

function context({ words }: View, request: Request, change: Change) {
  const pairs = pairsOf(request);
  type Pairs = readonly (readonly [string, string])[];
  const setPairs = (to: (pairs: Pairs) => Pairs) =>
    change((now) => ({ ...now, parameters: { ...now.parameters, EncryptionContext: Object.fromEntries(to(pairsOf(now))) } }));
  const replace = (index: number, to: (pair: readonly [string, string]) => Pairs) => setPairs((all) => all.flatMap((pair, i) => (i === index ? to(pair) : [pair])));
  /** A name that another pair has would take that one's place: the old name stays. */
  const rename = (index: number, field: HTMLInputElement) =>
    setPairs((all) => {
      if (all.some(([name], i) => i !== index && name === field.value)) field.value = all[index]?.[0] ?? '';
      return all.map((pair, i) => (i === index ? [field.value, pair[1]] : pair));
    });
  const remove = (index: number) => (event: Event) => {
    (event.currentTarget as HTMLElement).closest('fieldset')!.querySelector<HTMLElement>(':scope > button')!.focus();
    replace(index, () => []);
  };
  /** The new pair is drawn in its turn, and then ready to be named. */
  const add = (event: Event) => {
    const fields = (event.currentTarget as HTMLElement).closest('fieldset')!;
    const drawn = new MutationObserver(() => {
      const name = [...fields.querySelectorAll<HTMLInputElement>('.pair')].at(-1)?.querySelector('input');
      if (fields.querySelectorAll('.pair').length <= pairs.length || !name) return;
      drawn.disconnect();
      name.focus();
      name.select();
    });
    drawn.observe(fields, { childList: true });
    fields.addEventListener('focusout', () => drawn.disconnect(), { once: true });
    setPairs((all) => [...all, [unused(all), '']]);
  };
  return html`<fieldset class="pairs">
    <legend>${words.text('request.context')}</legend>
    ${pairs.length === 0 ? html`<p class="empty">${words.text('request.context.none')}</p>` : html`<p class="help">${words.text('request.context.columns')}</p>`}
    ${pairs.map(
      ([name, text], i) => html`<div class="pair">
        <input
          class="code"
          aria-label=${words.text('request.context.name', { number: i + 1 })}
          spellcheck="false"
          autocapitalize="off"
          .value=${name /* not live: what is being typed stays, whatever is drawn meanwhile */}
          @change=${(e: Event) => rename(i, e.target as HTMLInputElement)}
        />
        <input
          class="code"
          aria-label=${words.text('request.context.value', { number: i + 1 })}
          spellcheck="false"
          autocapitalize="off"
          .value=${live(text)}
          @input=${typed((next) => replace(i, ([named]) => [[named, next]]))}
        />
        ${whole(text)}
        <button type="button" class="quiet" aria-label=${words.text('request.context.remove', { number: i + 1 })} @click=${remove(i)}>
          <span aria-hidden="true">×</span>
        </button>
      </div>`,
    )}
    <button type="button" class="quiet" @click=${add}>
      ${words.text('request.context.add')}
    </button>
  </fieldset>`;
}

function unused(pairs: readonly (readonly [string, string])[]): string {
  let number = pairs.length + 1;
  while (pairs.some(([name]) => name === `name${number}`)) number += 1;
  return `name${number}`;
}

/** Services that the scenario's requests come through, and the usual ones in the key's Region. */
function via({ state, words }: View, request: Request, change: Change) {
  const current = String(request.context?.['kms:ViaService'] ?? '');
  const region = String(valueAt(state.now.world, '/keys/0/metadata/Arn') ?? '').split(':')[3] ?? '';
  const usual = ['lambda', 'ec2', 's3', 'dynamodb', 'rds', 'secretsmanager'].map((service) => `${service}.${region}.amazonaws.com`);
  const all = [...new Set([...(current ? [current] : []), ...usual])];
  return html`<label class="field">
    <span>${words.text('request.via')}</span>
    <select class="code" .value=${live(current)} @change=${(e: Event) => change((now) => withKey(now, 'kms:ViaService', valueOf(e)))}>
      <option value="" ?selected=${current === ''}>${words.text('request.via.none')}</option>
      ${all.map((service) => html`<option value=${service} ?selected=${service === current}>${service}</option>`)}
    </select>
  </label>`;
}

/** The request with this value of a condition key, or without the key. */
function withKey({ context = {}, ...rest }: Request, key: string, value: string): Request {
  const { [key]: _, ...others } = context;
  const next = value === '' ? others : { ...others, [key]: value };
  return Object.keys(next).length > 0 ? { ...rest, context: next } : (rest as Request);
}

/** The condition keys that policies test and the request does not have, and those that it has; of several values, the JSON tells. */
function conditions({ state, words }: View, request: Request, change: Change) {
  const known = Object.entries(request.context ?? {}).flatMap(([key, value]) => (typeof value === 'string' && key !== 'kms:ViaService' ? [key] : []));
  const keys = [...new Set([...known, ...(state.answer.missingContextKeys ?? []).filter((key) => key !== 'kms:ViaService' && !key.startsWith('kms:EncryptionContext'))])];
  if (keys.length === 0) return '';
  return html`<fieldset class="pairs">
    <legend>${words.text('request.conditions')}</legend>
    <p class="help">${words.text('request.conditions.help')}</p>
    ${keys.map(
      (key) => html`<label class="field">
        <span><code lang="en" translate="no">${key}</code></span>
        <input
          class="code"
          spellcheck="false"
          autocapitalize="off"
          autocomplete="off"
          .value=${String(request.context?.[key] ?? '')}
          @change=${(event: Event) => change((now) => withKey(now, key, valueOf(event)))}
        />
      </label>`,
    )}
  </fieldset>`;
}

const valueOf = (event: Event) => (event.target as HTMLInputElement | HTMLSelectElement).value;
