/** Each grant as a card, with who may end it; and those that were ended, which AWS would no longer list. */
import { html } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Grant, Key } from '../engine/types';
import { shortName } from '../state/callers';
import { creatorOf, stageOf, tombstonesIn } from '../state/lifecycle';
import { grantsOf } from '../state/world';
import { reasons, shortId } from './decision';
import { typed } from './typing';
import { heading, icon, sourceLink, who, type View } from './view';

/** Cards beyond this number would be slow to draw and useless to read. */
const shown = 20;
/** So many can be looked through without a search. */
const few = 5;

export function grantsPanel(view: View) {
  const { state, store, words } = view;
  const keys = state.now.world.keys ?? [];
  const unreadable = keys.some((key) => key.grants !== undefined && !Array.isArray(key.grants));
  const all = keys.flatMap((key, k) => grantsOf(key).map((grant, i) => ({ key, grant, pointer: `/keys/${k}/grants/${i}` })));
  const wanted = all.length > few ? (view.chosen['grants.find'] ?? '').toLowerCase().split(/\s+/).filter(Boolean) : [];
  const found = wanted.length === 0 ? all : all.filter(({ grant }) => hasAll(textOf(grant), wanted));
  // Of many, the one that decides comes first.
  const decides = new Set(view.covered ? [] : state.answer.determining.map(({ pointer }) => pointer));
  const ordered = found.length > shown ? [...found.filter(({ pointer }) => decides.has(pointer)), ...found.filter(({ pointer }) => !decides.has(pointer))] : found;
  return html`<section class="panel grants" aria-labelledby="grants">
    ${heading('grants', words.text('grants.heading'))}
    ${all.length > 0
      ? html`<label class="field">
          <span>${words.text('grants.as')}</span>
          <select class="code" @change=${(e: Event) => store.actAs((e.target as HTMLSelectElement).value)}>
            ${state.callers.map((caller) => html`<option value=${caller} ?selected=${caller === state.actor}>${shortName(caller)}</option>`)}
          </select>
        </label>`
      : html`<p class="empty">${words.text(unreadable ? 'grants.unreadable' : 'grants.none')}</p>`}
    ${all.length > few
      ? html`<label class="field">
            <span>${words.text('grants.find')}</span>
            <input type="search" autocomplete="off" spellcheck="false" autocapitalize="off" .value=${live(view.chosen['grants.find'] ?? '')} @input=${typed((text) => view.choose('grants.find', text))} />
          </label>
          <p class="help" role="status">${wanted.length > 0 ? words.say('grants.found', { found: found.length, all: all.length }) : ''}</p>`
      : ''}
    ${ordered.slice(0, shown).map(({ key, grant, pointer }) => card(view, key, grant, pointer, decides.has(pointer)))}
    ${found.length > shown ? html`<p class="empty">${words.say('grants.more', { count: found.length - shown })}</p>` : ''} ${gone(view)}
  </section>`;
}

/** What is searched: not the key's ARN, which all have. */
const textOf = ({ GrantId, Name, GranteePrincipal, GranteeServicePrincipal, RetiringPrincipal, RetiringServicePrincipal, Operations, Constraints }: Grant) =>
  JSON.stringify([GrantId, Name, GranteePrincipal, GranteeServicePrincipal, RetiringPrincipal, RetiringServicePrincipal, Operations, Constraints]).toLowerCase();
const hasAll = (text: string, wanted: readonly string[]) => wanted.every((one) => text.includes(one));

