import { decision, documentText, expect, grants, request, test, word } from './playground.ts';

test('after loading, whatever one does is asked of nobody', async ({ page, baseURL }) => {
  const asked: string[] = [];
  page.on('request', (r) => asked.push(r.url()));
  await page.goto('./');
  await word(page, 'Allowed');
  expect(asked.filter((url) => !url.startsWith(baseURL!))).toEqual([]);
  expect(asked.filter((url) => url.endsWith('/kms.wasm'))).toHaveLength(1);

  await page.waitForLoadState('networkidle');
  asked.length = 0;
  await (await documentText(page, 'Key policy')).fill('{"secret": 1}');
  await word(page, 'No decision');
  await page.getByRole('button', { name: 'Undo' }).click();
  await request(page).getByLabel('Principal').fill('arn:aws:iam::111122223333:user/alice');
  await word(page, 'Denied, unless its IAM policies allow it');
  await grants(page).getByRole('button', { name: /^Retire grant/ }).click();
  await page.waitForTimeout(1000);
  expect(asked).toEqual([]);
});

test('the page forbids eval, inline scripts but its own, and foreign hosts, by header and by meta element', async ({ page, browser, baseURL }) => {
  const response = await page.goto('./');
  const header = (await response!.headerValue('content-security-policy'))!;
  expect(header).toContain("default-src 'none'");
  expect(header).toMatch(/; script-src 'self' 'sha256-[^' ]+' 'wasm-unsafe-eval'; style-src 'self' 'sha256-[^' ]+'; img-src 'self' data:; connect-src 'self'; /);
  expect(await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content')).toBe(header);

  const other = await browser.newPage({ baseURL });
  await other.goto('./');
  await word(other, 'Allowed');
  const ran = await other.evaluate(() => {
    const violated = new Promise<string>((resolve) => document.addEventListener('securitypolicyviolation', (event) => resolve(event.violatedDirective), { once: true }));
    document.body.append(Object.assign(document.createElement('script'), { textContent: 'globalThis.ran = true' }));
    return violated.then((directive) => [directive, 'ran' in globalThis]);
  });
  expect(ran).toEqual(['script-src-elem', false]);
  await other.close();
});

test('without its engine the page says so, and decides nothing', async ({ browser, baseURL }) => {
  const page = await browser.newPage({ baseURL });
  await page.route('**/kms.wasm', (route) => route.fulfill({ status: 404, body: 'not here' }));
  await page.goto('./');
  await expect(page.getByRole('alert')).toContainText('The evaluator could not be loaded');
  await expect(page.getByRole('alert')).toContainText('kms.wasm: 404');
  await expect(decision(page)).toHaveCount(0);
  await page.close();
});

test('a part that is gone from the site is said to be missing, and the page goes on', async ({ browser, baseURL }) => {
  const page = await browser.newPage({ baseURL });
  await page.route('**/assets/{matrix,editor}-*.js', (route) => route.fulfill({ status: 404, body: 'not here' }));
  await page.goto('./');
  await word(page, 'Allowed');
  await page.getByRole('button', { name: 'Who may do what' }).click();
  await expect(page.getByRole('alert')).toContainText('This part of the page could not be loaded.');
  await grants(page).getByRole('button', { name: /^Retire grant/ }).click();
  await word(page, 'Denied');
  await expect(page.locator('textarea#text-document')).toHaveValue(/Enable IAM User Permissions/);
  await page.close();
});
