// What people copy from terminals, logs and consoles: several documents at once, with the commands that printed them.
import type { Page } from '@playwright/test';
import { accessible, decision, documents, expect, grants, kmsMessage, request, section, test, timeline, word } from './playground.ts';

const keyArn = 'arn:aws:kms:us-west-2:444455556666:key/0987dcba-09fe-87dc-65ba-ab0987654321';
const caller = 'arn:aws:sts::444455556666:assumed-role/app/session';
const policy = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2);
const keyPolicy = policy({ Sid: 'Account', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: 'kms:*', Resource: '*' });
const identity = JSON.stringify({ UserId: 'AROAEXAMPLEID:session', Account: '444455556666', Arn: caller }, null, 4);
const rolePolicy = JSON.stringify({ RoleName: 'app', PolicyName: 'storage', PolicyDocument: JSON.parse(policy({ Effect: 'Allow', Action: 's3:*', Resource: '*' })) }, null, 4);
const listGrants = JSON.stringify(
  { Grants: [{ KeyId: keyArn, GrantId: 'abcde1237f76e4ba7987', GranteePrincipal: caller, Operations: ['Decrypt'], Constraints: { EncryptionContextEquals: { department: 'finance' } } }] },
  null,
  4,
);
const denied = (why: string) => `User: ${caller} is not authorized to perform: kms:Decrypt on resource: ${keyArn} ${why}`;

const panel = (page: Page) => section(page, 'Paste anything');
const box = (page: Page) => panel(page).getByRole('textbox', { name: 'Text to place' });
const place = async (page: Page, text: string) => {
  await box(page).fill(text);
  await box(page).press('Control+Enter');
};
/** As the browser tells a page that something is pasted: it is not typed. */
const pasteInto = (page: Page, text: string) =>
  box(page).evaluate((area, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text', text);
    area.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
const tabs = (page: Page) => documents(page).getByRole('tab');
const notes = (page: Page) => page.locator('.notes');

test.beforeEach(async ({ page }) => {
  await page.goto('./#new');
});

test('a terminal with its commands: each output goes to its place, and one undo takes all back', async ({ page }) => {
  await place(
    page,
    `$ aws sts get-caller-identity\n${identity}\nme@host:~$ aws kms get-key-policy --key-id ${keyArn} \\\n    --policy-name default\n` +
      `${JSON.stringify({ Policy: keyPolicy, PolicyName: 'default' })}\n% aws iam get-role-policy --role-name app --policy-name storage\n${rolePolicy}\n$ aws kms list-grants --key-id ${keyArn}\n${listGrants}\nme@host:~$ \n`,
  );
  await expect(panel(page)).toContainText('Placed: the caller, grants, key policy, and inline IAM policy');
  await expect(panel(page)).not.toContainText('Left out');
  await expect(box(page)).toHaveValue('');
  await word(page, 'Denied');
  await expect(request(page).getByLabel('Principal')).toHaveValue(caller);
  await expect(tabs(page)).toHaveText([/Key policy/, /Grants/, /IAM policy: app/, /Key/]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await word(page, 'No decision');
  await expect(tabs(page)).toHaveText([/Key policy/, /Grants/, /Key/]);
  await expect(request(page).getByLabel('Principal')).toHaveValue('');
  await page.getByRole('button', { name: 'Redo' }).click();
  await word(page, 'Denied');
});

test('a grant that is close offers its encryption context', async ({ page }) => {
  await place(page, [identity, keyPolicy, rolePolicy, listGrants].join('\n'));
  await word(page, 'Denied');
  await expect(notes(page).first()).toContainText('EncryptionContextEquals wants an encryption context, and the request has none.');
  await notes(page).getByRole('button', { name: 'Ask with the encryption context that it wants' }).click();
  await word(page, 'Allowed');
  await expect(request(page).getByLabel('Name 1')).toHaveValue('department');
});

test('words between documents are left out, and said so', async ({ page }) => {
  await place(page, `The key policy of production:\n${keyPolicy}\nand its grants\n${listGrants}`);
  await expect(panel(page)).toContainText('Placed: grants and key policy');
  await expect(panel(page)).toContainText('Left out, because it is neither a document nor a message: The key policy of production:, and its grants.');
});

test('as long as one of several cannot be read, all stay, and its place is told', async ({ page }) => {
  await place(page, `${keyPolicy}\n${listGrants.replace(/"Operations": \[[^\]]*\]/, '"Operations": ["Decrypt",]')}`);
  await expect(panel(page)).toContainText('Nothing was placed.');
  const line = keyPolicy.split('\n').length + listGrants.slice(0, listGrants.indexOf('"Operations"')).split('\n').length;
  await expect(panel(page).getByRole('listitem')).toContainText(`line ${line}, `);
  await expect(box(page)).toHaveValue(/"Account"[^]*"Decrypt",\]/);
  await panel(page).getByRole('button', { name: 'Remove the comma' }).click();
  await expect(panel(page)).toContainText('Placed: grants and key policy');
  await expect(box(page)).toHaveValue('');
});

test('what cannot be placed stays in the box', async ({ page }) => {
  await place(page, `${keyPolicy}\n{"hello": "world"}`);
  await expect(panel(page)).toContainText('Placed: key policy');
  await expect(panel(page)).toContainText('What could not be placed stays in the box.');
  await expect(panel(page)).toContainText('This is no AWS output that can be placed.');
  await expect(box(page)).toHaveValue('{"hello": "world"}');
});

test('a document that is cut off keeps all others waiting, even if a message can be read in it', async ({ page }) => {
  const cut = `{\n  "eventSource": "kms.amazonaws.com",\n  "eventName": "Decrypt",\n  "errorMessage": "${denied('because no identity-based policy allows the kms:Decrypt action')}"`;
  await place(page, `${keyPolicy}\n${cut}`);
  await expect(panel(page)).toContainText('Nothing was placed.');
  await expect(panel(page).getByRole('listitem')).toContainText(`line ${keyPolicy.split('\n').length + 4}, `);
  await expect(box(page)).toHaveValue(`${keyPolicy}\n${cut}`);
  await panel(page).getByRole('button', { name: 'Close what is open' }).click();
  await expect(panel(page)).toContainText('key policy');
  await expect(box(page)).toHaveValue('');
});

test('of two messages the last one is asked', async ({ page }) => {
  const two = [denied('because no identity-based policy allows the kms:Decrypt action'), denied('because no identity-based policy allows the kms:Encrypt action').replace('kms:Decrypt', 'kms:Encrypt')];
  await place(page, `2026-11-26T10:00:00Z ${two[0]}\n2026-11-26T10:00:01Z ${two[1]}\n`);
  await expect(request(page).getByLabel('Operation')).toHaveValue('Encrypt');
  await expect(panel(page)).not.toContainText('Left out');
});

test('a long log', async ({ page }) => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `2026-11-26T10:00:00.${i} worker asks KMS, item ${i} "\\"${' '.repeat(40)}`);
  const log = [...lines, denied('because no identity-based policy allows the kms:Decrypt action')].join('\n');
  await pasteInto(page, log);
  await expect(panel(page)).toContainText('Placed: request of an AccessDenied message');
  await expect(panel(page).getByText('Left out').locator('code')).toHaveCount(1);
  await expect(box(page)).toHaveValue('');
});

