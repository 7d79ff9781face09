/** Below the decision: what AWS would answer, what would let the request through, and what hangs on assumptions or on missing keys. */
import { html } from 'lit';
import type { PolicyType, TraceEntry } from '../engine/types';
import { emptyStart } from '../state/gallery';
import { shortName } from '../state/callers';
import { advised, followed, linkedRole } from '../state/remedies';
import { contradiction, type Denial } from '../state/told';
import { contextFor } from '../state/whatif';
import { grantsOf, parsed, valueAt } from '../state/world';
import { brokenDocument, shortId, verdictOf } from './decision';
import { diagnosticList, unique } from './problems';
import { reasonOf } from './trace';
import { icon, sourceLink, type View } from './view';

/** What Lambda told the client in 2022: its own words around the KMS message of that time. */
const lambda2022 =
  "Lambda was unable to decrypt the environment variables because KMS access was denied. Please check the function's KMS key settings. " +
  'KMS Exception: AccessDeniedExceptionKMS Message: The ciphertext refers to a customer master key that does not exist, does not exist ' +
  'in this region, or you are not allowed to access.';

/** Why there is no decision: what is wrong with the request and in the documents. */
export function obstacles(view: View) {
  const { answer, now, start, steps, canUndo } = view.state;
  // Nobody has done anything wrong yet.
  if (start === emptyStart && steps.length === 0 && !canUndo) return html`<p class="help">${view.words.text('new.begin')}</p>`;
  const own = (answer.diagnostics ?? []).filter(({ code }) => code !== brokenDocument);
  const errors = unique([...now.diagnostics, ...own].filter(({ severity }) => severity === 'error'));
  return diagnosticList(view, errors.slice(0, 5), view.words.text('decision.heading'));
}

/** What AWS answers, word for word, and what hangs on assumptions or on missing keys. */
export function decisionDetails(view: View) {
  const { state, words } = view;
  const verdict = verdictOf(state.answer);
  const result = state.answer;
  if (verdict === 'none') return '';
  const byLambda = state.request?.operation === 'Decrypt' && valueAt(state.request.parameters, '/EncryptionContext/aws:lambda:FunctionArn');
  const otherErrors = state.now.diagnostics.some(({ severity }) => severity === 'error');
  const notes = [
    ...(result.assumptions ?? []).map((id) => assumption(view, id)),
    ...((result.missingContextKeys?.length ?? 0) > 0 ? [words.say('decision.missingKeys', { keys: result.missingContextKeys })] : []),
    ...(otherErrors ? [words.say('decision.documentProblems')] : []),
  ];
  return html`${noteList([...saidOtherwise(view), ...nearMisses(view)])}
  ${result.error
    ? html`<div class="messages">
        <figure class="message">
          <figcaption>${words.text('decision.message')}</figcaption>
          <blockquote lang="en" translate="no"><b>${result.error.code}</b>: ${result.error.message}</blockquote>
        </figure>
        ${byLambda && result.error.code === 'AccessDeniedException'
          ? html`<figure class="message old">
              <figcaption>${words.text('decision.lambda2022')}</figcaption>
              <blockquote lang="en" translate="no">${lambda2022}</blockquote>
            </figure>`
          : ''}
      </div>`
    : ''}
  ${remedies(view)}
  ${noteList(notes)}`;
}

const noteList = (notes: readonly unknown[]) =>
  notes.length > 0 ? html`<ul class="notes">${notes.map((note) => html`<li>${icon('info')} <span>${note}</span></li>`)}</ul>` : '';

/** What AWS leaves open, and how it is read here. */
function assumption({ state, words }: View, id: string) {
  const sentence = words.find(`assumption.${id}`);
  const chosen = valueAt(state.now.world, `/readings/${id}`) !== undefined;
  return sentence && !chosen ? words.say('decision.assumes', { assumption: sentence, id }) : words.say('decision.assumesOther', { id });
}

/** The denial that a message told. */
const denialIn = (chosen: View['chosen']) => parsed(chosen['paste.denial'] ?? '') as Denial | undefined;

/** What a pasted message said of this very request, where it is decided otherwise here. */
function saidOtherwise({ state, words, chosen }: View) {
  const said = denialIn(chosen);
  const how = said && contradiction(said, state.request, state.answer);
  if (!how) return [];
  return [how === 'denied' ? words.say('said.denied') : words.say(`said.${how}`, { policy: html`${words.findText(`policy.${said.policyType}`) ?? ''}` })];
}

