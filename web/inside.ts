// Vite plugins that put files into a page: what the playground needs first into index.html, and everything into kms-playground.html.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

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
  const written = script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
  const style = /<style>([^]*)<\/style>/.exec(page)?.[1] ?? '';
  const content = policy(`'${hashOf('sha256', written)}'`, `'${hashOf('sha256', style)}'`);
  const text = page
    .replace(/(?<=http-equiv="Content-Security-Policy" content=")[^"]*/, () => content)
    .replace(/\s*<script type="module"[^>]*><\/script>/, '')
    .replace('</body>', () => `  <script type="module">${written}</script>\n  </body>`);
  return { text, policy: content };
}

/** Takes a script and its exports apart: "export{a as b,c}" is names "b,c" and pairs "b:a,c:c". */
function exportsOf(code: string) {
  const last = /export\s*\{([^{}]*)\};?\s*$/.exec(code);
  if (!last) throw new Error('a script ends without its exports');
  const all = last[1]!.split(',').map((one) => one.trim().split(' as '));
  return { rest: code.slice(0, last.index), names: all.map((one) => one.at(-1)).join(), pairs: all.map((one) => `${one.at(-1)}:${one[0]}`).join() };
}

/**
 * Puts the page's first script into the page itself, where its style is already: a request for it would wait until the page has arrived, and then as long
 * again. Scripts that are loaded later import from the first one: under its name there is a file that hands on what the page has.
 * `policy` is the site's Content-Security-Policy, also in `dist/_headers`; both get the two hashes.
 */
export function firstInside(policy: string): Plugin {
  return {
    name: 'first-inside',
    generateBundle: {
      order: 'post', // after Vite has finished the scripts
      handler(_, bundle) {
        const { file: page } = find(bundle, /^index\.html$/);
        const { file: first } = find(bundle, /^page-.*\.js$/);
        const own = exportsOf(first.code);
        // Vite keeps this one apart. Later scripts load it once more: it keeps nothing that has to be there only once.
        const helper = exportsOf(find(bundle, /preload-helper-.*\.js$/).text);
        const whole = own.rest.replace(
          /import\{([^}]*)\}from"[^"]*preload-helper[^"]*";/,
          (_import, names: string) => `const{${names.replaceAll(' as ', ':')}}=(()=>{${helper.rest}return{${helper.pairs}}})();`,
        );
        if (/\bimport[{*"]/.test(whole)) throw new Error('the first script would wait for another one');
        first.code = `const{${own.names}}=globalThis.kmsPage;export{${own.names}};`;
        const made = filled(page.source, `${whole}globalThis.kmsPage={${own.pairs}};`, (scriptHash, styleHash) =>
          policy.replace(/(script-src 'self')/, `$1 ${scriptHash}`).replace(/(style-src 'self')/, `$1 ${styleHash}`),
        );
        // Nothing that is loaded later has to wait for the small file, either.
        page.source = made.text.replace(/<link rel="modulepreload"[^>]*preload-helper[^>]*>/, `<link rel="modulepreload" href="./${first.fileName}">`);
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
