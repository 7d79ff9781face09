// Every snippet of the embedding guide, copied into a page of another origin under the policy that the guide asks for. Those for MDX and
// Vue need the package: package.spec.ts runs them.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Locator } from '@playwright/test';
import { guide } from './guide.ts';
import { answer, part, policy, test, type Host } from './host.ts';
import { expect } from './playground.ts';

const { marked } = createRequire(new URL('../../web/package.json', import.meta.url))('marked') as { marked: { parse(text: string): string } };
/** As the build has noted them. */
const { integrity } = JSON.parse(readFileSync('../web/dist/integrity.json', 'utf8')) as { integrity: { [file: string]: string } };
const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const retire = /^Retire grant/;

for (const [page, lang, name, said, granted] of [
  ['embedding', 'en', 'Decision', 'Allowed', 'A grant allows lambda-execution-role/Grants_test to call Decrypt. No policy has to.'],
  ['embedding.ja', 'ja', '判定', '許可', 'Grant が lambda-execution-role/Grants_test に Decrypt を許可しています。ポリシーの許可は必要ありません。'],
] as const) {
  test(`${page}: a plain page`, async ({ page: browser, host }) => {
    await host.open(guide(host.site, page).plain, { head: '', lang });
    await expect(part(browser, name).getByText(said, { exact: true })).toBeVisible();
    await expect(part(browser, name)).toContainText(granted);
    await expect(part(browser, lang === 'ja' ? 'タイムライン' : 'Timeline')).toBeVisible();
  });

  test(`${page}: a page that is generated from Markdown`, async ({ page: browser, host }) => {
    const html = marked.parse(guide(host.site, page).markdown);
    await host.open(html, { head: '', lang });
    await expect(part(browser, name).getByText(said, { exact: true })).toBeVisible();
    // The text around is what Markdown makes of it, the element is not torn apart by it.
    await expect(browser.getByRole('heading', { level: 1 })).toHaveCount(2);
    await expect(browser.locator('main > p')).toHaveCount(2);
    expect(await browser.locator('main > kms-playground').evaluate((element) => element.innerHTML.trim().replace(/>[^]*</, '><'))).toBe('<p></p>');
  });
}

test('the documents that stand inside', async ({ page, host }) => {
  await host.open(guide(host.site).documents);
  await expect(answer(page, 'Allowed')).toBeVisible();
  await expect(part(page, 'Decision')).toContainText('A grant allows worker/session to call Decrypt. No policy has to.');
  await expect(part(page, 'Documents').getByRole('tab')).toHaveText(['Key policy', 'Grants', 'Key']);
});

test('a frame of a page that allows nothing else, as high as its content', async ({ page, host }) => {
  const { iframe, height, frameStyle, framePolicy } = guide(host.site);
  await host.open(iframe, {
    head: `<script>${height}</script><style>${frameStyle}</style>`,
    csp: `default-src 'none'; script-src ${hashOf(height)}; style-src ${hashOf(frameStyle)}; ${framePolicy}`,
  });
  const frame = page.frameLocator('iframe');
  await expect(frame.locator('[data-verdict]').first()).toHaveText('Allowed');
  await expect.poll(() => page.locator('iframe').evaluate((element) => element.clientHeight)).toBeGreaterThan(500);
  await expect(page.locator('iframe')).toHaveCSS('border-top-width', '0px');
  await frame.getByRole('button', { name: retire }).click();
  await expect(frame.locator('[data-verdict]').first()).toHaveText('Denied');
});

test('an answer that is covered in two elements until it is predicted in one', async ({ page, host }) => {
  await host.open(guide(host.site).store);
  const covers = part(page, 'What do you think?');
  await expect(covers).toHaveCount(2);
  await expect(page.locator('[data-verdict]')).toHaveCount(0);
  await expect(page.getByRole('grid')).toHaveCount(0);
  await covers.first().getByRole('button', { name: 'Denied' }).click();
  await expect(page.getByRole('grid')).toBeVisible();
  await expect(answer(page, 'Allowed')).toHaveCount(2);
  await expect(page.getByText('You said “Denied”. AWS KMS decides otherwise; here is why.')).toBeVisible();
});

