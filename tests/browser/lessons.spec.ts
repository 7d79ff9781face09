// Lessons as learners meet them: predict, see, act. That every lesson can be solved, tests/wasm/lessons.test.mjs proves.
import type { Page } from '@playwright/test';
import { accessible, currentStep, decision, documentText, expect, grants, section, test, timeline, word } from './playground.ts';

const lesson = (page: Page) => page.getByRole('region', { name: /^Lesson \d+ of 12/ });
const choose = (page: Page, group: string, name: string) => lesson(page).getByRole('group', { name: group }).getByRole('button', { name }).click();
const goal = (page: Page) => lesson(page).locator('.goal');

test('the list leads to a lesson; the answer is covered until it is predicted', async ({ page }) => {
  await page.goto('./');
  await page.getByRole('link', { name: 'Lessons', exact: true }).click();
  const list = section(page, 'Lessons');
  await expect(list.getByRole('status').first()).toHaveText('Solved: 0 of 12');
  await expect(list.getByRole('listitem').getByRole('link')).toHaveCount(12);
  await list.getByRole('link', { name: '1. The surprise' }).click();

  await expect(lesson(page)).toContainText('Its role may write logs, nothing else.');
  await expect(decision(page)).toHaveCount(0);
  await expect(page.getByRole('status').filter({ hasText: /Allowed/ })).toHaveCount(0);
  await choose(page, 'Predict', 'Denied');
  await expect(lesson(page)).toContainText('You said: Denied. The engine says: Allowed.');
  await expect(lesson(page)).toContainText('Grantee principal, operation and constraints fit the request.');
});

test('a wrong answer gets what the engine says about it, a right one solves the lesson, and the list knows', async ({ page }) => {
  await page.goto('./#lesson=surprise');
  await choose(page, 'Predict', 'Allowed');
  await expect(lesson(page)).toContainText('As you said: Allowed.');
  await word(page, 'Allowed');
  await expect(goal(page)).toHaveText('The goal is not reached yet.');
  await choose(page, 'Find', "The role's IAM policy");
  await expect(lesson(page)).toContainText("Not this one: The role's IAM policy.");
  await expect(lesson(page).getByRole('group', { name: 'Find' }).getByRole('listitem').first()).toContainText('AWSLambdaBasicExecutionRole');
  await choose(page, 'Find', 'The grant');
  await expect(goal(page)).toContainText('Solved.');
  await lesson(page).getByRole('link', { name: 'All lessons' }).click();
  await expect(section(page, 'Lessons').getByRole('listitem').first()).toContainText('Solved');
  await page.reload();
  await expect(section(page, 'Lessons').getByRole('status').first()).toHaveText('Solved: 1 of 12');
});

test('what is done on the page reaches the goal: a grant is retired', async ({ page }) => {
  await page.goto('./#lesson=retire-it');
  await choose(page, 'Predict', 'Denied');
  await word(page, 'Allowed');
  await grants(page).getByRole('combobox').selectOption({ label: 'admin-role/operator' });
  await grants(page).getByRole('button', { name: /^Retire grant/ }).click();
  await word(page, 'Denied');
  await expect(goal(page)).toContainText('Solved.');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(goal(page)).toHaveText('The goal is not reached yet.');
});

test('what is done on the page reaches the goal: a policy is edited', async ({ page }) => {
  await page.goto('./#lesson=delegation');
  await choose(page, 'Predict', 'Allowed');
  await word(page, 'Denied');
  const text = await documentText(page, 'IAM policy: reader');
  await text.fill((await text.inputValue()).replace('"logs:PutLogEvents"', '"kms:Decrypt"'));
  await word(page, 'Allowed');
  await expect(goal(page)).toContainText('Solved.');
});

test('what is done on the page reaches the goal: someone is chosen, and a lesson offers an action', async ({ page }) => {
  await page.goto('./#lesson=retire-or-revoke');
  await choose(page, 'Predict', 'Denied');
  await grants(page).getByRole('combobox').selectOption({ label: 'adminRole/session' });
  await expect(goal(page)).toContainText('Solved.');

  await page.goto('./#lesson=role-recreated');
  await choose(page, 'Predict', 'unique id of the old role');
  const offers = lesson(page).getByRole('group', { name: 'What you can do' });
  await offers.getByRole('button', { name: 'Wait for the change to spread' }).click();
  await expect(goal(page)).toHaveText('The goal is not reached yet.');
  await offers.getByRole('button', { name: /Lambda creates a new grant/ }).click();
  await word(page, 'Allowed');
  await expect(goal(page)).toContainText('Solved.');
});

