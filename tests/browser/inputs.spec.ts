import type { Page } from '@playwright/test';
import { decision, documents, documentText, expect, grants, kmsMessage, request, section, test, timeline, word } from './playground.ts';

const keyArn = 'arn:aws:kms:eu-west-1:444455556666:key/0987dcba-09fe-87dc-65ba-ab0987654321';
const keyPolicy = JSON.stringify(
  {
    Version: '2012-10-17',
    Statement: [{ Sid: 'Account', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: 'kms:*', Resource: '*' }],
  },
  null,
  2,
);
const listGrants = JSON.stringify(
  {
    Grants: [
      {
        KeyId: keyArn,
        GrantId: 'abcde1237f76e4ba7987489ac329fbfba6ad343d6f7075dbd1ef191f0120514a',
        CreationDate: '2026-03-01T10:00:00+00:00',
        GranteePrincipal: 'arn:aws:iam::444455556666:role/reader',
        IssuingAccount: 'arn:aws:iam::444455556666:root',
        Operations: ['Decrypt'],
        Constraints: { EncryptionContextSubset: { department: 'finance' } },
      },
    ],
  },
  null,
  2,
);

test('documents of one’s own are there still after a look at the gallery and at another scenario', async ({ page }) => {
  await page.goto('./#new');
  const text = section(page, 'Paste anything').getByRole('textbox', { name: 'Text to place' });
  await text.fill(keyPolicy);
  await page.getByRole('button', { name: 'Place it' }).click();
  await expect(section(page, 'Paste anything')).toContainText('Placed: key policy');
  for (const away of ['Gallery', 'The story', 'Lessons']) {
    await page.getByRole('link', { name: away, exact: true }).click();
    await expect(section(page, 'Paste anything').getByText('Placed')).toHaveCount(0);
    await page.getByRole('link', { name: 'Try with my own', exact: true }).click();
    await expect(await documentText(page, 'Key policy')).toHaveValue(/444455556666:root/);
  }
});

test('the name of a pair stays while it is typed, whatever is drawn meanwhile, and when its value follows at once', async ({ page }) => {
  await page.goto('./#s=equals-or-subset&at=1');
  await word(page, 'Allowed');
  await request(page).getByRole('button', { name: 'Add a pair' }).click();
  const names = request(page).getByLabel(/^Name \d/);
  await expect(names.last()).toHaveValue(/^name\d$/); // the new pair is there
  await names.last().focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Team');
  await page.evaluate(() => (document.querySelector('kms-page') as unknown as { requestUpdate(): void }).requestUpdate());
  await expect(names.last()).toHaveValue('Team');
  await page.keyboard.press('Tab');
  await page.keyboard.type('A');
  await expect(request(page).getByLabel(/^Value \d/).last()).toHaveValue('A');
  await expect(names.last()).toHaveValue('Team');
  // A name that is there already would take the other pair's place.
  await names.last().fill('Department');
  await page.keyboard.press('Tab');
  await expect(names.last()).toHaveValue('Team');
  await expect(names).toHaveCount(2);
});

test('when another scenario opens, no panel of the last one is left to type into', async ({ page }) => {
  await page.goto('./');
  await expect(section(page, 'Paste anything')).toHaveCount(1);
  const [panels, left] = await page.evaluate(async () => {
    const root = document.querySelector('kms-page')!.shadowRoot!;
    const panels = [...root.querySelectorAll('.columns section')];
    const opened = new Promise<number>((resolve) =>
      new MutationObserver(() => {
        if (root.querySelector('.word')?.textContent === 'No decision') resolve(panels.filter((panel) => panel.isConnected).length);
      }).observe(root, { subtree: true, childList: true, characterData: true }),
    );
    location.hash = '#new';
    return [panels.length, await opened] as const;
  });
  expect(panels).toBeGreaterThan(6);
  expect(left).toBe(0);
});

