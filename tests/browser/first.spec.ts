import { firstFiles } from '../../scripts/budgets.mjs';
import { expect, section, test, word } from './playground';

for (const [language, locale, decision, said] of [
  ['en', 'en-US', 'Decision', 'Allowed'],
  ['ja', 'ja-JP', '判定', '許可'],
] as const)
  test.describe(`first visit, ${language}`, () => {
    test.use({ locale });

    test('the decision stands before anything is loaded that it does not need', async ({ page, baseURL }) => {
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url().slice(baseURL!.length) || 'index.html'));
      let goOn = () => {};
      const held = new Promise<void>((resolve) => (goOn = resolve));
      await page.route(/assets\/layout-/, async (route) => {
        await held;
        await route.continue();
      });
      await page.goto('');
      await expect(section(page, decision).locator('.word')).toHaveText(said);
      const later = new RegExp(`^(favicon.svg|assets/(preload-helper|rolldown-runtime|layout|packed|adopt|clipboard|entry|trace|cli|request|whatif|shape|gallery|text|${language}|problems\\.ja)-[^.]+\\.js)$`);
      const first = firstFiles();
      expect(asked.filter((file) => first.includes(file) || !later.test(file)).sort()).toEqual(first.sort());
      await expect(page.getByRole('heading', { level: 2 })).toHaveCount(3);

      goOn();
      await expect(page.getByRole('heading', { level: 2 })).not.toHaveCount(3);
      await expect(section(page, decision).locator('.word')).toHaveText(said);
    });
  });

test('when the rest cannot be loaded, the decision stays and the page says so', async ({ browser, baseURL }) => {
  const page = await (await browser.newContext()).newPage();
  await page.route(/assets\/layout-/, (route) => route.fulfill({ status: 404, body: 'not found' }));
  await page.goto(baseURL!);
  await word(page, 'Allowed');
  await expect(page.getByRole('alert')).toHaveText('This part of the page could not be loaded. Reload the page: the site may have been updated.');
  await page.context().close();
});
