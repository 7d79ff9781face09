/** 日本語：最初の判定が出るまでに表示する文。 */
import type { FirstMessages, Mismatched } from './index';

export const jaFirst = {
  'app.title': 'KMS Grants Playground',
  'app.tagline': 'この AWS KMS キーを誰が使えるのか、それはなぜか',
  'app.honest': 'AWS ではなくシミュレーションです。入力内容がブラウザの外に送られることはありません。',
  'app.skip': '判定へ移動',
  'app.loading': '判定エンジンを読み込んでいます…',
  'app.failed': '判定エンジンを読み込めませんでした',
  'app.failed.help': 'ページを再読み込みしてください。それでも動かない場合は、サイトのファイルが揃っていないか、このブラウザで WebAssembly が無効になっています。',
  'app.language': '言語',
  'app.story': 'ストーリー',
  'app.lessons': 'レッスン',
  'app.gallery': '事例集',
  'app.new': '自分のポリシーで試す',
  'app.undo': '元に戻す',
  'app.redo': 'やり直す',
  'app.docs': '解説',
  'app.article': 'ストーリーを順にたどる',
  'app.about': 'このページについて',
  'app.about.version': '判定エンジン {version}',

  'new.title': '自分のキー',
  'new.description': 'キーポリシー、`aws kms list-grants` の出力、あれば IAM ポリシーを貼り付け、誰が何をするかを選んでください。',

  'link.copy': 'リンクをコピー',
  'link.tooLarge': '内容が大きすぎるため、リンクにできません。',

  'value.none': 'なし',
  'value.comma': '、',

  'decision.heading': '判定',
  'decision.allowed': '許可',
  'decision.denied': '拒否',
  'decision.deniedUnless': '拒否（IAM ポリシーで許可されていない場合）',
  'decision.error': '実行不可',
  'decision.none': '判定できません',
  'decision.question': '{principal} は {operation} を呼び出せるか',
  'decision.why': '判定の根拠',

  'allowed.keyPolicy': 'キーポリシー自体が {principal} に {action} を許可しています。',
  'allowed.identityPolicy': 'キーポリシーが可否を IAM ポリシーに委ねており、{principal} の IAM ポリシーが {action} を許可しています。',
  'allowed.otherAccount': 'キー側も、別のアカウントの {principal} の IAM ポリシーも、{action} を許可しています。',
  'allowed.grant': 'Grant が {principal} に {operation} を許可しています。ポリシーの許可は必要ありません。',
  'allowed.retiringPrincipal': '{principal} はこの Grant の廃止プリンシパル（RetiringPrincipal）です。',
  'allowed.granteePrincipal': '{principal} は被付与者プリンシパル（GranteePrincipal）で、Grant のオペレーションに RetireGrant が含まれています。',
  'allowed.issuingAccount': 'Grant は {principal} のアカウントで作成されたため、ルートユーザーとして、または kms:RetireGrant を許可する IAM ポリシーによって廃止できます。',
  'denied.explicit': '{principal} の {action} に Deny ステートメントが適用されます。Deny は、どの Allow や Grant よりも優先されます。',
  'denied.identityPolicy': '許可するものがありません。該当する Grant はなく、キーポリシーは可否を IAM ポリシーに委ねていますが、{principal} のどの IAM ポリシーも {action} を許可していません。',
  'denied.otherAccount': '別のアカウントのキーを使うには、{principal} の IAM ポリシーでも {action} を許可する必要があります。',
  'denied.keyPolicy': '許可されません。キーポリシーにも Grant にも、{principal} に {action} を許可する記述がありません。',
  'denied.retirement': '{principal} は廃止プリンシパルでも、RetireGrant を許可された被付与者プリンシパルでもなく、Grant を作成したアカウントの IAM ポリシーでも廃止を許可されていません。',
  'denied.serviceControlPolicy': '{principal} のアカウントのサービスコントロールポリシー（SCP）が {action} を許可していません。',
  'denied.vpcEndpointPolicy': 'VPC エンドポイントポリシーが {action} を許可していません。',
  'denied.permissionsBoundary': '{principal} のアクセス許可の境界が {action} を許可していません。',
  'denied.sessionPolicy': '{principal} のセッションポリシーが {action} を許可していません。',
  'denied.resourceControlPolicy': 'リソースコントロールポリシー（RCP）が {action} を許可していません。',
  'denied.unknownPolicies': 'キーポリシーにも Grant にも {action} を許可する記述がありません。{principal} の IAM ポリシーはこのページに入力されていません。そのポリシーが許可していて、キーポリシーが可否を IAM ポリシーに委ねていれば、許可されます。',
  'refused.error': 'AWS KMS はこのリクエストを実行せず、{code} を返します。',
  'none.document': 'ドキュメントが足りないか、読み取れないものがあるため、判定できません。',
  'none.request': 'リクエストが不完全か、読み取れないため、判定できません。',
  'none.unsupported': 'まだ評価できない内容が含まれているため、判定を行いません。',

  'tools.failed': 'この機能を読み込めませんでした。サイトが更新された可能性があるため、ページを再読み込みしてください。',

  'policy.keyPolicy': 'キーポリシー',
  'policy.identityPolicy': 'IAM ポリシー',
  'policy.permissionsBoundary': 'アクセス許可の境界',
  'policy.sessionPolicy': 'セッションポリシー',
  'policy.serviceControlPolicy': 'サービスコントロールポリシー',
  'policy.resourceControlPolicy': 'リソースコントロールポリシー',
  'policy.vpcEndpointPolicy': 'VPC エンドポイントポリシー',
  'policy.grant': 'Grant',

  'request.json': 'リクエストの JSON',

  'request.key': 'キー',
  'documents.grants': 'Grants',

  'trace.show': '{document}の {place} を表示',
  'trace.place': '{line} 行 {column} 列',

  'announce.allowed': '許可。{why}',
  'announce.denied': '拒否。{why}',
  'announce.deniedUnless': 'IAM ポリシーで許可されていなければ拒否。',
  'announce.error': 'エラー。{why}',
  'announce.none': '判定できません。{why}',

  'mini.retire': '{principal} として Grant {grant} を廃止',
  'cover.heading': '結果を予想してください',
  'cover.right': '予想は「{predicted}」。AWS KMS の判断も同じです。',
  'cover.wrong': '予想は「{predicted}」でしたが、AWS KMS の判断は違います。理由は以下のとおりです。',
  'element.full': 'フルサイズのプレイグラウンドで開く',
} as const satisfies FirstMessages;

// コンパイル時の検査：英語と同じ値が埋め込まれていること。
true satisfies [Mismatched<typeof jaFirst>] extends [never] ? true : Mismatched<typeof jaFirst>;
