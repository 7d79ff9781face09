import { readFileSync } from 'node:fs';
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
    ],
  };
}

export default defineConfig({
  base: './',
  plugins: [contentSecurityPolicy()],
  resolve: { alias: { '#kms': here(process.env['KMS_WASM'] ?? '../build/wasm') } },
  server: { fs: { allow: ['..'] } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: here('index.html'), engine: here('src/engine/engine.ts') },
      // engine.js is for anyone to import: its exports stay even where the page does not use them.
      preserveEntrySignatures: 'allow-extension',
      output: {
        entryFileNames: (chunk) => (chunk.name === 'engine' ? '[name].js' : 'assets/[name]-[hash].js'),
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: (asset) => (asset.names.includes('kms.wasm') ? '[name][extname]' : 'assets/[name]-[hash][extname]'),
      },
    },
  },
});