test('before the prediction, hints lead only to what is there', async ({ page }) => {
  await page.goto('./#lesson=retire-it');
  const hints = lesson(page).getByRole('list', { name: 'Hints' });
  for (const number of [1, 2, 3]) await lesson(page).getByRole('button', { name: `Hint ${number} of 3` }).click();
  // Its first and third hint lead to the grants, which tell the answer.
  await expect(hints.getByRole('button', { name: 'Show me' })).toHaveCount(1);
  await choose(page, 'Predict', 'Allowed');
  await expect(hints.getByRole('button', { name: 'Show me' })).toHaveCount(3);
  await hints.getByRole('button', { name: 'Show me' }).first().click();
  await expect(page.getByRole('heading', { name: 'Grants on this key' })).toBeFocused();
});

test('three hints, one after the other, each shows its place; solve is always there', async ({ page }) => {
  await page.goto('./#lesson=read-a-grant');
  const hints = lesson(page).getByRole('list', { name: 'Hints' });
  for (const number of [1, 2, 3]) {
    await lesson(page).getByRole('button', { name: `Hint ${number} of 3` }).click();
    await expect(hints.getByRole('listitem')).toHaveCount(number);
  }
  await expect(lesson(page).getByRole('button', { name: 'Hint 3 of 3' })).toBeDisabled();
  await hints.getByRole('button', { name: 'Show me' }).last().click();
  const text = page.getByRole('textbox', { name: 'Text of Grants' });
  await expect(text).toBeFocused();
  expect(await text.evaluate((field: HTMLTextAreaElement) => field.value.slice(field.selectionStart, field.selectionEnd))).toContain('EncryptionContextEquals');
  await lesson(page).getByRole('button', { name: 'Solve it for me' }).click();
  await expect(goal(page)).toContainText('Solved.');
  await lesson(page).getByRole('button', { name: 'Start again' }).click();
  await expect(decision(page)).toHaveCount(0);
});

test('the investigation shows the CloudTrail events, the last answer covered', async ({ page }) => {
  await page.goto('./#lesson=investigate');
  const events = lesson(page).getByRole('table', { name: 'CloudTrail events on this key' });
  await expect(events.getByRole('row')).toHaveCount(8);
  await expect(events.getByRole('row').last()).toContainText('?');
  await choose(page, 'Predict', 'because nothing allows it');
  await expect(events.getByRole('row').last()).toContainText('AccessDenied');
  await timeline(page).getByRole('button', { name: 'Back' }).click();
  await expect(currentStep(page)).toContainText('10:20');
  await choose(page, 'Find', '10:20 RevokeGrant');
  await expect(goal(page)).toContainText('Solved.');
});

test('the quiz goes through ten questions and counts', async ({ page }) => {
  await page.goto('./#lesson=quiz');
  for (let number = 1; number <= 10; number += 1) {
    const question = lesson(page).getByRole('group', { name: `Question ${number} of 10` });
    await expect(decision(page)).toHaveCount(0);
    await question.getByRole('button').first().click();
    await expect(decision(page)).toBeVisible();
    await lesson(page).getByRole('button', { name: 'Next question' }).click({ trial: number === 10, force: number === 10 });
    if (number < 10) await expect(lesson(page).getByRole('group', { name: `Question ${number + 1} of 10` })).toBeVisible();
  }
  await expect(goal(page)).toHaveText('3 right of 10; 7 solve the quiz.');
});

