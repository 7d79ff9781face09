// The documentation as readers meet it: every element on a page stands there and shows what the text says, in every width and theme.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { readdirSync } from 'node:fs';
import { expect, test } from './playground.ts';

const pages = readdirSync('../web/dist/docs').filter((file) => file.endsWith('.html'));
const long = ['rules.html', 'embedding.html'];
const verdicts: { [decision: string]: RegExp } = { allowed: /^allowed$/, implicitDeny: /^denied(Unless)?$/, explicitDeny: /^denied$/, error: /^error$/ };

/** Brings each element into view, waits for it, and compares it with its claim. */
async function elementsSay(page: Page) {
  const elements = page.locator('main > kms-playground');
  const count = await elements.count();
  for (let i = 0; i < count; i += 1) {
    const element = elements.nth(i);
    await element.scrollIntoViewIfNeeded();
    const word = element.locator('.word').first();
    await expect(word).toBeVisible();
    const claimed = await element.getAttribute('data-decision');
    if (claimed) await expect(word).toHaveAttribute('data-verdict', verdicts[claimed]!);
  }
  return count;
}

async function isClean(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

for (const file of pages.filter((name) => !long.includes(name)))
  test(`${file}: every element shows what the text says; no axe violations`, async ({ page }) => {
    await page.goto(`./docs/${file}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    const count = await elementsSay(page);
    expect(count > 0 || ['scenario.html', 'lessons.html'].includes(file)).toBe(true);
    await isClean(page);
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
    await isClean(page);
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
      await isClean(page);
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
  await page.getByRole('link', { name: 'Documentation' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Documentation' })).toBeVisible();
  await page.getByRole('link', { name: 'What a grant is' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'What a grant is' })).toBeVisible();
  await page.getByRole('link', { name: 'Lessons', exact: true }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'Lessons' })).toBeVisible();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the article is readable', async ({ page }) => {
    await page.goto('./docs/lambda.html');
    await expect(page.getByText('Retire the grant, and the function is denied.')).toBeVisible();
  });
});
