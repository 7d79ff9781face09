import { accessible, currentStep, documents, expect, grants, request, section, test, timeline, word } from './playground.ts';

for (const colorScheme of ['light', 'dark'] as const)
  for (const locale of ['en-US', 'ja-JP'])
    for (const [screen, viewport] of [['desktop', { width: 1440, height: 900 }], ['phone', { width: 390, height: 844 }]] as const)
      test.describe(`${screen}, ${colorScheme}, ${locale}`, () => {
        test.use({ colorScheme, locale, viewport, contextOptions: { reducedMotion: 'reduce' } });

        for (const [state, hash] of [['the story', ''], ['an empty start', '#new']] as const)
          test(`${state}: no axe violations`, async ({ page }) => {
            await page.goto(`./${hash}`);
            await expect(page.locator('.word')).toBeVisible();
            await page.locator('details').evaluateAll((all: HTMLDetailsElement[]) => all.forEach((details) => (details.open = true)));
            await accessible(page);
          });

        test('a refusal, a denial and a broken document: no axe violations', async ({ page }) => {
          await page.goto('./');
          const cards = page.getByRole('article');
          await page.locator('.grants select').selectOption({ label: 'lambda-execution-role/another-session' });
          await cards.getByRole('button').nth(1).click();
          await expect(page.getByRole('alert')).toBeVisible();
          await page.locator('#text-document').fill('{');
          await expect(page.locator('.word')).toHaveAttribute('data-verdict', 'none');
          await accessible(page);
        });
      });

test.describe('at 320 pixels', () => {
  test.use({ viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });

  for (const hash of ['', '#new'])
    test(`nothing is cut off and targets are large${hash && ' in an empty start'}`, async ({ page }) => {
      await page.goto(`./${hash}`);
      await expect(page.locator('.word')).toBeVisible();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
      const small = await page.getByRole('button').evaluateAll((buttons) =>
        buttons
          .filter((button) => !button.matches('.source, .skip'))
          .map((button) => ({ name: button.textContent?.trim(), height: button.getBoundingClientRect().height }))
          .filter(({ height }) => height > 0 && height < 44),
      );
      expect(small).toEqual([]);
    });
});

test('the whole story by keyboard alone', async ({ page }) => {
  await page.goto('./');
  await word(page, 'Allowed');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Skip to the decision' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Decision', exact: true })).toBeFocused();

  const retire = grants(page).getByRole('button', { name: /^Retire grant/ });
  for (let presses = 0; presses < 40 && !(await retire.evaluate((button) => button.matches(':focus'))); presses += 1) await page.keyboard.press('Tab');
  await expect(retire).toBeFocused();
  await page.keyboard.press('Enter');
  await word(page, 'Denied');
  await page.keyboard.press('Control+z');
  await word(page, 'Allowed');

  await timeline(page).getByRole('button', { name: 'Back' }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(currentStep(page)).toContainText('list-grants now shows it');
  await page.keyboard.press('ArrowRight');
  await expect(currentStep(page)).toContainText('The function starts and decrypts');
});

test('Tab leaves every text and reaches the end of the page', async ({ page }) => {
  await page.goto('./');
  await section(page, 'The same with the AWS CLI').waitFor(); // the last part of the page
  await word(page, 'Allowed');
  const seen = new Set<string>();
  for (let presses = 0; presses < 150; presses += 1) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => {
      let active = document.activeElement;
      while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
      return active === document.body || active === null ? 'end' : (active.id || active.textContent?.trim().slice(0, 40) || active.tagName);
    });
    if (name === 'end') break;
    seen.add(name);
  }
  expect(seen).toContain('text-document');
  expect(seen).toContain('CloudTrail record');
});

