// The site as one file, opened from a disk as by a double-click: the whole story, without anything else being loaded.
import { pathToFileURL } from 'node:url';
import { currentStep, decision, expect, grants, kmsMessage, test, timeline, word } from './playground.ts';

const file = pathToFileURL('../web/dist/kms-playground.html').href;

/** Each step of the story with what AWS KMS answers. */
const steps = [
  ['No grants yet', 'Allowed', 'The key policy lets IAM policies decide, and an IAM policy of admin-role/operator allows kms:ListGrants.'],
  ['Before the variable is saved, the function may not decrypt', 'Denied', 'no IAM policy of lambda-execution-role/Grants_test allows kms:Decrypt'],
  ["The console saves the variable: Lambda encrypts it with the operator's permissions", 'Allowed', 'an IAM policy of admin-role/operator allows kms:Encrypt'],
  ['…and creates a grant for the function', 'Allowed', 'an IAM policy of admin-role/operator allows kms:CreateGrant'],
  ['list-grants now shows it', 'Allowed', 'an IAM policy of admin-role/operator allows kms:ListGrants'],
  ['The function starts and decrypts its variables', 'Allowed', 'A grant allows lambda-execution-role/Grants_test to call Decrypt. No policy has to.'],
  ['The operator retires the grant', 'Allowed', 'The grant was created in the account of admin-role/operator'],
  ['list-grants is empty again', 'Allowed', 'an IAM policy of admin-role/operator allows kms:ListGrants'],
  ['The function can no longer decrypt', 'Denied', 'no IAM policy of lambda-execution-role/Grants_test allows kms:Decrypt'],
] as const;

test('the story is replayed, and nothing is loaded', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url().slice(0, 40)));
  await page.goto(file);
  await word(page, 'Allowed');
  await timeline(page).getByRole('button', { name: 'Back' }).focus();
  for (let step = 5; step >= 0; step -= 1) {
    await page.keyboard.press('ArrowLeft');
    await expect(timeline(page)).toContainText(`Step ${step} of 9`);
  }
  for (const [i, [title, said, why]] of steps.entries()) {
    await page.keyboard.press('ArrowRight');
    await expect(timeline(page)).toContainText(`Step ${i + 1} of 9`);
    await expect(currentStep(page)).toContainText(title);
    await word(page, said);
    await expect(decision(page)).toContainText(why);
  }
  await expect(page.getByText(kmsMessage).first()).toBeVisible();

  await timeline(page).getByRole('button', { name: /The function starts and decrypts/ }).click();
  await word(page, 'Allowed');
  await grants(page).getByRole('button', { name: /^Retire grant/ }).click();
  await word(page, 'Denied');
  await page.getByRole('button', { name: '日本語' }).click();
  const inJapanese = page.getByRole('region', { name: '判定', exact: true });
  await expect(inJapanese.locator('.word')).toHaveText('拒否');
  await page.goto(`${file}#s=retire-or-revoke`);
  await expect(inJapanese.locator('.word')).toHaveText('拒否');
  expect(asked.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
  expect(asked.filter((url) => url.startsWith('file:')).length).toBeLessThanOrEqual(2);
});
