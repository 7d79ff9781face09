// What a first visit costs, as tables.
//   node scripts/budgets.mjs          sizes with brotli, of web/dist; fails over budget
//   node scripts/budgets.mjs --time   times in Chromium: they depend on the machine, so they never fail
// kB are 1000 bytes. "First" is everything that is loaded until the first decision stands; tests/browser/first.spec.ts sees to it that
// the page loads nothing else before.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'web/dist');

/** In kB: the page's own part (HTML, CSS, JavaScript, the story's texts), and all of it. */
const budgets = { page: 32, first: 140 };

function brotli(file) {
  const bytes = readFileSync(join(dist, file));
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
}

/** index.html, in which is all that the first decision needs but the evaluator, and what it names. */
export function firstFiles() {
  const named = [...readFileSync(join(dist, 'index.html'), 'utf8').matchAll(/(?:src|href)="\.\/([^"]+\.(?:js|css|wasm))"/g)].map(([, file]) => file);
  return [...new Set(['index.html', 'kms.wasm', ...named])];
}

function sizes() {
  const row = (name, bytes, note = '') => console.log(`${name.padEnd(44)} ${(bytes / 1000).toFixed(1).padStart(6)} kB  ${note}`);
  let over = false;
  console.log('Until the first decision, in either language, brotli');
  const all = firstFiles().map((file) => [file, brotli(file)]);
  for (const [file, bytes] of all) row(`  ${file}`, bytes);
  const sum = (files) => files.reduce((total, [, bytes]) => total + bytes, 0);
  const check = (name, bytes, budget) => {
    row(name, bytes, `of ${budget} kB${bytes > budget * 1000 ? ': OVER BUDGET' : ''}`);
    over ||= bytes > budget * 1000;
  };
  check('page', sum(all.filter(([file]) => file !== 'kms.wasm')), budgets.page);
  check('page and engine', sum(all), budgets.first);
  console.log('\nLater, brotli');
  const first = new Set(firstFiles());
  const chunks = readdirSync(join(dist, 'assets')).map((file) => `assets/${file}`).filter((file) => /\.(js|css)$/.test(file));
  const used = new Set(['index.html']);    // not what only others embed
  for (const file of used) {
    const text = readFileSync(join(dist, file), 'utf8');
    for (const chunk of chunks) if (text.includes(chunk.slice('assets/'.length))) used.add(chunk);
  }
  const large = chunks.filter((file) => used.has(file) && !first.has(file)).map((file) => [file, brotli(file)]).filter(([, bytes]) => bytes > 2500);
  for (const [file, bytes] of large.sort((a, b) => b[1] - a[1])) row(`  ${file}`, bytes);
  process.exitCode = over ? 1 : 0;
}

const percentile = (values, p) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor((values.length * p) / 100))];

