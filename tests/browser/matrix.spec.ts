// Who may do what: the engine's reason in every cell, and what differs between two moments.
import type { Page } from '@playwright/test';
import { accessible, decision, documentText, expect, grants, looks, request, section, test, timeline, word } from './playground.ts';

const matrix = (page: Page) => section(page, 'Who may do what');
const openTool = (page: Page) => page.getByRole('group', { name: 'Tools' }).getByRole('button', { name: 'Who may do what' }).click();
const row = (page: Page, principal: string) => matrix(page).getByRole('row').filter({ has: page.getByRole('rowheader', { name: principal, exact: true }) });

test.describe('in English', () => {
  test.beforeEach(async ({ page }) => {
    await page.goto('./');
    await word(page, 'Allowed');
    await openTool(page);
  });

  test('every cell says what decides', async ({ page }) => {
    await expect(matrix(page).getByRole('columnheader')).toHaveText(['Principal', 'Decrypt', 'Encrypt', 'GenerateDataKey', 'ReEncrypt', 'DescribeKey']);
    await expect(row(page, 'lambda-execution-role/Grants_test').getByRole('button')).toHaveText([
      /Decrypt: Allowed\s+Grant/,
      /Encrypt: Denied\s+No Allow/,
      /GenerateDataKey: Denied\s+No Allow/,
      /ReEncrypt: Denied\s+No Allow/,
      /DescribeKey: Denied\s+No Allow/,
    ]);
    await expect(row(page, 'admin-role/operator').getByRole('button')).toHaveText([
      /Decrypt: Allowed\s+IAM policy/,
      /Encrypt: Allowed\s+IAM policy/,
      /GenerateDataKey: Allowed\s+IAM policy/,
      /ReEncrypt: Allowed\s+IAM policy/,
      /DescribeKey: Allowed\s+IAM policy, Key policy/,
    ]);
    await matrix(page).getByRole('button', { name: 'Grants', exact: true }).click();
    await expect(row(page, 'lambda-execution-role/Grants_test').getByRole('button', { name: /RetireGrant: Allowed\s+Grantee principal/ })).toBeVisible();
    await expect(row(page, 'admin-role/operator').getByRole('button', { name: /RetireGrant: Allowed\s+Issuing account/ })).toBeVisible();
    await expect(row(page, 'lambda.ap-northeast-1.amazonaws.com').getByRole('button', { name: /RetireGrant: Allowed\s+Retiring principal/ })).toBeVisible();
  });

  test('every cell of every group is answered as when its request is asked', async ({ page }) => {
    for (const group of ['Using the key', 'Grants', 'Administration']) {
      await matrix(page).getByRole('button', { name: group, exact: true }).click();
      const cells = row(page, 'admin-role/operator').getByRole('button');
      for (let i = 0; i < (await cells.count()); i += 1) {
        await cells.nth(i).click();
        await word(page, 'Allowed');
        await expect(request(page).getByLabel('Principal', { exact: true })).toHaveValue('arn:aws:sts::111122223333:assumed-role/admin-role/operator');
      }
    }
  });

  test('what a retirement has changed', async ({ page }) => {
    await grants(page).getByRole('button', { name: /^Retire grant/ }).click();
    await word(page, 'Denied');
    await matrix(page).getByLabel('Compare with the moment after').selectOption({ label: '6. The function starts and decrypts its variables' });
    await expect(matrix(page).getByRole('status')).toHaveText('Cells that differ: 1');
    await expect(row(page, 'lambda-execution-role/Grants_test').getByRole('button').first()).toHaveText(/Decrypt: Denied\s+No Allow\s+was: Grant/);
    await timeline(page).getByRole('button', { name: /The function starts and decrypts/ }).click();
    await expect(row(page, 'lambda-execution-role/Grants_test').getByRole('button').first()).toHaveText(/Decrypt: Allowed\s+Grant\s*$/);
  });

  test('by keyboard: one stop for Tab, the arrow keys among the cells, Enter asks', async ({ page }) => {
    const first = row(page, 'lambda-execution-role/Grants_test').getByRole('button');
    await matrix(page).getByRole('button', { name: 'Administration' }).focus();
    for (let presses = 0; presses < 4 && !(await first.first().evaluate((cell) => cell.matches(':focus'))); presses += 1) await page.keyboard.press('Tab');
    await expect(first.first()).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await expect(first.nth(1)).toBeFocused();
    await page.keyboard.press('Enter');
    await word(page, 'Denied');
    await expect(decision(page)).toContainText('May lambda-execution-role/Grants_test call Encrypt?');
    await expect(first.nth(1)).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(matrix(page).locator('td :focus')).toHaveCount(0);
  });
});

