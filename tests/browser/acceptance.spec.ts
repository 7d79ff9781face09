// What users of other playgrounds complained about, and what is not tested beside the part it concerns.
import { expect, test, decision, documentText, documents, grants, request, timeline, word } from './playground.ts';

for (const [what, answer] of [
  ['is missing', { status: 404, body: 'not here' }],
  ['is a page instead', { status: 200, contentType: 'text/html', body: '<!doctype html><title>Home</title>' }],
  ['is a pointer of Git LFS', { status: 200, contentType: 'application/wasm', body: 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 385690\n' }],
  ['is cut off', { status: 200, contentType: 'application/wasm', body: '\0asm\x01\0\0\0' }],
] as const)
  test(`the engine ${what}: the page says so and decides nothing`, async ({ browser, baseURL }) => {
    const page = await browser.newPage({ baseURL });
    await page.route('**/kms.wasm', (route) => route.fulfill(answer));
    await page.goto('./');
    await expect(page.getByRole('alert')).toContainText('The evaluator could not be loaded');
    await expect(decision(page)).toHaveCount(0);
    await page.close();
  });

test('the engine comes with the wrong type, and works', async ({ page, baseURL }) => {
  await page.route('**/kms.wasm', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'content-type': 'text/plain' } });
  });
  await page.goto(baseURL!);
  await word(page, 'Allowed');
});

test('storage that throws', async ({ browser, baseURL }) => {
  const page = await browser.newPage({ baseURL });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'localStorage', {
      get() {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      },
    });
  });
  await page.goto('./');
  await word(page, 'Allowed');
  await page.getByRole('button', { name: '日本語' }).click();
  await expect(page.getByRole('region', { name: '判定', exact: true }).locator('.word')).toHaveText('許可');
  expect(errors).toEqual([]);
  await page.close();
});

test('the version on the page is that of the engine beside it', async ({ page }) => {
  const { loadEngine } = await import('../../web/dist/engine.js');
  const { version } = await loadEngine();
  await page.goto('./');
  await expect(page.getByText(`Evaluator ${version}`)).toBeVisible();
});

test('no broken document leaves an Allowed of before', async ({ page }) => {
  for (const name of ['Key policy', 'IAM policy', 'Grants'] as const) {
    await page.goto('./#new'); // the story anew
    await page.goto('./');
    await word(page, 'Allowed');
    const tab = documents(page).getByRole('tab', { name: new RegExp(`^\\s*${name}`) }).first();
    await tab.click();
    const text = documents(page).getByRole('textbox', { name: /^Text of / });
    const whole = await text.inputValue();
    for (const broken of ['', whole.slice(0, -2), whole.replace('"', '“'), whole.replace(':', '='), `${whole}${whole}`, '[]', 'null']) {
      await text.fill(broken);
      await expect(decision(page).locator('.word'), `${name}: ${broken.slice(0, 20)}`).not.toHaveText('Allowed');
    }
    await text.fill(whole);
    await word(page, 'Allowed');
  }
});

test('links that people have kept', async ({ page }) => {
  for (const [link, said] of [
    ['#s=lambda-env', 'Allowed'],
    ['#s=lambda-env&at=5', 'Allowed'],
    ['#s=lambda-env&at=6&do=retire~ef4053a4~admin-role/operator,ask', 'Denied'],
  ] as const) {
    await page.goto('./#new');
    await word(page, 'No decision');
    await page.goto(`./${link}`);
    await word(page, said);
    await expect(page.getByRole('alert')).toHaveCount(0);
  }
});

/** A generator of numbers below 1 that repeats itself for the same seed. */
function random(seed: number): () => number {
  return () => (seed = (seed * 48271) % 2147483647) / 2147483647;
}

test('whatever is done, undoing it all leads back to the start', async ({ page }) => {
  await page.goto('./');
  await word(page, 'Allowed');
  const undo = page.getByRole('button', { name: 'Undo' });
  const shown = async () => [await decision(page).innerText(), await timeline(page).innerText(), await (await documentText(page, 'Key policy')).inputValue(), await (await documentText(page, 'Grants')).inputValue()];
  await timeline(page).waitFor(); // the styles that come with it change the blanks in the decision's text
  const start = await shown();
  const next = random(20240229);
  const actions = [
    async () => grants(page).getByRole('button', { name: /^(Retire|Revoke) grant/ }).first().click({ timeout: 2000 }).catch(() => undefined),
    async () => request(page).getByRole('button', { name: 'Make this call a step' }).click(),
    async () => request(page).getByLabel('Operation').selectOption(['Decrypt', 'Encrypt', 'DescribeKey', 'DisableKey'][Math.floor(next() * 4)]!),
    async () => (await documentText(page, 'Key policy')).fill(`{"Version": "2012-10-17", "Statement": [] ${next() < 0.5 ? '' : '}'}`),
    async () => (await documentText(page, 'Grants')).fill('{"Grants": []}'),
  ];
  for (let i = 0; i < 12; i += 1) await actions[Math.floor(next() * actions.length)]!();
  for (let i = 0; i < 40 && (await undo.isEnabled()); i += 1) await undo.click();
  await expect.poll(shown).toEqual(start); // the panels are drawn one after the other
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect(undo).toBeEnabled();
});
