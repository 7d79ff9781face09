// Links that hold what is shown. What they say must be read by every later version: never change a link in this file, only add some.
import type { Page } from '@playwright/test';
import { currentStep, decision, documentText, expect, grants, request, section, test, timeline, word } from './playground.ts';

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

async function copiedLink(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByText(/^The link was copied/)).toBeVisible();
  return new URL(await page.evaluate(() => navigator.clipboard.readText())).hash;
}

/** Opens a link as somebody else would: in a page that was elsewhere before. */
async function open(page: Page, hash: string) {
  await page.goto('about:blank');
  await page.goto(`./${hash}`);
  await expect(page.locator('.word')).toBeVisible();
}

test('where the clipboard is refused, the link stands in the address bar, and a button says that it copied nothing', async ({ page }) => {
  await page.addInitScript(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('refused', 'NotAllowedError'));
    document.execCommand = () => false;
  });
  await page.goto('./#s=lambda-env&at=2');
  await word(page, 'Denied');
  await page.getByRole('button', { name: 'Forward' }).click();
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByRole('alert')).toHaveText('This browser does not let the page write to the clipboard: the link is in the address bar.');
  await expect(page).toHaveURL(/#s=lambda-env&at=3$/);
  const copy = section(page, 'The same with the AWS CLI').getByRole('button').first();
  await copy.click();
  await expect(copy).toHaveText('Not possible here');
  await expect(copy).toHaveText('Copy command');
});

test('without the permission, a press of the button still copies', async ({ page, context }) => {
  await page.addInitScript(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('refused', 'NotAllowedError'));
  });
  await page.goto('./#s=lambda-env&at=2');
  await word(page, 'Denied');
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The link was copied' })).toBeVisible();
  await context.grantPermissions(['clipboard-read']);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/#s=lambda-env&at=2$/);
});

test('a moment of the story', async ({ page }) => {
  await page.goto('./');
  await word(page, 'Allowed');
  expect(await copiedLink(page)).toBe('#s=lambda-env&at=6');
  await open(page, '#s=lambda-env&at=9');
  await word(page, 'Denied');
  await expect(timeline(page)).toContainText('Step 9 of 9');
});

test('a step that asks nothing is opened with what was asked last', async ({ page }) => {
  await page.goto('./#s=lambda-role-recreated&at=1');
  await word(page, 'Allowed');
  const asked = await request(page).getByLabel('Principal').inputValue();
  await open(page, '#s=lambda-role-recreated&at=2');
  await word(page, 'Denied');
  await expect(request(page).getByLabel('Principal')).toHaveValue(asked);
  expect(await copiedLink(page)).toBe('#s=lambda-role-recreated&at=2');
});

test('what was done to the story, in at most 120 characters', async ({ page }) => {
  await page.goto('./');
  await grants(page).getByRole('button', { name: /^Retire grant/ }).click();
  await word(page, 'Denied');
  const link = await copiedLink(page);
  expect(link).toBe('#s=lambda-env&at=6&do=retire~ef4053a4~admin-role/operator,ask');
  await open(page, link);
  await word(page, 'Denied');
  await expect(grants(page)).toContainText('Retired by admin-role/operator.');
  await expect(timeline(page)).toContainText('Step 8 of 8');
  expect(await copiedLink(page)).toBe(link);
});

