/** Who may do what: a table of principals and operations, the reason in every cell, and what differs from an earlier moment. */
import { html } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Key } from '../engine/types';
import { callersFor, groups, keyOf, matrixOf, mostKeys, mostPrincipals, requestFor, type Cell, type Group, type Matrix } from '../state/matrix';
import { shortName } from '../state/callers';
import type { Words } from '../i18n';
import { heading, icon, type Icon, type View } from './view';

export function matrix(view: View) {
  const { state, store, words } = view;
  const group = (view.chosen['matrix.group'] ?? 'use') as Group;
  const since = Number(view.chosen['matrix.since'] || NaN);
  const compares = since < state.position;
  const keys = state.now.world.keys ?? [];
  const chosen = view.chosen['matrix.key'] ?? '';
  const shown = chosen === 'all' ? keys.slice(0, mostKeys) : [keys[Number(chosen || NaN)] ?? keyOf(state)];
  const tables = shown.map((key) => ({ key, table: matrixOf(store, group, state.position, key), before: compares ? matrixOf(store, group, since, key) : undefined }));
  const hidden = [
    ...(chosen === 'all' && keys.length > mostKeys ? [words.text('matrix.moreKeys', { count: keys.length - mostKeys })] : []),
    ...(callersFor(state).length > mostPrincipals ? [words.text('matrix.morePrincipals', { count: callersFor(state).length - mostPrincipals })] : []),
  ];
  return html`<section class="panel matrix" aria-labelledby="matrix">
    ${heading('matrix', words.text('matrix.heading'))}
    <p class="help">${words.text('matrix.help')}</p>
    <div class="choices">
      <div class="tags" role="group" aria-label=${words.text('matrix.groups')}>
        ${groups.map(
          (name) => html`<button type="button" aria-pressed=${name === group} @click=${() => view.choose('matrix.group', name)}>${words.text(`matrix.group.${name}`)}</button>`,
        )}
      </div>
      ${keys.length > 1
        ? html`<label class="field">
            <span>${words.text('request.key')}</span>
            <select .value=${live(chosen)} @change=${(e: Event) => view.choose('matrix.key', (e.target as HTMLSelectElement).value)}>
              <option value="" ?selected=${chosen === ''}>${words.text('matrix.key.asked')}</option>
              ${keys.map((key, i) => html`<option value=${i} ?selected=${chosen === String(i)}>${keyName(key)}</option>`)}
              <option value="all" ?selected=${chosen === 'all'}>${words.text('matrix.key.all')}</option>
            </select>
          </label>`
        : ''}
      ${state.position > 0
        ? html`<label class="field">
            <span>${words.text('matrix.since')}</span>
            <select @change=${(e: Event) => view.choose('matrix.since', (e.target as HTMLSelectElement).value)}>
              <option value="" ?selected=${!compares}>${words.text('matrix.since.none')}</option>
              ${state.steps.slice(0, state.position).map(
                (_, i) => html`<option value=${i} ?selected=${compares && i === since}>
                  ${i === 0 ? words.text('matrix.since.start') : `${i}. ${plainTitle(view, i - 1)}`}
                </option>`,
              )}
            </select>
          </label>`
        : ''}
    </div>
    ${callersFor(state).length === 0 ? html`<p class="empty">${words.text('matrix.empty')}</p>` : ''}
    ${tables.map(({ key, table, before }, i) => grid(view, table, before, key, keys.length > 1 ? i : undefined))}
    ${hidden.map((text) => html`<p class="help">${text}</p>`)}
    ${compares ? html`<p class="help" role="status">${words.text('matrix.differences', { count: tables.reduce((sum, { table, before }) => sum + count(table, before), 0) })}</p>` : ''}
  </section>`;
}

/** The table of one key; with its name, where there are several. */
function grid(view: View, table: Matrix, before: Matrix | undefined, key: Key | undefined, index: number | undefined) {
  const { words } = view;
  const name = index === undefined ? 'matrix' : `matrix-key-${index}`;
  return html`${key && index !== undefined ? html`<h3 id=${name}>${words.text('request.key')} <code lang="en" translate="no" title=${key.metadata.Arn}>${keyName(key)}</code></h3>` : ''}
    <div class="scroll" tabindex="0" role="group" aria-labelledby=${name}>
      <table role="grid" aria-labelledby=${name} @keydown=${arrows}>
        <thead>
          <tr>
            <th scope="col">${words.text('request.principal')}</th>
            ${table.operations.map((operation) => html`<th scope="col"><code lang="en" translate="no">${operation}</code></th>`)}
          </tr>
        </thead>
        <tbody>
          ${table.principals.map((principal, i) => row(view, table, before, key, principal, i))}
        </tbody>
      </table>
    </div>`;
}

