// Four builds: into `dist/` what others embed (element, frame, engine, documentation), beside it the playground (`--mode page`), and the
// playground in one file (`--mode single`); and the npm package (`--mode package`). The page has its own, because it holds its first script.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { documentation } from './documentation.mjs';
import { firstInside, hashOf, oneFile } from './inside.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

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

const entries = { engine: here('src/engine/engine.ts'), element: here('src/element/element.ts') };
/** The name of an entry's file: those that others import have one that stays; the page's own lies where the page lies. */
const fileOf = (name: string, hash: string) => (Object.hasOwn(entries, name) || name === 'lessons' ? '[name].js' : name === 'page' ? `[name]${hash}.js` : `assets/[name]${hash}.js`);

export default defineConfig(({ mode }) => {
  const isSingle = mode === 'single';
  const isPackage = mode === 'package';
  const isPage = mode === 'page';
  const plugins: Record<string, Plugin[]> = {
    page: [contentSecurityPolicy(), firstInside(policy), integrity()],
    single: [contentSecurityPolicy(), oneFile()],
    package: [],
  };
  const hash = isPackage ? '' : '-[hash]';
  return {
    base: './',
    plugins: [galleryIndex(), namedOnce(), ...(plugins[mode] ?? [contentSecurityPolicy(), documentation(policy)])],
    resolve: { alias: { '#kms': here(process.env['KMS_WASM'] ?? '../build/wasm') } },
    json: { stringify: true, namedExports: false },
    server: { fs: { allow: ['..'] } },
    build: {
      target: 'es2022',
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'], // the first with light-dark(), by which the colours follow the page around the element
      outDir: here(isPackage ? '../build/package' : 'dist'),
      emptyOutDir: !isSingle && !isPage,
      copyPublicDir: !isSingle && !isPackage && !isPage,
      // Beside the site, files of their own; in one file and in a package that bundlers take apart, everything is inside.
      assetsInlineLimit: isSingle || isPackage ? Number.MAX_SAFE_INTEGER : 0,
      modulePreload: isSingle || isPackage ? false : { polyfill: false },
      chunkSizeWarningLimit: 4000,
      rolldownOptions: {
        input: isSingle || isPage ? { page: here('index.html') } : isPackage ? entries : { embed: here('embed.html'), lessons: here('src/state/lessons.ts'), ...entries },
        // engine.js and element.js are for anyone to import, lessons.js for the tests: their exports stay even where the page does not use them.
        preserveEntrySignatures: 'allow-extension',
        output: {
          ...(isSingle ? { codeSplitting: false } : {}),
          entryFileNames: (chunk) => fileOf(chunk.name, hash),
          chunkFileNames: `assets/[name]${hash}.js`,
          assetFileNames: (asset) => (asset.names.includes('kms.wasm') ? '[name][extname]' : `assets/[name]${hash}[extname]`),
        },
      },
    },
  };
});