test('properties, methods and events', async ({ page, host }) => {
  const { plain, script } = guide(host.site);
  const said: unknown[] = [];
  page.on('console', async (message) => said.push(await message.args()[0]!.evaluate((value) => value?.decision ?? value)));
  host.serve('/script.js', 'text/javascript', script);
  await host.open(`${plain}<script type="module" src="/script.js"></script>`, { head: '', csp: policy(host.site).replace('script-src', "script-src 'self'") });
  // What it says first, then the answer after the grant is retired, then the one after that is undone.
  await expect.poll(() => said).toEqual(['allowed', 'implicitDeny', 'allowed']);
  await expect(answer(page, 'Allowed')).toBeVisible();
});

test('looks', async ({ page, host }) => {
  const { plain, looks } = guide(host.site);
  await host.open(plain, { head: `<style>${looks}</style>`, csp: `${policy(host.site)}; style-src ${hashOf(looks)}` });
  await expect(page.getByRole('link', { name: 'Open in the full playground' })).toHaveCSS('color', 'rgb(102, 51, 153)');
  await expect(page.getByRole('article').first()).toHaveCSS('border-top-style', 'dashed');
  await expect(page.getByRole('article').first()).toHaveCSS('padding-top', '10.2px'); // three quarters of 0.85 times 16
});

test('the links to the lines of a document have its colour, which the page sets', async ({ page, host }) => {
  const { documents, looks } = guide(host.site);
  await host.open(documents, { head: `<script type="module" src="${host.site}element.js"></script><style>${looks} kms-playground { --kms-src-2: rgb(4, 5, 6) }</style>`, csp: `${policy(host.site)}; style-src 'unsafe-inline'` });
  const dot = (locator: Locator) => locator.evaluate((element) => getComputedStyle(element, '::before').backgroundColor);
  const tab = (name: string) => part(page, 'Documents').getByRole('tab', { name });
  await expect(tab('Grants')).toBeVisible();
  expect([await dot(tab('Key policy')), await dot(tab('Grants'))]).toEqual(['rgb(0, 128, 128)', 'rgb(4, 5, 6)']);
  expect(await dot(part(page, 'Decision').getByRole('button', { name: /^Show in Grants/ }))).toBe('rgb(4, 5, 6)');
  expect(await dot(page.getByRole('button', { name: /^Show in Key policy/ }).first())).toBe('rgb(0, 128, 128)');
});

test.describe('pinned', () => {
  const story = '<kms-playground scenario="lambda-env" view="mini"><p>A grant names the role.</p></kms-playground>';
  const wrong = `sha384-${'A'.repeat(64)}`;
  /** The import map of the guide with the values of the build; those of the named file are wrong. */
  const map = (site: string, spoilt = '') => {
    const all = Object.entries(integrity).map(([file, hash]) => [file.replace('./', site), spoilt !== '' && file.includes(spoilt) ? wrong : hash]);
    const [start, end] = guide(site).importMap.split(/\{[^]*\}/);
    return { start, text: JSON.stringify({ integrity: Object.fromEntries(all) }), end };
  };
  const openMapped = async (host: Host, spoilt?: string) => {
    const { start, text, end } = map(host.site, spoilt);
    const inside = `${start!.split('>').slice(1).join('>')}${text}${end!.split('<')[0]}`;
    await host.open(story, { head: `${start}${text}${end}${guide(host.site).integrity.replace('sha384-…', integrity['./element.js']!)}`, csp: policy(host.site).replace('script-src', `script-src ${hashOf(inside)}`) });
  };

  test('the values that the build prints let it run', async ({ page, host }) => {
    await host.open(story, { head: guide(host.site).integrity.replace('sha384-…', integrity['./element.js']!) });
    await expect(answer(page, 'Allowed')).toBeVisible();
    await openMapped(host);
    await expect(answer(page, 'Allowed')).toBeVisible();
  });

  test.describe('to another value', () => {
    test.use({ expectedComplaints: true });

    test('the script is not run, and the text is readable', async ({ page, host }) => {
      const refused = page.waitForEvent('console', { predicate: (message) => /integrity/i.test(message.text()) });
      await host.open(story, { head: guide(host.site).integrity.replace('sha384-…', wrong) });
      await refused;
      await expect(page.getByText('A grant names the role.')).toBeVisible();
      await expect(page.locator('kms-playground:defined')).toHaveCount(0);
    });

    test('a file that the script loads is not run; the element says so below the text', async ({ page, host }) => {
      await openMapped(host, '/embed-');
      await expect(page.getByRole('alert')).toHaveText('The playground could not be loaded: its files are not where this page looks for them, or are not the ones it expects.');
      await expect(page.getByText('A grant names the role.')).toBeVisible();
    });
  });
});
