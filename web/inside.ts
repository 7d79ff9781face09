// Vite plugins that put files into a page: what the playground needs first into index.html, and everything into kms-playground.html.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin, Rollup } from 'vite';

export const hashOf = (algorithm: string, content: string | Uint8Array) => `${algorithm}-${createHash(algorithm).update(content).digest('base64')}`;

/** A file of a bundle, with its text. */
function find(bundle: object, name: RegExp) {
  const found = Object.values(bundle).find(({ fileName }) => name.test(fileName));
  if (!found) throw new Error(`the build has no ${name}`);
  const text: string = found.type === 'chunk' ? found.code : typeof found.source === 'string' ? found.source : new TextDecoder().decode(found.source);
  return { file: found, text };
}

/** The page with this script inside, at its end, and a policy that lets in script and style by their hashes. */
function filled(page: string, script: string, policy: (scriptHash: string, styleHash: string) => string) {
  const written = script.replace(/<\/script/gi, (end) => end.replace('/', '\\/')).replaceAll('<!--', '<\\!--');
  const style = /<style>([^]*)<\/style>/.exec(page)?.[1] ?? '';
  const content = policy(`'${hashOf('sha256', written)}'`, `'${hashOf('sha256', style)}'`);
  const text = page
    .replace(/(?<=http-equiv="Content-Security-Policy" content=")[^"]*/, () => content)
    .replace(/\s*<script type="module"[^>]*><\/script>/, '')
    .replace('</body>', () => `  <script type="module">${written}</script>\n  </body>`);
  return { text, policy: content };
}

/** A script without its exports, which are taken apart: "export{a as b,c}" is names "b,c" and pairs "b:a,c:c". */
function exportsOf(code: string) {
  const last = /export\s*\{([^{}]*)\};?\s*$/.exec(code);
  const all = last ? last[1]!.split(',').map((one) => one.trim().split(' as ')) : [];
  return { rest: code.slice(0, last?.index), names: all.map((one) => one.at(-1)).join(), pairs: all.map((one) => `${one.at(-1)}:${one[0]}`).join() };
}

/** What the bundler adds: it keeps nothing that has to be there only once. */
const helpers = /^assets\/(?:preload-helper|rolldown-runtime)-/;

/**
 * The first script and the helpers that it imports as one. What it exports is found in `kmsPage`, and in its file is left only what hands
 * that on to scripts that are loaded later. The files of the helpers stay: `<kms-playground>` loads them, too.
 */
function joined(bundle: Rollup.OutputBundle, fileName: string): string {
  const chunk = bundle[fileName];
  if (chunk?.type !== 'chunk') throw new Error(`the build has no ${fileName}`);
  const own = exportsOf(chunk.code);
  const code = own.rest.replace(/import\{([^}]*)\}from"\.\/([^"]+)";?/g, (all, names: string, path: string) => {
    const helper = bundle[path];
    if (!helpers.test(path) || helper?.type !== 'chunk' || helper.imports.length > 0) return all;
    const { rest, pairs } = exportsOf(helper.code);
    return `const{${names.replaceAll(' as ', ':')}}=(()=>{${rest}\nreturn{${pairs}}})();`;
  });
  if (/\bimport\s*(?:[{*"]|[\w$]+\s*(?:,|from\b))/.test(code)) throw new Error(`${fileName} would wait for another script`);
  chunk.code = `const{${own.names}}=globalThis.kmsPage;export{${own.names}};`;
  return `${code}\nglobalThis.kmsPage={${own.pairs}};`;
}

/**
 * Puts the page's first script into the page itself, where its style is already: a request for it would wait until the page has arrived,
 * and then as long again. `policy` is the site's Content-Security-Policy, also in `dist/_headers`; both get the two hashes.
 */
export function firstInside(policy: string): Plugin {
  return {
    name: 'first-inside',
    generateBundle: {
      order: 'post', // after Vite has finished the scripts
      handler(_, bundle) {
        const page = find(bundle, /^index\.html$/);
        const first: string = find(bundle, /^page-.*\.js$/).file.fileName;
        const made = filled(page.text, joined(bundle, first), (scriptHash, styleHash) =>
          policy.replace(/(script-src 'self')/, `$1 ${scriptHash}`).replace(/(style-src 'self')/, `$1 ${styleHash}`),
        );
        // Nothing that is loaded later has to wait for what is left of it.
        page.file.source = made.text
          .replace(/ *<link rel="modulepreload"[^>]*>\n/g, '')
          .replace(/ *<style>/, (style) => `    <link rel="modulepreload" href="./${first}">\n${style}`);
        this.emitFile({ type: 'asset', fileName: '_headers', source: readFileSync(join(this.environment.config.publicDir, '_headers'), 'utf8').replace(policy, () => made.policy) });
      },
    },
  };
}

/** Puts scripts, styles, icon and evaluator into the page, which then opens from a disk. Its policy lets in only these by their hashes. */
export function oneFile(): Plugin {
  return {
    name: 'one-file',
    generateBundle: {
      order: 'post', // after Vite has finished the scripts
      handler(_, bundle) {
        const icon = readFileSync(join(this.environment.config.publicDir, 'favicon.svg')).toString('base64');
        const page = find(bundle, /\.html$/)
          .text.replace(/href="[^"]*favicon\.svg"/, () => `href="data:image/svg+xml;base64,${icon}"`)
          .replace(/<link rel="preload"[^>]*>/g, '');
        const { text } = filled(page, find(bundle, /\.js$/).text, (script, style) =>
          [`default-src 'none'`, `script-src ${script} 'wasm-unsafe-eval'`, `style-src ${style}`, 'img-src data:', `base-uri 'none'`, `form-action 'none'`].join('; '),
        );
        for (const name of Object.keys(bundle)) delete bundle[name];
        this.emitFile({ type: 'asset', fileName: 'kms-playground.html', source: text });
      },
    },
  };
}
