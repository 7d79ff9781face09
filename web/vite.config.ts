import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Hosts that send no headers get the same policy from a meta element: public/_headers is the one place where it is written. */
function contentSecurityPolicy(): Plugin {
  const policy = /^\s*Content-Security-Policy:\s*(.+)$/m.exec(readFileSync(here('public/_headers'), 'utf8'))?.[1];
  if (!policy) throw new Error('public/_headers has no Content-Security-Policy');
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: policy }, injectTo: 'head-prepend' },
      // The largest file of all is asked for before the script that needs it.
      { tag: 'link', attrs: { rel: 'preload', as: 'fetch', href: './kms.wasm', crossorigin: true }, injectTo: 'head' },
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

export default defineConfig({
  base: './',
  plugins: [contentSecurityPolicy(), galleryIndex()],
  resolve: { alias: { '#kms': here(process.env['KMS_WASM'] ?? '../build/wasm') } },
  json: { stringify: true, namedExports: false },
  server: { fs: { allow: ['..'] } },
  build: {
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'], // the first with light-dark(), by which the colours follow the page around the element
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: here('index.html'), engine: here('src/engine/engine.ts'), element: here('src/element/element.ts') },
      // engine.js and element.js are for anyone to import: their exports stay even where the page does not use them.
      preserveEntrySignatures: 'allow-extension',
      output: {
        entryFileNames: (chunk) => (chunk.name === 'engine' || chunk.name === 'element' ? '[name].js' : 'assets/[name]-[hash].js'),
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: (asset) => (asset.names.includes('kms.wasm') ? '[name][extname]' : 'assets/[name]-[hash][extname]'),
      },
    },
  },
});
