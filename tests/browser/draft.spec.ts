// The reader's own documents when the page is loaded again, or begun anew: nothing typed is lost, and nothing is shown unasked.
import type { Page } from '@playwright/test';
import { documents, expect, request, section, test, word } from './playground.ts';

const caller = 'arn:aws:iam::444455556666:user/alice';
const secret = 'TopSecretStatement';
const keyPolicy = JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: secret, Effect: 'Allow', Principal: { AWS: caller }, Action: 'kms:Decrypt', Resource: '*' }] }, null, 2);

const panel = (page: Page) => section(page, 'Paste anything');
const button = (page: Page, name: string) => panel(page).getByRole('button', { name, exact: true });
const place = async (page: Page, text: string) => {
  await panel(page).getByRole('textbox', { name: 'Text to place' }).fill(text);
  await button(page, 'Place it').click();
};
const textOf = (page: Page) => documents(page).getByRole('textbox', { name: 'Text of Key policy' });
const isEmpty = async (page: Page) => {
  await word(page, 'No decision');
  await expect(textOf(page)).toHaveValue('');
  await expect(request(page).getByLabel('Principal')).toHaveValue('');
  await expect(page.locator('kms-page')).not.toContainText(secret);
};

test.beforeEach(async ({ page }) => {
  await page.goto('./#new');
  await isEmpty(page);
  await expect(button(page, 'Start over')).toHaveCount(0);
  await expect(button(page, 'Bring it back')).toHaveCount(0);
  await place(page, keyPolicy);
  await request(page).getByLabel('Principal').fill(caller);
  await word(page, 'Allowed');
});

test('loaded again, the page is empty; what was there comes back when it is asked for', async ({ page }) => {
  await page.reload();
  await isEmpty(page);
  await expect(panel(page)).toContainText('What you had here before is still in this tab.');
  // Another look does not throw it away, nor does a page in between.
  await page.reload();
  await isEmpty(page);
  await page.goto('./#gallery');
  await page.reload();
  await page.goto('./#new');
  await button(page, 'Bring it back').click();
  await word(page, 'Allowed');
  await expect(textOf(page)).toHaveValue(keyPolicy);
  await expect(request(page).getByLabel('Principal')).toHaveValue(caller);
  await expect(page.getByRole('heading', { name: 'Paste anything' })).toBeFocused();
  await expect(button(page, 'Bring it back')).toHaveCount(0);
});

test('what was there is kept while something else is open', async ({ page }) => {
  await page.getByRole('link', { name: 'Gallery' }).click();
  await page.reload();
  await page.getByRole('link', { name: 'Try with my own' }).click();
  await isEmpty(page);
  await button(page, 'Bring it back').click();
  await word(page, 'Allowed');
});

test('forgotten is forgotten, and another tab never had it', async ({ page, context }) => {
  await page.reload();
  await expect(button(page, 'Bring it back')).toHaveCount(1);
  const other = await context.newPage();
  await other.goto('./#new');
  await isEmpty(other);
  await expect(button(other, 'Bring it back')).toHaveCount(0);
  await other.close();
  await button(page, 'Forget it').click();
  await expect(page.getByRole('heading', { name: 'Paste anything' })).toBeFocused();
  await expect(button(page, 'Bring it back')).toHaveCount(0);
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }))).not.toContain(secret);
  await page.reload();
  await isEmpty(page);
  await expect(button(page, 'Bring it back')).toHaveCount(0);
});

test('starting over can be taken back, also after the page was loaded again', async ({ page }) => {
  await button(page, 'Start over').click();
  await isEmpty(page);
  await button(page, 'Bring it back').click();
  await word(page, 'Allowed');
  await button(page, 'Start over').click();
  await isEmpty(page);
  await page.reload();
  await button(page, 'Bring it back').click();
  await expect(textOf(page)).toHaveValue(keyPolicy);
  await word(page, 'Allowed');
});

test('what another page of the same host has put there is not believed', async ({ page }) => {
  await page.reload();
  await isEmpty(page);
  await page.evaluate(() => sessionStorage.setItem('kms-playground.own', '[{"id": "x", "state": {"start": {"scenario": 1, "keys": 5}, "kept": 0, "own": [{}], "at": 7, "ask": ""}}]'));
  await page.reload();
  await button(page, 'Bring it back').click();
  await expect(page.getByRole('alert')).toHaveText('What this tab had kept cannot be read.');
  await isEmpty(page);
  await expect(button(page, 'Bring it back')).toHaveCount(0);
});

test('documents of somebody else are not kept as one’s own', async ({ page, context, baseURL }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The link was copied' })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const other = await context.newPage();
  await other.goto(link);
  await word(other, 'Allowed');
  await expect(button(other, 'Start over')).toHaveCount(0);
  await other.goto('about:blank');
  await other.goto(`${baseURL}#new`);
  await isEmpty(other);
  await expect(button(other, 'Bring it back')).toHaveCount(0);
  await other.close();
});

test('what was kept stays beside what is typed since', async ({ page }) => {
  await page.reload();
  await request(page).getByLabel('Principal').fill('arn:aws:iam::444455556666:user/bob');
  await expect(button(page, 'Bring it back')).toHaveCount(1);
  await page.reload();
  await button(page, 'Bring it back').click();
  await expect(request(page).getByLabel('Principal')).toHaveValue('arn:aws:iam::444455556666:user/bob');
  await button(page, 'Bring it back').click();
  await word(page, 'Allowed');
  await expect(textOf(page)).toHaveValue(keyPolicy);
  // The other is the one that is kept now.
  await button(page, 'Bring it back').click();
  await expect(request(page).getByLabel('Principal')).toHaveValue('arn:aws:iam::444455556666:user/bob');
});

test('steps that the evaluator does not take leave the page as it begins', async ({ page }) => {
  await page.reload();
  await isEmpty(page);
  await page.evaluate(() => sessionStorage.setItem('kms-playground.own', '[{"id": "x", "state": {"start": {"scenario": 1}, "kept": 0, "own": [{"set": {"/keys": 7, "/principals": [5]}}], "at": 1, "ask": ""}}]'));
  await page.reload();
  await button(page, 'Bring it back').click();
  await expect(page.getByRole('heading', { level: 2, name: 'Your own key' })).toBeVisible();
  await word(page, 'No decision');
});

test('a page that is hidden has kept everything: it may never be left', async ({ page }) => {
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  expect(await page.evaluate(() => sessionStorage.getItem('kms-playground.own'))).toContain(secret);
});

test('what is too large to be kept is not replaced', async ({ page }) => {
  await page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await button(page, 'Start over').click();
  await expect(page.getByRole('alert')).toContainText('These documents are too large for this tab to keep.');
  await expect(textOf(page)).toHaveValue(keyPolicy);
  await word(page, 'Allowed');
});
