// The editor under real keys and a real clipboard, in every browser: what stands in it is what was pasted and typed.
import { expect, test, word } from './playground.ts';

test.use({ editor: 'rich' });

test('a text is pasted over another and typed in', async ({ page }) => {
  await page.goto('./');
  const editor = page.locator('#text-document');
  await editor.scrollIntoViewIfNeeded();
  const text = editor.getByRole('textbox');
  await expect(text).toHaveAttribute('contenteditable', 'true');
  const now = () => editor.evaluate((element) => (element as HTMLElement & { text: string }).text);

  const policy = '{\n  "Version": "2012-10-17",\n  "Statement": [\n    { "Sid": "日本語" }\n  ]\n}';
  await page.evaluate((copied) => {
    const source = document.createElement('textarea');
    source.value = copied;
    document.body.prepend(source);
    source.focus();
    source.select();
  }, policy);
  await page.keyboard.press('ControlOrMeta+c');
  await text.click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('ControlOrMeta+v');
  await expect.poll(now).toBe(policy);
  await word(page, 'No decision');

  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  for (const line of ['{"Version": "2012-10-17",', '"Statement": []', '}']) {
    await page.keyboard.type(line);
    await page.keyboard.press('Enter');
  }
  await expect.poll(now).toContain('{"Version": "2012-10-17",\n');
  expect(JSON.parse(await now())).toEqual({ Version: '2012-10-17', Statement: [] });
});
