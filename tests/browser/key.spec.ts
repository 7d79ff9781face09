// The key itself: a form and a text that say the same, and no decision while the text cannot be read.
import type { Page } from '@playwright/test';
import { accessible, decision, documentText, documents, expect, looks, request, section, test, timeline, word } from './playground.ts';

async function openKey(page: Page) {
  await documents(page).getByRole('tab', { name: /^\s*Key( has errors)?$/ }).click();
  return documents(page).getByRole('textbox', { name: 'Text of Key', exact: true });
}
const keyState = (page: Page) => documents(page).getByLabel('Key state');

test.beforeEach(async ({ page }) => {
  await page.goto('./');
  await expect(page.locator('.word')).toHaveText(/^(Allowed|許可)$/);
});

test('form and text say the same', async ({ page }) => {
  const text = await openKey(page);
  await expect(text).toHaveValue(/^\{\n  "metadata": \{\n    "Arn": "arn:aws:kms:ap-northeast-1:111122223333:key\/1234abcd-12ab-34cd-56ef-1234567890ab"/);
  await keyState(page).selectOption('Disabled');
  await expect(text).toHaveValue(/"KeyState": "Disabled"/);
  await word(page, 'Refused');
  await text.fill((await text.inputValue()).replace('"Disabled"', '"PendingDeletion"'));
  await expect(keyState(page)).toHaveValue('PendingDeletion');
  await expect(decision(page)).toContainText('KMSInvalidStateException');
  await expect(timeline(page).getByRole('listitem').filter({ hasText: /Edited: Key\s*$/ })).toHaveCount(2);
});

test('aliases and tags decide, as they were typed', async ({ page }) => {
  const text = await openKey(page);
  const typed = '{"metadata":   {"Arn": "arn:aws:kms:ap-northeast-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"},\n\n "aliases": ["alias/app"], "tags": [{"TagKey": "env", "TagValue": "dev"}]}';
  await text.fill(typed);
  await word(page, 'Allowed');
  await request(page).getByText('Request as JSON', { exact: true }).click();
  const json = request(page).getByRole('textbox', { name: 'Request as JSON' });
  await json.fill((await json.inputValue()).replace(/"KeyId": "[^"]*"/, '"KeyId": "alias/app"'));
  await word(page, 'Allowed');
  await expect(text).toHaveValue(typed);
  await text.fill(typed.replace('alias/app', 'alias/other'));
  await word(page, 'Refused');
  await expect(decision(page)).toContainText('NotFoundException');
  await page.getByRole('button', { name: 'Undo' }).click();
  await word(page, 'Allowed');
  await expect(text).toHaveValue(typed);
});

test('a text that cannot be read: where and why, nobody is decided, nothing typed is lost', async ({ page }) => {
  const text = await openKey(page);
  const whole = await text.inputValue();
  await text.fill('{"metadata": {"Arn": "arn:aws:kms:ap-northeast-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",}}');
  await word(page, 'No decision');
  await expect(documents(page)).toContainText('The text below cannot be read, so the form cannot show it. Nobody gets a decision on this key until it can.');
  await expect(documents(page).getByRole('list', { name: 'Problems in Key' })).toContainText(/Error\s+Key 1:105\s+A comma stands before the closing bracket\./);
  await documents(page).getByRole('button', { name: 'Remove the comma' }).click();
  await word(page, 'Allowed');
  for (const [broken, said] of [
    ['{"metadata": {"Arn": "x"}}', 'The key has no key ARN in metadata.Arn.'],
    ['{"metadata": {"Arn": "arn:aws:kms:ap-northeast-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", "KeyState": "Enable"}}', 'Enable is no KeyState. Did you mean Enabled?'],
    ['{"metadata": {"Arn": "arn:aws:kms:ap-northeast-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}, "alises": []}', 'alises is not a field of a key. Did you mean aliases?'],
    ['{"metadata": {"Arn": "arn:aws:kms:ap-northeast-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}, "grants": []}', 'grants is a document of its own. Paste it there, and remove it here.'],
    ['', ''],
    ['[]', ''],
    ['null', ''],
  ] as const) {
    await text.fill(broken);
    await word(page, 'No decision');
    await expect(documents(page).getByRole('list', { name: 'Problems in Key' })).toContainText(said);
    await expect(text).toHaveValue(broken);
  }
  // Neither another edit nor a tool makes a decision of it, and a link keeps it.
  await text.fill('{"metadata": ');
  await (await documentText(page, 'Grants')).fill('{"Grants": []}');
  await word(page, 'No decision');
  await page.getByRole('group', { name: 'Tools' }).getByRole('button', { name: 'Who may do what' }).click();
  await expect(section(page, 'Who may do what').getByRole('button', { name: /Allowed/ })).toHaveCount(0);
  await expect(await openKey(page)).toHaveValue('{"metadata": ');
  await text.fill(whole);
  await word(page, 'Denied');
});

test.describe('elsewhere', () => {
  test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

  test('a link and a file hold what was typed', async ({ page }) => {
    const text = await openKey(page);
    await text.fill((await text.inputValue()).replace('"metadata": {', '"metadata": {"KeyState": "Disabled",'));
    await word(page, 'Refused');
    const typed = await text.inputValue();
    await page.getByRole('button', { name: 'Copy link' }).click();
    await expect(page.getByText(/The link was copied/)).toBeVisible();
    const link = new URL(await page.evaluate(() => navigator.clipboard.readText())).hash;
    await page.getByRole('group', { name: 'Tools' }).getByRole('button', { name: 'Share and export' }).click();
    await section(page, 'Share and export').getByRole('button', { name: 'Copy: Scenario file' }).click();
    await expect(section(page, 'Share and export').getByRole('button', { name: 'Copy: Scenario file' })).toHaveText('Copied');
    const file = await page.evaluate(() => navigator.clipboard.readText());
    const { loadEngine } = await import('../../web/dist/engine.js');
    const scenario = JSON.parse(file);
    scenario.steps.splice(7, 0, { id: 'ask', request: scenario.steps[5].request });
    const { results } = JSON.parse((await loadEngine()).run(JSON.stringify(scenario)));
    expect(results.find(({ step }: { step: string }) => step === 'ask').error.code).toBe('DisabledException');
    await page.goto('about:blank');
    await page.goto(`./${link}`);
    await word(page, 'Refused');
    await expect(await openKey(page)).toHaveValue(typed);
  });

  test('an empty start: the key that is typed is the key that is asked about', async ({ page }) => {
    await page.goto('./#new');
    await word(page, 'No decision');
    const text = await openKey(page);
    await text.fill((await text.inputValue()).replace('us-east-1:111122223333', 'eu-west-1:444455556666'));
    await request(page).getByText('Request as JSON', { exact: true }).click();
    await expect(request(page).getByRole('textbox', { name: 'Request as JSON' })).toHaveValue(/arn:aws:kms:eu-west-1:444455556666:key/);
    await expect(documents(page).getByLabel('Key ARN')).toHaveValue(/eu-west-1:444455556666/);
  });

  test('two keys have a tab each', async ({ page }) => {
    await page.goto('./#s=reencrypt-asks-twice');
    await expect(documents(page).getByRole('tab', { name: /^\s*Key: / })).toHaveCount(2);
  });
});

for (const [name, options] of looks)
  test.describe(name, () => {
    test.use({ ...options, contextOptions: { reducedMotion: 'reduce' } });

    test('no axe violations, nothing cut off', async ({ page }) => {
      await page.locator('.documents [role=tab]').last().click();
      await page.locator('.documents textarea').fill('{"metadata": {"Arn": 1}}');
      await expect(page.locator('.documents .diagnostics li').first()).toBeVisible();
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
      await accessible(page);
      if (name !== 'desktop') await expect(page.locator('.documents .empty')).toHaveText('下の本文を読み取れないため、フォームに表示できません。直すまで、このキーについての判定は行いません。');
    });
  });
