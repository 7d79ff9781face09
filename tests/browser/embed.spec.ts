// embed.html in sandboxed iframes, and what is said instead of the playground when it cannot run.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { guide } from './guide.ts';
import { answer, part, policy, test } from './host.ts';
import { accessible, expect } from './playground.ts';

const text = 'The role may decrypt because a grant names it.';

test.describe('in an iframe', () => {
  const frame = (page: Page) => page.frameLocator('iframe');
  const said = (page: Page) => frame(page).locator('[data-verdict]');
  const open = async (host: { open: Function; site: string }, query: string, more = '') =>
    host.open(`<iframe class="kms-playground" title="Playground" sandbox="allow-scripts" width="600" src="${host.site}embed.html${query}"></iframe>${more}`, {
      head: `<script>${guide(host.site).height}</script>`,
      csp: `default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; frame-src ${new URL(host.site).origin}`,
    });

  test('sandboxed with scripts alone it works, and is as high as its content', async ({ page, host }) => {
    await open(host, '?view=story#s=lambda-env');
    await expect(said(page).first()).toHaveText('Allowed');
    const heights = () => page.locator('iframe').evaluate((iframe) => iframe.clientHeight);
    await expect.poll(heights).toBeGreaterThan(500);
    const inside = await frame(page).locator('body').evaluate((body) => [document.documentElement.scrollHeight, body.clientHeight]);
    expect(Math.abs((await heights()) - inside[1]!)).toBeLessThanOrEqual(1);
    expect(inside[0]).toBeLessThanOrEqual((await heights()) + 1);
    await frame(page).getByRole('button', { name: /^Retire grant/ }).click();
    await expect(said(page).first()).toHaveText('Denied');
  });

  test('its page by itself: no axe violations, light and dark', async ({ page, host }) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' }); // axe does not wait until colours have changed
      await page.goto(`${host.site}embed.html?view=story#s=lambda-env`);
      await expect(page.locator('[data-verdict]').first()).toHaveText('Allowed');
      await page.evaluate(() => (document.documentElement.style.background = 'Canvas')); // which axe takes to be white where nobody says so
      await accessible(page);
    }
  });

  test('decisions go to the origin it was told, and attributes come from there', async ({ page, host }) => {
    await open(host, `?view=mini&origin=${encodeURIComponent(host.origin)}#s=lambda-env`, `<script>globalThis.got = []; addEventListener('message', ({ data }) => got.push(data))</script>`);
    await expect(said(page)).toHaveText('Allowed');
    await expect.poll(() => page.evaluate(() => (globalThis as any).got.find(({ type }: any) => type === 'kms:decision')?.decision.decision)).toBe('allowed');
    await page.evaluate(() => document.querySelector('iframe')!.contentWindow!.postMessage({ type: 'kms:set', state: 's=lambda-env&at=2', lang: 'ja', cover: null }, '*'));
    await expect(said(page)).toHaveText('拒否');
    await expect.poll(() => page.evaluate(() => (globalThis as any).got.findLast(({ type }: any) => type === 'kms:decision').decision.decision)).toBe('implicitDeny');
  });

  test('a lesson keeps the options of its link; another fragment shows something else', async ({ page, host }) => {
    await open(host, '#lesson=retire-it&nosolve');
    await expect(frame(page).getByRole('button', { name: 'Start again' })).toBeVisible();
    await expect(frame(page).getByRole('button', { name: 'Solve it for me' })).toHaveCount(0);
    await expect(said(page)).toHaveCount(0);
    await page.locator('iframe').evaluate((iframe: HTMLIFrameElement) => (iframe.src = iframe.src.replace(/#.*/, '#s=lambda-env')));
    await expect(said(page).first()).toHaveText('Allowed');
    await expect(frame(page).getByRole('button', { name: 'Start again' })).toHaveCount(0);
  });

  test.describe('of a page that it does not trust', () => {
    test.use({ expectedComplaints: true }); // some browsers say that a message was for another origin

    for (const [name, origin] of [['another origin', 'https://elsewhere.example'], ['no origin', ''], ['no URL', '*']])
      test(`with ${name} in its address it tells nothing and obeys nobody`, async ({ page, host }) => {
        await open(host, `?view=mini&origin=${encodeURIComponent(origin!)}#s=lambda-env`, `<script>globalThis.got = []; addEventListener('message', ({ data }) => got.push(data.type))</script>`);
        await expect(said(page)).toHaveText('Allowed');
        await page.evaluate(() => document.querySelector('iframe')!.contentWindow!.postMessage({ type: 'kms:set', state: 's=lambda-env&at=2' }, '*'));
        await frame(page).getByRole('button', { name: /^Retire grant/ }).click();
        await expect(said(page)).toHaveText('Denied');
        await frame(page).getByRole('button', { name: 'Undo' }).click();
        await expect(said(page)).toHaveText('Allowed');
        expect(new Set(await page.evaluate(() => (globalThis as any).got))).toEqual(new Set(['kms:height']));
      });
  });
});

test.describe('when it cannot run', () => {
  test.use({ expectedComplaints: true });
  const message = (page: Page) => page.getByRole('alert');

  test('a policy without WebAssembly: the text, why, and a link', async ({ page, host }) => {
    await host.open(`<kms-playground scenario="lambda-env"><p>${text}</p></kms-playground>`, { csp: policy(host.site).replace(" 'wasm-unsafe-eval'", '') });
    await expect(message(page)).toContainText('this page’s Content-Security-Policy does not allow WebAssembly');
    await expect(page.getByText(text)).toBeVisible();
    await expect(page.getByRole('link', { name: 'Open it in the full playground' })).toHaveAttribute('href', `${host.site}index.html#s=lambda-env`);
  });

  test('the same in Japanese', async ({ page, host }) => {
    await host.open(`<kms-playground><p>${text}</p></kms-playground>`, { lang: 'ja', csp: policy(host.site).replace(" 'wasm-unsafe-eval'", '') });
    await expect(message(page)).toContainText('このページの Content-Security-Policy が WebAssembly を許可していません');
  });

  for (const [name, fulfil, says] of [
    ['is missing', { status: 404, body: '' }, 'its WebAssembly file is missing or damaged'],
    ['is a page', { status: 200, contentType: 'text/html', body: '<p>not found</p>' }, 'its WebAssembly file is missing or damaged'],
  ] as const)
    test(`kms.wasm ${name}: the text, and why; every element says it`, async ({ page, host }) => {
      await page.route('**/kms.wasm', (route) => route.fulfill({ ...fulfil, headers: { 'Access-Control-Allow-Origin': '*' } }));
      await host.open(`<kms-playground><p>${text}</p></kms-playground><kms-playground><pre>{"Grants": []}</pre></kms-playground>`);
      await expect(message(page)).toHaveCount(2);
      for (const one of await message(page).all()) await expect(one).toContainText(says);
      await expect(page.getByText(text)).toBeVisible();
      await expect(page.getByText('{"Grants": []}')).toBeVisible();
    });

  test('files that are gone: the text, and why', async ({ page, host }) => {
    await page.route('**/assets/embed-*', (route) => route.abort());
    await host.open(`<kms-playground><p>${text}</p></kms-playground>`);
    await expect(message(page)).toContainText('its files are not where this page looks for them');
    await expect(page.getByText(text)).toBeVisible();
  });
});

for (const [name, attributes, says] of [
  ['a link cut short', 'state="#v1=rZJNa8Mw"', 'the link to its state is incomplete or damaged'],
  ['a link of a newer version', 'state="#v9=abc"', 'the link to its state is incomplete or damaged'],
  ['an unknown lesson', 'lesson="no-such-thing"', 'there is no such lesson'],
  ['an unknown scenario', 'scenario="no-such-thing"', 'its scenario was not found'],
  ['files at no address', 'assets="https://["', 'its files are not where this page looks for them'],
])
  test(`${name}: the text, and why; put right, it works`, async ({ page, host }) => {
    const errors = page.waitForEvent('console', { predicate: (entry) => entry.text().startsWith('told') });
    await host.open(`<kms-playground ${attributes}><p>${text}</p></kms-playground>`, { head: '' });
    await page.evaluate(() => document.addEventListener('kms-error', (event) => console.info('told', (event as CustomEvent).detail.reason)));
    await page.evaluate((url) => import(url), `${host.site}element.js`);
    await errors;
    await expect(page.getByRole('alert')).toContainText(says);
    await expect(page.getByText(text)).toBeVisible();
    await page.locator('kms-playground').evaluate((element) => (element.removeAttribute('state'), element.removeAttribute('lesson'), element.removeAttribute('assets'), element.setAttribute('scenario', 'lambda-env')));
    await expect(answer(page, 'Allowed')).toBeVisible();
  });

test('a broken document among the children is shown with its mistake, and decides nothing', async ({ page, host }) => {
  await host.open(`<kms-playground><pre slot="key-policy">{"Version": "2012-10-17",</pre></kms-playground>`);
  await expect(answer(page, 'No decision')).toBeVisible();
  await expect(part(page, 'Documents').getByRole('textbox')).toHaveValue('{"Version": "2012-10-17",');
  await expect(part(page, 'Documents').getByRole('list', { name: 'Problems in Key policy' })).toBeVisible();
});

for (const [name, attribute] of [['a slot that is none', ' slot="grant"'], ['no slot', '']])
  test(`documents with ${name}: the text, and what is missing; put right, it works`, async ({ page, host }) => {
    await host.open(`<kms-playground><pre${attribute}>{"Grants": []}</pre></kms-playground>`);
    await expect(page.getByRole('alert')).toContainText('Its slot must be key-policy, iam, grants or request');
    await expect(page.getByText('{"Grants": []}')).toBeVisible();
    await page.locator('pre').evaluate((pre) => (pre.slot = 'grants'));
    await expect(answer(page, 'No decision')).toBeVisible();
  });

test('a request among the children that is no JSON: the text, and why', async ({ page, host }) => {
  await host.open(`<kms-playground><pre slot="request">Decrypt, please</pre></kms-playground>`);
  await expect(page.getByRole('alert')).toContainText('the request in this text is no JSON');
  await expect(page.getByText('Decrypt, please')).toBeVisible();
});

test('the build notes what browsers may check', async () => {
  const { integrity } = JSON.parse(readFileSync('../web/dist/integrity.json', 'utf8')) as { integrity: { [file: string]: string } };
  for (const file of ['./element.js', './engine.js', './kms.wasm']) expect(integrity[file]).toMatch(/^sha384-[A-Za-z0-9+/]{64}$/);
});