/** What nearly allows a denied request, and what keeps it from that: often the very cause that is looked for. */
function nearMisses(view: View) {
  const { answer, request } = view.state;
  const { words } = view;
  if (answer.decision !== 'implicitDeny') return [];
  const trace = answer.trace ?? [];
  const grants = trace
    .filter(({ kind, outcome }) => kind === 'grant' && outcome === 'notMatched')
    .slice(0, 3)
    .map((entry) => html`${words.say('near.grant', { grant: shortId(entry.grantId), reason: html`${reasonOf(words, entry)}` })} ${sourceLink(view, entry)} ${helpWith(view, entry)}`);
  const said = (node: string) => answer.flow?.find((step) => step.node === node)?.outcome;
  const isForeign = said('callerAccount') !== 'notApplicable';
  // Where the key policy has no say, or lets the caller's account in, an IAM policy is not what is left without effect.
  const isInVain = said('accountDelegation') === 'no' && !(isForeign && said('keyPolicy') === 'yes');
  const { principal = '', operation } = request ?? {};
  const account = principal.split(':')[4] ?? '';
  const policies = trace
    .filter(({ policyType, effect, outcome }) => isInVain && policyType === 'identityPolicy' && effect === 'Allow' && outcome === 'matched')
    .slice(0, 1)
    .map((entry) => {
      const about = { policy: entry.policyName ?? entry.sid, action: `kms:${operation}` };
      return html`${isForeign ? words.say('near.otherAccount', { ...about, principal: shortName(principal), account }) : words.say('near.identityPolicy', about)} ${sourceLink(view, entry)}`;
    });
  return [...grants, ...policies];
}

/** What can be done at once about a grant that is close. */
function helpWith(view: View, { grantId, reason }: TraceEntry) {
  const { state, store, words } = view;
  const grant = (state.now.world.keys ?? []).flatMap(grantsOf).find((one) => one.GrantId === grantId);
  if (reason === 'grantee.orphaned' && JSON.stringify(grant?.Constraints ?? {}).includes('aws:lambda:FunctionArn')) return words.say('near.orphanedLambda');
  const { request } = state;
  const EncryptionContext = request && grant && reason.startsWith('constraint.noMatch') && contextFor(grant, request);
  if (!EncryptionContext) return '';
  const ask = () => {
    store.ask(JSON.stringify({ ...request, parameters: { ...request.parameters, EncryptionContext } }, null, 2));
    view.focus('decision');
  };
  return html`<button type="button" class="fix" @click=${ask}>${words.text('near.useContext')}</button>`;
}

/** What would let the request through, with a statement to copy where there is one. */
function remedies({ state, store, words, focus, chosen }: View) {
  const found = advised(state, denialIn(chosen)).flatMap(({ code, params, pointer = '' }) => {
    const policyType = String(params['policyType'] ?? '') as PolicyType;
    const policy = policyType && html`${words.findText(`policy.${policyType}`) ?? policyType}`;
    const number = Number(pointer.slice(pointer.lastIndexOf('/') + 1)) + 1;
    const sid = params['sid'] || words.say('trace.statement', { number });
    const principals = { sid, principal: shorter(params['principal']), grantee: shorter(params['grantee']), grantId: shortId(String(params['grantId'] ?? '')) };
    const sentence = words.find(params['reason'] === 'grantee.orphaned' ? 'remedy.grantOrphaned' : code, { ...params, ...principals, policy });
    return sentence ? [{ sentence, statement: params['statement'], add: followed(state, { code, params, pointer }), linked: code === 'remedy.keyPolicy' ? linkedRole(params) : undefined }] : [];
  });
  if (found.length === 0) return '';
  return html`<details class="remedies">
    <summary>${words.text('remedies.heading')}</summary>
    <ul>
      ${found.map(
        ({ sentence, statement, linked, add }) => html`<li>
          ${sentence} ${linked && linked.statements.length > 1 ? words.say('remedies.linkedGrant') : ''} ${linked && !linked.hasPath ? words.say('remedies.linkedPath', { role: linked.name }) : ''}
          ${statement
            ? html`<pre tabindex="0" role="group" lang="en" translate="no" aria-label=${words.text('remedies.statement')}>${JSON.stringify(linked?.statements ?? statement, null, 2)}</pre>`
            : ''}
          ${add ? html`<button type="button" class="fix" @click=${() => (store.set(add, { byItself: true }), focus('decision'))}>${words.text('remedies.add')}</button>` : ''}
        </li>`,
      )}
    </ul>
  </details>`;
}

const shorter = (arn: unknown) => (typeof arn === 'string' ? shortName(arn) : '');
