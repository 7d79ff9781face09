import { currentStep, decision, expect, grants, kmsMessage, lambdaMessage2022, section, test, timeline, word } from './playground.ts';

test.beforeEach(async ({ page }) => {
  await page.goto('./');
});

test('opens where the function decrypts although neither policy allows it, because a grant does', async ({ page }) => {
  await expect(page.getByRole('heading', { name: 'Why may this Lambda function use my key?' })).toBeVisible();
  await word(page, 'Allowed');
  await expect(decision(page)).toContainText('A grant allows lambda-execution-role/Grants_test to call Decrypt. No policy has to.');
  await expect(currentStep(page)).toContainText('The function starts and decrypts its variables');
  await expect(timeline(page)).toContainText('Step 6 of 9');
  await expect(grants(page).getByRole('article')).toHaveCount(1);
  await expect(grants(page)).toContainText('aws:lambda:FunctionArn');
  await expect(page.getByText(kmsMessage)).toHaveCount(0);
});

test('the deciding grant leads to its lines', async ({ page }) => {
  await decision(page).getByRole('button', { name: /^Show in Grants, line 3/ }).click();
  const text = page.getByRole('textbox', { name: 'Text of Grants' });
  await expect(text).toBeFocused();
  const selected = await text.evaluate((t: HTMLTextAreaElement) => t.value.slice(t.selectionStart, t.selectionEnd));
  expect(JSON.parse(selected).GranteePrincipal).toBe('arn:aws:sts::111122223333:assumed-role/lambda-execution-role/Grants_test');
});

test('a statement of the trace leads to its lines', async ({ page }) => {
  await section(page, 'What every statement and grant said').getByRole('button', { name: 'Show in Key policy, line 5, column 5' }).click();
  const text = page.getByRole('textbox', { name: 'Text of Key policy' });
  const selected = await text.evaluate((t: HTMLTextAreaElement) => t.value.slice(t.selectionStart, t.selectionEnd));
  expect(JSON.parse(selected).Sid).toBe('Enable IAM User Permissions');
});

test('the chart and its twin in words show the way through the grant', async ({ page }) => {
  const flow = section(page, 'How the decision was made');
  await expect(flow.getByRole('img', { name: 'Flowchart of the decision. The list after it says the same.' })).toBeVisible();
  await flow.getByText('The way in words').click();
  await expect(flow.getByRole('listitem')).toHaveText([
    /Is the request well formed\?\s+yes/,
    /Does a Deny statement of any policy apply\?\s+no/,
    /Does the key policy itself allow the caller\?\s+no/,
    /Does the key policy let IAM policies of the account decide\?\s+yes/,
    /Does an IAM policy of the caller allow the action\?\s+no/,
    /Does a grant allow the operation for the caller\?\s+yes/,
    /Is the key in a state that permits the operation\?\s+yes/,
    /Result\s+Allowed/,
  ]);
});

test('retiring the grant as the operator denies Decrypt, going back allows it, and undo brings the story back', async ({ page }) => {
  await grants(page).getByLabel('Retire or revoke as').selectOption({ label: 'admin-role/operator' });
  await expect(grants(page)).toContainText('May retire');
  await grants(page).getByRole('button', { name: /^Retire grant/ }).click();

  await word(page, 'Denied');
  await expect(decision(page)).toContainText('no IAM policy of lambda-execution-role/Grants_test allows kms:Decrypt');
  await expect(page.getByRole('figure', { name: 'AWS KMS answers' })).toContainText(`AccessDeniedException: ${kmsMessage}`);
  await expect(page.getByRole('figure', { name: 'In 2022, Lambda reported this denial with an older AWS KMS message' })).toContainText(lambdaMessage2022);

  const commands = section(page, 'The same with the AWS CLI');
  await expect(commands).toContainText('aws kms retire-grant \\\n  --key-id arn:aws:kms:ap-northeast-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab \\\n  --grant-id ');
  await expect(commands).toContainText(`An error occurred (AccessDeniedException) when calling the Decrypt operation: ${kmsMessage}`);
  await expect(commands).toContainText('aws kms list-grants --key-id arn:aws:kms:ap-northeast-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab');
  await expect(commands.getByRole('group', { name: 'Output' }).last()).toHaveText('{\n    "Grants": []\n}');
  await expect(grants(page)).toContainText('Retired by admin-role/operator. list-grants no longer shows it.');
  await expect(timeline(page)).toContainText('RetireGrant by admin-role/operator');

  await timeline(page).getByRole('button', { name: /The function starts and decrypts/ }).click();
  await word(page, 'Allowed');
  await expect(grants(page).getByRole('button', { name: /^Retire grant/ })).toBeVisible();
  await timeline(page).getByRole('button', { name: /^Decrypt by/ }).click();
  await word(page, 'Denied');

  await page.getByRole('button', { name: 'Undo' }).click();
  await word(page, 'Allowed');
  await expect(timeline(page)).toContainText('Step 6 of 9');
  await page.getByRole('button', { name: 'Redo' }).click();
  await word(page, 'Denied');
});