test('questions are made up, the same ones for the same number; what is different is said, and the engine gives the answer', async ({ page }) => {
  await page.goto('./#lesson=quiz');
  const others = lesson(page).getByRole('link', { name: 'Ten other questions' });
  await expect(others).toHaveAttribute('href', /^#lesson=quiz&seed=\d+$/);
  await page.goto('./#lesson=quiz&seed=7');
  const question = lesson(page).getByRole('group', { name: 'Question 1 of 10' });
  await expect(question).toContainText(/May \S+ call \w+\?/);
  await expect(decision(page)).toHaveCount(0);
  const asked = await question.getByRole('paragraph').first().innerText();
  await question.getByRole('button', { name: 'Allowed', exact: true }).click();
  const said = await decision(page).locator('.word').innerText();
  await expect(question).toContainText(said === 'Allowed' ? 'As you said: Allowed.' : 'You said: Allowed. The engine says: Denied.');
  await expect(goal(page)).toHaveText(said === 'Allowed' ? '1 right of 10; 7 solve the quiz.' : '0 right of 10; 7 solve the quiz.');
  await lesson(page).getByRole('button', { name: 'Solve it for me' }).click();
  await expect(goal(page)).toContainText('Solved.');
  await page.reload();
  await expect(question.getByRole('paragraph').first()).toHaveText(asked);
  await page.evaluate(() => (location.hash = '#lesson=quiz&seed=x'));
  await expect(page.getByRole('alert')).toContainText('The story is shown instead.');
});

test.describe('presenter mode', () => {
  const covered = (page: Page) => section(page, 'What do you think?');
  const size = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).fontSize);

  test('large type, each answer covered until the key of a remote control shows it', async ({ page }) => {
    await page.goto('./#lessons');
    await page.getByRole('link', { name: /^Present the story/ }).click();
    await expect(covered(page)).toContainText('May lambda-execution-role/Grants_test call Decrypt?');
    await expect(page.locator('[data-verdict]')).toHaveCount(0);
    await expect(section(page, 'What every statement and grant said')).toHaveCount(0);
    expect(await size(page)).toBe('24px');
    await accessible(page);
    await page.keyboard.press('PageDown');
    await word(page, 'Allowed');
    await page.keyboard.press('PageDown');
    await expect(currentStep(page)).toContainText('The operator retires the grant');
    await expect(covered(page)).toContainText('May admin-role/operator call RetireGrant?');
    await page.keyboard.press('PageDown');
    await word(page, 'Allowed');
    await page.keyboard.press('.');
    await expect(covered(page)).toBeVisible();
    await page.keyboard.press('PageUp');
    await expect(currentStep(page)).toContainText('The function starts and decrypts its variables');
    await covered(page).getByRole('button', { name: 'Denied' }).click();
    await expect(page.getByText('You said “Denied”. AWS KMS decides otherwise; here is why.')).toBeVisible();
    await word(page, 'Allowed');
    await section(page, 'Presenter mode').getByRole('button', { name: 'Cover the answer' }).click();
    await expect(decision(page)).toHaveCount(0);
    await page.keyboard.press('Escape');
    await word(page, 'Allowed');
    await expect(timeline(page)).toContainText('Step 6 of 9');
    expect([await size(page), new URL(page.url()).hash]).toEqual(['16px', '#s=lambda-env']);
    await page.keyboard.press('.');
    await word(page, 'Allowed');
  });

  test('a lesson in Japanese: in large type, the answer covered after the prediction, too', async ({ page }) => {
    await page.goto('./');
    await page.getByRole('button', { name: '日本語' }).click();
    await page.evaluate(() => (location.hash = '#lesson=surprise&present'));
    await expect(section(page, '発表モード').getByRole('button', { name: '発表モードを終了' })).toBeVisible();
    const panel = page.getByRole('region', { name: /^レッスン 1/ });
    await panel.getByRole('button', { name: '拒否' }).click();
    await expect(page.getByRole('region', { name: '判定', exact: true })).toHaveCount(0);
    expect(await size(page)).toBe('24px');
    await panel.getByRole('button', { name: '答えを見る' }).click();
    await expect(panel).toContainText('予想は「拒否」でしたが、判定は許可です。');
    await page.evaluate(() => (location.hash = '#s=lambda-env'));
    await expect(page.getByRole('region', { name: '判定', exact: true }).locator('.word')).toHaveText('許可');
    expect(await size(page)).toBe('16px');
  });
});

test("a teacher's link: this lesson alone, without its solution, the answer covered until asked for", async ({ page }) => {
  await page.goto('./#lesson=surprise&pin&nosolve&cover');
  await expect(lesson(page).getByRole('button', { name: 'Solve it for me' })).toHaveCount(0);
  await expect(page.getByRole('link')).toHaveCount(0);
  await choose(page, 'Predict', 'Denied');
  await expect(decision(page)).toHaveCount(0);
  await lesson(page).getByRole('button', { name: 'Show the answer' }).click();
  await word(page, 'Allowed');
});

