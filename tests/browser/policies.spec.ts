// Policies of every kind as documents: added, read where they belong, and counted in the decision.
import type { Page } from '@playwright/test';
import { accessible, decision, documents, expect, request, section, test, word } from './playground.ts';

const caller = 'arn:aws:iam::111122223333:role/admin-role';
const denies = '{"Version": "2012-10-17", "Statement": [{"Sid": "NoDecrypt", "Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}]}';
const allowsOnly = (action: string) => `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "${action}", "Resource": "*"}]}`;

async function add(page: Page, kind: string, owner?: [label: string, value: string]) {
  const form = documents(page).locator('details.add');
  if (!(await form.evaluate((details: HTMLDetailsElement) => details.open))) await form.locator('summary').click();
  await documents(page).getByLabel('Kind of policy').selectOption({ label: kind });
  if (owner) await documents(page).getByLabel(owner[0]).fill(owner[1]);
  await documents(page).getByRole('button', { name: 'Add', exact: true }).click();
}

/** As the operator, whom an IAM policy allows everything. */
test.beforeEach(async ({ page }) => {
  await page.goto('./');
  await request(page).getByLabel('Principal').fill('arn:aws:sts::111122223333:assumed-role/admin-role/operator');
  await expect(decision(page)).toContainText('an IAM policy of admin-role/operator allows kms:Decrypt');
});

test('a permissions boundary limits', async ({ page }) => {
  await add(page, 'Permissions boundary', ['ARN of the user or role', caller]);
  const text = documents(page).getByRole('textbox', { name: 'Text of Permissions boundary: admin-role' });
  await expect(documents(page)).toContainText('it allows nothing, but limits what IAM policies can allow');
  await word(page, 'No decision');
  await text.fill(allowsOnly('kms:Encrypt'));
  await word(page, 'Denied');
  await expect(decision(page)).toContainText('The permissions boundary of admin-role/operator does not allow kms:Decrypt.');
  await text.fill(allowsOnly('kms:*'));
  await word(page, 'Allowed');
});

test('a service control policy limits the account, beside FullAWSAccess', async ({ page }) => {
  await add(page, 'Service control policy', ['Account id', '111122223333']);
  const text = documents(page).getByRole('textbox', { name: 'Text of Service control policy: 111122223333 (policy-1)' });
  await text.fill(denies.replace('"Principal": "*", ', ''));
  await word(page, 'Denied');
  await decision(page).getByRole('button', { name: /^Show in Service control policy: 111122223333 \(policy-1\)/ }).click();
  await expect(text).toBeFocused();
  await documents(page).getByRole('tab', { name: 'Service control policy: 111122223333 (FullAWSAccess)' }).click();
  await expect(documents(page).getByRole('textbox')).toHaveValue(/"Action": "\*"/);
});

test('a resource control policy limits the key', async ({ page }) => {
  await add(page, 'Resource control policy', ['Account id', '111122223333']);
  await documents(page).getByRole('textbox', { name: 'Text of Resource control policy: 111122223333' }).fill(denies);
  await word(page, 'Denied');
  await expect(decision(page)).toContainText('A Deny statement applies to kms:Decrypt');
});

test('a VPC endpoint policy counts for calls through the endpoint', async ({ page }) => {
  await add(page, 'VPC endpoint policy', ['VPC endpoint id', 'vpce-0123456789abcdef0']);
  const text = documents(page).getByRole('textbox', { name: 'Text of VPC endpoint policy: vpce-0123456789abcdef0' });
  await text.fill('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:Encrypt", "Resource": "*"}]}');
  await word(page, 'Denied');
  await expect(decision(page)).toContainText('The policy of the VPC endpoint does not allow kms:Decrypt.');
});

test('a session policy is part of the request', async ({ page }) => {
  await add(page, 'Session policy');
  const json = request(page).getByRole('textbox', { name: 'Request as JSON' });
  await expect(json).toBeFocused();
  await word(page, 'Allowed');
  await json.fill((await json.inputValue()).replace('kms:Decrypt', 'kms:Encrypt'));
  await word(page, 'Denied');
  await expect(decision(page)).toContainText('The session policy of admin-role/operator does not allow kms:Decrypt.');
});