for (const [name, text] of [
  ['behind a label', `Policy: ${keyPolicy}`],
  ['behind a byte order mark, with the line ends of Windows', `\ufeff${keyPolicy.replaceAll('\n', '\r\n')}\r\n`],
  ['after the prompt of CloudShell', `[cloudshell-user@ip-10-0-0-1 ~]$ aws kms get-key-policy --key-id k | jq .\n${keyPolicy}\n[cloudshell-user@ip-10-0-0-1 ~]$ `],
  ['after the prompt of PowerShell', `PS C:\\Users\\me> aws kms get-key-policy \`\n  --key-id k\n${keyPolicy}\nPS C:\\Users\\me> `],
] as const) {
  test(`a document ${name}`, async ({ page }) => {
    await place(page, text);
    await expect(panel(page)).toContainText('Placed: key policy');
    await expect(tabs(page)).toHaveCount(3);
  });
}

test('events as CloudTrail looks them up: the last one is asked', async ({ page }) => {
  const event = (name: string, arn: string) => ({ eventSource: 'kms.amazonaws.com', eventName: name, awsRegion: 'us-west-2', userIdentity: { type: 'AssumedRole', arn }, requestParameters: { keyId: keyArn } });
  const found = { Events: [event('DescribeKey', 'arn:aws:iam::444455556666:user/alice'), event('Encrypt', caller)].map((one) => ({ EventName: one.eventName, CloudTrailEvent: JSON.stringify(one) })) };
  await place(page, JSON.stringify(found));
  await expect(panel(page)).toContainText('Placed: request of a CloudTrail event');
  await expect(request(page).getByLabel('Operation')).toHaveValue('Encrypt');
  await expect(request(page).getByLabel('Principal')).toHaveValue(caller);
});

for (const [name, wrapped] of [
  ['a log line', `[ERROR] ClientError: An error occurred (AccessDeniedException) when calling the Decrypt operation: ${denied('because no identity-based policy allows the kms:Decrypt action')}`],
  ['a log entry', JSON.stringify({ level: 'ERROR', error: { message: `AccessDeniedException: ${denied('because no identity-based policy allows the kms:Decrypt action')}` } }, null, 2)],
] as const) {
  test(`a denial inside ${name}`, async ({ page }) => {
    await place(page, wrapped);
    await expect(panel(page)).toContainText('Placed: request of an AccessDenied message');
    await expect(request(page).getByLabel('Principal')).toHaveValue(caller);
    await expect(request(page).getByLabel('Operation')).toHaveValue('Decrypt');
  });
}

test('a message pasted again leaves the encryption context that was typed', async ({ page }) => {
  await place(page, [keyPolicy, listGrants].join('\n'));
  await place(page, denied('because no identity-based policy allows the kms:Decrypt action'));
  await request(page).getByRole('button', { name: 'Add a pair' }).click();
  await request(page).getByLabel('Value 1').fill('kept');
  await place(page, denied('because no identity-based policy allows the kms:Decrypt action'));
  await expect(request(page).getByLabel('Value 1')).toHaveValue('kept');
});