test.describe('in the story', () => {
  test.beforeEach(async ({ page }) => {
    await page.goto('./');
    await word(page, 'Allowed');
  });

  const documentNames = ['Key policy', 'IAM policy: lambda-execution-role', 'Grants'];
  for (const name of documentNames) {
    test(`${name}: broken JSON gives no decision and says where and why`, async ({ page }) => {
      const text = await documentText(page, name);
      const before = await text.inputValue();
      const broken = before.replace(/\}\s*$/, ',}');
      await text.fill(broken);
      await word(page, 'No decision');
      const line = broken.split('\n').length;
      await expect(decision(page)).toContainText('A document is missing or cannot be read, so there is no answer.');
      await expect(decision(page)).toContainText(`${name} ${line}:`);
      await expect(decision(page)).toContainText('A comma stands before the closing bracket. Remove the comma.');
      await expect(decision(page)).not.toContainText('allows');
      await expect(section(page, 'How the decision was made')).toContainText('There is no decision to draw.');
      await expect(section(page, 'What every statement and grant said')).toContainText('Nothing was evaluated.');
      await expect(text).toHaveValue(broken);
      await expect(text).toHaveAttribute('aria-invalid', 'true');

      await text.fill(before);
      await word(page, 'Allowed');
    });

    test(`${name}: an empty text gives no decision`, async ({ page }) => {
      const text = await documentText(page, name);
      await text.fill('');
      await word(page, 'No decision');
      await expect(decision(page)).toContainText(`${name} 1:1`);
      await expect(decision(page)).toContainText('There is no text. Paste the JSON document.');
    });
  }

  test('a place in the diagnostic leads to the text', async ({ page }) => {
    const text = await documentText(page, 'Grants');
    await text.fill('{"Grants": [}');
    await decision(page).getByRole('button', { name: 'Show in Grants, line 1, column 13' }).click();
    await expect(text).toBeFocused();
    expect(await text.evaluate((t: HTMLTextAreaElement) => t.selectionStart)).toBe(12);
  });

  test('a policy where the grant list belongs', async ({ page }) => {
    const policy = await (await documentText(page, 'Key policy')).inputValue();
    const text = await documentText(page, 'Grants');
    await text.fill(policy);
    await word(page, 'No decision');
    await expect(decision(page)).toContainText('This is a policy, not a grant list.');
    await expect(grants(page)).toContainText('The grant list cannot be read.');
  });

  test('a grant list where the key policy belongs', async ({ page }) => {
    const text = await documentText(page, 'Key policy');
    await text.fill(listGrants);
    await word(page, 'No decision');
    await expect(decision(page)).toContainText('This is a grant list, not a policy. Paste it where the grants belong.');
  });

  test('an unknown condition operator', async ({ page }) => {
    const text = await documentText(page, 'Key policy');
    await text.fill(keyPolicy.replaceAll('444455556666', '111122223333').replace('"Resource": "*"', '"Resource": "*", "Condition": {"StringEqual": {"kms:ViaService": "x"}}'));
    await word(page, 'No decision');
    await expect(decision(page)).toContainText('StringEqual is not a condition operator. Did you mean StringEquals?');
  });

  test('a broken request keeps what was typed and says where it is broken', async ({ page }) => {
    await request(page).getByText('Request as JSON').click();
    const json = request(page).getByRole('textbox', { name: 'Request as JSON' });
    await json.fill('{"principal": "arn:aws:iam::111122223333:user/alice",\n  "operation": }');
    await word(page, 'No decision');
    await expect(decision(page)).toContainText('The request is incomplete or cannot be read, so there is no answer.');
    await expect(decision(page)).toContainText('Request as JSON 2:16');
    await expect(json).toHaveValue('{"principal": "arn:aws:iam::111122223333:user/alice",\n  "operation": }');
    await json.fill('');
    await word(page, 'No decision');
    await expect(decision(page)).toContainText('There is no text.');
  });

  test('a principal that is none, an operation that is none, a key that does not exist', async ({ page }) => {
    const principal = request(page).getByLabel('Principal');
    const before = await principal.inputValue();
    await principal.fill('alice');
    await word(page, 'No decision');
    await expect(decision(page)).toContainText('This names no caller that KMS could see.');
    await principal.fill(before);
    await word(page, 'Allowed');

    await request(page).getByText('Request as JSON').click();
    const json = request(page).getByRole('textbox', { name: 'Request as JSON' });
    const text = await json.inputValue();
    await json.fill(text.replace('"Decrypt"', '"Decryptt"'));
    await word(page, 'No decision');
    await expect(decision(page)).toContainText('Decryptt is not an AWS KMS operation. Did you mean Decrypt?');
    await json.fill(text.replace('1234567890ab', '1234567890ff'));
    await word(page, 'Refused');
    await expect(decision(page)).toContainText('AWS KMS would not carry out the request: NotFoundException.');
  });

  test('another IAM policy that is broken does not stand in the way', async ({ page }) => {
    const text = await documentText(page, 'IAM policy: admin-role');
    await text.fill('{');
    await word(page, 'Allowed');
    await expect(page.getByText('Another document has errors; this decision does not read it.')).toBeVisible();
  });

  test('an explicit Deny in the role’s own policy beats the grant, and an edit is a step', async ({ page }) => {
    const text = await documentText(page, 'IAM policy: lambda-execution-role');
    await text.fill('{"Version": "2012-10-17", "Statement": [{"Sid": "Stop", "Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*"}]}');
    await word(page, 'Denied');
    await expect(decision(page)).toContainText('A Deny statement applies to kms:Decrypt for lambda-execution-role/Grants_test.');
    await expect(page.getByText('with an explicit deny in an identity-based policy').first()).toBeVisible();
    await expect(timeline(page)).toContainText('Edited: IAM policy: lambda-execution-role');
    await timeline(page).getByRole('button', { name: 'Back' }).click();
    await word(page, 'Allowed');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(timeline(page)).not.toContainText('Edited');
  });

  test('typing one document is one step and one undo', async ({ page }) => {
    const text = await documentText(page, 'Key policy');
    const before = await text.inputValue();
    await text.focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('\n\n\n');
    await expect(timeline(page)).toContainText('Step 7 of 10');
    await word(page, 'Allowed');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(text).toHaveValue(before);
    await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();
  });

  test('markup in a Sid is shown as text', async ({ page }) => {
    const sid = '<img src=x onerror=alert(1)>';
    page.on('dialog', () => expect(false, 'a script of the document ran').toBe(true));
    const text = await documentText(page, 'Key policy');
    await text.fill(keyPolicy.replaceAll('444455556666', '111122223333').replace('"Account"', JSON.stringify(sid)));
    await word(page, 'Allowed');
    await expect(section(page, 'What every statement and grant said')).toContainText(sid);
    await expect(page.locator('img')).toHaveCount(0);
  });
});

