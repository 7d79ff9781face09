// Grants as cards: where each stands in its life, and why it may be ended or not.
import { documents, expect, grants, section, test, timeline, word } from './playground.ts';

test('an active grant: who created it, who may end it, and why', async ({ page }) => {
  await page.goto('./');
  const card = grants(page).getByRole('article');
  await expect(card.locator('.stage')).toHaveText('active');
  await expect(card).toContainText(/Created by\s*admin-role\/operator/);
  await expect(card.locator('.because')).toHaveText([
    'The grant was created in the account of admin-role/operator, which may retire it: as its root user, or by an IAM policy with kms:RetireGrant.',
    /^The key policy (itself allows kms:RevokeGrant|lets IAM policies decide)/,
  ]);
  await grants(page).getByLabel('Retire or revoke as').selectOption({ label: 'lambda-execution-role/Grants_test' });
  await expect(card.locator('.because')).toHaveText([
    'lambda-execution-role/Grants_test is the grantee principal, and the operations of the grant include RetireGrant.',
    /^Nothing allows it: no grant fits, and although the key policy lets IAM policies decide, no IAM policy of lambda-execution-role\/Grants_test allows kms:RevokeGrant\.$/,
  ]);
});

test('a disabled key suspends its grants', async ({ page }) => {
  await page.goto('./');
  await documents(page).getByRole('tab', { name: 'Key', exact: true }).click();
  await documents(page).getByLabel('Key state').selectOption('Disabled');
  await expect(grants(page).getByRole('article').locator('.stage')).toHaveText('suspended');
  await expect(grants(page)).toContainText('It stays, but the key is not enabled');
});

test('a role that was created again leaves its grant orphaned', async ({ page }) => {
  await page.goto('./');
  await page.getByRole('group', { name: 'Tools' }).getByRole('button', { name: 'What if…' }).click();
  await section(page, 'What if…').getByRole('group').first().getByRole('button', { name: 'lambda-execution-role is deleted and created again' }).click();
  await section(page, 'What if…').getByRole('button', { name: 'Let it happen' }).click();
  await word(page, 'Denied');
  await expect(grants(page).getByRole('article').locator('.stage')).toHaveText('orphaned');
});

test('a new grant waits until it is known everywhere', async ({ page }) => {
  await page.goto('./#s=grant-not-yet-visible&at=1');
  await expect(grants(page).getByRole('article').locator('.stage')).toHaveText('not known everywhere yet');
  await expect(grants(page)).toContainText('only requests with its grant token can rely on it');
  await timeline(page).getByRole('listitem').nth(4).getByRole('button').click();
  await expect(timeline(page)).toContainText('Step 5 of 6');
  await expect(grants(page).getByRole('article').locator('.stage')).toHaveText('active');
});

test('a retired and a revoked grant leave a tombstone', async ({ page }) => {
  await page.goto('./');
  await grants(page).getByRole('button', { name: /^Revoke grant/ }).click();
  await word(page, 'Denied');
  await expect(grants(page).getByRole('article').locator('.stage')).toHaveText('revoked');
  await page.getByRole('button', { name: 'Undo' }).click();
  await grants(page).getByRole('button', { name: /^Retire grant/ }).click();
  await expect(grants(page).getByRole('article').locator('.stage')).toHaveText('retired');
});
