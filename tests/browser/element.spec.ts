// <kms-playground> in pages of another origin, each with a strict Content-Security-Policy of its own.
import { readdirSync, readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { answer, part, policy, test } from './host.ts';
import { accessible, expect } from './playground.ts';

type Hint = { show: { panel?: string; pointer?: string } };
const lessons = readdirSync('../web/lessons').sort();
const hintsOf = (file: string) => (JSON.parse(readFileSync(`../web/lessons/${file}`, 'utf8')) as { hints: Hint[] }).hints;
const text = 'The role may decrypt because a grant names it.';
const title = 'Why may this Lambda function use my key?';
const story = `<kms-playground scenario="lambda-env" view="story"><p>${text}</p></kms-playground>`;
const far = '<div style="height: 4000px"></div>';
/** Listens from now on; what the element tells next comes with the call of what is returned. */
async function next(page: Page, name: string): Promise<() => Promise<any>> {
  const heard = await page.locator('kms-playground').evaluateHandle((element, name) => {
    const told = new Promise((resolve) => element.addEventListener(name, (event) => resolve((event as CustomEvent).detail)));
    return { told };
  }, name);
  return () => heard.evaluate(({ told }) => told);
}
const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
test('five lines of HTML show the story, and retiring the grant turns the answer', async ({ page, host }) => {
  await host.open(story);
  await expect(region(page, title)).toBeVisible();
  await expect(answer(page, 'Allowed')).toBeVisible();
  await expect(page.getByText(text)).toBeHidden();
  await part(page, 'Grants on this key').getByRole('button', { name: /^Retire grant/ }).click();
  await expect(answer(page, 'Denied')).toBeVisible();
});

test('before it is seen it costs at most 5 kB, and its text is readable', async ({ page, host }) => {
  const asked: string[] = [];
  page.on('request', (request) => request.url().startsWith(host.site) && asked.push(request.url().slice(host.site.length)));
  await host.open(far + story, { csp: `${policy(host.site)}; style-src 'unsafe-inline'` });
  await page.waitForTimeout(500);
  expect(asked).toContain('element.js');
  expect(asked).not.toContain('kms.wasm');
  const bytes = asked.map((file) => brotliCompressSync(readFileSync(`../web/dist/${file}`)).length).reduce((a, b) => a + b);
  expect(bytes).toBeLessThanOrEqual(5000);
  await expect(page.getByText(text)).toBeVisible();
  await page.getByText(text).scrollIntoViewIfNeeded();
  await expect(answer(page, 'Allowed')).toBeVisible();
  expect(asked).toContain('kms.wasm');
});

test('loading="click" waits for the reader', async ({ page, host }) => {
  await host.open(`<kms-playground loading="click"><p>${text}</p></kms-playground>`);
  await expect(page.getByText(text)).toBeVisible();
  await page.getByRole('button', { name: 'Start the playground' }).click();
  await expect(answer(page, 'Allowed')).toBeVisible();
});

test('documents among the children are what is asked about; a change of them is shown', async ({ page, host }) => {
  const request = { principal: 'arn:aws:iam::999988887777:user/bob', operation: 'Decrypt', parameters: { KeyId: 'arn:aws:kms:eu-west-1:999988887777:key/0987dcba-09fe-87dc-65ba-ab0987654321' } };
  const statement = (effect: string) => JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: effect, Action: 'kms:Decrypt', Resource: '*' }] });
  const keyPolicy = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: '999988887777' }, Action: 'kms:*', Resource: '*' }] });
  await host.open(`<kms-playground view="trace">
    <pre slot="key-policy">${keyPolicy}</pre><pre slot="iam" title="bobs-policy">${statement('Allow')}</pre><pre slot="request">${JSON.stringify(request)}</pre>
  </kms-playground>`);
  await expect(answer(page, 'Allowed')).toBeVisible();
  await expect(part(page, 'Decision')).toContainText('bobs-policy');
  await page.locator('pre[slot=iam]').evaluate((pre, text) => (pre.textContent = text), statement('Deny'));
  await expect(answer(page, 'Denied')).toBeVisible();
});

