// The page as its readers see it: parts by role and name, in English unless a test says otherwise.
import AxeBuilder from '@axe-core/playwright';
import { test as base, expect as anyExpect, type Page } from '@playwright/test';

/** Patient, because machines that build beside the tests are slow. */
export const expect = anyExpect.configure({ timeout: 20_000 });

/**
 * Fails every test whose page logs an error, breaks its Content-Security-Policy, or throws. Texts are in plain text areas, as for
 * readers who prefer them, except where a test is about the editor.
 */
export const test = base.extend<{ page: Page; editor: 'plain' | 'rich'; expectedComplaints: boolean }>({
  editor: ['plain', { option: true }],
  /** Where a test breaks something on purpose, the browser says so. */
  expectedComplaints: [false, { option: true }],
  page: async ({ page, editor, expectedComplaints }, use, testInfo) => {
    testInfo.setTimeout(120_000);
    await page.addInitScript((editor) => {
      if (location.protocol === 'http:' && origin !== 'null' && editor === 'plain') localStorage.setItem('kms-playground.editor', 'plain');
    }, editor);
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await use(page);
    if (!expectedComplaints) expect(complaints).toEqual([]);
  },
});

/** Two ways to look at a page, as far apart as they come; for `test.use`. */
export const looks = [
  ['desktop', {}],
  ['phone, dark, Japanese', { viewport: { width: 320, height: 640 }, colorScheme: 'dark', locale: 'ja-JP', hasTouch: true, isMobile: true }],
] as const;

/** axe finds nothing to complain about. */
export async function accessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

export const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
export const decision = (page: Page) => section(page, 'Decision');
/** The decision, and everything below it, which is drawn after it. */
export async function word(page: Page, said: string) {
  await expect(decision(page).locator('.word')).toHaveText(said);
  await page.waitForFunction(() => !(document.querySelector('kms-page') as unknown as { isDrawing?: boolean } | null)?.isDrawing);
}
export const timeline = (page: Page) => section(page, 'Timeline');
export const currentStep = (page: Page) => timeline(page).locator('[aria-current="step"]');
export const grants = (page: Page) => section(page, 'Grants on this key');
export const documents = (page: Page) => section(page, 'Documents');
export const request = (page: Page) => section(page, 'Request');

/** Opens a document's tab and gives its text area. */
export async function documentText(page: Page, name: string) {
  await documents(page).getByRole('tab', { name }).click();
  return documents(page).getByRole('textbox', { name: `Text of ${name}` });
}

export const kmsMessage =
  'User: arn:aws:sts::111122223333:assumed-role/lambda-execution-role/Grants_test is not authorized to perform: kms:Decrypt on resource: ' +
  'arn:aws:kms:ap-northeast-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab because no identity-based policy allows the kms:Decrypt action';

export const lambdaMessage2022 =
  "Lambda was unable to decrypt the environment variables because KMS access was denied. Please check the function's KMS key settings. " +
  'KMS Exception: AccessDeniedExceptionKMS Message: The ciphertext refers to a customer master key that does not exist, does not exist in ' +
  'this region, or you are not allowed to access.';
