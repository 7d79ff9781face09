// The gallery: search, tags, and that every scenario in it opens and answers as it says.
import { readdirSync, readFileSync } from 'node:fs';
import { accessible, decision, expect, looks, section, test, word } from './playground.ts';

const folder = '../web/gallery';
const scenarios = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({ id: file.replace('.json', ''), ...JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) }));

test('every scenario answers as it expects', async () => {
  const { loadEngine } = await import('../../web/dist/engine.js');
  const engine = await loadEngine();
  for (const { id, ...scenario } of scenarios) {
    const { results, diagnostics } = JSON.parse(engine.run(JSON.stringify(scenario)));
    expect([id, diagnostics.filter(({ severity }: { severity: string }) => severity === 'error')]).toEqual([id, []]);
    const asked = scenario.steps.filter(({ request }: { request?: object }) => request).map(({ id }: { id: string }) => [id, 'pass']);
    expect([id, results.map(({ step, expect }: { step: string; expect: string }) => [step, expect])]).toEqual([id, asked]);
  }
});

test('every scenario opens by its link, with a decision', async ({ page }) => {
  await page.goto('./');
  for (const { id, title } of scenarios) {
    await page.evaluate((hash) => (location.hash = hash), `#s=${id}`);
    await expect(page.getByRole('heading', { level: 2 }).first()).toHaveText(title.en.replaceAll('`', ''));
    await expect(decision(page).locator('.word')).toHaveAttribute('data-verdict', /^(allowed|denied|deniedUnless|error)$/);
  }
});

test('every scenario has a title and a story in both languages, and tags', () => {
  expect(scenarios.length).toBeGreaterThan(0);
  for (const { id, title, description, tags } of scenarios) {
    for (const text of [title, description]) expect([id, Object.keys(text ?? {})]).toEqual([id, ['en', 'ja']]);
    expect([id, tags?.length > 0]).toEqual([id, true]);
  }
});

test('search and tags narrow the gallery down, and a scenario opens', async ({ page }) => {
  await page.goto('./');
  await word(page, 'Allowed');
  await page.getByRole('link', { name: 'Gallery' }).click();
  const gallery = section(page, 'Gallery');
  await expect(gallery.getByRole('status')).toHaveText(`Scenarios shown: ${scenarios.length}`);
  const search = gallery.getByRole('searchbox', { name: 'Search' });
  await search.fill('nothing is called like this');
  await expect(gallery.getByRole('status')).toHaveText('Scenarios shown: 0');
  await search.fill('lambda FUNCTION use my key');
  await gallery.getByRole('link', { name: 'Why may this Lambda function use my key?' }).press('Enter');
  await word(page, 'Allowed');
  await expect(page).toHaveURL(/#s=lambda-env$/);
  await page.goBack();
  await expect(search).toBeVisible();
});

for (const [name, options] of looks)
  test.describe(name, () => {
    test.use({ ...options, contextOptions: { reducedMotion: 'reduce' } });

    test('the gallery: no axe violations, nothing cut off', async ({ page }, { project }) => {
      await page.goto('./#gallery');
      await expect(page.getByRole('listitem').first()).toBeVisible();
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
      await accessible(page);
      await page.screenshot({ path: `browser/results/gallery-${name.replaceAll(/\W+/g, '-')}-${project.name}.png`, fullPage: true });
    });
  });
