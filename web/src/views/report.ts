/** The decision as a Markdown report: for an incident ticket, complete without this page. */
import type { Words } from '../i18n';
import { awsCommand } from '../state/cli';
import type { State } from '../state/store';
import { documentsOf } from '../state/world';
import { reasons, verdictOf } from './decision';
import { flowOf } from './flow';
import { reasonText } from './trace';
import { documentName } from './view';

export function report(state: State, words: Words): string {
  const { answer, request, now, start, name } = state;
  const verdict = verdictOf(answer);
  const view = { state, words };
  const fence = (language: string, text: string) => ['```' + language, text.trimEnd(), '```'];
  const title = name === 'new' ? words.text('new.title') : words.local(start.title);
  const because = reasons(answer, request, words).map(({ plain }) => plain);
  const flow = flowOf(state).filter(({ node, outcome }) => node !== 'result' && outcome !== 'notApplicable');
  const lines = [
    `# ${title}`,
    '',
    `**${words.text(`decision.${verdict}`)}** — ${because.join(' ')}`,
    '',
    ...(answer.error ? [`> ${answer.error.code}: ${answer.error.message}`, ''] : []),
    ...(request ? [`## ${words.text('request.heading')}`, '', `\`${request.principal}\``, '', ...fence('sh', awsCommand(request)), ''] : []),
    ...(flow.length > 0 ? [`## ${words.text('flow.heading')}`, ''] : []),
    ...flow.map(({ node, outcome }) => `- ${words.text(`flow.long.${node}`)} **${words.text(`flow.${outcome}`)}**`),
    '',
    ...((answer.trace ?? []).length > 0 ? [`## ${words.text('trace.heading')}`, ''] : []),
    ...(answer.trace ?? []).map((entry) => {
      const type = entry.policyType ? words.text(`policy.${entry.policyType}`) : words.text('policy.grant');
      const which = entry.sid ?? entry.grantId ?? entry.policyName ?? '';
      return `- ${type}${which && ` \`${which}\``} (${words.text(`trace.${entry.outcome}`)}): ${reasonText(words, entry)}`;
    }),
    '',
    ...documentsOf(now.world).flatMap(({ pointer }) => [`## ${documentName(view, pointer)}`, '', ...fence('json', now.texts.get(pointer) ?? ''), '']),
    `${words.text('app.about.simulation')} ${words.text('app.about.version', { version: state.engineVersion })}`,
    '',
  ];
  return lines.join('\n').replace(/\n{3,}/g, '\n\n');
}