test('children, attributes and properties may come late, and the element may be defined after them', async ({ page, host }) => {
  await host.open(`<div id="app"></div>`, { head: '' });
  await page.evaluate(() => {
    const element = document.createElement('kms-playground') as any;
    element.view = 'mini';
    element.scenario = 'retire-or-revoke';
    document.querySelector('#app')!.append(element);
  });
  await page.evaluate((url) => import(url), `${host.site}element.js`);
  await expect(part(page, 'Decision')).toBeVisible();
  const element = page.locator('kms-playground');
  expect(await element.getAttribute('view')).toBe('mini');
  await element.evaluate((element: any) => (element.scenario = 'lambda-env'));
  await expect(region(page, title)).toBeVisible();
  await expect(part(page, 'Timeline')).toBeHidden();
  await element.evaluate((element) => element.setAttribute('view', 'story'));
  await expect(part(page, 'Timeline')).toBeVisible();
  // Moved elsewhere, it goes on as it was.
  await element.evaluate((element: any) => element.goTo(2));
  await element.evaluate((element) => document.querySelector('h1')!.before(element));
  await expect(answer(page, 'Denied')).toBeVisible();
  await part(page, 'Grants on this key').waitFor();
  await part(page, 'Timeline').getByRole('button', { name: 'Forward' }).click();
  await expect(answer(page, 'Allowed')).toBeVisible();
});

test('what is changed while it is no part of the page is shown when it is again', async ({ page, host }) => {
  await host.open(`<kms-playground scenario="lambda-env" view="mini"></kms-playground><kms-playground id="own" view="mini"><pre slot="grants">{"Grants": []}</pre></kms-playground>`);
  await expect(region(page, title)).toBeVisible();
  const element = page.locator('kms-playground').first();
  await element.evaluate((element: any) => element.ready);
  await element.evaluate((element) => {
    element.remove();
    element.setAttribute('scenario', 'retire-or-revoke');
    document.querySelector('main')!.append(element);
  });
  await expect(region(page, title)).toHaveCount(0);
  await page.locator('#own').evaluate(async (element: any) => {
    await element.load();
    element.remove();
    element.querySelector('pre').textContent = JSON.stringify({ Grants: [{ KeyId: 'arn:aws:kms:us-east-1:111122223333:key/1', GrantId: 'abc', Operations: ['Decrypt'] }] });
    document.querySelector('main')!.append(element);
  });
  const texts = () => page.locator('#own').evaluate(({ value }: any) => [value.keys[0].policy, value.keys[0].grants].map((text) => JSON.stringify(text).includes('abc')));
  await expect.poll(texts).toEqual([false, true]);
  // A child that says only later what it is.
  await page.locator('#own').evaluate((element) => element.querySelector('pre')!.setAttribute('slot', 'key-policy'));
  await expect.poll(texts).toEqual([true, false]);
});

test('elements with the same store show one state, others their own', async ({ page, host }) => {
  await host.open(`<section aria-label="first"><kms-playground store="a" view="flow"></kms-playground></section>
    <section aria-label="second"><kms-playground store="a" scenario="lambda-env" view="mini"></kms-playground></section>
    <section aria-label="third"><kms-playground store="b" scenario="lambda-env" view="mini"></kms-playground></section>`);
  const said = (name: string) => region(page, name).getByRole('group', { name: 'Decision', exact: true }).locator('[data-verdict]');
  for (const name of ['first', 'second', 'third']) await expect(said(name)).toHaveText('Allowed');
  await region(page, 'second').getByRole('button', { name: /^Retire grant/ }).click();
  await expect(said('first')).toHaveText('Denied');
  await expect(said('second')).toHaveText('Denied');
  await expect(said('third')).toHaveText('Allowed');
  await region(page, 'second').getByRole('button', { name: 'Undo' }).click();
  await expect(said('first')).toHaveText('Allowed');
});

