// Five incidents, from what people have to the cause and to what mends it, in both languages: by what is to be read on the page only.
import type { Page } from '@playwright/test';
import { en } from '../../web/src/i18n/en.ts';
import { enFirst } from '../../web/src/i18n/en.first.ts';
import { ja } from '../../web/src/i18n/ja.ts';
import { jaFirst } from '../../web/src/i18n/ja.first.ts';
import { incidents } from './incidents.ts';
import { expect, test } from './playground.ts';

const languages = {
  en: { locale: 'en-US', words: { ...enFirst, ...en } },
  ja: { locale: 'ja-JP', words: { ...jaFirst, ...ja } },
} as const;
type Language = keyof typeof languages;

/** The page in a language, and what a reader does there. */
function reader(page: Page, language: Language) {
  const words: { [key: string]: string } = languages[language].words;
  const t = (key: string, values: { [name: string]: string } = {}) => words[key]!.replace(/\{(\w+)\}/g, (_, name: string) => values[name]!).replaceAll('`', '');
  const panel = (key: string) => page.getByRole('region', { name: t(key), exact: true });
  const decision = panel('decision.heading');
  const says = async (key: string) => expect(decision.locator('.word')).toHaveText(t(key));
  return {
    t,
    panel,
    says,
    /** What is said right under the decision about what nearly allows it. */
    close: page.locator('.notes').first(),
    begin: async () => {
      await page.goto('./');
      await page.getByRole('link', { name: t('app.new'), exact: true }).click();
      await says('decision.none');
    },
    paste: async (text: string, ...kinds: string[]) => {
      await panel('paste.heading').getByRole('textbox', { name: t('paste.text') }).fill(text);
      await panel('paste.heading').getByRole('button', { name: t('paste.place') }).click();
      for (const kind of kinds) await expect(panel('paste.heading')).toContainText(t(`kind.${kind}`));
    },
    /** Finds a single change that allows the request, and lets it happen. */
    mend: async (change: string) => {
      await page.getByRole('group', { name: t('tools.heading') }).getByRole('button', { name: t('tools.whatIf') }).click();
      await panel('whatIf.heading').getByRole('listitem').getByRole('button', { name: change }).click();
      await panel('whatIf.heading').getByRole('button', { name: t('whatIf.realise') }).click();
      await says('decision.allowed');
    },
  };
}

const found = {
  en: {
    recreatedRole: 'Grant 4056e672… is close, but does not allow it. The grantee principal AROAEXAMPLEROLEID0001:terminate no longer exists. A role or user made again under the same name is another one.',
    grantMends: 'A grant allows Decrypt for terminate/terminate',
    attachVolume: 'Nothing allows it: no grant fits, and although the key policy lets IAM policies decide, no IAM policy of app/example-session allows kms:CreateGrant.',
    autoScaling: 'The narrower choice: a grant for AWSServiceRoleForAutoScaling/AutoScaling with the operation GenerateDataKeyWithoutPlaintext on this key alone.',
    keyPolicyMends: 'The key policy allows kms:GenerateDataKeyWithoutPlaintext for AWSServiceRoleForAutoScaling',
    noDelegation: 'The IAM policy cluster-encryption of the caller allows kms:ListGrants. That does not count here, because the key policy does not let IAM policies decide.',
    delegationMends: 'The key policy lets IAM policies of 111122223333 decide',
    onePairMore: 'EncryptionContextEquals wants exactly its own pairs, and the encryption context of the request also has Purpose.',
    removePair: 'Remove pair 2',
  },
  ja: {
    recreatedRole: 'Grant 4056e672… はあと一歩で一致しますが、許可していません。被付与者プリンシパル AROAEXAMPLEROLEID0001:terminate はもう存在しません。同じ名前で作り直したロールやユーザーは別のものとして扱われます。',
    grantMends: 'Grant が terminate/terminate に Decrypt を許可したら',
    attachVolume: '許可するものがありません。該当する Grant はなく、キーポリシーは可否を IAM ポリシーに委ねていますが、app/example-session のどの IAM ポリシーも kms:CreateGrant を許可していません。',
    autoScaling: '範囲を絞るなら：このキーについて、AWSServiceRoleForAutoScaling/AutoScaling に GenerateDataKeyWithoutPlaintext だけを許可する Grant を作る。',
    keyPolicyMends: 'キーポリシーが AWSServiceRoleForAutoScaling に kms:GenerateDataKeyWithoutPlaintext を許可したら',
    noDelegation: '呼び出し元の IAM ポリシー cluster-encryption は kms:ListGrants を許可しています。しかし、キーポリシーが可否を IAM ポリシーに委ねていないため、ここでは考慮されません。',
    delegationMends: 'キーポリシーが 111122223333 の IAM ポリシーに委ねれば',
    onePairMore: 'EncryptionContextEquals は指定どおりのペアだけを認めますが、リクエストの暗号化コンテキストには Purpose もあります。',
    removePair: 'ペア 2 を削除',
  },
} as const;