test('a principal without the right may not retire: the answer says why, and nothing changes', async ({ page }) => {
  await grants(page).getByLabel('Retire or revoke as').selectOption({ label: 'lambda-execution-role/another-session' });
  await expect(grants(page)).toContainText('May not retire');
  await grants(page).getByRole('button', { name: /^Retire grant/ }).click();
  const refusal = grants(page).getByRole('alert');
  await expect(refusal).toContainText('lambda-execution-role/another-session may not retire this grant');
  await expect(refusal).toContainText('is not the retiring principal, not a grantee principal with RetireGrant');
  await expect(refusal).toContainText(/AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role\/lambda-execution-role\/another-session is not authorized to perform: kms:RetireGrant/);
  await word(page, 'Allowed');
  await expect(timeline(page)).toContainText('Step 6 of 9');
});

test('the grantee and Lambda, the retiring principal, may retire', async ({ page }) => {
  for (const label of ['lambda-execution-role/Grants_test', 'lambda.ap-northeast-1.amazonaws.com']) {
    await grants(page).getByLabel('Retire or revoke as').selectOption({ label });
    await expect(grants(page).getByText('May retire', { exact: true })).toBeVisible();
    await grants(page).getByRole('button', { name: /^Retire grant/ }).click();
    await word(page, 'Denied');
    await page.getByRole('button', { name: 'Undo' }).click();
    await word(page, 'Allowed');
  }
});

test('revoking needs kms:RevokeGrant and ends the grant as well', async ({ page }) => {
  await grants(page).getByRole('button', { name: /^Revoke grant/ }).click();
  await word(page, 'Denied');
  await expect(grants(page)).toContainText('Revoked by admin-role/operator.');
  await expect(section(page, 'The same with the AWS CLI')).toContainText('aws kms revoke-grant');
});

test('the story walks forward and back, step by step', async ({ page }) => {
  const forward = timeline(page).getByRole('button', { name: 'Forward' });
  await forward.click();
  await expect(currentStep(page)).toContainText('The operator retires the grant');
  await word(page, 'Allowed');
  await expect(decision(page)).toContainText('The grant was created in the account of admin-role/operator');
  await forward.click();
  await expect(currentStep(page)).toContainText('list-grants is empty again');
  await forward.click();
  await word(page, 'Denied');
  await expect(page.getByText(kmsMessage).first()).toBeVisible();
  await expect(forward).toBeDisabled();

  const back = timeline(page).getByRole('button', { name: 'Back' });
  for (let step = 8; step >= 0; step -= 1) {
    await back.click();
    await expect(timeline(page)).toContainText(`Step ${step} of 9`);
  }
  await expect(back).toBeDisabled();
  await expect(grants(page)).toContainText('This key has no grants.');
});

test('another encryption context does not fit the grant, and the comparison says where it differs', async ({ page }) => {
  const value = section(page, 'Request').getByRole('textbox', { name: 'Value 1' });
  await value.fill('arn:aws:lambda:ap-northeast-1:111122223333:function:Other');
  await word(page, 'Denied');
  await expect(section(page, 'What every statement and grant said')).toContainText(
    'EncryptionContextEquals wants aws:lambda:FunctionArn to be arn:aws:lambda:ap-northeast-1:111122223333:function:Grants_test, and the request has arn:aws:lambda:ap-northeast-1:111122223333:function:Other.',
  );
});

test('a disabled key is refused with the error that AWS KMS gives', async ({ page }) => {
  await section(page, 'Documents').getByRole('tab', { name: 'Key', exact: true }).click();
  await section(page, 'Documents').getByLabel('Key state').selectOption('Disabled');
  await word(page, 'Refused');
  await expect(decision(page)).toContainText('AWS KMS would not carry out the request: DisabledException.');
});

test('a step of one’s own joins the timeline', async ({ page }) => {
  await section(page, 'Request').getByRole('button', { name: 'Make this call a step' }).click();
  await expect(timeline(page)).toContainText('Step 7 of 7');
  await expect(currentStep(page)).toContainText('Decrypt by lambda-execution-role/Grants_test');
  await expect(timeline(page)).toContainText('The rest of the story was replaced by what you did. Undo brings it back.');
});