test('ten elements share one engine, add less than 8 MB of memory with it and leave no globals', async ({ page, host }) => {
  const wasm: string[] = [];
  page.on('request', (request) => request.url().endsWith('.wasm') && wasm.push(request.url()));
  // The evaluator's memory is no part of what the browser calls the heap.
  await page.addInitScript(() => {
    const { instantiate } = WebAssembly;
    const memories: WebAssembly.Memory[] = [];
    Object.assign(globalThis, { memories });
    WebAssembly.instantiate = (async (...given: Parameters<typeof instantiate>) => {
      const instance = (await instantiate(...given)) as unknown as WebAssembly.Instance;
      memories.push(...Object.values(instance.exports).filter((one) => one instanceof WebAssembly.Memory));
      return instance;
    }) as typeof instantiate;
  });
  await host.open('<div id="here"></div>', { head: '' });
  const before = await page.evaluate(() => Object.getOwnPropertyNames(globalThis));
  const client = await page.context().newCDPSession(page);
  /** JavaScript, and everything: what is shown and buffers, too. In bytes. */
  const heap = async () => {
    await client.send('HeapProfiler.collectGarbage');
    const { usedSize, embedderHeapUsedSize, backingStorageSize } = (await client.send('Runtime.getHeapUsage')) as { [name: string]: number };
    return { script: usedSize!, all: usedSize! + embedderHeapUsedSize! + backingStorageSize! };
  };
  const show = async (count: number) => {
    await page.evaluate((count) => {
      for (let i = 0; i < count; i += 1) document.querySelector('#here')!.insertAdjacentHTML('beforeend', '<kms-playground loading="eager" view="story"></kms-playground>');
    }, count);
    await expect(page.getByRole('region')).toHaveCount(count);
    await expect(page.locator('[data-verdict="allowed"]')).toHaveCount(count);
    await expect(page.getByRole('group', { name: 'Grants on this key' })).toHaveCount(count);
  };
  await page.evaluate((url) => import(url), `${host.site}element.js`);
  const empty = await heap();
  await show(10);
  const ten = await heap();
  const MB = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  console.log(`      ten elements: JavaScript ${MB(ten.script - empty.script)}; with everything that is drawn ${MB(ten.all - empty.all)}`);
  const memories: number[] = await page.evaluate(() => (globalThis as any).memories.map(({ buffer }: WebAssembly.Memory) => buffer.byteLength));
  expect(memories).toHaveLength(1);
  expect(ten.script - empty.script + memories[0]!).toBeLessThan(8_000_000);
  expect(ten.all - empty.all).toBeLessThan(14_000_000);
  expect(wasm).toHaveLength(1);
  const after = await page.evaluate(() => Object.getOwnPropertyNames(globalThis));
  // Lit leaves its versions and one map, for those who load it twice.
  expect(after.filter((name) => !before.includes(name) && !/^(lit|reactiveElement)\w*(Versions|Metadata)$/.test(name))).toEqual([]);
});

test('loaded twice, it is defined once', async ({ page, host }) => {
  await host.open(story, { head: `<script type="module" src="${host.site}element.js"></script><script type="module" src="${host.site}element.js?again"></script>` });
  await expect(answer(page, 'Allowed')).toBeVisible();
});

