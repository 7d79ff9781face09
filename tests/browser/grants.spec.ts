// Grants as cards: where each stands in its life, and why it may be ended or not.
import { accessible, documents, expect, grants, request, section, test, timeline, word } from './playground.ts';

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

test('of many grants the one that decides comes first, and any can be found', async ({ page }) => {
  const keyArn = 'arn:aws:kms:us-west-2:444455556666:key/0987dcba-09fe-87dc-65ba-ab0987654321';
  const grantee = (i: number) => `arn:aws:iam::444455556666:role/worker-${i}`;
  const Grants = Array.from({ length: 60 }, (_, i) => ({
    KeyId: keyArn,
    GrantId: `${String(i).padStart(4, '0')}${'ab'.repeat(30)}`,
    GranteePrincipal: grantee(i),
    Operations: i % 2 ? ['Decrypt'] : ['Encrypt', 'GenerateDataKey'],
    Constraints: i === 33 ? { EncryptionContextEquals: { tenant: 'Blue' } } : undefined,
  }));
  const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: 'kms:*', Resource: '*' }] };
  await page.goto('./#new');
  const paste = section(page, 'Paste anything');
  await paste.getByRole('textbox', { name: 'Text to place' }).fill(`${JSON.stringify(policy)}\n${JSON.stringify({ Grants })}`);
  await paste.getByRole('button', { name: 'Place it' }).click();
  await request(page).getByLabel('Principal').fill('arn:aws:sts::444455556666:assumed-role/worker-51/session');
  await word(page, 'Allowed');
  const cards = grants(page).getByRole('article');
  await expect(cards).toHaveCount(20);
  await expect(cards.first()).toContainText('worker-51');
  await expect(cards.nth(1)).toContainText('worker-0');
  await expect(grants(page)).toContainText('Grants that are not shown here: 40');

  const search = grants(page).getByRole('searchbox', { name: 'Find a grant' });
  await search.fill('tenant blue');
  await expect(cards).toHaveCount(1);
  await expect(cards).toContainText('worker-33');
  await expect(grants(page)).toContainText('Grants found: 1 of 60');
  await search.fill('generatedatakey');
  await expect(grants(page)).toContainText('Grants found: 30 of 60');
  await expect(grants(page)).toContainText('Grants that are not shown here: 10');
  await search.fill('nobody');
  await expect(cards).toHaveCount(0);
  await expect(grants(page)).toContainText('Grants found: 0 of 60');
  await accessible(page);
  await search.fill('');
  await expect(cards).toHaveCount(20);
  await expect(search).toBeFocused();
});