test.describe('what AWS said against what is decided here', () => {
  test.beforeEach(async ({ page }) => {
    await place(page, [keyPolicy, rolePolicy.replace('s3:*', 'kms:*')].join('\n'));
  });

  test('a Deny of a policy that is not here', async ({ page }) => {
    await place(page, denied('with an explicit deny in a service control policy'));
    await word(page, 'Allowed');
    await expect(notes(page).first()).toContainText('AWS denied this request by a Deny, in a policy of this kind: Service control policy. No Deny of such a policy applies here: add that policy, or compare what its conditions test.');
    await place(page, policy({ Effect: 'Deny', Action: 'kms:*', Resource: '*' }));
    await panel(page).getByLabel('Not an IAM policy? Move it to').selectOption('Service control policy');
    await panel(page).getByRole('button', { name: 'Move it there' }).click();
    await word(page, 'Denied');
    await expect(panel(page)).toContainText('Placed for 444455556666: service control policy');
    await expect(page.getByText('The pasted message says')).toHaveCount(0);
    await expect(tabs(page)).toHaveText([/Key policy/, /Grants/, /IAM policy: app/, /\(FullAWSAccess\)/, /\(policy-1\)/, /Key/]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(tabs(page)).toHaveText([/Key policy/, /Grants/, /IAM policy: app \(storage\)/, /IAM policy: app \(pasted policy\)/, /Key/]);
  });

  test('only that policy moves, and only as long as it is there', async ({ page }) => {
    await place(page, denied('with an explicit deny in a service control policy'));
    await place(page, policy({ Effect: 'Deny', Action: 'kms:*', Resource: '*' }));
    const move = panel(page).getByRole('button', { name: 'Move it there' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(move).toHaveCount(0);
    await expect(panel(page)).not.toContainText('Placed');
    await page.getByRole('button', { name: 'Redo' }).click();
    // What was typed since moves along.
    await documents(page).getByRole('textbox').fill(policy({ Sid: 'Mine', Effect: 'Deny', Action: 'kms:Decrypt', Resource: '*' }));
    await panel(page).getByLabel('Not an IAM policy? Move it to').selectOption('Permissions boundary');
    await move.click();
    await expect(panel(page).getByRole('heading', { name: 'Paste anything' })).toBeFocused();
    await expect(tabs(page)).toHaveText([/Key policy/, /Grants/, /IAM policy: app/, /Permissions boundary: app/, /Key/]);
    await tabs(page).filter({ hasText: 'Permissions boundary' }).click();
    await expect(documents(page).getByRole('textbox')).toHaveValue(/"Mine"/);
  });

  test('another reason than the one decided here', async ({ page }) => {
    await place(page, denied('because no resource-based policy allows the kms:Decrypt action').replace('assumed-role/app', 'assumed-role/other'));
    await place(page, JSON.stringify({ RoleName: 'other', PolicyName: 'storage', PolicyDocument: JSON.parse(rolePolicy).PolicyDocument }));
    await word(page, 'Denied');
    await expect(notes(page).first()).toContainText('The pasted message names another reason, a policy of this kind: Key policy.');
  });

  test('nothing, when both agree or something else is asked', async ({ page }) => {
    await place(page, denied('because no identity-based policy allows the kms:Decrypt action'));
    await expect(notes(page).first()).toContainText('The pasted message says that AWS denied this request. Here it is allowed');
    await request(page).getByRole('combobox', { name: 'Operation', exact: true }).selectOption('Encrypt');
    await word(page, 'Allowed');
    await expect(page.getByText('The pasted message')).toHaveCount(0);
    await request(page).getByRole('combobox', { name: 'Operation', exact: true }).selectOption('Decrypt');
    await expect(page.getByText('The pasted message')).toHaveCount(1);
    await tabs(page).filter({ hasText: 'IAM policy: app' }).click();
    await documents(page).getByRole('textbox').fill(policy({ Effect: 'Allow', Action: 's3:*', Resource: '*' }));
    await word(page, 'Denied');
    await expect(page.getByText('The pasted message')).toHaveCount(0);
  });
});

test('a policy of AWS Organizations goes to the account of the caller', async ({ page }) => {
  await place(page, [identity, keyPolicy, rolePolicy.replace('s3:*', 'kms:*'), listGrants].join('\n'));
  await word(page, 'Allowed');
  const summary = { Id: 'p-examplepolicyid111', Name: 'NoKms', Type: 'SERVICE_CONTROL_POLICY' };
  await place(page, JSON.stringify({ Policy: { PolicySummary: summary, Content: JSON.stringify(JSON.parse(policy({ Effect: 'Deny', Action: 'kms:*', Resource: '*' }))) } }));
  await expect(panel(page)).toContainText('Placed for 444455556666: service control policy');
  await word(page, 'Denied');
  await expect(tabs(page).filter({ hasText: 'NoKms' })).toHaveAttribute('aria-selected', 'true');
  // Its lines are those that AWS prints: the link leads to them.
  await decision(page).getByRole('button', { name: /^Show in Service control policy: 444455556666 \(NoKms\)/ }).click();
  expect(await page.evaluate(() => getSelection()?.toString() ?? '') || (await documents(page).getByRole('textbox').evaluate((area: HTMLTextAreaElement) => area.value.slice(area.selectionStart, area.selectionEnd)))).toBe('{"Effect":"Deny","Action":"kms:*","Resource":"*"}');
  await place(page, JSON.stringify({ Policy: { PolicySummary: summary, Content: policy({ Effect: 'Allow', Action: 'kms:*', Resource: '*' }) } }));
  await word(page, 'Allowed');
  await expect(tabs(page).filter({ hasText: 'NoKms' })).toHaveCount(1);
});

test.describe('messages that are no denials', () => {
  test.beforeEach(async ({ page }) => {
    await place(page, [identity, keyPolicy, rolePolicy.replace('s3:*', 'kms:*'), listGrants].join('\n'));
    await word(page, 'Allowed');
  });

  const keyTab = async (page: Page) => documents(page).getByRole('tab', { name: 'Key', exact: true }).click();

  test('a disabled key', async ({ page }) => {
    await place(page, `An error occurred (DisabledException) when calling the Decrypt operation: ${keyArn} is disabled.`);
    await expect(panel(page)).toContainText('This is no denial: the key is disabled, and is set to Disabled here as well.');
    await word(page, 'Refused');
    await expect(decision(page)).toContainText('DisabledException');
    await keyTab(page);
    await expect(documents(page).getByLabel('Key state')).toHaveValue('Disabled');
    await tabs(page).filter({ hasText: 'IAM policy: app' }).click();
    await documents(page).getByRole('textbox').fill(policy({ Effect: 'Allow', Action: 's3:*', Resource: '*' }));
    await word(page, 'Denied');
    await expect(notes(page).last()).toContainText('It assumes that AWS KMS looks at permissions before it looks at the state of the key (A-5).');
    await expect(timeline(page).getByRole('button').last()).not.toContainText('Request as JSON');
  });

  test('a key that waits for its deletion, which nobody has named before', async ({ page }) => {
    const other = keyArn.replace('0987dcba', '1111dcba');
    await place(page, `KMSInvalidStateException: ${other} is pending deletion.`);
    await expect(panel(page)).toContainText('set to PendingDeletion here as well');
    await expect(tabs(page).filter({ hasText: /^\s*Key: / })).toHaveCount(2);
    await tabs(page).filter({ hasText: 'Key: 1111dcba' }).click();
    await documents(page).getByRole('button', { name: 'Remove this key with its policy and grants' }).click();
    await expect(tabs(page)).toHaveText([/Key policy/, /Grants/, /IAM policy: app/, /Key/]);
    await expect(timeline(page).getByRole('button').last()).toContainText('Removed: Key: 1111dcba');
  });

  test('a key that is for something else', async ({ page }) => {
    await place(page, `An error occurred (InvalidKeyUsageException) when calling the Sign operation: ${keyArn} key usage is ENCRYPT_DECRYPT which is not valid for Sign.`);
    await expect(panel(page)).toContainText('This is no denial: the key is for ENCRYPT_DECRYPT.');
    await expect(request(page).getByLabel('Operation')).toHaveValue('Sign');
  });

  test('a key that does not exist is not made', async ({ page }) => {
    await place(page, `An error occurred (NotFoundException) when calling the Decrypt operation: Key '${keyArn.replace('us-west-2', 'us-east-1')}' does not exist`);
    await expect(panel(page)).toContainText('In the Region that was called, this key does not exist.');
    await word(page, 'Refused');
    await expect(decision(page)).toContainText('NotFoundException');
    await expect(tabs(page).filter({ hasText: /^\s*Key/ })).toHaveCount(2);
  });

  test('the old message that hides everything', async ({ page }) => {
    await place(page, 'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.');
    await expect(panel(page)).toContainText('AWS KMS hides here whether the key exists and who was denied.');
  });
});

test('a service-linked role: its ARN with the path, and both statements that AWS recommends', async ({ page }) => {
  await place(page, denied('because no resource-based policy allows the kms:Decrypt action').replace('role/app/session', 'role/AWSServiceRoleForAutoScaling/AutoScaling'));
  await place(page, keyPolicy);
  await page.getByText('What would let it through').click();
  const remedies = page.locator('.remedies');
  await expect(remedies).not.toContainText('aws iam get-role');
  await expect(remedies.getByRole('group').first()).toContainText('"arn:aws:iam::444455556666:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"');
  await expect(remedies.getByRole('group')).toContainText(['"kms:GrantIsForAWSResource": "true"']);
  await expect(remedies.getByRole('group').first()).toContainText('kms:ReEncrypt*');
});

for (const text of ['123', 'null', '"text"', 'true', '[]', '[1, 2]', '{}', ']', '}{', '$', '$ aws kms list-grants', '[ERROR]'])
  test(`what is nothing stays, and says so: ${text}`, async ({ page }) => {
    await place(page, text);
    await expect(panel(page)).toContainText('Nothing was placed.');
    await expect(box(page)).toHaveValue(text);
  });

test('the box is a field like others: a new line stays a new line', async ({ page }) => {
  await box(page).fill('{');
  await box(page).press('Enter');
  await expect(box(page)).toHaveValue('{\n');
  await expect(panel(page)).not.toContainText('Nothing was placed.');
});

test('a new grant in fields', async ({ page }) => {
  await place(page, [identity, keyPolicy, rolePolicy.replace('s3:*', 'kms:*'), listGrants].join('\n'));
  await request(page).getByRole('combobox', { name: 'Operation', exact: true }).selectOption('CreateGrant');
  await request(page).getByLabel('Grantee principal').fill('arn:aws:iam::444455556666:role/reader');
  await request(page).getByRole('group', { name: 'Operations of the grant' }).getByRole('checkbox', { name: 'Encrypt', exact: true }).check();
  await request(page).getByLabel('Retiring principal').fill(caller);
  await word(page, 'Allowed');
  await request(page).getByRole('button', { name: 'Make this call a step' }).click();
  await expect(grants(page)).toContainText('reader');
  await expect(documents(page).getByRole('textbox')).toBeVisible();
  await accessible(page);
});

test.describe('in Japanese', () => {
  test.use({ locale: 'ja-JP' });

  test('no axe violations, nothing cut off on a phone', async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    const paste = section(page, 'まとめて貼り付け');
    await paste.getByRole('textbox').fill([identity, keyPolicy, 'memo', rolePolicy, listGrants].join('\n'));
    await paste.getByRole('button', { name: '振り分ける' }).click();
    await expect(paste).toContainText('次の部分は使いませんでした：memo');
    await paste.getByRole('textbox').fill(kmsMessage.replace(/because.*/, 'with an explicit deny in a service control policy'));
    await paste.getByRole('button', { name: '振り分ける' }).click();
    await paste.getByRole('textbox').fill(policy({ Effect: 'Deny', Action: 'kms:*', Resource: '*' }));
    await paste.getByRole('button', { name: '振り分ける' }).click();
    await expect(paste.getByRole('button', { name: 'この種類に変更' })).toBeVisible();
    await accessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });
});

test.describe('policies with a principal', () => {
  test('of another service are no key policies', async ({ page }) => {
    await place(page, keyPolicy);
    const trust = policy({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });
    for (const other of [trust, JSON.stringify({ Policy: policy({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' }) })]) {
      await place(page, other);
      await expect(panel(page)).toContainText('This policy is about another service: nothing in it is about AWS KMS.');
      await expect(box(page)).toHaveValue(other);
    }
    await expect(documents(page).getByRole('textbox')).toHaveValue(/"Account"/);
    // One that names principals, and the first one, is what it looks like.
    await expect(panel(page).getByLabel('Not a key policy? Move it to')).toHaveCount(0);
  });

  test('for everyone may be of another kind even when it comes first', async ({ page }) => {
    await place(page, policy({ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' }));
    await expect(panel(page).getByLabel('Not a key policy? Move it to')).toBeVisible();
  });

  test('may be of another kind: the key policy comes back', async ({ page }) => {
    await place(page, [identity, keyPolicy, rolePolicy.replace('s3:*', 'kms:*')].join('\n'));
    await word(page, 'Allowed');
    await place(page, policy({ Sid: 'Endpoint', Effect: 'Allow', Principal: '*', Action: 'kms:Encrypt', Resource: '*' }));
    await expect(panel(page)).toContainText('It took the place of another key policy.');
    await panel(page).getByLabel('Not a key policy? Move it to').selectOption('VPC endpoint policy');
    await panel(page).getByRole('button', { name: 'Move it there' }).click();
    await word(page, 'Denied');
    await expect(decision(page)).toContainText('The policy of the VPC endpoint does not allow kms:Decrypt.');
    await tabs(page).filter({ hasText: 'Key policy' }).click();
    await expect(documents(page).getByRole('textbox')).toHaveValue(/"Account"/);
  });

  test('as --query Policy prints it', async ({ page }) => {
    await place(page, `$ aws kms get-key-policy --key-id k --query Policy\n${JSON.stringify(keyPolicy)}`);
    await expect(panel(page)).toContainText('Placed: key policy');
    await page.getByRole('button', { name: 'Undo' }).click();
    await place(page, JSON.stringify(keyPolicy));
    await expect(panel(page)).toContainText('Placed: key policy');
  });
});

test('a ReEncrypt denial is about its key', async ({ page }) => {
  await place(page, denied('because no identity-based policy allows the kms:ReEncryptFrom action').replace('kms:Decrypt', 'kms:ReEncryptFrom'));
  await place(page, [keyPolicy, rolePolicy.replace('s3:*', 'kms:*')].join('\n'));
  await word(page, 'Allowed');
  await expect(tabs(page).filter({ hasText: /^\s*Key: / })).toHaveCount(0);
});

test('a policy belongs to the role whose output stands before it', async ({ page }) => {
  await place(page, [identity, keyPolicy].join('\n'));
  const version = { PolicyVersion: { Document: JSON.parse(policy({ Effect: 'Allow', Action: 'kms:*', Resource: '*' })), VersionId: 'v3', IsDefaultVersion: true } };
  await place(page, `$ aws iam get-role --role-name other\n${JSON.stringify({ Role: { Arn: 'arn:aws:iam::444455556666:role/other', RoleName: 'other' } })}\n$ aws iam get-policy-version\n${JSON.stringify(version)}`);
  await expect(panel(page)).toContainText('Placed for other: role and IAM policy');
  await word(page, 'Denied, unless its IAM policies allow it');
  await place(page, JSON.stringify(version));
  await word(page, 'Allowed');
  await expect(decision(page)).toContainText('managed policy v3');
  await place(page, JSON.stringify(version));
  await expect(tabs(page).filter({ hasText: /IAM policy: app/ })).toHaveCount(1);
});

test('of several events the denied one is asked, and their number told', async ({ page }) => {
  const event = (eventName: string, more: object) => ({ eventSource: 'kms.amazonaws.com', eventName, awsRegion: 'us-west-2', userIdentity: { type: 'AssumedRole', arn: caller }, requestParameters: { keyId: keyArn }, ...more });
  await place(page, JSON.stringify({ Records: [event('Decrypt', { errorCode: 'AccessDenied', errorMessage: denied('with an explicit deny in a service control policy') }), event('Encrypt', {})] }));
  await expect(panel(page)).toContainText('It contains 2 requests.');
  await expect(request(page).getByLabel('Operation')).toHaveValue('Decrypt');
  await place(page, [keyPolicy, rolePolicy.replace('s3:*', 'kms:*')].join('\n'));
  await expect(notes(page).first()).toContainText('by a Deny, in a policy of this kind: Service control policy.');
});

test('of events and a message, the message is asked', async ({ page }) => {
  const event = { eventSource: 'kms.amazonaws.com', eventName: 'Encrypt', awsRegion: 'us-west-2', userIdentity: { type: 'AssumedRole', arn: caller }, requestParameters: { keyId: keyArn } };
  await place(page, `${denied('because no identity-based policy allows the kms:Decrypt action')}\n${JSON.stringify(event)}\n${JSON.stringify({ ...event, eventName: 'DescribeKey' })}`);
  await expect(panel(page)).toContainText('It contains 3 requests.');
  await expect(request(page).getByLabel('Operation')).toHaveValue('Decrypt');
});

test('the policy of a VPC endpoint, asked for by its denial', async ({ page }) => {
  await place(page, [keyPolicy, rolePolicy.replace('s3:*', 'kms:*')].join('\n'));
  await place(page, denied('because no VPC endpoint policy allows the kms:Decrypt action'));
  await expect(notes(page).first()).toContainText('because no policy of this kind allows it: VPC endpoint policy.');
  const endpoint = { VpcEndpointId: 'vpce-0123456789abcdef0', ServiceName: 'com.amazonaws.us-west-2.kms', PolicyDocument: policy({ Effect: 'Allow', Principal: '*', Action: 'kms:Encrypt', Resource: '*' }) };
  await place(page, JSON.stringify({ VpcEndpoints: [{ ...endpoint, VpcEndpointId: 'vpce-00000000000000001', ServiceName: 'com.amazonaws.us-west-2.s3' }, endpoint] }));
  await word(page, 'Denied');
  await expect(tabs(page).filter({ hasText: 'VPC endpoint policy: vpce-0123456789abcdef0' })).toHaveCount(1);
});

test('what else is said: a list cut off, another key, Lambda’s encryption context, a message of another service', async ({ page }) => {
  await place(page, [keyPolicy, listGrants].join('\n'));
  await place(page, JSON.stringify({ Grants: JSON.parse(listGrants.replaceAll('0987dcba', '1111dcba')).Grants, Truncated: true, NextMarker: 'x' }));
  await expect(panel(page)).toContainText('This list was cut off: other grants are missing.');
  await expect(panel(page)).toContainText(`It is about another key, ${keyArn.replace('0987dcba', '1111dcba')}, which is on this page now as well.`);
  await place(page, `Lambda was unable to decrypt the environment variables because KMS access was denied. KMS Exception: AccessDeniedException KMS Message: ${denied('because no identity-based policy allows the kms:Decrypt action')}`);
  await expect(panel(page)).toContainText('Lambda decrypts environment variables with the encryption context aws:lambda:FunctionArn');
  await place(page, denied('because no identity-based policy allows the s3:GetObject action').replace('kms:Decrypt', 's3:GetObject'));
  await expect(panel(page)).toContainText('not about an AWS KMS operation');
});

test('pasting over all that is in the box places it at once', async ({ page }) => {
  await place(page, 'nothing of use');
  await box(page).selectText();
  await pasteInto(page, keyPolicy);
  await expect(panel(page)).toContainText('Placed: key policy');
  await expect(box(page)).toHaveValue('');
});

test('advice is followed by a button: key policy, IAM policy, grant', async ({ page }) => {
  await place(page, [identity, policy({ Sid: 'Nobody', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:role/other' }, Action: 'kms:*', Resource: '*' }), rolePolicy, listGrants.replace('assumed-role/app', 'assumed-role/other')].join('\n'));
  await word(page, 'Denied');
  const advice = (sentence: string) => page.locator('.remedies li').filter({ hasText: sentence }).getByRole('button', { name: 'Add it here' });
  const open = () => page.getByText('What would let it through').click();
  await open();
  await advice('A key policy statement').click();
  await word(page, 'Allowed');
  await expect(decision(page).getByRole('heading', { name: 'Decision' })).toBeFocused();
  await page.getByRole('button', { name: 'Undo' }).click();
  await word(page, 'Denied');
  if (!(await advice('The narrower choice').isVisible())) await open();
  await advice('The narrower choice').click();
  await word(page, 'Allowed');
  await page.getByRole('button', { name: 'Undo' }).click();
  await place(page, keyPolicy);
  await word(page, 'Denied');
  if (!(await advice('An IAM policy of').isVisible())) await open();
  await advice('An IAM policy of').click();
  await word(page, 'Allowed');
});

test('condition keys that the request lacks have fields', async ({ page }) => {
  await place(page, [identity, keyPolicy, rolePolicy.replace(/"Statement": \[[^]*\]/, '"Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}}}]')].join('\n'));
  await word(page, 'Denied');
  const field = request(page).getByLabel('aws:PrincipalTag/team');
  await field.fill('red');
  await field.press('Tab');
  await word(page, 'Allowed');
  await field.fill('');
  await field.press('Tab');
  await word(page, 'Denied');
  await accessible(page);
});

test('both sides of a key of another account, in words', async ({ page }) => {
  const foreign = (text: string) => text.replaceAll('444455556666:assumed-role', '111122223333:assumed-role');
  await place(page, [foreign(identity), keyPolicy, foreign(listGrants).replace(/,\s*"Constraints": \{[^}]*\}\s*\}/, ''), rolePolicy].join('\n'));
  await expect(tabs(page).filter({ hasText: 'IAM policy: app' })).toHaveCount(1);
  await word(page, 'Denied');
  await expect(decision(page)).toContainText('For a key of another account, an IAM policy of app/session has to allow kms:Decrypt as well, and none does.');
  await tabs(page).filter({ hasText: 'IAM policy: app' }).click();
  await documents(page).getByRole('textbox').fill(policy({ Effect: 'Allow', Action: 'kms:*', Resource: '*' }));
  await word(page, 'Allowed');
  await expect(decision(page)).toContainText('Both sides allow kms:Decrypt: that of the key, and an IAM policy of app/session in another account.');
});

test('what policies that are not here would say is drawn as not known, and reported so', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await place(page, [identity, keyPolicy].join('\n'));
  await word(page, 'Denied, unless its IAM policies allow it');
  const flow = section(page, 'How the decision was made');
  await flow.getByText('The way in words').click();
  await expect(flow.getByRole('listitem').filter({ hasText: 'Does an IAM policy of the caller allow the action?' })).toHaveText(/not known here$/);
  await expect(flow.getByRole('listitem').filter({ hasText: 'Does a grant allow' })).toHaveText(/ no$/);
  await page.getByRole('button', { name: 'Share and export' }).click();
  await page.getByRole('button', { name: 'Copy: Report' }).click();
  await expect(page.getByRole('button', { name: 'Copy: Report' })).toHaveText('Copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('- Does an IAM policy of the caller allow the action? **not known here**');
  await accessible(page);
});

test('a file that is too large is named, and the others are placed', async ({ page }) => {
  await panel(page)
    .getByLabel('Or open files')
    .setInputFiles([
      { name: 'trail.json', mimeType: 'application/json', buffer: Buffer.alloc(20_000_001, ' ') },
      { name: 'policy.json', mimeType: 'application/json', buffer: Buffer.from(keyPolicy) },
    ]);
  await expect(panel(page)).toContainText('Not opened, because no file over 20 MB is: trail.json.');
  await expect(panel(page)).toContainText('Placed: key policy');
  await place(page, identity);
  await expect(panel(page)).not.toContainText('trail.json');
});

test.describe('a command of the AWS CLI', () => {
  const context = (page: Page) => request(page).getByRole('group', { name: 'Encryption context' }).getByRole('textbox');
  const call = `aws kms decrypt --region us-west-2 \\\n    --key-id alias/vault --ciphertext-blob fileb://secret.bin \\\n    --encryption-context 'department=finance' --query Plaintext --output text | base64 -d`;

  test('what a message does not tell, the command before it does', async ({ page }) => {
    await place(page, `me@host:~$ ${call}\n\nAn error occurred (AccessDeniedException) when calling the Decrypt operation: ${denied('because no resource-based policy allows the kms:Decrypt action')}\n`);
    await expect(panel(page)).toContainText('Placed: the call of a command and request of an AccessDenied message');
    await expect(request(page).getByLabel('Principal')).toHaveValue(caller);
    await expect(context(page).nth(0)).toHaveValue('department');
    await expect(context(page).nth(1)).toHaveValue('finance');
    await place(page, [keyPolicy, listGrants].join('\n'));
    await word(page, 'Allowed');
    await expect(context(page).nth(1)).toHaveValue('finance');
    await expect(request(page).getByRole('textbox', { name: 'Text of Request as JSON' }).or(request(page).locator('textarea'))).toHaveValue(/"KeyId": "alias\/vault"/);
    await place(page, call.replace('finance', 'legal'));
    await word(page, 'Denied, unless its IAM policies allow it');
  });

  test('what grants say does not replace what was called', async ({ page }) => {
    await place(page, [call.replace('finance', 'legal'), keyPolicy, listGrants].join('\n'));
    await expect(context(page).nth(1)).toHaveValue('legal');
    await word(page, 'Denied, unless its IAM policies allow it');
  });

  for (const [what, text, operation, pairs] of [
    ['JSON, for PowerShell', 'PS C:\\> aws kms generate-data-key --key-id 0987dcba-09fe-87dc-65ba-ab0987654321 `\r\n  --key-spec AES_256 --encryption-context "{\\"a\\": \\"x y\\"}"', 'GenerateDataKey', ['a', 'x y']],
    ['several pairs, with an equals sign', 'aws --profile prod kms encrypt --plaintext fileb://x --encryption-context=a=b==,c=d', 'Encrypt', ['a', 'b==', 'c', 'd']],
    ['none', 'aws kms decrypt --ciphertext-blob fileb://x > out 2>&1', 'Decrypt', []],
  ] as const)
    test(`its encryption context: ${what}`, async ({ page }) => {
      await place(page, text);
      await expect(panel(page)).toContainText('Placed: the call of a command');
      await expect(request(page).getByLabel('Operation')).toHaveValue(operation);
      await expect(context(page)).toHaveCount(pairs.length);
      for (const [i, value] of pairs.entries()) await expect(context(page).nth(i)).toHaveValue(value);
    });

  test('one that creates a grant', async ({ page }) => {
    await place(page, [identity, keyPolicy, rolePolicy.replace('s3:*', 'kms:CreateGrant')].join('\n'));
    await place(page, `aws kms create-grant --key-id ${keyArn} --grantee-principal arn:aws:iam::444455556666:role/worker --operations Decrypt DescribeKey --constraints EncryptionContextSubset={a=b,c=d}`);
    await word(page, 'Allowed');
    await request(page).getByRole('button', { name: 'Make this call a step' }).click();
    const card = grants(page).getByRole('article');
    await expect(card).toContainText('worker');
    await expect(card).toContainText(/EncryptionContextSubset\s*a = b\s*c = d/);
    await expect(card.locator('.chip')).toHaveText(['Decrypt', 'DescribeKey']);
  });

  test('those that print documents ask nothing', async ({ page }) => {
    await place(page, `aws kms list-grants --key-id ${keyArn}\n${listGrants}`);
    await expect(panel(page)).toContainText('Placed: grants');
    await expect(panel(page)).not.toContainText('the call of a command');
    await expect(request(page).getByLabel('Operation')).toHaveValue('Decrypt');
  });
});

test.describe('advice that AWS would take', () => {
  const remedies = (page: Page) => page.getByText('What would let it through');
  const add = (page: Page) => page.getByRole('button', { name: 'Add it here' });

  test('the policy of an AWS managed key is not to be changed', async ({ page }) => {
    await place(page, [identity, keyPolicy.replace('"kms:*"', '"kms:DescribeKey"')].join('\n'));
    await word(page, 'Denied');
    await remedies(page).click();
    await expect(add(page).first()).toBeVisible();
    await place(page, JSON.stringify({ KeyMetadata: { Arn: keyArn, KeyId: keyArn.replace(/.*\//, ''), KeyManager: 'AWS' } }));
    await expect(page.locator('.remedies')).toContainText('is an AWS managed key: its key policy cannot be changed.');
    await expect(page.locator('.remedies')).not.toContainText('A key policy statement');
  });

  test('no Allow is advised against a Deny that AWS has told of', async ({ page }) => {
    await place(page, [denied('with an explicit deny in a service control policy'), keyPolicy].join('\n'));
    await word(page, 'Denied, unless its IAM policies allow it');
    await expect(page.locator('.notes')).toContainText('The pasted message says that AWS denied this request by a Deny');
    await expect(remedies(page)).toHaveCount(0);
    await request(page).getByLabel('Operation').selectOption('Encrypt');
    await expect(remedies(page)).toHaveCount(1);
  });

  test('a service-linked role is named with its path', async ({ page }) => {
    const linked = (role: string) => denied('because no identity-based policy allows the kms:Decrypt action').replace('assumed-role/app/session', `assumed-role/${role}/x`);
    await place(page, [linked('AWSServiceRoleForAutoScaling'), keyPolicy].join('\n'));
    await word(page, 'Denied, unless its IAM policies allow it');
    await remedies(page).click();
    await add(page).first().click();
    await word(page, 'Allowed');
    await expect(documents(page).getByRole('textbox', { name: 'Text of Key policy' })).toHaveValue(/role\/aws-service-role\/autoscaling\.amazonaws\.com\/AWSServiceRoleForAutoScaling/);
    await page.getByRole('button', { name: 'Start over' }).click();
    await place(page, [linked('AWSServiceRoleForSomethingNew'), keyPolicy].join('\n'));
    await word(page, 'Denied, unless its IAM policies allow it');
    await expect(page.locator('.remedies')).toContainText('has a path, which is not known here');
    await expect(page.locator('.remedies').getByRole('listitem').filter({ hasText: 'A key policy statement' }).getByRole('button', { name: 'Add it here' })).toHaveCount(0);
  });

  test('a message that names every possibility says none of them', async ({ page }) => {
    await place(page, `The source snapshot KMS key [${keyArn}] does not exist, is not enabled or you do not have permissions to access it.`);
    await expect(panel(page)).toContainText('AWS KMS hides here whether the key exists');
    await expect(panel(page)).not.toContainText('this key does not exist.');
  });
});

test('a grant decides, and what IAM policies would say is not known', async ({ page }) => {
  await place(page, [identity, keyPolicy, listGrants.replace('"Operations"', '"CreationDate": 1568565290,\n            "Operations"')].join('\n'));
  await request(page).getByRole('button', { name: 'Add a pair' }).click();
  await expect(request(page).getByLabel('Name 1', { exact: true })).toBeFocused();
  await page.keyboard.type('department');
  await page.keyboard.press('Tab');
  await page.keyboard.type('finance');
  await word(page, 'Allowed');
  const flow = section(page, 'How the decision was made');
  await flow.getByText('The way in words').click();
  await expect(flow.getByRole('listitem').filter({ hasText: 'Does an IAM policy of the caller allow the action?' })).toHaveText(/not known here$/);
  await expect(grants(page)).toContainText('2019-09-15T16:34:50Z');
  // Each part of the request is an action of its own.
  await request(page).getByLabel('Operation').selectOption('Encrypt');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(request(page).getByLabel('Operation')).toHaveValue('Decrypt');
  await expect(request(page).getByLabel('Value 1', { exact: true })).toHaveValue('finance');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(request(page).getByLabel('Value 1', { exact: true })).toHaveValue('');
  await expect(request(page).getByLabel('Name 1', { exact: true })).toHaveValue('department');
});