function card(view: View, key: Key, grant: Grant, pointer: string, decides: boolean) {
  const { state, store, words } = view;
  const id = grant.GrantId ?? '';
  const stage = stageOf(state.moments, key, grant);
  const refusal = state.refusal?.grantId === id ? state.refusal : undefined;
  const end = (operation: 'RetireGrant' | 'RevokeGrant') => {
    const verb = operation === 'RetireGrant' ? 'retire' : 'revoke';
    if (!view.may(verb)) return '';
    const { request, result } = store.mayEnd(operation, id);
    const { decision } = result;
    const may = decision === 'allowed' ? 'yes' : decision === null ? 'unknown' : 'no';
    const icons = { yes: 'allow', no: 'deny', unknown: 'unknown' } as const;
    return html`<div class="end">
      <button type="button" class=${may === 'yes' ? 'strong' : ''} aria-label=${words.text(`grants.${verb}.name`, { grant: shortId(id) })} @click=${() => (store.end(operation, id), may === 'yes' && view.focus('grants'))}>
        ${words.text(`grants.${verb}`)}
      </button>
      <span class="may ${may}">${icon(icons[may])} ${words.text(`grants.${verb}.${may}`)}</span>
      ${reasons(result, request, words).slice(0, 1).map(({ rich }) => html`<p class="because">${rich}</p>`)}
    </div>`;
  };
  return html`<article class="card ${decides ? 'decides' : ''}" aria-label=${words.text('policy.grant') + ' ' + shortId(id)}>
    <h3>
      ${words.text('policy.grant')} <code lang="en" translate="no" title=${id}>${shortId(id)}</code>
      <span class="stage ${stage}">${words.text(`stage.${stage}`)}</span> ${sourceLink(view, { pointer })}
    </h3>
    ${stage === 'active' ? '' : html`<p class="because">${words.say(`stage.${stage}.why`)}</p>`}
    <dl>
      ${fact(words.text('grants.grantee'), principal(grant.GranteePrincipal ?? grant.GranteeServicePrincipal))}
      ${fact(words.text('grants.operations'), (grant.Operations ?? []).map((name) => html`<code class="chip" lang="en" translate="no">${name}</code> `))}
      ${fact(words.text('grants.constraints'), constraints(grant))}
      ${fact(words.text('grants.retiring'), principal(grant.RetiringPrincipal ?? grant.RetiringServicePrincipal))}
      ${fact(words.text('grants.created'), grant.CreationDate ? html`<time>${dateOf(grant.CreationDate)}</time>` : undefined)}
      ${fact(words.text('grants.createdBy'), principal(creatorOf(state.moments, id)))}
    </dl>
    <div class="ends">${end('RetireGrant')} ${end('RevokeGrant')}</div>
    ${refusal
      ? html`<div class="refusal" role="alert">
          <p>
            ${icon('deny')}
            <b>${words.say(`grants.refused.${refusal.request.operation as 'RetireGrant' | 'RevokeGrant'}`, { principal: shortName(refusal.request.principal) })}</b>
          </p>
          ${reasons(refusal.result, refusal.request, words).map(({ rich }) => html`<p>${rich}</p>`)}
          ${refusal.result.error ? html`<blockquote lang="en" translate="no"><b>${refusal.result.error.code}</b>: ${refusal.result.error.message}</blockquote>` : ''}
        </div>`
      : ''}
  </article>`;
}

/** The CLI prints seconds since 1970 where it is told to. */
const dateOf = (date: string | number) => (/^\d{9,10}(?:\.\d+)?$/.test(String(date)) ? new Date(Number(date) * 1000).toISOString().replace(/\.\d+/, '') : date);

const principal = (arn: string | undefined) => (arn ? who(arn) : undefined);

function fact(name: string, value: unknown) {
  return value === undefined ? '' : html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function constraints({ Constraints }: Grant) {
  if (!Constraints || Object.keys(Constraints).length === 0) return undefined;
  return Object.entries(Constraints).map(
    ([name, value]) =>
      html`<div class="constraint" lang="en" translate="no">
        <code>${name}</code>
        ${typeof value === 'object' && value !== null
          ? Object.entries(value).map(([key, wanted]) => html`<div class="pair-text"><code>${key}</code> = <code>${String(wanted)}</code></div>`)
          : html`<code>${String(value)}</code>`}
      </div>`,
  );
}

/** Retired and revoked grants, as they last stood in the list. */
function gone({ state, words }: View) {
  return tombstonesIn(state.moments).map(
    ({ grant, operation, by, lingers }) => html`<article class="card gone" aria-label=${words.text('policy.grant') + ' ' + shortId(grant.GrantId)}>
      <h3>
        ${words.text('policy.grant')} <code lang="en" translate="no"><del>${shortId(grant.GrantId)}</del></code>
        <span class="stage gone">${words.text(`stage.${operation}`)}</span>
      </h3>
      <p>${words.say(`grants.gone.${operation}`, { principal: shortName(by) })} ${words.say('grants.gone.note')}</p>
      ${lingers ? html`<p>${words.text('grants.gone.lingers')}</p>` : ''}
    </article>`,
  );
}
