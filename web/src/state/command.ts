/** What a command of the AWS CLI asks AWS KMS for; `cli.ts` is the way there. */

/** Operations whose commands people paste for what they print. */
const printing = /^(?:list-|describe-key$|get-key-policy$|get-key-rotation)/;
/** Options of the CLI itself, and what is not needed to decide. */
const ignored = /^(?:region|profile|output|query|endpoint-url|color|debug|cli-.*|no-.*|ca-bundle|ciphertext-blob|plaintext|message|signature|mac)$/;
const lists = /^(?:operations|grant-tokens|tag-keys)$/;
const numbers = /^(?:number-of-bytes|pending-window-in-days|limit|rotation-period-in-days)$/;

/** The operation and the parameters of the first command for AWS KMS in a text; undefined without one, and for those that print documents. */
export function requestIn(text: string): { operation: string; parameters: { [name: string]: unknown } } | undefined {
  const [, operation, rest = ''] = /(?:^|\s)aws\s(?:[^\n]*\s)?kms\s+([a-z][a-z-]+)(?=\s|$)([^]*)$/.exec(text) ?? [];
  if (operation === undefined || printing.test(operation)) return undefined;
  const parameters: { [name: string]: unknown } = {};
  const words = wordsOf(rest);
  while (words.length > 0) {
    const [, name, inline] = /^--([a-z][a-z-]*)(?:=([^]*))?$/.exec(words.shift()!) ?? [];
    const next = words.findIndex((word) => word.startsWith('--'));
    const given = [...(inline === undefined ? [] : [inline]), ...words.splice(0, next < 0 ? words.length : next)];
    if (name === undefined || ignored.test(name) || /^fileb?:\/\//.test(given[0] ?? '')) continue;
    parameters[pascal(name)] = valueOf(name, given);
  }
  return { operation: pascal(operation), parameters };
}

/** "re-encrypt" to "ReEncrypt". */
const pascal = (name: string) => name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The words of a command line without their quotes, up to what the shell does with its output. */
function wordsOf(line: string): string[] {
  const joined = line.replace(/[\\`^][^\S\n]*\r?\n/g, ' ');
  const words = [...joined.matchAll(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])+/gs)].map(([word]) => word);
  const end = words.findIndex((word) => /^(?:[|;&<>]|\d?>)/.test(word));
  return words.slice(0, end < 0 ? words.length : end).map((word) =>
    word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/gs, (_, double?: string, single?: string, escaped?: string) => double?.replace(/\\(["\\$`])/g, '$1') ?? single ?? escaped ?? ''),
  );
}

function valueOf(name: string, given: readonly string[]): unknown {
  const [first] = given;
  if (first === undefined) return true;
  if (/^\s*[[{]/.test(first)) {
    try {
      return name === 'policy' ? first : JSON.parse(first);
    } catch {
      // Then it is the CLI's own short form, or stays what it is.
    }
  }
  if (lists.test(name)) return given.flatMap((one) => one.split(/[\s,]+/)).filter(Boolean);
  if (name.endsWith('encryption-context')) return pairsIn(given.join(','));
  if (name === 'constraints') return Object.fromEntries([...given.join(',').matchAll(/(\w+)=\{([^}]*)\}/g)].map(([, test, pairs]) => [test, pairsIn(pairs!)]));
  return numbers.test(name) ? Number(first) : first;
}

/** "a=b,c=d" as the CLI reads it. */
function pairsIn(text: string): { [name: string]: string } {
  return Object.fromEntries([...text.matchAll(/([^=,]+)=([^,]*)/g)].map(([, name, value]) => [name!.trim(), value!.trim()]));
}
