// The documentation as readers meet it: every element on a page stands there and shows what the text says, in every width and theme.
import type { Page } from '@playwright/test';
import { readdirSync } from 'node:fs';
import { accessible, expect, test } from './playground.ts';

const pages = readdirSync('../web/dist/docs').filter((file) => file.endsWith('.html'));
const long = ['rules.html', 'embedding.html', 'embedding.ja.html'];
const verdicts: { [decision: string]: RegExp } = { allowed: /^allowed$/, implicitDeny: /^denied(Unless)?$/, explicitDeny: /^denied$/, error: /^error$/ };

/** Brings each element into view, waits for it, and compares it with its claim. */
async function elementsSay(page: Page) {
  const elements = page.locator('main > kms-playground');
  const count = await elements.count();
  for (let i = 0; i < count; i += 1) {
    const element = elements.nth(i);
    await element.scrollIntoViewIfNeeded();
    const word = element.locator('.word').first();
    const claimed = await element.getAttribute('data-decision');
    // A lesson asks before it tells.
    if (await element.getAttribute('lesson')) {
      await expect(element.getByRole('group').getByRole('button').first()).toBeVisible();
      await expect(element.locator('.lesson')).toHaveCSS('border-top-width', '1px'); // the styles of panels have come with it
    } else await expect(word).toBeVisible();
    if (claimed) await expect(word).toHaveAttribute('data-verdict', verdicts[claimed]!);
  }
  return count;
}

/** Japanese pages with the elements of an English one: what those show, tests/wasm/docs.test.mjs compares. */
const twins = pages.filter((file) => file.endsWith('.ja.html') && !['lambda.ja.html', 'embedding.ja.html'].includes(file));

for (const file of twins)
  test(`${file}: its elements speak Japanese; no axe violations`, async ({ page }) => {
    await page.goto(`./docs/${file}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/[\u3040-\u30ff]|解説/);
    await page.locator('main > kms-playground').first().scrollIntoViewIfNeeded();
    await expect(page.locator('main > kms-playground .word').first()).toHaveText(/^(許可|拒否)$/);
    await accessible(page);
  });

for (const file of pages.filter((name) => !long.includes(name) && !twins.includes(name)))
  test(`${file}: every element shows what the text says; no axe violations`, async ({ page }) => {
    await page.goto(`./docs/${file}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    expect(await elementsSay(page)).toBeGreaterThan(0);
    await accessible(page);
  });

test('the rules: an example opens with the decision that proves its rule', async ({ page }) => {
  await page.goto('./docs/rules.html#E-07');
  const rule = page.locator('#E-07');
  await expect(rule).toContainText('A grant works even when the key policy neither mentions the grantee nor allows the account.');
  await rule.locator('summary').first().click();
  await expect(rule.getByRole('region').first()).toBeVisible();
  await expect(rule.locator('.word')).toHaveAttribute('data-verdict', 'allowed');
});

for (const file of long)
  test(`${file}: no axe violations`, async ({ page }) => {
    await page.goto(`./docs/${file}`);
    if (file !== 'rules.html') expect(await elementsSay(page)).toBe(1); // an example of a rule is drawn when it is opened
    await accessible(page);
  });

for (const [name, options] of [
  ['narrow, dark', { viewport: { width: 320, height: 640 }, colorScheme: 'dark' }],
  ['wide, light', { viewport: { width: 1280, height: 800 }, colorScheme: 'light' }],
] as const)
  test.describe(name, () => {
    test.use({ ...options, contextOptions: { reducedMotion: 'reduce' } });

    test('nothing is cut off, and the article has no axe violations', async ({ page }) => {
      for (const file of pages) {
        await page.goto(`./docs/${file}`);
        expect([file, await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)]).toEqual([file, 0]);
      }
      await page.goto('./docs/lambda.ja.html');
      await elementsSay(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
      await accessible(page);
    });
  });

test('in the article, the two elements of one step share their state', async ({ page }) => {
  await page.goto('./docs/lambda.html');
  const [flow, grants] = [page.getByRole('region', { name: '5. The function decrypts' }), page.getByRole('region', { name: '5. The grant behind it' })];
  await page.locator('kms-playground[store="invoke"]').first().scrollIntoViewIfNeeded();
  await expect(flow.locator('.word').first()).toHaveAttribute('data-verdict', 'allowed');
  await page.locator('kms-playground[store="invoke"]').last().scrollIntoViewIfNeeded();
  await grants.getByRole('combobox').selectOption({ label: 'admin-role/operator' });
  await grants.getByRole('button', { name: /^Retire grant/ }).click();
  await expect(flow.locator('.word').first()).toHaveAttribute('data-verdict', 'denied');
});

test('the documentation is found from the page, and leads back', async ({ page }) => {
  await page.goto('./');
  await page.getByRole('link', { name: 'Documentation' }).press('Enter'); // the footer moves while the page is drawn
  await expect(page.getByRole('heading', { level: 1, name: 'Documentation' })).toBeVisible();
  await page.getByRole('link', { name: 'What a grant is' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'What a grant is' })).toBeVisible();
  await page.getByRole('link', { name: 'Lessons', exact: true }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'Lessons' })).toBeVisible();
});

test('in Japanese, too; each page leads to its other language, and pages in English alone are listed', async ({ page }) => {
  await page.goto('./');
  await page.getByRole('button', { name: '日本語' }).click();
  await page.getByRole('link', { name: '解説', exact: true }).press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: '解説' })).toBeVisible();
  const contents = page.getByRole('navigation', { name: '目次' }).getByRole('link');
  await expect(contents).toHaveText([
    'プレイグラウンド', 'レッスン', '解説', 'Grant とは', 'AWS KMS の判定の流れ', '廃止と取り消し', '暗号化コンテキスト', '許可していないのに、なぜ Lambda は復号できるのか',
    'The rules behind every decision', 'The scenario format', 'Lessons, for teachers and authors', 'プレイグラウンドを埋め込む', 'English',
  ]); // prettier-ignore
  await contents.getByText('廃止と取り消し').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ja');
  await page.getByRole('navigation').getByRole('link', { name: 'English' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Retire or revoke' })).toBeVisible();
  await expect(page.getByRole('navigation').getByRole('link', { name: '日本語' })).toHaveAttribute('href', 'retire-or-revoke.ja.html');
  await page.goto('./docs/rules.html');
  await expect(page.locator('p[lang=ja]')).toContainText('判定エンジンが従うルールの一覧です（英語）。');
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the article is readable', async ({ page }) => {
    await page.goto('./docs/lambda.html');
    await expect(page.getByText('Retire the grant, and the function is denied.')).toBeVisible();
  });
});
