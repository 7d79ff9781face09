// The snippets of the embedding guide, as a reader would copy them.
import { readFileSync } from 'node:fs';

/** What each code block of the guide is, in the order in which they stand there. A block without a name here is a block that nothing runs. */
const names = [
  ['plain', 'html'], ['documents', 'html'], ['markdown', 'markdown'], ['mdx', 'mdx'], ['mdxDocuments', 'mdx'], ['vue', 'vue'],
  ['iframe', 'html'], ['height', 'js'], ['frameStyle', 'css'], ['store', 'html'], ['script', 'js'], ['looks', 'css'],
  ['policy', 'text'], ['framePolicy', 'text'], ['integrity', 'html'], ['importMap', 'html'],
] as const; // prettier-ignore

export type Snippet = (typeof names)[number][0];

/** The code blocks of a guide with their languages. */
export const blocksOf = (page: 'embedding' | 'embedding.ja') =>
  [...readFileSync(`../web/docs/${page}.md`, 'utf8').matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language, text]) => ({ language: language!, text: text! }));

/** The snippets for a site that is hosted there. */
export function guide(site: string, page: 'embedding' | 'embedding.ja' = 'embedding'): { [name in Snippet]: string } {
  const blocks = blocksOf(page);
  const found = blocks.map(({ language }) => language);
  if (String(found) !== String(names.map(([, language]) => language))) throw new Error(`${page}.md has other code blocks than the tests run: ${found}`);
  // Paths of a policy count only when they are those of files: what the guide means is the origin.
  const here = (text: string) => text.replaceAll('https://kms.example/', site).replaceAll('https://kms.example', new URL(site).origin);
  return Object.fromEntries(names.map(([name], i) => [name, here(blocks[i]!.text.trim())])) as { [name in Snippet]: string };
}
