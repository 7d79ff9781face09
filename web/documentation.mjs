/**
 * The documentation site: every page of `docs/` becomes `dist/docs/*.html`, within the same build. The page about the rules is made of
 * core/RULES.md and the scenarios that prove them, so that it cannot say what is not tested.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { marked } from 'marked';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file) => readFileSync(`${root}${file}`, 'utf8');

/** The pages in the order in which they are read; a name that ends in ".ja" is a page in Japanese. */
export const pages = [
  ...['index', 'grants', 'evaluation', 'retire-or-revoke', 'encryption-context', 'lambda'].flatMap((page) => [page, `${page}.ja`]),
  'rules', 'scenario', 'lessons', 'embedding', 'embedding.ja',
]; // prettier-ignore

/** The Markdown of a page; undefined when nobody has written it. */
export function markdownOf(page) {
  if (page === 'rules') return rulesPage();
  return readdirSync(`${root}web/docs`).includes(`${page}.md`) ? read(`web/docs/${page}.md`) : undefined;
}

/** The scenarios that a page prints, in their order: an element on it shows the first of them as `scenario="PAGE/1.json"`. */
export function scenariosOn(markdown) {
  return [...markdown.matchAll(/^```json\n([^]*?)^```$/gm)].map(([, text]) => text).filter((text) => JSON.parse(text).scenario === 1);
}

/** A Vite plugin. `policy` is the Content-Security-Policy of the site. */
export function documentation(policy) {
  return {
    name: 'documentation',
    apply: 'build',
    generateBundle() {
      const emit = (fileName, source) => this.emitFile({ type: 'asset', fileName: `docs/${fileName}`, source });
      const written = pages.flatMap((page) => {
        const markdown = markdownOf(page);
        return markdown === undefined ? [] : [{ page, markdown, title: /^# (.*)$/m.exec(markdown)[1] }];
      });
      for (const one of written) {
        emit(`${one.page}.html`, document(one, written, policy));
        scenariosOn(one.markdown).forEach((text, i) => emit(`${one.page}/${i + 1}.json`, text));
      }
      emit('docs.css', read('web/docs/docs.css'));
      for (const [rule, example] of examples()) emit(`rules/${fileOf(rule)}`, JSON.stringify(example.scenario));
    },
  };
}

const languageOf = (page) => (page.endsWith('.ja') ? 'ja' : 'en');
/** The same page in the other language, if somebody has written it. */
const twinOf = (page, written) => written.find((one) => one.page === (languageOf(page) === 'ja' ? page.slice(0, -3) : `${page}.ja`));

function document({ page, markdown, title }, written, policy) {
  const language = languageOf(page);
  const words = { en: ['Playground', 'Lessons', 'Contents', '日本語'], ja: ['プレイグラウンド', 'レッスン', '目次', 'English'] }[language];
  const link = (to, text, more = '') => `<li><a href="${to}.html" lang="${languageOf(to)}"${more}>${text}</a></li>`;
  // Every page in this language, or in English where it is written in no other.
  const links = written
    .filter((one) => languageOf(one.page) === language || (languageOf(one.page) === 'en' && !twinOf(one.page, written)))
    .map((one) => link(one.page, one.title, one.page === page ? ' aria-current="page"' : ''));
  const twin = twinOf(page, written);
  if (twin) links.push(link(twin.page, words[3], ` hreflang="${languageOf(twin.page)}"`));
  return `<!doctype html>
<html lang="${language}">
  <head>
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${title} – KMS Grants Playground</title>
    <link rel="icon" href="../favicon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="docs.css" />
    <script type="module" src="../element.js"></script>
  </head>
  <body>
    <header>
      <a class="brand" href="../index.html">KMS Grants Playground</a>
      <nav aria-label="${words[2]}">
        <ul>
          <li><a href="../index.html">${words[0]}</a></li>
          <li><a href="../index.html#lessons">${words[1]}</a></li>
          ${links.join('\n          ')}
        </ul>
      </nav>
    </header>
    <main>
${htmlOf(markdown)}
    </main>
  </body>
</html>
`;
}

/** Headings get an id to link to, wide tables and code scroll by themselves, and links to pages lead to what they have become. */
function htmlOf(markdown) {
  const html = marked.parse(markdown, { async: false });
  return html
    .replace(/<h([2-4])>(.*?)<\/h\1>/g, (_, level, text) => `<h${level} id="${slug(text)}">${text}</h${level}>`)
    .replace(/<table>/g, '<div class="table" tabindex="0" role="group"><table>')
    .replace(/<\/table>/g, '</table></div>')
    .replace(/<pre>/g, '<pre tabindex="0">')
    .replace(/href="([\w.-]+)\.md(#[\w-]*)?"/g, (_, page, place = '') => `href="${page}.html${place}"`);
}

const slug = (text) => text.replace(/<[^>]*>|&\w+;/g, '').trim().toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');

// Rules

const fileOf = (rule) => `${rule.replace(':', '-')}.json`;

/** Every rule of core/RULES.md: `heading` and `level` for its headings, `id`, `status` and `summary` for its rows. */
export function rules() {
  return read('core/RULES.md').split('\n').flatMap((line) => {
    const heading = /^(#+) (.*)$/.exec(line);
    if (heading) return [{ level: heading[1].length, heading: heading[2] }];
    const [, id, status, , summary] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return /^(IL:)?[A-Z]-\d+$/.test(id ?? '') ? [{ id, status, summary }] : [];
  });
}

/** For each rule the smallest scenario whose step names it, up to that step: what the test corpus proves it with. */
export function examples() {
  const found = new Map();
  const files = ['web/gallery', 'tests/scenarios'].flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true }).filter((file) => file.endsWith('.json')).sort().map((file) => `${folder}/${file}`),
  );
  for (const file of files) {
    for (const scenario of [JSON.parse(read(file))].flat()) {
      for (const [at, step] of scenario.steps.entries()) {
        if (!step.request || !step.expect?.decision) continue;
        for (const rule of step.rules ?? scenario.rules ?? []) {
          const upTo = { ...scenario, steps: scenario.steps.slice(0, at + 1) };
          // A step that names the rule itself shows it better than a scenario that is about many.
          const size = JSON.stringify(upTo).length + (step.rules ? 0 : 4000);
          if (size < (found.get(rule)?.size ?? Infinity)) found.set(rule, { scenario: upTo, size, decision: step.expect.decision });
        }
      }
    }
  }
  return found;
}