test('properties, methods and events', async ({ page, host }) => {
  await host.open(`<kms-playground scenario="lambda-env" view="mini"></kms-playground>`);
  const element = page.locator('kms-playground');
  await expect(answer(page, 'Allowed')).toBeVisible();
  const given = await element.evaluate(async (element: any) => {
    const told: any[] = [];
    for (const name of ['kms-change', 'kms-decision', 'kms-step', 'kms-share']) document.addEventListener(name, (event: any) => told.push([name, event.detail, event.composed]));
    await element.ready;
    const id = element.value.steps.length && element.decision.determining[0].id;
    const at = element.timeline.filter(({ result }: any) => result !== undefined).length;
    const other = await element.evaluate({ ...element.request, parameters: { ...element.request.parameters, EncryptionContext: {} } });
    const before = element.decision.decision;
    const retired = await element.retire(id);
    const denied = element.decision;
    const link = await element.toLink();
    const isBack = await element.restore(id);
    const restored = element.decision.decision;
    await element.goTo(2);
    const second = element.decision.decision;
    await element.reset();
    const report = await element.export('report');
    return { id, at, other: other.decision, before, retired: retired.decision, denied: denied.decision, because: denied.error.code, trace: element.trace.length, link, isBack, restored, second, report, told };
  });
  expect(given).toMatchObject({ at: 6, other: 'implicitDeny', before: 'allowed', retired: 'allowed', denied: 'implicitDeny', because: 'AccessDeniedException', isBack: true, restored: 'allowed', second: 'implicitDeny' });
  expect(given.trace).toBeGreaterThan(2);
  expect(given.report).toContain('**Allowed**');
  expect(given.link).toBe(`${host.site}index.html#s=lambda-env&at=6&do=retire~${given.id.slice(0, 8)}~admin-role/operator,ask`);
  const names = given.told.map(([name]: [string]) => name);
  expect(names).toContain('kms-change');
  expect(given.told.filter(([name]: [string]) => name === 'kms-step').map(([, { position, count }]: any) => [position, count])).toContainEqual([2, 9]);
  expect(given.told.find(([name]: [string]) => name === 'kms-decision')).toMatchObject(['kms-decision', { decision: 'implicitDeny', error: { code: 'AccessDeniedException' } }, true]);
  expect(given.told.find(([name]: [string]) => name === 'kms-share')[1]).toEqual({ link: given.link });
});

test('the link to the full playground carries what was done here', async ({ page, host }) => {
  await host.open(`<kms-playground scenario="lambda-env" view="mini"></kms-playground>`);
  await page.getByRole('button', { name: /^Retire grant/ }).click();
  await expect(answer(page, 'Denied')).toBeVisible();
  const link = page.getByRole('link', { name: 'Open in the full playground' });
  await expect(link).toHaveAttribute('href', /do=retire/);
  const [full] = await Promise.all([page.waitForEvent('popup'), link.click()]);
  await expect(full.getByRole('region', { name: 'Decision', exact: true }).locator('.word')).toHaveText('Denied');
  await expect(full.getByRole('region', { name: 'Grants on this key' })).toContainText('Retired by admin-role/operator.');
});

test('under a cover the answer is shown after a prediction, and everything else that tells it', async ({ page, host }) => {
  await host.open(`<kms-playground scenario="lambda-env" view="flow" cover></kms-playground>`);
  const covered = part(page, 'What do you think?');
  await expect(covered).toContainText('May lambda-execution-role/Grants_test call Decrypt?');
  await expect(page.locator('[data-verdict]')).toHaveCount(0);
  await expect(part(page, 'How the decision was made')).toHaveCount(0);
  const predicted = await next(page, 'kms-predict');
  await covered.getByRole('button', { name: 'Denied' }).click();
  expect(await predicted()).toEqual({ predicted: 'denied', decision: 'allowed', correct: false });
  await expect(answer(page, 'Allowed')).toBeVisible();
  await expect(page.getByText('You said “Denied”. AWS KMS decides otherwise; here is why.')).toBeVisible();
});

test('a lesson asks first, and tells the page when its goal is reached', async ({ page, host }) => {
  await host.open(`<kms-playground lesson="retire-it" view="story"></kms-playground>`);
  const lesson = page.getByRole('group', { name: /Retire it$/ });
  await expect(lesson.getByRole('group', { name: 'Predict first' }).or(lesson.locator('fieldset').first())).toBeVisible();
  await expect(page.locator('[data-verdict]')).toHaveCount(0);
  const reached = await next(page, 'kms-checkpoint');
  await lesson.getByRole('button', { name: 'Allowed', exact: true }).click();
  await page.getByRole('button', { name: /^Retire grant/ }).click();
  await expect(answer(page, 'Denied')).toBeVisible();
  expect(await reached()).toEqual({ lesson: 'retire-it' });
  await expect(page.getByRole('link', { name: /lesson/i })).toHaveCount(0);
  await page.locator('kms-playground').evaluate((element: any) => (element.lesson = 'retire-it&nosolve'));
  await expect(lesson.getByRole('button', { name: 'Start again' })).toBeVisible();
  await expect(lesson.getByRole('button', { name: 'Solve it for me' })).toHaveCount(0);
});

