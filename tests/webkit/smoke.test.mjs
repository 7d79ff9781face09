// A smoke run in WebKitGTK, the engine nearest to Safari that runs on Linux: the story opens, acts, and speaks both languages.
//   xvfb-run -a node --test tests/webkit/smoke.test.mjs        (web/dist must be built)
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const started = [];

/** Starts a program and waits for what it prints first, or for nothing when it prints nothing. */
function start(program, ...args) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  return child;
}

let driver, session, site;

/** One command of W3C WebDriver. */
async function command(method, path, body) {
  const response = await fetch(driver + path, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
  const { value } = await response.json();
  if (value?.error) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
  return value;
}

/** Runs a function in the page; `root` is the shadow root of the page's element. */
const inPage = (body) => command('POST', `${session}/execute/sync`, { script: `const root = document.querySelector('kms-page')?.shadowRoot; return ${body}`, args: [] });

/** Waits until an expression in the page has this value. */
async function becomes(expression, wanted) {
  const end = Date.now() + 20_000;
  let value;
  do {
    value = await inPage(expression);
    if (value === wanted) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  } while (Date.now() < end);
  assert.equal(value, wanted, expression);
}

/** Clicks as a hand does, in the middle of the element that the expression finds, once it is there and no other part is still to be drawn. */
async function click(expression) {
  await becomes(`Boolean(${expression}) && !document.querySelector('kms-page').isDrawing`, true);
  // In the middle: the decision sticks to the top.
  const element = await inPage(`(() => { const found = ${expression}; found?.scrollIntoView({ block: 'center' }); return found; })()`);
  assert.ok(element, expression);
  await command('POST', `${session}/element/${Object.values(element)[0]}/click`, {});
}

const button = (name) => `[...(root?.querySelectorAll('button') ?? [])].find((one) => one.innerText.trim() === '${name}' || one.ariaLabel === '${name}')`;
const word = `root?.querySelector('[data-verdict]')?.innerText`;

before(async () => {
  const server = start(process.execPath, `${root}scripts/server.mjs`, `${root}web/dist`, '--base', '/any/path/');
  site = await new Promise((resolve) => server.stdout.once('data', (text) => resolve(String(text).trim())));
  const port = 20_000 + (process.pid % 10_000);
  start('WebKitWebDriver', `--port=${port}`, '--host=127.0.0.1');
  driver = `http://127.0.0.1:${port}`;
  const files = execFileSync('dpkg', ['-L', 'libwebkit2gtk-4.1-0'], { encoding: 'utf8' }).split('\n');
  const binary = files.find((file) => file.endsWith('/MiniBrowser'));
  const capabilities = { alwaysMatch: { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': { binary, args: ['--automation'] } } };
  for (let attempt = 0; ; attempt += 1) {
    try {
      session = `/session/${(await command('POST', '/session', { capabilities })).sessionId}`;
      break;
    } catch (error) {
      if (attempt === 50 || error.cause === undefined) throw error; // not listening yet
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
});

after(async () => {
  if (session) await command('DELETE', session);
  for (const child of started) child.kill();
});

test('the story opens, the grant can be retired, and undo brings it back', async () => {
  await command('POST', `${session}/url`, { url: site });
  await becomes(word, 'Allowed');
  await becomes(`root.querySelector('.decision .reason').innerText`, 'A grant allows lambda-execution-role/Grants_test to call Decrypt. No policy has to.');
  await becomes(`root.querySelectorAll('section.panel').length > 5`, true);
  await inPage(`(() => { const as = root.querySelector('.grants select'); as.value = [...as.options].find(({ text }) => text === 'admin-role/operator').value; as.dispatchEvent(new Event('change')); })()`);
  await click(button('Retire grant ef4053a4…'));
  await becomes(word, 'Denied');
  await click(button('Undo'));
  await becomes(word, 'Allowed');
});

test('what is typed is decided, and broken text decides nothing', async () => {
  await inPage(`root.querySelector('#text-document').scrollIntoView({ block: 'center' })`);
  // The editor comes when the text is in view.
  await becomes(`root.querySelector('#text-document').localName`, 'kms-editor');
  // The driver does not reach what is in a shadow root inside another: typing is tried in the plain text area.
  await click(`root.querySelector('.check.plain input')`);
  await becomes(`root.querySelector('#text-document').localName`, 'textarea');
  const text = Object.values(await inPage(`root.querySelector('#text-document')`))[0];
  await command('POST', `${session}/element/${text}/value`, { text: '{' });
  await becomes(word, 'No decision');
  await click(button('Undo'));
  await becomes(word, 'Allowed');
});

test('in Japanese, after a link', async () => {
  await click(button('日本語'));
  await becomes(word, '許可');
  await command('POST', `${session}/url`, { url: `${site}#gallery` });
  await becomes(`root?.querySelector('h2')?.innerText`, '事例集');
});

test('the site as one file opens from a disk and replays the story', async () => {
  await command('POST', `${session}/url`, { url: pathToFileURL(`${root}web/dist/kms-playground.html`).href });
  const reason = `root?.querySelector('.decision .reason')?.innerText`;
  await becomes(reason, 'A grant allows lambda-execution-role/Grants_test to call Decrypt. No policy has to.');
  await becomes(word, 'Allowed');
  for (const [step, said] of [[7, 'Allowed'], [8, 'Allowed'], [9, 'Denied']]) {
    await click(`[...(root?.querySelectorAll('.timeline .walk button') ?? [])].at(-1)`);
    await becomes(`root.querySelector('.timeline .walk .at').innerText`, `Step ${step} of 9`);
    await becomes(word, said);
  }
  await becomes(reason, 'Nothing allows it: no grant fits, and although the key policy lets IAM policies decide, no IAM policy of lambda-execution-role/Grants_test allows kms:Decrypt.');
});