/** The rules are written in English; what they are for is said in Japanese, too. */
const inJapanese =
  '<p lang="ja">判定エンジンが従うルールの一覧です（英語）。AWS のドキュメントに書かれている AWS KMS のアクセス許可のルールと、書かれていない点についての私たちの解釈を、1 行に 1 つずつまとめてあります。' +
  '評価の各行、テストのシナリオ、ソースコードは、ルールを E-07 のような番号で参照します。番号が IL: で始まるものは、ほかの AWS サービスとも共通の、IAM ポリシー言語のルールです。' +
  'built は実装済み、assumed は AWS の記載がない点の解釈、out of scope は対象外、not built yet は未実装です。「Example」を開くと、そのルールを証明するシナリオをその場で試せます。</p>';

function rulesPage() {
  const live = examples();
  const [, introduction] = /^# .*\n\n([^]*?)\n# /.exec(read('core/RULES.md'));
  const words = { allowed: 'allowed', explicitDeny: 'denied explicitly', implicitDeny: 'denied', error: 'an error' };
  const rows = rules().slice(1).map(({ level, heading, id, status, summary }) => {
    if (heading) return `\n${'#'.repeat(level + 1)} ${heading}\n`;
    const example = live.get(id);
    const place = `rules/${fileOf(id)}`;
    const name = `Example of ${id}`;
    return [
      `<div class="rule" id="${id.replace(':', '-')}">`,
      '',
      `**${id}** <span class="status">${status}</span> ${summary.replaceAll('\\|', '|')}`,
      '',
      ...(example
        ? [
            `<details><summary>Example: ${words[example.decision]}<span class="hidden"> (${id})</span></summary>`,
            `<kms-playground scenario="${place}" step="${example.scenario.steps.length}" view="split" headings="4" aria-label="${name}" data-decision="${example.decision}"><p>The <a href="${place}">scenario</a> that proves it.</p></kms-playground>`,
            '</details>',
          ]
        : []),
      '</div>',
      '',
    ].join('\n');
  });
  return `# The rules behind every decision\n\n${inJapanese}\n\n${introduction}\n\nWhere a rule has an example, it is the scenario of the test corpus that proves it: open it, and change it.\n${rows.join('\n')}`;
}