test('edited documents and another question, with characters of every kind', async ({ page }) => {
  await page.goto('./');
  const text = await documentText(page, 'Key policy');
  await text.fill((await text.inputValue()).replace('"Resource": "*"', '"Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/équipe": "é"}}'));
  const value = request(page).getByRole('textbox', { name: 'Value 1' });
  await value.fill('情報 🔑');
  await word(page, 'Denied');
  const link = await copiedLink(page);
  expect(link).toMatch(/^#v1=[\w-]+$/);
  expect(link.length).toBeLessThan(2500);
  await open(page, link);
  await word(page, 'Denied');
  await expect(value).toHaveValue('情報 🔑');
  await expect(await documentText(page, 'Key policy')).toHaveValue(/équipe": "é/);
  expect(await copiedLink(page)).toBe(link);
});

test('one’s own documents, broken ones included', async ({ page }) => {
  await page.goto('./#new');
  await (await documentText(page, 'Key policy')).fill('{"Version": ');
  const link = await copiedLink(page);
  await open(page, link);
  await word(page, 'No decision');
  await expect(await documentText(page, 'Key policy')).toHaveValue('{"Version": ');
  await expect(page.getByRole('heading', { name: 'Your own key' })).toBeVisible();
});

test.describe('broken links say so and show the story', () => {
  /** 3 MB of spaces, deflated to 3 kB. */
  const bomb = async (page: Page) =>
    page.evaluate(async () => {
      const stream = new Blob([' '.repeat(3_000_000)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
      const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
      return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
    });
  const tooMuch = 'The link holds more than this page reads from a link.';
  const damaged = 'The link is incomplete or damaged';

  for (const [what, hash, message] of [
    ['garbage', '#v1=garbage!', damaged],
    ['nothing', '#v1=', damaged],
    ['another version', '#v2=abc', 'The link was made by a newer version of this page.'],
    ['an unknown scenario', '#s=no-such-scenario', 'The link names a scenario that this page does not have.'],
    ['a path', '#s=../lambda-env', 'The link names a scenario that this page does not have.'],
    ['a step that is not there', '#s=lambda-env&at=99', damaged],
    ['an unknown deed', '#s=lambda-env&at=6&do=eat~ef4053a4~admin-role/operator', damaged],
    ['a grant that is not there', '#s=lambda-env&at=6&do=retire~00000000~admin-role/operator', damaged],
    ['too much', `#v1=${'A'.repeat(100_001)}`, tooMuch],
  ] as const)
    test(what, async ({ page }) => {
      await open(page, hash);
      await expect(page.getByRole('alert')).toContainText(message);
      await word(page, 'Allowed');
      await expect(currentStep(page)).toContainText('The function starts and decrypts');
    });

  test('a link cut off anywhere', async ({ page }) => {
    await page.goto('./#new');
    await (await documentText(page, 'Key policy')).fill('{"Version": "2012-10-17"}');
    const link = await copiedLink(page);
    for (const length of [10, Math.floor(link.length / 2), link.length - 1]) {
      await open(page, link.slice(0, length));
      await expect(page.getByRole('alert')).toContainText(damaged);
      await expect(decision(page)).toContainText('A grant allows');
    }
  });

  test('a small link that unfolds to a large state', async ({ page }) => {
    await page.goto('./');
    await open(page, `#v1=${await bomb(page)}`);
    await expect(page.getByRole('alert')).toContainText(tooMuch);
  });

  for (const [what, state] of [
    ['no state', 'null'],
    ['a key without an ARN', '{"s":"new","start":{"scenario":1,"keys":[{}]},"kept":0,"own":[],"at":0,"ask":""}'],
    ['a step that is none', '{"s":"new","start":{"scenario":1},"kept":0,"own":[7],"at":1,"ask":""}'],
    ['a position that is not there', '{"s":"new","start":{"scenario":1},"kept":0,"own":[],"at":7,"ask":""}'],
  ] as const)
    test(`valid JSON, but ${what}`, async ({ page }) => {
      await page.goto('./');
      const data = await page.evaluate(async (text) => {
        const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
        return btoa(String.fromCharCode(...new Uint8Array(await new Response(stream).arrayBuffer()))).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
      }, state);
      await open(page, `#v1=${data}`);
      await expect(page.getByRole('alert')).toContainText(damaged);
      await word(page, 'Allowed');
    });
});

test('documents of one’s own are there still after those of somebody else; without any, theirs become one’s own', async ({ page }) => {
  const theirs = '{"Version": "2012-10-17", "Statement": [{"Sid": "Theirs", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}, "Action": "kms:*", "Resource": "*"}]}';
  const mine = theirs.replace('Theirs', 'Mine');
  const own = () => page.getByRole('link', { name: 'Try with my own', exact: true }).click();
  await page.goto('./#new');
  await (await documentText(page, 'Key policy')).fill(theirs);
  const hash = await copiedLink(page);
  await page.goto('./');
  await page.evaluate((link) => (location.hash = link), hash);
  await expect(await documentText(page, 'Key policy')).toHaveValue(theirs);
  await own();
  await expect(await documentText(page, 'Key policy')).toHaveValue(theirs);

  await page.goto('about:blank');
  await page.goto('./#new');
  await (await documentText(page, 'Key policy')).fill(mine);
  await page.evaluate((link) => (location.hash = link), hash);
  await expect(await documentText(page, 'Key policy')).toHaveValue(theirs);
  await own();
  await expect(await documentText(page, 'Key policy')).toHaveValue(mine);
});
