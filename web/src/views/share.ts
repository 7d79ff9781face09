/** Share and export: a link, the scenario as a file, a report, a script; with other names where the reader wishes. */
import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { until } from 'lit/directives/until.js';
import { resolved } from '../state/callers';
import { LinkError } from '../state/link';
import { redactor } from '../state/redact';
import { scriptOf } from '../state/script';
import type { State } from '../state/store';
import { copyFrom } from './clipboard';
import { report as reportOf } from './report';
import { heading, type View } from './view';

/** The site's other files are not beside a page that is one file, or a part of another site. */
const hasSite = !['single', 'package'].includes(import.meta.env.MODE);

export function share(view: View) {
  const { state, words } = view;
  const redacts = view.chosen['share.redact'] === 'yes';
  const { scenario, report, script } = texts(view);
  const everything = () => scenario() + state.question + [...state.now.texts.values()].join('\n') + JSON.stringify(state.moments.map(({ result }) => result?.response));
  // Worked out when something is copied: the next change needs another one.
  let renamer: ((text: string) => string) | undefined;
  const other = redacts ? (text: string) => (renamer ??= redactor(everything()))(text) : undefined;
  const rename = other ?? ((text: string) => text);
  const files = [
    { kind: 'scenario', name: 'kms-playground.json', type: 'application/json', text: () => rename(scenario()) },
    { kind: 'report', name: 'kms-playground.md', type: 'text/markdown', text: () => rename(report()) },
    { kind: 'script', name: 'kms-playground.sh', type: 'text/x-shellscript', text: () => rename(script()) },
  ] as const;
  const showsCode = view.chosen['share.qr'] === 'yes';
  const copyButton = (label: string, text: () => string | Promise<string>) =>
    html`<button type="button" aria-label=${label} .textContent=${words.text('share.copy')} @click=${(event: Event) => copyFrom(event.currentTarget as HTMLButtonElement, words.text('share.copy'), text, words)}></button>`;
  const copiedLink = async () => {
    const link = await view.link(other);
    view.shared?.(link);
    return link;
  };
  return html`<section class="panel share" aria-labelledby="share">
    ${heading('share', words.text('share.heading'))}
    <label class="check">
      <input type="checkbox" .checked=${live(redacts)} @change=${() => view.choose('share.redact', redacts ? '' : 'yes')} aria-describedby="redact-help" />
      <span>${words.text('share.redact')}</span>
    </label>
    <p class="help" id="redact-help">${words.text('share.redact.help')}</p>
    <ul>
      <li>
        <h3>${words.text('share.link')}</h3>
        <p class="help">${words.text('share.link.help')}</p>
        <div class="actions-row">
          ${copyButton(words.text('share.copy.name', { what: words.text('share.link') }), copiedLink)}
          <button type="button" aria-expanded=${showsCode} @click=${() => view.choose('share.qr', showsCode ? '' : 'yes')}>${words.text('share.qr')}</button>
        </div>
        ${showsCode ? html`<div class="code-of-link">${until(codeOf(view, other), '')}</div>` : ''}
      </li>
      ${(hasSite ? (['embed', 'badge'] as const) : []).map((kind) => html`<li>
        <h3>${words.text(`share.${kind}`)}</h3>
        <p class="help">${words.say(`share.${kind}.help`)}</p>
        <div class="actions-row">
          ${copyButton(words.text('share.copy.name', { what: words.text(`share.${kind}`) }), async () => snippets[kind](await view.link(other), rename(title(view)), view))}
        </div>
      </li>`)}
      ${files.map(
        ({ kind, name, type, text }) => html`<li>
          <h3>${words.text(`share.${kind}`)}</h3>
          <p class="help">${words.say(`share.${kind}.help`)}</p>
          <div class="actions-row">
            <button
              type="button"
              aria-label=${words.text('share.download.name', { what: words.text(`share.${kind}`) })}
              @click=${() => download(name, type, text())}
            >
              ${words.text('share.download')}
            </button>
            ${copyButton(words.text('share.copy.name', { what: words.text(`share.${kind}`) }), text)}
          </div>
        </li>`,
      )}
    </ul>
  </section>`;
}

const title = ({ state, words }: View) => (state.name === 'new' ? words.text('new.title') : words.local(state.start.title)).replaceAll('`', '');
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** What other pages take in to show this, or to lead here. */
const snippets = {
  embed: (link: string, title: string, { words }: View) => {
    const src = new URL(link);
    src.pathname = src.pathname.replace(/[^/]*$/, 'embed.html');
    src.search = `?view=split&lang=${words.language}`;
    return `<iframe title="${escaped(title)}" sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads" loading="lazy"
  width="100%" height="640" style="border: 0" src="${escaped(src.href)}"></iframe>\n`;
  },
  badge: (link: string, title: string, { words }: View) => {
    const image = new URL(link);
    image.hash = '';
    image.pathname = image.pathname.replace(/[^/]*$/, 'badge.svg');
    return `[![${words.text('app.title')}: ${title.replace(/[[\]\\]/g, '\\$&')}](${image.href})](${link.replaceAll('(', '%28').replaceAll(')', '%29')})\n`;
  },
};

/** The code of what is shown now; drawn once for each. */
const codes = new WeakMap<State, Map<boolean, Promise<TemplateResult>>>();
function codeOf(view: View, rename: ((text: string) => string) | undefined): Promise<TemplateResult> {
  const { state, words } = view;
  const made = codes.get(state) ?? new Map<boolean, Promise<TemplateResult>>();
  codes.set(state, made);
  const draw = async () => {
    try {
      const [link, { qrCode }] = await Promise.all([view.link(rename), import('./qr')]);
      const code = qrCode(link);
      // Black on white in every theme, for cameras.
      const picture = code && html`<svg class="qr" role="img" aria-label=${words.text('share.qr.name')} viewBox="0 0 ${code.size} ${code.size}" shape-rendering="crispEdges">
        <rect width=${code.size} height=${code.size} fill="#fff" />
        <path d=${code.path} fill="#000" />
      </svg>`;
      if (picture) return html`${picture} <p class="help"><a href=${link} lang="en" translate="no">${link}</a></p>`;
    } catch (error) {
      if (!(error instanceof LinkError)) return html`<p class="help" role="alert">${words.text('tools.failed')}</p>`;
    }
    return html`<p class="help" role="alert">${words.text('share.qr.tooLong')}</p>`;
  };
  const code = made.get(rename !== undefined) ?? draw();
  made.set(rename !== undefined, code);
  return code;
}

/** What is shown, as texts for other programs and for people. */
export function texts(view: View) {
  return {
    scenario: () => JSON.stringify(view.store.scenario(), null, 2),
    report: () => reportOf(view.state, view.words),
    script: () => scriptFor(view),
  };
}

/** What was called so far, and what is asked. */
function scriptFor({ state, store }: View): string {
  const responses = store.responses();
  const done = state.moments.flatMap(({ step }) => (step?.request ? [resolved(step.request, responses)] : []));
  const asked = state.request && JSON.stringify(done.at(-1)) !== JSON.stringify(state.request) ? [state.request] : [];
  const made = state.moments.flatMap(({ result }) => (typeof result?.response?.['GrantId'] === 'string' ? [result.response['GrantId']] : []));
  return scriptOf([...done, ...asked], new Set(made));
}

function download(name: string, type: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