test.describe('with one’s own documents', () => {
  test.beforeEach(async ({ page }) => {
    await page.goto('./#new');
    await expect(page.getByRole('heading', { name: 'Your own key' })).toBeVisible();
    await word(page, 'No decision');
  });

  test('starts empty', async ({ page }) => {
    await expect(await documentText(page, 'Key policy')).toHaveValue('');
    await expect(grants(page)).toContainText('This key has no grants.');
    await expect(page.getByText('111122223333')).toHaveCount(0);
    await expect(decision(page)).toContainText('Paste or type what you have. As soon as there is enough, the decision stands here.');
    await expect(decision(page).getByRole('list')).toHaveCount(0);
    await request(page).getByLabel('Principal').fill('arn:aws:iam::444455556666:user/alice');
    await expect(decision(page).getByRole('list')).toContainText('There is no text. Paste the JSON document.');
  });

  test('a pasted grant tells the key and who asks; the decision follows', async ({ page }) => {
    await (await documentText(page, 'Key policy')).fill(keyPolicy);
    await (await documentText(page, 'Grants')).fill(listGrants);
    await word(page, 'Allowed');
    await expect(decision(page)).toContainText('A grant allows reader/session to call Decrypt.');
    await documents(page).getByRole('tab', { name: 'Key', exact: true }).click();
    await expect(documents(page).getByLabel('Key ARN')).toHaveValue(keyArn);
  });

  test('without IAM policies a denial is not final', async ({ page }) => {
    await (await documentText(page, 'Key policy')).fill(keyPolicy);
    await (await documentText(page, 'Grants')).fill(listGrants);
    await request(page).getByLabel('Principal').fill('arn:aws:iam::444455556666:user/alice');
    await word(page, 'Denied, unless its IAM policies allow it');
    await expect(decision(page)).toContainText('The IAM policies of alice are not on this page');

    await documents(page).getByText('Add a policy').click();
    await documents(page).getByLabel('ARN of the user or role').fill('arn:aws:iam::444455556666:user/alice');
    await documents(page).getByRole('button', { name: 'Add', exact: true }).click();
    const text = documents(page).getByRole('textbox', { name: 'Text of IAM policy: alice' });
    await text.fill('{"Version": "2012-10-17", "Statement": []}');
    await text.fill('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}');
    await word(page, 'Denied');
    await text.fill('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}]}');
    await word(page, 'Allowed');
    await expect(decision(page)).toContainText('The key policy lets IAM policies decide, and an IAM policy of alice allows kms:Decrypt.');
  });

  test('nothing of it remains when the page is opened again', async ({ page }) => {
    await (await documentText(page, 'Key policy')).fill(keyPolicy);
    await page.reload();
    await word(page, 'No decision');
    await expect(await documentText(page, 'Key policy')).toHaveValue('');
    await page.getByRole('link', { name: 'The story', exact: true }).click();
    await word(page, 'Allowed');
    await expect(page.getByText(kmsMessage)).toHaveCount(0);
  });
});

