// Serves a built site on a free loopback port, with the headers its own _headers file asks for: what a static host would do.
//   node scripts/server.mjs web/dist [--port 8080] [--base /any/path/] [--brotli]
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync } from 'node:zlib';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { port: { type: 'string', default: '0' }, base: { type: 'string', default: '/' }, brotli: { type: 'boolean', default: false } },
});
const folder = positionals[0];
const { base } = values;

const types = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** _headers: a path (a final * is any rest) on a line of its own, then indented "Name: value" lines; # begins a comment. */
function readHeaders(file) {
  const rules = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line.trim() === '' || line.trim().startsWith('#')) continue;
    if (/^\S/.test(line)) rules.push({ path: line.trim(), headers: [] });
    else rules.at(-1).headers.push(line.trim().split(/:\s*(.*)/s, 2));
  }
  return (path) =>
    rules
      .filter((rule) => (rule.path.endsWith('*') ? path.startsWith(rule.path.slice(0, -1)) : path === rule.path))
      .flatMap((rule) => rule.headers);
}

if (!folder || !existsSync(join(folder, '_headers'))) {
  console.error(`${folder ?? '(no folder given)'} holds no built site: _headers is missing`);
  process.exit(1);
}
const headersFor = readHeaders(join(folder, '_headers'));

/** With --brotli, what large hosts do: texts and programs compressed beforehand. */
const compressed = new Map();
if (values.brotli) {
  for (const name of readdirSync(folder, { recursive: true })) {
    const file = join(folder, name);
    if (/\.(html|css|js|json|svg|wasm)$/.test(file)) compressed.set(file, brotliCompressSync(readFileSync(file)));
  }
}

/** The path inside the site that a URL asks for, and the file it names, if there is one. */
function find(url) {
  try {
    const path = normalize(decodeURIComponent(new URL(url, 'http://localhost').pathname));
    const inside = path.startsWith(base) ? `/${path.slice(base.length)}` : '';
    const file = join(folder, inside.endsWith('/') ? `${inside}index.html` : inside);
    return { inside, file: statSync(file).isFile() ? file : undefined };
  } catch {
    return { inside: '/', file: undefined };    // no such file, or no proper URL
  }
}

const server = createServer((request, response) => {
  const { inside, file } = find(request.url);
  response.setHeader('Cache-Control', 'no-cache');
  for (const [name, value] of headersFor(inside)) response.setHeader(name, value);
  if (!file || !['GET', 'HEAD'].includes(request.method)) {
    response.writeHead(file ? 405 : 404, { 'Content-Type': 'text/plain' }).end(file ? 'GET only\n' : 'not found\n');
    return;
  }
  const packed = compressed.get(file);
  if (packed) response.setHeader('Content-Encoding', 'br');
  response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' });
  if (request.method === 'HEAD') response.end();
  else if (packed) response.end(packed);
  else createReadStream(file).pipe(response);
});
server.listen(Number(values.port), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}${base}`));

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
