// Share and export: what is copied or downloaded holds what is shown, and other names where that is wished.
import { readFileSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import type { Page } from '@playwright/test';
import { accessible, decision, documentText, expect, grants, looks, request, section, test, timeline, word } from './playground.ts';

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

const share = (page: Page) => section(page, 'Share and export');
const openTool = (page: Page) => page.getByRole('group', { name: 'Tools' }).getByRole('button', { name: 'Share and export' }).click();
async function copied(page: Page, what: string): Promise<string> {
  await share(page).getByRole('button', { name: `Copy: ${what}` }).click();
  await expect(share(page).getByRole('button', { name: `Copy: ${what}` })).toHaveText('Copied');
  return page.evaluate(() => navigator.clipboard.readText());
}

const key = 'arn:aws:kms:eu-west-1:999988887777:key/0987dcba-09fe-87dc-65ba-ab0987654321';
const policy = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'Team', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::999988887777:role/secret-project/launcher' }, Action: 'kms:Decrypt', Resource: '*' }],
};

test.describe('the story after retiring', () => {
  test.beforeEach(async ({ page }) => {
    await page.goto('./');
    await grants(page).getByRole('button', { name: /^Retire grant/ }).click();
    await word(page, 'Denied');
    await openTool(page);
  });

  test('the script asks first, and a shell can read it', async ({ page }, testInfo) => {
    const script = await copied(page, 'AWS CLI script');
    expect(script).toContain('DRY_RUN=${DRY_RUN---dry-run}');
    expect(script).toMatch(/# RetireGrant as admin-role\/operator\n# This grant id was made by the playground.*\naws kms retire-grant \\\n  --key-id arn:aws:kms:ap-northeast-1:111122223333:key\/1234abcd-12ab-34cd-56ef-1234567890ab \\\n  --grant-id ef4053a4[0-9a-f]{56} \\\n  \$DRY_RUN/);
    const file = testInfo.outputPath('script.sh');
    writeFileSync(file, script);
    const calls = (env: object) => execFileSync('sh', ['-c', `aws() { echo "$*"; }; . ${file}`], { encoding: 'utf8', env: { ...process.env, ...env } });
    expect(calls({}).trim().split('\n').at(-1)).toMatch(/^kms decrypt .* --dry-run$/);
    expect(calls({ DRY_RUN: '' })).not.toContain('--dry-run');
  });

  test('the report says the decision, why, and by which documents', async ({ page }) => {
    const report = await copied(page, 'Report');
    expect(report).toContain('# Why may this Lambda function use my key?\n\n**Denied** — Nothing allows it: no grant fits');
    expect(report).toContain('> AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/lambda-execution-role/Grants_test is not authorized');
    expect(report).toContain('- Does an IAM policy of the caller allow the action? **no**');
    expect(report).toContain('It is about logs:CreateLogStream, logs:PutLogEvents, not kms:Decrypt.');
    expect(report).toContain('## Grants\n\n```json\n{\n  "Grants": []\n}\n```');
  });

  test('the downloaded scenario, opened again, plays the same', async ({ page }) => {
    const waiting = page.waitForEvent('download');
    await share(page).getByRole('button', { name: 'Download: Scenario file' }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe('kms-playground.json');
    const text = readFileSync(await download.path(), 'utf8');
    expect(JSON.parse(text).steps).toHaveLength(8);
    await page.goto('./#new');
    await word(page, 'No decision');
    await section(page, 'Paste anything').getByLabel('Or open files').setInputFiles({ name: 'kms-playground.json', mimeType: 'application/json', buffer: Buffer.from(text) });
    await word(page, 'Allowed');
    await timeline(page).getByRole('listitem').last().getByRole('button').click();
    await word(page, 'Denied');
    await expect(grants(page)).toContainText('Retired by admin-role/operator.');
  });
});

test('a QR code of the link, with other names where that is wished', async ({ page }) => {
  const requests: string[] = [];
  page.on('request', (asked) => requests.push(asked.url()));
  await page.goto('./#s=lambda-env&at=6');
  await openTool(page);
  expect(requests.filter((url) => /qr-/.test(url))).toEqual([]);
  await share(page).getByRole('button', { name: 'QR code' }).click();
  await expect(share(page).getByRole('img', { name: 'QR code of the link' })).toBeVisible();
  await expect(share(page).getByRole('link')).toHaveText(/#s=lambda-env&at=6$/);
  // Version 5 with level L: 37 modules, and the quiet zone of 4 on each side.
  const link = await copied(page, 'Link');
  await expect(share(page).getByRole('link')).toHaveText(link);
  const size = Number((await share(page).getByRole('img').getAttribute('viewBox'))!.split(' ')[2]);
  expect((size - 8 - 17) % 4).toBe(0);
  // The story goes on, and the code with it.
  await timeline(page).getByRole('button', { name: 'Forward' }).click();
  await expect(share(page).getByRole('link')).toHaveText(/#s=lambda-env&at=7$/);
  await share(page).getByRole('button', { name: 'QR code' }).click();
  await expect(share(page).getByRole('img')).toHaveCount(0);
});

test('too much for a QR code is said', async ({ page }) => {
  await page.goto('./#new');
  const noise = Array.from({ length: 120 }, (_, i) => `arn:aws:iam::111122223333:role/${(i * 7919 * 104729).toString(36)}`);
  await (await documentText(page, 'Key policy')).fill(JSON.stringify({ ...policy, Statement: [{ ...policy.Statement[0], Principal: { AWS: noise } }] }));
  await openTool(page);
  await share(page).getByRole('button', { name: 'QR code' }).click();
  await expect(share(page).getByRole('alert')).toHaveText('The link is too long for a QR code that cameras can read. Copy the link instead.');
});

test('the embed code shows this moment, the badge leads here', async ({ page, context }) => {
  await page.goto('./');
  await grants(page).getByRole('button', { name: /^Retire grant/ }).click();
  await word(page, 'Denied');
  await openTool(page);
  const embed = await copied(page, 'Embed code');
  expect(embed).toMatch(/^<iframe title="Why may this Lambda function use my key\?" sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads" loading="lazy"\n {2}width="100%" height="640" style="border: 0" src="http:[^"]*\/any\/path\/embed\.html\?view=split&amp;lang=en#s=lambda-env&amp;at=6&amp;do=retire~[^"]*"><\/iframe>\n$/);
  const badge = await copied(page, 'Markdown badge');
  const [, image = '', link = ''] = /^\[!\[KMS Grants Playground: Why may this Lambda function use my key\?\]\(([^)]*)\)\]\(([^)]*)\)\n$/.exec(badge) ?? [];
  const answer = await page.request.get(image);
  expect([answer.status(), answer.headers()['content-type']]).toEqual([200, expect.stringContaining('image/svg+xml')]);

  const host = await context.newPage();
  await host.setContent(embed);
  await expect(host.frameLocator('iframe').locator('.word')).toHaveText('Denied');
  await host.goto(link);
  await word(host, 'Denied');
  await host.close();
});

test('other names everywhere, and the same decision', async ({ page }) => {
  await page.goto('./#new');
  await (await documentText(page, 'Key policy')).fill(JSON.stringify(policy));
  await request(page).getByText('Request as JSON', { exact: true }).click();
  await request(page).getByRole('textbox', { name: 'Request as JSON' }).fill(
    JSON.stringify({
      principal: 'arn:aws:sts::999988887777:assumed-role/launcher/jane.doe@example.com',
      operation: 'Decrypt',
      parameters: { KeyId: 'arn:aws:kms:us-east-1:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab' },
    }),
  );
  await (await documentText(page, 'Grants')).fill(JSON.stringify({ Grants: [{ KeyId: key, GranteePrincipal: 'arn:aws:iam::999988887777:user/bob', Operations: ['Decrypt'] }] }));
  await openTool(page);
  await share(page).getByRole('checkbox', { name: 'Use other names' }).check();
  const link = new URL(await copied(page, 'Link')).hash;
  for (const what of ['Scenario file', 'Report', 'AWS CLI script']) {
    const text = await copied(page, what);
    for (const name of ['999988887777', 'secret-project', 'launcher', 'jane.doe', 'bob', '0987dcba']) expect([what, name, text.includes(name)]).toEqual([what, name, false]);
  }
  const said = await decision(page).locator('.word').textContent();
  await page.goto('about:blank');
  await page.goto(`./${link}`);
  await word(page, said!);
  await expect(page.getByText(/999988887777|launcher|jane\.doe/)).toHaveCount(0);
});

for (const [name, options] of looks)
  test.describe(name, () => {
    test.use({ ...options, contextOptions: { reducedMotion: 'reduce' } });

    test('no axe violations, nothing cut off', async ({ page }) => {
      await page.goto('./');
      await page.locator('.toolbar button').nth(2).press('Enter');
      await expect(page.locator('.share').getByRole('checkbox')).toBeVisible();
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
      await accessible(page);
      await page.locator('.share').screenshot({ path: `browser/results/share-${name.replaceAll(/\W+/g, '-')}.png` });
    });
  });