/** An alias says more than an id. */
const keyName = ({ metadata: { Arn }, aliases }: Key) => [...(aliases?.slice(0, 1) ?? []), Arn.slice(Arn.indexOf('key/') + 4)].join(' ');

function row(view: View, table: Matrix, before: Matrix | undefined, key: Key | undefined, principal: string, i: number) {
  const { state, store, words } = view;
  const isAsked = key === keyOf(state);
  const asked = (operation: string) => isAsked && state.request?.principal === principal && state.request.operation === operation;
  const anyAsked = isAsked && table.principals.some((one) => one === state.request?.principal) && table.operations.includes(state.request?.operation ?? '');
  return html`<tr>
    <th scope="row"><code lang="en" translate="no" title=${principal}>${shortName(principal)}</code></th>
    ${table.operations.map((operation, j) => {
      const cell = table.rows[i]?.[j];
      const old = before?.rows[i]?.[j];
      if (!cell) return html`<td></td>`;
      const changed = old !== undefined && !same(cell, old);
      const entry = asked(operation) || (!anyAsked && i === 0 && j === 0);
      return html`<td class="${toneOf(cell)} ${changed ? 'changed' : ''} ${asked(operation) ? 'asked' : ''}">
        <button
          type="button"
          tabindex=${entry ? 0 : -1}
          aria-current=${asked(operation) ? 'true' : 'false'}
          @click=${() => store.ask(JSON.stringify(requestFor(state, principal, operation, key), null, 2))}
        >
          <span class="hidden">${shortName(principal)} ${operation}: ${words.text(`matrix.${toneOf(cell)}`)} </span>
          ${icon(iconOf(cell))} ${reason(words, cell)} ${changed ? html`<span class="old">${words.text('matrix.was', { before: reason(words, old) })}</span>` : ''}
        </button>
      </td>`;
    })}
  </tr>`;
}

const toneOf = ({ decision }: Cell) => (decision === null ? 'none' : decision === 'allowed' || decision === 'error' ? decision : 'denied');
const iconOf = (cell: Cell): Icon => cell.isOpen ? 'unless' : ({ allowed: 'allow', denied: 'deny', error: 'error', none: 'unknown' } as const)[toneOf(cell)];

/** "Grant", "Key policy, IAM policy", "Deny", "no Allow", "DisabledException" */
function reason(words: Words, { decision, decidedBy, errorCode = '', isOpen }: Cell): string {
  if (decision === 'error') return errorCode;
  if (decision === null) return words.text('matrix.unknown');
  if (decision === 'implicitDeny') return words.text(isOpen ? 'matrix.open' : 'matrix.noAllow');
  const names = decidedBy.map((by) => words.findText(`matrix.by.${by}`) ?? words.findText(`policy.${by}`) ?? by).join(words.text('matrix.and'));
  return decision === 'explicitDeny' ? words.text('matrix.deny', { policies: names }) : names;
}

const same = (a: Cell, b: Cell) => a.decision === b.decision && a.isOpen === b.isOpen && a.errorCode === b.errorCode && a.decidedBy.join() === b.decidedBy.join();

function count(table: Matrix, before: Matrix | undefined): number {
  return table.rows.flatMap((row, i) => row.filter((cell, j) => before?.rows[i]?.[j] && !same(cell, before.rows[i][j]!))).length;
}

function plainTitle({ state, words }: View, index: number): string {
  const { title, request } = state.steps[index]!;
  if (title !== undefined) return words.local(title).replaceAll('`', '');
  if (request) return words.text('timeline.request', { operation: request.operation, principal: shortName(request.principal) });
  return words.text('timeline.changed');
}

/** The arrow keys move among the cells; Tab leaves the table. */
function arrows(event: KeyboardEvent) {
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  const cell = (event.target as HTMLElement).closest('td');
  const row = cell?.parentElement as HTMLTableRowElement | null;
  if (!step || !cell || !row) return;
  event.preventDefault();
  const rows = (row.parentElement as HTMLTableSectionElement).rows;
  rows[row.sectionRowIndex + step[0]!]?.cells[cell.cellIndex + step[1]!]?.querySelector('button')?.focus();
}