for (const language of ['en', 'ja'] as const)
  test.describe(`in ${language}`, () => {
    test.use({ locale: languages[language].locale });
    const texts = found[language];

    test('a Lambda function whose role was made again', async ({ page }) => {
      const { begin, paste, says, close, mend, panel, t } = reader(page, language);
      const { message, keyPolicy, rolePolicy, grants } = incidents.recreatedRole;
      await begin();
      await paste(message, 'accessDenied');
      await paste(keyPolicy, 'keyPolicy');
      await says('decision.deniedUnless');
      await paste(rolePolicy, 'inlinePolicy');
      await says('decision.denied');
      await paste(grants, 'grants');
      await expect(close).toContainText(texts.recreatedRole);
      await expect(panel('grants.heading').getByRole('article').locator('.stage')).toHaveText(t('stage.orphaned'));
      await mend(texts.grantMends);
    });

    test('a volume that cannot be attached', async ({ page }) => {
      const { begin, paste, says, panel } = reader(page, language);
      const { message, keyPolicy, rolePolicy } = incidents.attachVolume;
      await begin();
      await paste(message, 'accessDenied');
      await paste(keyPolicy, 'keyPolicy');
      await paste(rolePolicy, 'inlinePolicy');
      await says('decision.denied');
      await expect(panel('decision.heading')).toContainText(texts.attachVolume);
      // What was pasted last is open, to be read and mended.
      const text = panel('documents.heading').getByRole('textbox');
      await expect(text).toHaveValue(/kms:GenerateDataKeyWithoutPlaintext/);
      await text.fill((await text.inputValue()).replace('"kms:Decrypt"', '"kms:Decrypt", "kms:CreateGrant"'));
      await says('decision.allowed');
    });

    test('Auto Scaling, whose service-linked role the key policy does not name', async ({ page }) => {
      const { begin, paste, says, mend, t } = reader(page, language);
      const { message, keyPolicy, rolePolicy } = incidents.autoScaling;
      await begin();
      await paste(message, 'accessDenied');
      await paste(keyPolicy, 'keyPolicy');
      await paste(rolePolicy, 'inlinePolicy');
      await says('decision.denied');
      await page.getByText(t('remedies.heading'), { exact: true }).click();
      await expect(page.getByRole('listitem').filter({ hasText: texts.autoScaling }).last()).toBeVisible();
      await mend(texts.keyPolicyMends);
    });

    test('an IAM policy that allows it, and does not count', async ({ page }) => {
      const { begin, paste, says, close, mend } = reader(page, language);
      const { event, keyPolicy, rolePolicy } = incidents.noDelegation;
      await begin();
      await paste(event, 'cloudTrail');
      await paste(keyPolicy, 'keyPolicy');
      await paste(rolePolicy, 'inlinePolicy');
      await says('decision.denied');
      await expect(close).toContainText(texts.noDelegation);
      await mend(texts.delegationMends);
    });

    test('one pair more in the encryption context', async ({ page }) => {
      const { begin, paste, says, close, panel } = reader(page, language);
      const { event, keyPolicy, grants } = incidents.onePairMore;
      await begin();
      await paste(event, 'cloudTrail');
      await paste(keyPolicy, 'keyPolicy');
      await paste(grants, 'grants');
      await says('decision.deniedUnless');
      await expect(close).toContainText(texts.onePairMore);
      await panel('request.heading').getByRole('button', { name: texts.removePair }).click();
      await says('decision.allowed');
    });
  });