test.describe('pasting anything', () => {
  const paste = (page: Page) => section(page, 'Paste anything');
  const place = async (page: Page, text: string) => {
    await paste(page).getByRole('textbox', { name: 'Text to place' }).fill(text);
    await paste(page).getByRole('button', { name: 'Place it' }).click();
  };

  test.beforeEach(async ({ page }) => {
    await page.goto('./#new');
    await word(page, 'No decision');
  });

  test('each output goes where it belongs, and each is one undo', async ({ page }) => {
    await place(page, listGrants);
    await expect(paste(page)).toContainText('Placed: grants');
    await place(page, JSON.stringify({ Policy: keyPolicy, PolicyName: 'default' }));
    await expect(paste(page)).toContainText('Placed: key policy');
    await expect(await documentText(page, 'Key policy')).toHaveValue(keyPolicy);
    await word(page, 'Allowed');
    await request(page).getByLabel('Principal').fill('arn:aws:iam::444455556666:user/alice');
    await word(page, 'Denied, unless its IAM policies allow it');
    await place(page, '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}');
    await expect(paste(page)).toContainText('Placed for alice: IAM policy');
    await word(page, 'Allowed');
    await page.getByRole('button', { name: 'Undo' }).click();
    await word(page, 'Denied, unless its IAM policies allow it');
  });

  test('an AccessDenied message becomes the request', async ({ page }) => {
    await place(page, kmsMessage);
    await expect(paste(page)).toContainText('Placed: request of an AccessDenied message');
    await expect(request(page).getByLabel('Principal')).toHaveValue('arn:aws:sts::111122223333:assumed-role/lambda-execution-role/Grants_test');
    await expect(request(page).getByLabel('Operation')).toHaveValue('Decrypt');
  });

  test('a message comes first: what is pasted after it is about its key', async ({ page }) => {
    const denied = `An error occurred (AccessDeniedException) when calling the Decrypt operation: User: arn:aws:sts::444455556666:assumed-role/reader/session is not authorized to perform: kms:Decrypt on resource: ${keyArn} with an explicit deny in a resource-based policy`;
    await place(page, denied);
    await word(page, 'No decision');
    const deny = { Effect: 'Deny', Principal: { AWS: 'arn:aws:iam::444455556666:role/reader' }, Action: 'kms:Decrypt', Resource: '*' };
    const policy = { Version: '2012-10-17', Statement: [JSON.parse(keyPolicy).Statement[0], deny] };
    await place(page, JSON.stringify({ Policy: JSON.stringify(policy, null, 2), PolicyName: 'default' }));
    await word(page, 'Denied');
    await place(page, listGrants);
    await expect(paste(page)).toContainText('Placed: grants');
    await word(page, 'Denied');
    await expect(decision(page)).toContainText('A Deny statement applies to kms:Decrypt for reader/session.');
    await expect(documents(page).getByRole('tab')).toHaveText([/^\s*Key policy\s*$/, /^\s*Grants\s*$/, /^\s*Key\s*$/]);
  });

  test('a key policy comes first, then grants of a key in another Region: one key', async ({ page }) => {
    await place(page, keyPolicy);
    await place(page, listGrants);
    await word(page, 'Allowed');
    await expect(documents(page).getByRole('tab')).toHaveText([/^\s*Key policy\s*$/, /^\s*Grants\s*$/, /^\s*Key\s*$/]);
  });

  test('a message that names no key and no parameters', async ({ page }) => {
    await place(page, keyPolicy);
    await place(page, 'User: arn:aws:iam::444455556666:user/alice is not authorized to perform: kms:CreateGrant on the resource associated with this ciphertext because no identity-based policy allows the kms:CreateGrant action');
    await expect(paste(page)).toContainText('The text does not say what the operation was called with: GranteePrincipal, Operations stand in for it.');
    await word(page, 'Denied, unless its IAM policies allow it');
    await place(page, '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:CreateGrant", "Resource": "*"}]}');
    await expect(paste(page)).toContainText('Placed for alice: IAM policy');
    await word(page, 'Allowed');
  });

  test('a message that tells nothing', async ({ page }) => {
    await place(page, 'Access denied to KMS key due to explicit deny policy or revoked grant');
    await expect(paste(page)).toContainText('Nothing was placed. This is neither JSON nor a message that says who was denied what.');
  });

  test('a list without grants: this key has none', async ({ page }) => {
    await place(page, keyPolicy);
    await place(page, listGrants);
    await word(page, 'Allowed');
    await place(page, '{"Grants": [], "Truncated": false}');
    await expect(paste(page)).toContainText('Placed: grants');
    await expect(grants(page)).toContainText('This key has no grants.');
    await expect(documents(page).getByRole('tab', { name: 'Grants' })).toHaveAttribute('aria-selected', 'true');
    await word(page, 'Denied, unless its IAM policies allow it');
  });

  test('what is no JSON, and nothing at all', async ({ page }) => {
    await place(page, ' ');
    await expect(paste(page)).not.toContainText('Nothing was placed.');
    await place(page, 'Grants:\n- KeyId: 1234abcd');
    await expect(paste(page)).toContainText('The AWS CLI prints JSON with --output json.');
  });

  test('what is almost JSON is mended where it stands, and placed', async ({ page }) => {
    await place(page, keyPolicy);
    await place(page, listGrants.replace(/\n {2}\]\n\}$/, ',\n  ]\n}'));
    await expect(paste(page)).toContainText('Nothing was placed.');
    await expect(paste(page).getByRole('listitem')).toContainText('line 18, column 3: A comma stands before the closing bracket.');
    await expect(paste(page).getByRole('textbox')).not.toHaveValue('');
    await paste(page).getByRole('button', { name: 'Remove the comma' }).click();
    await expect(paste(page)).toContainText('Placed: grants');
    await expect(paste(page).getByRole('textbox')).toHaveValue('');
    await word(page, 'Allowed');
  });

  test('an inline policy that is pasted again takes the place of the one before', async ({ page }) => {
    const inline = (Effect: string) => JSON.stringify({ RoleName: 'reader', PolicyName: 'use', PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect, Action: 'kms:*', Resource: '*' }] } });
    await place(page, listGrants); // which tells the account
    await place(page, inline('Deny'));
    await place(page, inline('Allow'));
    await expect(documents(page).getByRole('tab', { name: /^IAM policy/ })).toHaveCount(1);
    await expect(documents(page).getByRole('textbox')).toHaveValue(/"Allow"/);
  });

  test('an IAM policy for the key of another account is one half', async ({ page }) => {
    await place(page, kmsMessage.replaceAll(':111122223333:assumed', ':444455556666:assumed').replace('no identity-based', 'no resource-based'));
    await place(page, keyPolicy.replaceAll('444455556666', '111122223333'));
    await place(page, '{"RoleName": "lambda-execution-role", "PolicyName": "use", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}]}}');
    await word(page, 'Denied');
    await expect(page.locator('.notes').first()).toContainText('For a key of another account that is only one half: its key policy or a grant has to let in lambda-execution-role/Grants_test, or account 444455556666, as well.');
  });

  test('what is no AWS output stays, with the reason', async ({ page }) => {
    await place(page, '{"hello": "world"}');
    await expect(paste(page)).toContainText('Nothing was placed.');
    await expect(paste(page)).toContainText('This is no AWS output that can be placed.');
    await expect(paste(page).getByRole('textbox')).toHaveValue('{"hello": "world"}');
  });
});

test('a new pair is ready to be named, and after a removal the focus stays there', async ({ page }) => {
  await page.goto('./#new');
  await word(page, 'No decision');
  await request(page).getByRole('button', { name: 'Add a pair' }).press('Enter');
  await expect(request(page).getByLabel('Name 1', { exact: true })).toBeFocused();
  await page.keyboard.type('department');
  await page.keyboard.press('Tab');
  await page.keyboard.type('finance');
  await request(page).getByRole('button', { name: 'Add a pair' }).press('Enter');
  await expect(request(page).getByLabel('Name 2', { exact: true })).toBeFocused();
  await expect(request(page).getByLabel('Name 1', { exact: true })).toHaveValue('department');
  await expect(request(page).getByLabel('Value 1', { exact: true })).toHaveValue('finance');
  await request(page).getByRole('button', { name: 'Remove pair 2' }).press('Enter');
  await expect(request(page).getByLabel('Name 2', { exact: true })).toHaveCount(0);
  await expect(request(page).getByRole('button', { name: 'Add a pair' })).toBeFocused();
});