test('the arrow keys open the tabs of the documents', async ({ page }) => {
  await page.goto('./');
  await documents(page).getByRole('tab', { name: 'Key policy' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(documents(page).getByRole('tab', { name: 'Grants' })).toBeFocused();
  await expect(documents(page).getByRole('textbox', { name: 'Text of Grants' })).toBeVisible();
  await page.keyboard.press('End');
  await expect(documents(page).getByLabel('Key ARN')).toBeVisible();
});

test('a settled change is announced once', async ({ page }) => {
  await page.goto('./');
  await word(page, 'Allowed');
  const status = page.getByRole('status');
  await expect(status).toHaveText('Allowed. A grant allows lambda-execution-role/Grants_test to call Decrypt. No policy has to.');
  const said = await status.evaluateHandle((node) => {
    const all: (string | null)[] = [];
    new MutationObserver(() => all.push(node.textContent)).observe(node, { childList: true, characterData: true, subtree: true });
    return all;
  });
  await section(page, 'Request').getByRole('textbox', { name: 'Value 1' }).pressSequentially('xyz', { delay: 50 });
  await expect(status).toHaveText(/^Denied\. Nothing allows it/);
  await page.waitForTimeout(1500); // nothing more is said
  expect(await said.jsonValue()).toHaveLength(1);
});

for (const width of [320, 1280])
  test(`values longer than their fields can be read to the end, ${width} px wide`, async ({ page }) => {
    await page.setViewportSize({ width, height: 700 });
    await page.goto('./');
    await expect(request(page).getByLabel('Principal')).toHaveValue('arn:aws:sts::111122223333:assumed-role/lambda-execution-role/Grants_test');
    const whole = request(page).getByText('arn:aws:sts::111122223333:assumed-role/lambda-execution-role/Grants_test', { exact: true });
    await whole.scrollIntoViewIfNeeded();
    const box = (await whole.boundingBox())!;
    expect(box.x >= 0 && box.x + box.width <= width).toBe(true);
    expect(await whole.evaluate((text) => text.scrollWidth <= text.clientWidth)).toBe(true);
    await expect(request(page).getByText('arn:aws:lambda:ap-northeast-1:111122223333:function:Grants_test', { exact: true })).toBeVisible();
  });

test.describe('in Japanese', () => {
  test.use({ locale: 'ja-JP' });

  test('every word of the page is Japanese, except what AWS and documents call so', async ({ page }) => {
    await page.goto('./');
    await expect(page.locator('.word')).toHaveText('許可');
    await expect(page.locator('html')).toHaveAttribute('lang', 'ja');
    await expect(page.getByRole('heading', { level: 2 })).toHaveText([
      '許可していないのに、なぜ Lambda は KMS キー（旧 CMK）を使えるのか',
      '判定',
      'タイムライン',
      'このキーの Grants',
      '判定の流れ',
      '各ステートメントと Grant の評価',
      'リクエスト',
      'ドキュメント',
      'まとめて貼り付け',
      'AWS CLI での操作',
      'このページについて',
    ]);
    await page.getByRole('button', { name: /^Grant .* を廃止$/ }).click();
    await expect(page.locator('.word')).toHaveText('拒否');
    await expect(page.getByRole('figure', { name: 'AWS KMS の応答' })).toContainText('because no identity-based policy allows the kms:Decrypt action');
    await page.locator('details').evaluateAll((all: HTMLDetailsElement[]) => all.forEach((details) => (details.open = true)));
    // A run of Latin words outside of code and of names would be an untranslated sentence.
    const latin = await page.locator('kms-page').evaluate((host) => {
      const found: string[] = [];
      const walk = (node: Node) => {
        if (node instanceof Element && (node.matches('[translate=no], [lang=en], textarea, select, option, style, time') || node.tagName === 'datalist')) return;
        if (node instanceof Text && /[A-Za-z]+(?:[ ,]+[a-z]+){2,}/.test(node.data)) found.push(node.data.trim());
        node.childNodes.forEach(walk);
      };
      walk(host.shadowRoot!);
      return found;
    });
    expect(latin).toEqual([]);
  });

  test('problems are explained in Japanese', async ({ page }) => {
    await page.goto('./');
    await page.getByRole('textbox', { name: 'キーポリシーの本文' }).fill('{"Version": "2012-10-17"}');
    await expect(page.locator('.word')).toHaveText('判定できません');
    await expect(page.locator('.decision')).toContainText('ポリシーに Statement がありません。');
  });

  test('the language can be changed, and the choice is kept', async ({ page }) => {
    await page.goto('./');
    await page.getByRole('button', { name: 'English' }).click();
    await expect(page.locator('.word')).toHaveText('Allowed');
    await page.reload();
    await expect(page.locator('.word')).toHaveText('Allowed');
    await page.getByRole('button', { name: '日本語' }).click();
    await expect(page.locator('.word')).toHaveText('許可');
  });
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 640 }, locale: 'ja-JP', hasTouch: true, isMobile: true });

  test('what was decided stays in sight, and takes a tenth of it', async ({ page }) => {
    await page.goto('./');
    const said = page.getByText('許可', { exact: true }).first();
    await page.getByRole('region', { name: 'タイムライン' }).getByText('list-grants に Grant が現れる').scrollIntoViewIfNeeded();
    await page.evaluate(() => scrollTo(0, 1500));
    await expect(said).toBeInViewport({ ratio: 1 });
    await expect.poll(() => page.locator('.verdict').evaluate((bar) => [bar.getBoundingClientRect().top, bar.clientHeight < 64])).toEqual([0, true]);
  });
});