test('the key’s metadata decide which operations it performs', async ({ page }) => {
  await documents(page).getByRole('tab', { name: 'Key', exact: true }).click();
  await documents(page).getByLabel('KeySpec').selectOption('RSA_2048');
  await documents(page).getByLabel('KeyUsage').selectOption('SIGN_VERIFY');
  await word(page, 'Refused');
  await expect(decision(page)).toContainText('InvalidKeyUsageException');
});

test.describe('phone, dark, Japanese', () => {
  test.use({ viewport: { width: 320, height: 640 }, colorScheme: 'dark', hasTouch: true, isMobile: true });

  test('the form: no axe violations, nothing cut off', async ({ page }) => {
    await page.getByRole('button', { name: '日本語' }).click();
    await page.locator('details.add summary').click();
    await page.locator('details.add select').selectOption('serviceControlPolicy');
    await page.locator('details.add input').fill('111122223333');
    await page.locator('details.add button').click();
    await expect(page.getByRole('tab', { selected: true })).toHaveText(/サービスコントロールポリシー: 111122223333 \(policy-1\)/);
    await expect(section(page, 'ドキュメント')).toContainText('アカウントのすべてのプリンシパルを制限します。');
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
    await accessible(page);
    await page.locator('.documents').screenshot({ path: 'browser/results/policies-phone-dark-ja.png' });
  });
});

test.describe('a policy is removed again', () => {
  const remove = (page: Page) => documents(page).getByRole('button', { name: 'Remove this policy' }).click();

  test('a service control policy, and with the last one their limit', async ({ page }) => {
    await add(page, 'Service control policy', ['Account id', '111122223333']);
    await documents(page).getByRole('textbox', { name: 'Text of Service control policy: 111122223333 (policy-1)' }).fill(denies.replace('"Principal": "*", ', ''));
    await word(page, 'Denied');
    await remove(page);
    await word(page, 'Allowed');
    await expect(section(page, 'Timeline').getByRole('button').filter({ hasText: 'Removed: Service control policy: 111122223333 (policy-1)' })).toBeVisible();
    await documents(page).getByRole('tab', { name: 'Service control policy' }).click();
    await remove(page);
    await word(page, 'Allowed');
    await expect(documents(page).getByRole('tab', { name: 'Service control policy' })).toHaveCount(0);
    await expect(documents(page).getByRole('heading', { name: 'Documents' })).toBeFocused();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(documents(page).getByRole('tab', { name: 'Service control policy' })).toHaveCount(1);
  });

  test('of several, the others keep their texts, and their problems their places', async ({ page }) => {
    const principal = 'arn:aws:iam::111122223333:role/admin-role';
    for (const text of ['{"Version":"2012-10-17","Statement":[{"Sid":"B","Effect":"Allow","Action":"kms:Nothing","Resource":"*"}]}', '{"Version":"2012-10-17","Statement":[{"Sid":"C","Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}]}']) {
      await add(page, 'IAM policy', ['ARN of the user or role', principal]);
      await documents(page).getByRole('textbox').fill(text);
    }
    const tab = (n: number) => documents(page).getByRole('tab', { name: /^\s*IAM policy: admin-role/ }).nth(n);
    await tab(0).click();
    await remove(page);
    await tab(0).click();
    await expect(documents(page).getByRole('textbox')).toHaveValue(/^\{"Version":"2012-10-17","Statement":\[\{"Sid":"B"/);
    await expect(documents(page).locator('#document-problems')).toContainText('kms:Nothing');
    await tab(1).click();
    await expect(documents(page).getByRole('textbox')).toHaveValue(/"Sid":"C"/);
    await expect(documents(page).locator('#document-problems')).toContainText('No problems found.');
  });

  test('an IAM policy, which alone allowed it', async ({ page }) => {
    await documents(page).getByRole('tab', { name: /^\s*IAM policy: admin-role/ }).click();
    await remove(page);
    await word(page, 'Denied');
  });

  test('neither the key policy nor the grants nor the only key', async ({ page }) => {
    for (const name of ['Key policy', 'Grants', 'Key']) {
      await documents(page).getByRole('tab', { name, exact: true }).click();
      await expect(documents(page).getByRole('button', { name: /^Remove this/ })).toHaveCount(0);
    }
  });
});
