/**
 * Sentences. Each language has the same keys (a missing one does not compile), in two tables: what is said until the first decision
 * stands, and the rest, which is loaded after it. `{name}` stands for a value, which is shown as code when it is a string, because
 * strings come from documents; `` `code` `` is code.
 */
import { html, type TemplateResult } from 'lit';
import type { Localized } from '../engine/types';
import type { en } from './en';
import type { enFirst } from './en.first';

export type Language = 'en' | 'ja';
type English = typeof enFirst & typeof en;
export type Key = keyof English;
export type FirstMessages = Record<keyof typeof enFirst, string>;
export type OtherMessages = Record<keyof typeof en, string>;
type Messages = FirstMessages & OtherMessages;

type Names<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
/** The keys whose sentences in `Table` do not have the values of the English ones. */
export type Mismatched<Table extends Partial<Messages>> = {
  [K in Key & keyof Table]: [Names<Table[K]>, Names<English[K]>] extends [Names<English[K]>, Names<Table[K]>] ? never : K;
}[Key];
/** A value in a sentence: a string or a list of strings is shown as code, anything else as it is. */
export type Value = string | number | readonly string[] | TemplateResult | null | undefined;
type Params<K extends Key> = [Names<English[K]>] extends [never] ? [] : [{ [name in Names<English[K]>]: Value }];

/** What views say, in the language in use. */
export interface Words {
  language: Language;
  /** A sentence as plain text, for names and announcements. */
  text<K extends Key>(key: K, ...params: Params<K>): string;
  /** A sentence with its values shown as code. */
  say<K extends Key>(key: K, ...params: Params<K>): TemplateResult;
  /** A sentence whose key is made from a name in the engine's answer; undefined when this table has none. */
  find(key: string, params?: { [name: string]: unknown }): TemplateResult | undefined;
  /** The same, as plain text. */
  findText(key: string, params?: { [name: string]: unknown }): string | undefined;
  /** A scenario's own text. */
  local(text: Localized | undefined): string;
  /** "a, b and c". Not for what is drawn first: a browser takes long to load what it knows about lists. */
  list(items: readonly string[]): string;
}

/** All sentences, or only those of the first decision. */
export async function loadWords(language: Language, which: 'first' | 'all'): Promise<Words> {
  const table = which === 'all' ? await wholeTable(language) : ((await firstTable(language)) as Messages);

  const pieces = (message: string) => message.split(/(\{\w+\}|`[^`]+`)/);
  const plain = (value: unknown): string => {
    if (Array.isArray(value)) return value.map(plain).join(table['value.comma']);
    if (value === null || value === undefined) return table['value.none'];
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  };
  const rich = (value: unknown): unknown => {
    if (typeof value === 'number' || isTemplate(value)) return value;
    if (Array.isArray(value)) return value.map((item, i) => [i > 0 ? table['value.comma'] : '', rich(item)]);
    if (value === null || value === undefined) return table['value.none'];
    return code(plain(value));
  };
  const text = (key: Key, params: { [name: string]: unknown } = {}) =>
    pieces(table[key])
      .map((piece) => (piece.startsWith('{') ? plain(params[piece.slice(1, -1)]) : piece.replaceAll('`', '')))
      .join('');
  const say = (key: Key, params: { [name: string]: unknown } = {}) => html`${pieces(table[key]).map((piece) => {
    if (piece.startsWith('{')) return rich(params[piece.slice(1, -1)]);
    return piece.startsWith('`') ? code(piece.slice(1, -1)) : piece;
  })}`;

  return {
    language,
    text,
    say,
    find: (key, params) => (key in table ? say(key as Key, params) : undefined),
    findText: (key, params) => (key in table ? text(key as Key, params) : undefined),
    local: (localized) => (typeof localized === 'object' ? (localized[language] ?? localized['en'] ?? '') : (localized ?? '')),
    list: (items) => new Intl.ListFormat(language, { type: 'conjunction' }).format(items),
  };
}

async function firstTable(language: Language): Promise<FirstMessages> {
  return language === 'en' ? (await import('./en.first')).enFirst : (await import('./ja.first')).jaFirst;
}

/** The engine explains problems in English by itself; other languages add their own sentences to the table. */
async function wholeTable(language: Language): Promise<Messages> {
  if (language === 'en') return { ...(await firstTable('en')), ...(await import('./en')).en };
  const [first, { ja }, { problemsInJapanese }] = await Promise.all([firstTable('ja'), import('./ja'), import('./problems.ja')]);
  return { ...problemsInJapanese, ...first, ...ja };
}

/** Something that AWS or a document calls so, in every language. */
export const code = (text: string): TemplateResult => html`<code lang="en" translate="no">${text}</code>`;

const isTemplate = (value: unknown): value is TemplateResult => typeof value === 'object' && value !== null && '_$litType$' in value;

/** The reader's choice, else the first language of the browser that this page has. */
export function preferredLanguage(chosen: string | null, languages: readonly string[]): Language {
  for (const language of [chosen ?? '', ...languages]) {
    const [name] = language.toLowerCase().split('-');
    if (name === 'en' || name === 'ja') return name;
  }
  return 'en';
}
