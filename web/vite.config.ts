// Three builds: the site (`dist/`), the site in one file (`--mode single`, dist/kms-playground.html), and the npm package (`--mode package`).
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { documentation } from './documentation.mjs';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const hashOf = (algorithm: string, content: string | Uint8Array) => `${algorithm}-${createHash(algorithm).update(content).digest('base64')}`;

/** Hosts that send no headers get the same policy from a meta element: public/_headers is the one place where it is written. */
const policy = /^\s*Content-Security-Policy:\s*(.+)$/m.exec(readFileSync(here('public/_headers'), 'utf8'))?.[1];
if (!policy) throw new Error('public/_headers has no Content-Security-Policy');
function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: policy }, injectTo: 'head-prepend' },
      // The largest file of all is asked for before everything else, not by the script that needs it.
      { tag: 'link', attrs: { rel: 'preload', as: 'fetch', href: './kms.wasm', crossorigin: true }, injectTo: 'head-prepend' },
    ],
  };
}

/** What the gallery shows of its scenarios, without the scenarios themselves: the story first, then by file name. */
function galleryIndex(): Plugin {
  const name = 'virtual:gallery';
  const folder = here('gallery');
  const exhibit = (file: string) => {
    const { title = file, description = '', tags = [] } = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'));
    return { id: file.replace(/\.json$/, ''), title, description, tags };
  };
  return {
    name: 'gallery-index',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load(id) {
      if (id !== `\0${name}`) return undefined;
      const files = readdirSync(folder).filter((file) => file.endsWith('.json')).sort();
      for (const file of files) this.addWatchFile(`${folder}/${file}`);
      const all = files.map(exhibit).sort((a, b) => Number(b.tags.includes('showcase')) - Number(a.tags.includes('showcase')));
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(all))});`;
    },
  };
}

/** Emscripten's glue would name the evaluator's file a second time, and so put it a second time where everything is inside. */
function namedOnce(): Plugin {
  return {
    name: 'named-once',
    transform: (code, id) => (id.endsWith('/kms.mjs') ? code.replace('new URL("kms.wasm",import.meta.url).toString()', '""') : undefined),
  };
}

/** Notes in integrity.json what browsers may check of each script, in the form of an import map, and prints what a script element needs. */
function integrity(): Plugin {
  return {
    name: 'integrity',
    writeBundle({ dir = '' }) {
      const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(js|wasm)$/.test(file) && statSync(join(dir, file)).isFile());
      const hashes = files.sort().map((file) => [`./${file}`, hashOf('sha384', readFileSync(join(dir, file)))] as const);
      writeFileSync(join(dir, 'integrity.json'), `${JSON.stringify({ integrity: Object.fromEntries(hashes) }, null, 2)}\n`);
      console.log('\nSubresource integrity (all files: integrity.json)');
      for (const [file, hash] of hashes) if (!file.includes('/assets/')) console.log(`  ${file.slice(2).padEnd(12)} ${hash}`);
    },
  };
}

/** Puts scripts, styles, icon and evaluator into the page, which then opens from a disk. Its policy lets in only these by their hashes. */
function oneFile(): Plugin {
  return {
    name: 'one-file',
    generateBundle: {
      order: 'post', // after Vite has finished the scripts
      handler(_, bundle) {
      const file = (name: RegExp) => {
        const found = Object.values(bundle).find(({ fileName }) => name.test(fileName));
        if (!found) throw new Error(`the build has no ${name}`);
        const text = found.type === 'chunk' ? found.code : typeof found.source === 'string' ? found.source : new TextDecoder().decode(found.source);
        return { name: found.fileName, text };
      };
      const script = file(/\.js$/).text.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
      const style = file(/\.css$/).text;
      const icon = `data:image/svg+xml;base64,${readFileSync(here('public/favicon.svg')).toString('base64')}`;
      const policy = [`default-src 'none'`, `script-src '${hashOf('sha256', script)}' 'wasm-unsafe-eval'`, `style-src '${hashOf('sha256', style)}'`, 'img-src data:', `base-uri 'none'`, `form-action 'none'`];
      const page = file(/\.html$/)
        .text.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, `<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">`)
        .replace(/href="[^"]*favicon\.svg"/, () => `href="${icon}"`)
        .replace(/<link rel="stylesheet"[^>]*>/, () => `<style>${style}</style>`)
        .replace(/<script type="module"[^>]*><\/script>/, '')
        .replace(/<link rel="(?:module)?preload"[^>]*>/g, '')
        .replace('</body>', () => `<script type="module">${script}</script></body>`);
      for (const name of Object.keys(bundle)) delete bundle[name];
      this.emitFile({ type: 'asset', fileName: 'kms-playground.html', source: page });
      },
    },
  };
}

const entries = { engine: here('src/engine/engine.ts'), element: here('src/element/element.ts') };
const isEntry = (name: string) => Object.hasOwn(entries, name) || name === 'lessons';

export default defineConfig(({ mode }) => {
  const isSingle = mode === 'single';
  const isPackage = mode === 'package';
  const hash = isPackage ? '' : '-[hash]';
  return {
    base: './',
    plugins: [galleryIndex(), namedOnce(), ...(isPackage ? [] : [contentSecurityPolicy()]), ...(isSingle ? [oneFile()] : isPackage ? [] : [integrity(), documentation(policy)])],
    resolve: { alias: { '#kms': here(process.env['KMS_WASM'] ?? '../build/wasm') } },
    json: { stringify: true, namedExports: false },
    server: { fs: { allow: ['..'] } },
    build: {
      target: 'es2022',
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'], // the first with light-dark(), by which the colours follow the page around the element
      outDir: here(isPackage ? '../build/package' : 'dist'),
      emptyOutDir: !isSingle,
      copyPublicDir: !isSingle && !isPackage,
      // Beside the site, files of their own; in one file and in a package that bundlers take apart, everything is inside.
      assetsInlineLimit: isSingle || isPackage ? Number.MAX_SAFE_INTEGER : 0,
      modulePreload: isSingle || isPackage ? false : { polyfill: false },
      chunkSizeWarningLimit: 4000,
      rolldownOptions: {
        input: isSingle ? { index: here('index.html') } : isPackage ? entries : { index: here('index.html'), embed: here('embed.html'), lessons: here('src/state/lessons.ts'), ...entries },
        // engine.js and element.js are for anyone to import, lessons.js for the tests: their exports stay even where the page does not use them.
        preserveEntrySignatures: 'allow-extension',
        output: {
          ...(isSingle ? { codeSplitting: false } : {}),
          entryFileNames: (chunk) => (isEntry(chunk.name) ? '[name].js' : `assets/[name]${hash}.js`),
          chunkFileNames: `assets/[name]${hash}.js`,
          assetFileNames: (asset) => (asset.names.includes('kms.wasm') ? '[name][extname]' : `assets/[name]${hash}[extname]`),
        },
      },
    },
  };
});