test('whatever the view draws, a hint of a lesson leads to what it is about', async ({ page, host }) => {
  await host.open(`<kms-playground lesson="surprise" view="mini"></kms-playground>`);
  const element = page.locator('kms-playground');
  const focused = () => element.evaluate((element) => element.shadowRoot!.querySelector('kms-embed')!.shadowRoot!.activeElement?.id);
  const follow = async (number: number, hints: Hint[]) => {
    const lesson = page.getByRole('group', { name: new RegExp(`^Lesson ${number} of 12`) });
    await lesson.locator('fieldset button').first().click();
    await expect(page.locator('[data-verdict]')).toHaveCount(1);
    for (const [i, { show }] of hints.entries()) {
      await lesson.getByRole('button', { name: `Hint ${i + 1} of 3` }).click();
      await lesson.getByRole('button', { name: 'Show me' }).nth(i).click();
      await expect.poll(focused, `hint ${i + 1} of lesson ${number}`).toBe(show.panel ?? 'text-document');
    }
  };
  for (const [i, file] of lessons.entries()) {
    await element.evaluate((element, lesson) => element.setAttribute('lesson', lesson), file.slice(3, -5));
    await follow(i + 1, hintsOf(file));
  }
  // What a hint has opened is gone with its lesson; beside the table it opens, too.
  await element.evaluate((element) => ['view=matrix', 'lesson=retire-it'].forEach((one) => element.setAttribute(...(one.split('=') as [string, string]))));
  await expect(page.getByRole('group', { name: /Retire it$/ })).toBeVisible();
  await expect(part(page, 'Grants on this key')).toHaveCount(0);
  await follow(3, hintsOf(lessons[2]!));
  await expect(page.getByRole('grid')).toBeVisible();
});

test('readonly and actions take away what readers may not do', async ({ page, host }) => {
  await host.open(`<kms-playground scenario="lambda-env" view="full" readonly actions="retire"></kms-playground>`);
  await expect(answer(page, 'Allowed')).toBeVisible();
  await expect(part(page, 'Documents').getByRole('textbox')).toHaveAttribute('readonly', '');
  await expect(part(page, 'Request').getByRole('combobox', { name: 'Operation' })).toBeDisabled();
  await expect(page.getByRole('button', { name: /^Revoke grant/ })).toHaveCount(0);
  await page.getByRole('button', { name: /^Retire grant/ }).click();
  await expect(answer(page, 'Denied')).toBeVisible();
});

test('it speaks the language of the text around it, in its font, size and colour scheme', async ({ page, host }) => {
  const look = '<style>html { font-size: 10px } body { background: #111; color: #eee; font: 20px/1.6 Georgia, serif; transition: color 0.2s }</style>';
  await host.open(`<div lang="ja-JP">${story}</div>`, { head: `${look}<script type="module" src="${host.site}element.js"></script>`, csp: `${policy(host.site)}; style-src 'unsafe-inline'` });
  await expect(part(page, '判定').getByText('許可', { exact: true })).toBeVisible();
  const grants = part(page, 'このキーの Grants');
  const style = await grants.evaluate((panel) => {
    const { fontFamily, fontSize, backgroundColor, colorScheme } = getComputedStyle(panel);
    return { fontFamily, fontSize, backgroundColor, colorScheme };
  });
  expect(style).toEqual({ fontFamily: 'Georgia, serif', fontSize: '20px', backgroundColor: 'rgb(25, 31, 39)', colorScheme: 'dark' });
  await page.evaluate(() => document.body.setAttribute('style', ''));
  await page.evaluate(() => ((document.body.style.color = '#222'), (document.body.style.background = '#fff')));
  await expect(grants).toHaveCSS('background-color', 'rgb(255, 255, 255)');
  await page.locator('main > div').evaluate((div) => (div.lang = 'en'));
  await expect(answer(page, 'Allowed')).toBeVisible();
});

