/** The step as AWS CLI commands, with what they print. */
import { html } from 'lit';
import type { Request, Result } from '../engine/types';
import { isPlaceholder } from '../state/gallery';
import { shortName, resolved } from '../state/callers';
import { awsCommand, awsOutput } from '../state/cli';
import { grantsOf } from '../state/world';
import { copyFrom } from './clipboard';
import { heading, type View } from './view';

const changesGrants = new Set(['CreateGrant', 'RetireGrant', 'RevokeGrant']);

export function commands(view: View) {
  const { state, store, words } = view;
  const { request, answer, moments, now } = state;
  // What last changed the grants belongs to the story of this answer.
  const responses = store.responses();
  const before = moments.findLast(({ step, result }) => changesGrants.has(step?.request?.operation ?? '') && result?.decision === 'allowed');
  const earlier = before && before !== now ? { request: resolved(before.step!.request!, responses), result: before.result! } : undefined;
  const keys = now.world.keys ?? [];
  const listed = request?.operation === 'ListGrants' ? [] : keys.filter((key) => Array.isArray(key.grants) && !isPlaceholder(key.metadata.Arn));
  if (!earlier && listed.length === 0 && answer.decision === null) return '';

  return html`<section class="panel commands" aria-labelledby="commands">
    ${heading('commands', words.text('commands.heading'))}
    ${earlier ? call(view, earlier.request, earlier.result) : ''}
    ${request && answer.decision !== null ? call(view, request, answer) : ''}
    ${listed.map(
      (key) => html`<div class="call">
        <p class="caption">${words.text('commands.listGrants')}</p>
        ${command(view, `aws kms list-grants --key-id ${key.metadata.Arn}`)}
        ${output(view, JSON.stringify({ Grants: grantsOf(key).slice(0, 50) }, null, 4))}
      </div>`,
    )}
    ${answer.cloudTrail && Object.keys(answer.cloudTrail).length > 0
      ? html`<details>
          <summary>${words.text('commands.cloudTrail')}</summary>
          <pre tabindex="0" lang="en" translate="no" aria-label=${words.text('commands.cloudTrail')}>${JSON.stringify(answer.cloudTrail, null, 2)}</pre>
        </details>`
      : ''}
  </section>`;
}

function call(view: View, request: Request, result: Result) {
  const { words } = view;
  const service = request.context?.['kms:ViaService'];
  const principal = shortName(request.principal);
  return html`<div class="call">
    <p class="caption">
      ${typeof service === 'string' ? words.say('commands.via', { service, principal }) : words.say('commands.by', { principal })}
    </p>
    ${command(view, awsCommand(request))} ${output(view, awsOutput(request, result), result.error !== null)}
  </div>`;
}

function command({ words }: View, text: string) {
  const name = words.text('commands.copy');
  return html`<div class="command">
    <pre tabindex="0" lang="en" translate="no" role="group" aria-label=${text.split(' \\')[0]!}>${text}</pre>
    <button type="button" class="quiet" .textContent=${name} @click=${(event: Event) => copyFrom(event.currentTarget as HTMLButtonElement, name, () => text, words)}></button>
  </div>`;
}

function output({ words }: View, text: string, failed = false) {
  if (text === '') return html`<p class="empty">${words.text('commands.noOutput')}</p>`;
  return html`<pre class="output ${failed ? 'failed' : ''}" tabindex="0" lang="en" translate="no" role="group" aria-label=${words.text('commands.output')}>${text}</pre>`;
}
