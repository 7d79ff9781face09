// What if: suppositions do not touch the documents, and the engine answers what would be.
import type { Page } from '@playwright/test';
import { accessible, documentText, expect, looks, section, test, timeline, word } from './playground.ts';

const whatIf = (page: Page) => section(page, 'What if…');
const openTool = (page: Page) => page.getByRole('group', { name: 'Tools' }).getByRole('button', { name: 'What if…' }).click();
const chip = (page: Page, name: string) => whatIf(page).getByRole('group', { name: 'What if…' }).getByRole('button', { name });
const turns = (page: Page) => whatIf(page).locator('.nearest li');

test('retiring the grant, supposed only', async ({ page }) => {
  await page.goto('./');
  const text = await documentText(page, 'Grants');
  const before = await text.inputValue();
  await openTool(page);
  await chip(page, 'Grant ef4053a4… is retired').click();
  await expect(whatIf(page).locator('.side')).toHaveText([/^\s*Now\s+Allowed\s+A grant allows/, /^\s*Then\s+Denied\s+Nothing allows it/]);
  await word(page, 'Allowed');
  await expect(text).toHaveValue(before);

  await whatIf(page).getByRole('button', { name: 'Let it happen' }).click();
  await word(page, 'Denied');
  await expect(text).toHaveValue(/"Grants": \[\]/);
  await page.getByRole('button', { name: 'Undo' }).click();
  await word(page, 'Allowed');
});

test('suppositions add up', async ({ page }) => {
  await page.goto('./');
  await openTool(page);
  const then = whatIf(page).locator('.side').last();
  await chip(page, 'admin-role/operator asks').click();
  await expect(then).toContainText('an IAM policy of admin-role/operator allows kms:Decrypt');
  await chip(page, 'The key policy does not let IAM policies decide').click();
  await expect(then).toContainText('Denied');
  await chip(page, 'admin-role/operator asks').click();
  await expect(then).toContainText('A grant allows lambda-execution-role/Grants_test to call Decrypt.');
});

test('the single changes that stop an allowed request', async ({ page }) => {
  await page.goto('./');
  await openTool(page);
  await expect(whatIf(page).getByRole('heading', { name: 'Any one of these would stop it' })).toBeVisible();
  await expect(turns(page)).toContainText([
    'Grant ef4053a4… is retired',
    'Another value of aws:lambda:FunctionArn in the encryption context',
    'No encryption context',
    'lambda.ap-northeast-1.amazonaws.com asks',
    'lambda-execution-role/another-session asks',
    'The key policy denies kms:Decrypt to lambda-execution-role',
    'The key is disabled',
    'lambda-execution-role is deleted and created again',
  ]);
  await turns(page).getByRole('button', { name: 'The key is disabled' }).click();
  await expect(whatIf(page).locator('.side').last()).toContainText('DisabledException');
});

test('the single changes that allow a denied request', async ({ page }) => {
  await page.goto('./#s=lambda-env&at=9');
  await word(page, 'Denied');
  await openTool(page);
  await expect(whatIf(page).getByRole('heading', { name: 'Any one of these would allow it' })).toBeVisible();
  for (const change of [
    'admin-role/operator asks',
    'An IAM policy allows kms:Decrypt for lambda-execution-role/Grants_test',
    'The key policy allows kms:Decrypt for lambda-execution-role',
    'A grant allows Decrypt for lambda-execution-role/Grants_test',
  ])
    await expect(turns(page).getByRole('button', { name: change })).toBeVisible();
  await expect(turns(page).getByRole('button', { name: 'The key is disabled' })).toHaveCount(0);
});

test('a grant that is not known everywhere yet stays so in what is supposed', async ({ page }) => {
  await page.goto('./#s=grant-not-yet-visible&at=2');
  await word(page, 'Denied');
  await openTool(page);
  await chip(page, 'Every change is known everywhere').click();
  await expect(whatIf(page).locator('.side').last()).toContainText('Allowed');
  await expect(timeline(page)).toContainText('Step 2 of 6');
});

for (const [name, options] of looks)
  test.describe(name, () => {
    test.use({ ...options, contextOptions: { reducedMotion: 'reduce' } });

    test('by keyboard; no axe violations, nothing cut off', async ({ page }) => {
      await page.goto('./');
      const button = page.locator('.toolbar button').first();
      await button.press('Enter');
      await expect(button).toHaveAttribute('aria-expanded', 'true');
      await page.locator('.what-if .tags button').first().press('Enter');
      await expect(page.locator('.nearest li').first()).toBeVisible();
      await expect(page.locator('.side.denied')).toBeVisible();
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
      await accessible(page);
      await page.screenshot({ path: `browser/results/what-if-${name.replaceAll(/\W+/g, '-')}.png` });
    });
  });

test('a pair of the encryption context that a statement wants, and a statement without a name', async ({ page }) => {
  await page.goto('./');
  const text = await documentText(page, 'Key policy');
  const statement = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/lambda-execution-role' }, Action: 'kms:Encrypt', Resource: '*', Condition: { StringEquals: { 'kms:EncryptionContext:department': 'finance' } } };
  await text.fill(JSON.stringify({ Version: '2012-10-17', Statement: [statement, { ...statement, Action: 'kms:DescribeKey' }] }));
  await section(page, 'Request').getByLabel('Operation').selectOption('Encrypt');
  await word(page, 'Denied');
  await openTool(page);
  await turns(page).getByRole('button', { name: 'department is finance in the encryption context' }).click();
  await whatIf(page).getByRole('button', { name: 'Let it happen' }).click();
  await word(page, 'Allowed');
  await expect(turns(page)).toContainText(['Key policy: without statement 1']);
});

test('a grant whose role was made again: how it comes back', async ({ page }) => {
  await page.goto('./#s=lambda-role-recreated&at=4');
  await word(page, 'Denied');
  await expect(page.locator('.notes').first()).toContainText('Lambda creates its grant again when the execution role of the function is changed to another role and back.');
  await page.getByText('What would let it through').click();
  await expect(page.locator('.remedies')).toContainText('is for an identity that no longer exists: create it again for the user or role as it is now.');
});
