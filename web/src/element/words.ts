/** What the element says before its tables of sentences are loaded, or when they cannot be. */
import type { Failure } from './element';

export type FallbackWords = Record<Failure | 'start' | 'open', string>;

export const fallbackWords: { en: FallbackWords; ja: FallbackWords } = {
  en: {
    start: 'Start the playground',
    open: 'Open it in the full playground',
    load: 'The playground could not be loaded: its files are not where this page looks for them, or are not the ones it expects.',
    engine: 'The playground cannot run here: its WebAssembly file is missing or damaged, or WebAssembly is switched off.',
    policy: 'The playground cannot run here: this page’s Content-Security-Policy does not allow WebAssembly.',
    scenario: 'The playground cannot be shown: its scenario was not found or is no scenario.',
    state: 'The playground cannot be shown: the link to its state is incomplete or damaged.',
    request: 'The playground cannot be shown: the request in this text is no JSON.',
    slot: 'The playground cannot be shown: a text here does not say what it is. Its slot must be key-policy, iam, grants or request, or fallback.',
    lesson: 'The playground cannot be shown: there is no such lesson.',
  },
  ja: {
    start: 'プレイグラウンドを開始',
    open: 'フルサイズのプレイグラウンドで開く',
    load: 'プレイグラウンドを読み込めませんでした。このページが指定した場所にファイルがないか、指定と異なるファイルです。',
    engine: 'ここではプレイグラウンドを実行できません。WebAssembly のファイルがないか壊れているか、WebAssembly が無効になっています。',
    policy: 'ここではプレイグラウンドを実行できません。このページの Content-Security-Policy が WebAssembly を許可していません。',
    scenario: 'プレイグラウンドを表示できません。シナリオが見つからないか、シナリオではありません。',
    state: 'プレイグラウンドを表示できません。状態を示すリンクが途中で切れているか、壊れています。',
    request: 'プレイグラウンドを表示できません。このテキストのリクエストは JSON ではありません。',
    slot: 'プレイグラウンドを表示できません。ここにあるテキストが何かわかりません。slot には key-policy、iam、grants、request のいずれか、または fallback を指定してください。',
    lesson: 'プレイグラウンドを表示できません。そのようなレッスンはありません。',
  },
};

/** The language of the element's nearest ancestor that says one, across shadow roots; else the browser's. */
export function languageOf(element: Element): 'en' | 'ja' {
  let language: string | null | undefined;
  for (let at: Element | undefined = element; at && !language; ) {
    const said: Element | null = at.closest('[lang]');
    language = said?.getAttribute('lang');
    const root: Node = at.getRootNode();
    at = root instanceof ShadowRoot ? root.host : undefined;
  }
  return (language ?? navigator.language).toLowerCase().startsWith('ja') ? 'ja' : 'en';
}
