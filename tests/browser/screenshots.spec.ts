// Pictures of the story to look at: before and after retiring, on a desktop and a phone, dark, and in Japanese.
import { mkdirSync } from 'node:fs';
import { expect, test } from './playground.ts';

const folder = '../build/screenshots';
mkdirSync(folder, { recursive: true });

const screens = {
  desktop: { viewport: { width: 1440, height: 1000 } },
  'desktop-dark': { viewport: { width: 1440, height: 1000 }, colorScheme: 'dark' },
  'desktop-ja': { viewport: { width: 1440, height: 1000 }, locale: 'ja-JP' },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  'phone-dark-ja': { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true, colorScheme: 'dark', locale: 'ja-JP' },
} as const;

for (const [name, screen] of Object.entries(screens))
  test.describe(name, () => {
    test.use({ ...screen, contextOptions: { reducedMotion: 'reduce' } });

    test('before and after retiring', async ({ page }) => {
      await page.goto('./');
      await expect(page.locator('.word')).toHaveAttribute('data-verdict', 'allowed');
      await page.screenshot({ path: `${folder}/${name}-allowed.png`, fullPage: true });
      await page.locator('.grants .end button').first().click();
      await expect(page.locator('.word')).toHaveAttribute('data-verdict', 'denied');
      await page.evaluate(() => scrollTo(0, 0));
      await page.screenshot({ path: `${folder}/${name}-denied.png`, fullPage: true });
    });
  });