async function times() {
  const { createRequire } = await import('node:module');
  const { spawn, execFileSync } = await import('node:child_process');
  const { chromium } = createRequire(join(root, 'tests/package.json'))('@playwright/test');
  const server = spawn(process.execPath, [join(root, 'scripts/server.mjs'), dist, '--brotli'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const url = await new Promise((resolve) => server.stdout.once('data', (text) => resolve(String(text).trim())));
    const browser = await chromium.launch({ executablePath: execFileSync('sh', ['-c', 'command -v chromium-headless-shell || command -v chromium'], { encoding: 'utf8' }).trim() });
    await measure(browser, url).finally(() => browser.close());
  } finally {
    server.kill();
  }
}

async function measure(browser, url) {
  const opened = async (options, cpu, network, init) => {
    const page = await (await browser.newContext(options)).newPage();
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: cpu });
    if (network) {
      await cdp.send('Network.enable');
      await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 90_000 });
    }
    await page.addInitScript(init);
    await page.goto(url);
    await page.locator('[data-verdict="allowed"]').waitFor();
    return page;
  };

  console.log('First visit, phone: 390x844, 1.6 Mbit/s, 150 ms, CPU 4x slower, nothing cached; three visits, in ms');
  console.log('  decision  blocked  complete');
  for (let visit = 0; visit < 3; visit += 1) {
    const page = await opened({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }, 4, true, () => {
      globalThis.tasks = [];
      new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ startTime, duration }) => [startTime, duration]))).observe({ type: 'longtask', buffered: true });
      const look = () => {
        const root = document.querySelector('kms-page')?.shadowRoot;
        if (!globalThis.decided && root?.querySelector('[data-verdict]')) globalThis.decided = performance.now();
        if (!globalThis.complete && root?.querySelector('#trace')) globalThis.complete = performance.now();
        if (!globalThis.complete) requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    await page.waitForTimeout(6000);
    const { decided, complete, tasks } = await page.evaluate(() => ({ decided, complete, tasks }));
    const blocked = tasks.reduce((sum, [, duration]) => sum + Math.max(0, duration - 50), 0);
    console.log(`  ${decided.toFixed(0).padStart(8)} ${blocked.toFixed(0).padStart(8)} ${complete.toFixed(0).padStart(9)}   tasks over 50 ms: ${tasks.map(([at, duration]) => `${duration.toFixed(0)} at ${at.toFixed(0)}`).join(', ')}`);
    await page.context().close();
  }

  console.log('\nFrom a keystroke in the key policy to its decision, and to the next paint; in ms');
  console.log('                        decision p50    p95   paint p50    p95');
  for (const [name, cpu] of [['desktop', 1], ['desktop, CPU 4x slower', 4]]) {
    for (const editor of ['plain', 'rich']) {
      const page = await opened({ viewport: { width: 1280, height: 900 } }, cpu, false, editor === 'plain' ? () => localStorage.setItem('kms-playground.editor', 'plain') : () => undefined);
      const tab = page.getByRole('tab', { name: 'Key policy' });
      await tab.click();
      await tab.scrollIntoViewIfNeeded();
      const rich = page.locator('kms-editor#text-document');
      if (editor === 'rich') await rich.waitFor();
      const text = page.getByRole('textbox', { name: 'Text of Key policy' });
      await text.click();
      const line = editor === 'plain' ? await text.evaluate((area) => area.value.indexOf('"Sid": "') + 8) : 0;
      if (editor === 'plain') await text.evaluate((area, at) => area.setSelectionRange(at, at), line);
      else await rich.evaluate((element) => {
        const offset = element.text.indexOf('"Sid": "') + 8;
        element.select({ start: { offset }, end: { offset } });
      });
      // The decision is there when the page's element has been updated after the change of its store; the paint is the frame after that.
      await page.evaluate(() => {
        globalThis.keys = [];
        const element = document.querySelector('kms-page');
        let changed = false;
        element.store.addEventListener('change', () => (changed = true));
        const { updated } = element;
        element.updated = function (...change) {
          updated.apply(this, change);
          const key = keys.at(-1);
          if (changed && key) key.decision ||= performance.now() - key.pressed;
          changed = false;
        };
        addEventListener('keydown', ({ timeStamp }) => {
          const key = { pressed: timeStamp, decision: 0, paint: 0 };
          keys.push(key);
          requestAnimationFrame(() => setTimeout(() => (key.paint = performance.now() - timeStamp)));
        }, true);
      });
      for (let i = 0; i < 60; i += 1) {
        await page.keyboard.press(String.fromCharCode(97 + (i % 26)));
        await page.waitForTimeout(120 * Math.sqrt(cpu));
      }
      const keys = (await page.evaluate(() => keys)).slice(5);
      if (!keys.every(({ decision, paint }) => decision > 0 && paint > 0)) throw new Error('a keystroke without a decision');
      const show = (which, p) => percentile(keys.map((key) => key[which]), p).toFixed(1).padStart(6);
      console.log(`  ${`${name}, ${editor}`.padEnd(31)} ${show('decision', 50)} ${show('decision', 95)}      ${show('paint', 50)} ${show('paint', 95)}`);
      await page.context().close();
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!existsSync(join(dist, 'index.html'))) throw new Error('web/dist holds no built site: run scripts/test web');
  if (process.argv.includes('--time')) await times();
  else sizes();
}