test('pages set its colours, and style its parts', async ({ page, host }) => {
  const look = '<style>kms-playground { --kms-accent: rgb(1, 2, 3) } kms-playground::part(card) { border-style: dotted }</style>';
  await host.open(story, { head: `${look}<script type="module" src="${host.site}element.js"></script>`, csp: `${policy(host.site)}; style-src 'unsafe-inline'` });
  await expect(page.getByRole('link', { name: 'Open in the full playground' })).toHaveCSS('color', 'rgb(1, 2, 3)');
  await expect(page.getByRole('article').first()).toHaveCSS('border-style', 'dotted');
});

test('what is kept with persist is there after a reload, and without it nothing is', async ({ page, host }) => {
  await host.open(`<kms-playground scenario="lambda-env" view="mini" persist></kms-playground>`);
  await page.getByRole('button', { name: /^Retire grant/ }).click();
  await expect(page.getByRole('link', { name: 'Open in the full playground' })).toHaveAttribute('href', /do=retire/);
  await page.reload();
  await expect(answer(page, 'Denied')).toBeVisible();
  await host.open(`<kms-playground scenario="lambda-env" view="mini"></kms-playground>`);
  await expect(answer(page, 'Allowed')).toBeVisible();
});

test('a page is told of the link that a reader copies', async ({ page, host, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await host.open(`<kms-playground scenario="lambda-env" view="full"></kms-playground>`);
  const told = await next(page, 'kms-share');
  await page.getByRole('button', { name: 'Share and export' }).click();
  await page.getByRole('button', { name: 'Copy: Link', exact: true }).click();
  expect((await told()).link).toBe(`${host.site}index.html#s=lambda-env&at=6`);
});

test.describe('in the dark, in Japanese', () => {
  test.use({ colorScheme: 'dark', locale: 'ja-JP', contextOptions: { reducedMotion: 'reduce' } });

  for (const [name, html] of [
    ['a decision', '<kms-playground scenario="lambda-env" view="full"></kms-playground>'],
    ['a covered answer', '<kms-playground scenario="lambda-env" view="full" cover></kms-playground>'],
    ['a lesson', '<kms-playground lesson="retire-it"></kms-playground>'],
    ['a failure', '<kms-playground scenario="no-such-scenario"><p>本文</p></kms-playground>'],
  ] as const)
    test(`${name}: no axe violations`, async ({ page, host }) => {
      await host.open(html, { lang: 'ja', head: `<style>:root { color-scheme: dark } body { background: #111; color: #eee }</style><script type="module" src="${host.site}element.js"></script>`, csp: `${policy(host.site)}; style-src 'unsafe-inline'` });
      await expect(page.locator('kms-playground').getByRole('region').or(page.getByRole('alert')).first()).toBeVisible();
      await accessible(page);
    });
});

for (const view of ['mini', 'story', 'flow', 'trace', 'grants', 'matrix', 'split', 'full', 'no-such-view'])
  test(`view ${view}: a decision, no axe violations, nothing cut off on a phone`, async ({ page, host }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await host.open(`<kms-playground scenario="lambda-env" view="${view}"></kms-playground><kms-playground scenario="lambda-env" view="mini" loading="eager"></kms-playground>`);
    await expect(region(page, title).or(region(page, `${title} (2)`))).toHaveCount(2);
    await expect(region(page, title).getByText('Allowed', { exact: true }).first()).toBeVisible();
    if (view === 'matrix') await expect(page.getByRole('grid')).toBeVisible();
    if (view === 'no-such-view') await expect(part(page, 'Documents')).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
    await accessible(page);
  });
