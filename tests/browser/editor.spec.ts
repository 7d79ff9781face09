// The editor: loaded late, one per text, squiggles and fixes; Tab leaves it; plain text areas until then and for who prefers them.
import type { Page } from '@playwright/test';
import { accessible, decision, documents, expect, section, test, word } from './playground.ts';

test.use({ editor: 'rich' });

const editor = (page: Page) => page.locator('#text-document');
const content = (page: Page) => editor(page).getByRole('textbox');
const textOf = (page: Page) => editor(page).evaluate((element) => (element as HTMLElement & { text: string }).text);
async function open(page: Page, hash = '') {
  await page.goto(`./${hash}`);
  await editor(page).scrollIntoViewIfNeeded();
  await expect(content(page)).toHaveAttribute('contenteditable', 'true');
}
/** As with the keyboard: everything is selected and typed over. */
async function type(page: Page, text: string) {
  await content(page).press('Control+a');
  await page.keyboard.insertText(text);
}

test('what is typed is decided, underlined and repaired', async ({ page }) => {
  await open(page);
  await expect(content(page)).toHaveAttribute('aria-label', 'Text of Key policy');
  const before = await textOf(page);
  const broken = before.replace(/\]\s*\}\s*$/, '],}');
  await type(page, broken);
  expect(await textOf(page)).toBe(broken);
  await word(page, 'No decision');
  await expect(content(page)).toHaveAttribute('aria-invalid', 'true');
  await expect(editor(page).locator('.cm-lintRange-error')).toHaveCount(1);
  await section(page, 'Documents').getByRole('button', { name: 'Remove the comma' }).click();
  await word(page, 'Allowed');
  expect(JSON.parse(await textOf(page))).toEqual(JSON.parse(before));
  await expect(editor(page).locator('.cm-lintRange-error')).toHaveCount(0);
});

for (const [what, from, to, button] of [
  ['typographic quotes', '“Version”: “2012-10-17”', '"Version": "2012-10-17"', 'Make all quotes straight'],
  ['single quotes', `'Version': "2012-10-17"`, '"Version": "2012-10-17"', 'Use double quotes'],
  ['a comment', '// the version\n"Version": "2012-10-17"', '\n"Version": "2012-10-17"', 'Remove the comment'],
  ['full-width punctuation', '＂Version＂：　＂2012：10＂', '"Version": "2012：10"', 'Use half-width punctuation'],
  ['full-width punctuation around quoted text', '"Version"："2012＂10："', '"Version":"2012＂10："', 'Use half-width punctuation'],
  ['a space from a web page', '\u00a0"Version": "2012-10-17"', ' "Version": "2012-10-17"', 'Replace by a space'],
] as const)
  test(`a fix for ${what}`, async ({ page }) => {
    await open(page);
    await type(page, `{${from}}`);
    await word(page, 'No decision');
    await documents(page).getByRole('button', { name: button }).click();
    await expect.poll(() => textOf(page)).toBe(`{${to}}`);
    await expect(decision(page)).toContainText('The policy has no Statement.');
  });

test('a missing comma and a missing end', async ({ page }) => {
  await open(page);
  await type(page, '{"Version": "2012-10-17" "Statement": [{"Effect": "Allow"');
  await documents(page).getByRole('button', { name: 'Add a comma' }).click();
  await documents(page).getByRole('button', { name: 'Close what is open' }).click();
  await expect.poll(() => textOf(page)).toBe('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow"}]}');
});

test('Tab leaves it, its own undo stays inside, and a source is shown in it', async ({ page }) => {
  await open(page);
  const before = await textOf(page);
  await content(page).focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' ');
  expect(await textOf(page)).toBe(`${before} `);
  await page.keyboard.press('Control+z');
  expect(await textOf(page)).toBe(before);
  await page.keyboard.press('Tab');
  expect(await editor(page).evaluate((element) => element.matches(':focus-within'))).toBe(false);

  await decision(page).getByRole('button', { name: /^Show in Grants, line 3/ }).click();
  await expect(content(page)).toHaveAttribute('aria-label', 'Text of Grants');
  const selected = await editor(page).evaluate((element) => (element as HTMLElement & { selected: string }).selected);
  expect(JSON.parse(selected).GranteePrincipal).toBe('arn:aws:sts::111122223333:assumed-role/lambda-execution-role/Grants_test');
});

test('undo of the page brings a text back, and another tab another text', async ({ page }) => {
  await open(page);
  const before = await textOf(page);
  await type(page, '{}');
  await word(page, 'No decision');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => textOf(page)).toBe(before);
  await documents(page).getByRole('tab', { name: 'Grants' }).click();
  await expect.poll(() => textOf(page)).toContain('"Grants"');
});

test('it is not loaded before a text is in view', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 600 });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto('./');
  await word(page, 'Allowed');
  await page.waitForTimeout(1500);
  expect(asked.filter((url) => /\/editor-/.test(url))).toEqual([]);
  await editor(page).scrollIntoViewIfNeeded();
  await expect(content(page)).toHaveAttribute('contenteditable', 'true');
  expect(asked.filter((url) => /\/editor-/.test(url))).toHaveLength(1);
});

test('who prefers plain text fields gets and keeps them', async ({ page }) => {
  await open(page);
  await documents(page).getByRole('checkbox', { name: 'Plain text fields instead of the editor' }).check();
  await expect(page.locator('textarea#text-document')).toBeVisible();
  await page.reload();
  await expect(documents(page).getByRole('checkbox')).toBeChecked();
  await expect(page.locator('textarea#text-document')).toBeVisible();
});

for (const [name, options] of [
  ['desktop', {}],
  ['desktop, dark', { colorScheme: 'dark' }],
  ['phone, dark, Japanese', { viewport: { width: 320, height: 640 }, colorScheme: 'dark', locale: 'ja-JP', hasTouch: true, isMobile: true }],
] as const)
  test.describe(name, () => {
    test.use({ ...options, contextOptions: { reducedMotion: 'reduce' } });

    test('no axe violations, nothing cut off', async ({ page }) => {
      await open(page);
      await type(page, '{"Version": “x”}');
      await expect(page.locator('.documents .fix')).toBeVisible();
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
      await accessible(page);
      await page.getByRole('button', { name: /^(Undo|元に戻す)$/ }).click();
      await page.locator('.documents').screenshot({ path: `browser/results/editor-${name.replaceAll(/\W+/g, '-')}.png` });
    });
  });