test.describe('several keys', () => {
  test.beforeEach(async ({ page }) => {
    await page.goto('./#s=sns-to-encrypted-queue');
    await word(page, 'Denied');
    await openTool(page);
  });
  const grid = (page: Page, key: RegExp) => matrix(page).getByRole('grid', { name: key });
  const managed = /Key alias\/aws\/sqs 1234abcd/;
  const own = /Key 0987dcba/;
  const cells = (page: Page, key: RegExp) => grid(page, key).getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'sns.amazonaws.com', exact: true }) }).getByRole('button');

  test('the key of the request, another one, all of them', async ({ page }) => {
    await expect(matrix(page).getByRole('grid')).toHaveCount(1);
    await expect(cells(page, managed).first()).toHaveText(/Decrypt: Denied\s+No Allow/);
    await matrix(page).getByRole('combobox', { name: 'Key', exact: true }).selectOption('All keys');
    await expect(matrix(page).getByRole('grid')).toHaveCount(2);
    await expect(cells(page, managed).first()).toHaveText(/Decrypt: Denied\s+No Allow/);
    await expect(cells(page, own).first()).toHaveText(/Decrypt: (Allowed|Denied)/);
    await matrix(page).getByRole('combobox', { name: 'Key', exact: true }).selectOption({ label: '0987dcba-09fe-87dc-65ba-ab0987654321' });
    await expect(matrix(page).getByRole('grid')).toHaveCount(1);
    await expect(grid(page, own)).toBeVisible();
  });

  test('every cell is answered as when its request is asked about its key', async ({ page }) => {
    await matrix(page).getByRole('combobox', { name: 'Key', exact: true }).selectOption('All keys');
    for (const [key, id] of [[managed, '1234abcd'], [own, '0987dcba']] as const) {
      for (let i = 0; i < 2; i += 1) {
        const cell = cells(page, key).nth(i);
        const [, said] = /: (Allowed|Denied|Refused)/.exec((await cell.textContent()) ?? '') ?? [];
        await cell.click();
        await word(page, said!);
        await expect(request(page).getByRole('combobox', { name: 'Key', exact: true })).toHaveValue(new RegExp(`key/${id}`));
        await expect(cell).toHaveAttribute('aria-current', 'true');
      }
    }
    await expect(matrix(page).locator('[aria-current="true"]')).toHaveCount(1);
  });

  test('no axe violations, in Japanese', async ({ page }) => {
    await page.getByRole('button', { name: '日本語' }).click();
    const table = section(page, '誰が何をできるか');
    await table.getByRole('combobox', { name: 'キー', exact: true }).selectOption('すべてのキー');
    await expect(table.getByRole('grid')).toHaveCount(2);
    await accessible(page);
  });
});

for (const [name, options] of looks)
  test.describe(name, () => {
    test.use({ ...options, contextOptions: { reducedMotion: 'reduce' } });

    test('no axe violations, nothing cut off', async ({ page }) => {
      await page.goto('./');
      await page.locator('.toolbar button').nth(1).click();
      await page.locator('.matrix select').selectOption({ index: 1 });
      await expect(page.locator('td.changed').first()).toBeVisible();
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
      await accessible(page);
      await page.locator('.matrix').screenshot({ path: `browser/results/matrix-${name.replaceAll(/\W+/g, '-')}.png` });
    });
  });

test('a caller whose IAM policies nobody has given is not simply denied', async ({ page }) => {
  await page.goto('./#new');
  const policy = (principal: string) => JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'kms:*', Resource: '*' }] });
  await (await documentText(page, 'Key policy')).fill(policy('arn:aws:iam::444455556666:root'));
  await request(page).getByLabel('Principal').fill('arn:aws:iam::444455556666:user/alice');
  await word(page, 'Denied, unless its IAM policies allow it');
  await page.getByRole('group', { name: 'Tools' }).getByRole('button', { name: 'Who may do what' }).click();
  const table = section(page, 'Who may do what');
  await expect(table.getByRole('button', { name: /alice Decrypt: Denied\s+Unless IAM policies allow it/ })).toBeVisible();
});