test('progress is taken elsewhere as a code; what is no code is said to be none', async ({ page }) => {
  await page.goto('./#lessons');
  const list = section(page, 'Lessons');
  const code = list.getByRole('textbox', { name: 'Progress code' });
  await code.fill('nonsense');
  await code.blur();
  await expect(list).toContainText('This is not a progress code');
  await code.fill('kms-lessons.retire-it.quiz.of-another-version');
  await code.blur();
  await expect(list.getByRole('status').first()).toHaveText('Solved: 2 of 12');
  await expect(code).toHaveValue('kms-lessons.retire-it.quiz');
  await list.getByRole('button', { name: 'Forget my progress' }).click();
  await expect(list.getByRole('status').first()).toHaveText('Solved: 0 of 12');
});

test('without storage everything works, only nothing is kept', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'localStorage', {
      get: () => {
        throw new DOMException('refused', 'SecurityError');
      },
    });
  });
  await page.goto('./#lesson=surprise');
  await lesson(page).getByRole('button', { name: 'Solve it for me' }).click();
  await expect(goal(page)).toContainText('Solved.');
  await lesson(page).getByRole('link', { name: 'All lessons' }).click();
  await expect(section(page, 'Lessons').getByRole('status').first()).toHaveText(/^Solved: [01] of 12$/);
});

test('a lesson that does not exist', async ({ page }) => {
  await page.goto('./#lesson=nothing');
  await expect(page.getByRole('alert')).toContainText('The story is shown instead.');
  await word(page, 'Allowed');
});

test('the first lesson by keyboard alone', async ({ page }) => {
  await page.goto('./#lesson=surprise');
  await expect(lesson(page)).toBeVisible();
  const press = async (name: string | RegExp) => {
    const button = lesson(page).getByRole('button', { name });
    for (let presses = 0; presses < 40 && !(await button.evaluate((node) => node.matches(':focus'))); presses += 1) await page.keyboard.press('Tab');
    await expect(button).toBeFocused();
    await page.keyboard.press('Enter');
  };
  await press('Allowed');
  await press('The grant');
  await expect(goal(page)).toContainText('Solved.');
});

test.describe('in Japanese, narrow, dark', () => {
  test.use({ locale: 'ja-JP', viewport: { width: 320, height: 640 }, colorScheme: 'dark', contextOptions: { reducedMotion: 'reduce' } });

  test('every lesson is Japanese, fits, and has no axe violations in its first', async ({ page }) => {
    await page.goto('./#lessons');
    await expect(page.getByRole('heading', { level: 2, name: 'レッスン' })).toBeVisible();
    const links = await page.getByRole('main').getByRole('listitem').getByRole('link').evaluateAll((all) => all.map((link) => link.getAttribute('href')!));
    expect(links).toHaveLength(12);
    await accessible(page);
    for (const link of links) {
      await page.evaluate((hash) => (location.hash = hash), link);
      const panel = page.getByRole('region', { name: /^レッスン \d+ \/ 12/ });
      await expect(panel).toHaveAccessibleName(new RegExp(`^レッスン ${links.indexOf(link) + 1} /`));
      expect([link, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([link, 320]);
      if (link === '#lesson=surprise') {
        await panel.getByRole('button', { name: '拒否' }).click();
        await expect(panel).toContainText('予想は「拒否」でしたが、判定は許可です。');
      }
    }
  });
});

for (const colorScheme of ['light', 'dark'] as const)
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    for (const id of ['surprise', 'investigate'])
      test(`${id}: no axe violations before and after the answer`, async ({ page }) => {
        await page.goto(`./#lesson=${id}`);
        await expect(lesson(page)).toBeVisible();
        await accessible(page);
        await lesson(page).getByRole('button', { name: 'Hint 1 of 3' }).click();
        await lesson(page).getByRole('group', { name: 'Predict' }).getByRole('button').last().click();
        await lesson(page).getByRole('group', { name: 'Find' }).getByRole('button').first().click();
        await accessible(page);
      });
  });
