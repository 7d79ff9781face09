/**
 * Other names for what tells whose documents these are: accounts, keys, grants, organizations, networks, users, roles, sessions and other
 * resources. The same name becomes the same other name everywhere, so that the decision stays what it is.
 */

/** The account ids that AWS uses in its documentation, then made-up ones. */
const accounts = ['111122223333', '444455556666', '777788889999', '123456789012', '210987654321', '555555555555'];

/** A resource with one of these names is left alone: they are words of policies and scenarios. */
const words = new Set('root role user key alias Allow Deny Action Effect Resource Principal Condition Statement Version Sid AWS Service'.split(' '));

/** What makes up ids, and how the n-th of its kind is called instead. */
const ids: [pattern: RegExp, rename: (n: number) => string][] = [
  [/(?<!\d)\d{12}(?!\d)/g, (n) => accounts[n] ?? String(100_000_000_000 + n)],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, (n) => `1234abcd-12ab-34cd-56ef-${String(n + 1).padStart(12, '0')}`],
  [/\bmrk-[0-9a-f]{32}\b/g, (n) => `mrk-1234abcd12ab34cd56ef${String(n + 1).padStart(12, '0')}`],
  [/\b[0-9a-f]{64}\b/g, (n) => `abcde1237f76e4ba7987489ac329fbfba6ad343d6f7075dbd1ef191f${String(n + 1).padStart(8, '0')}`],
  [/\b(?:AROA|AIDA|AKIA|ASIA)[A-Z0-9]{12,}\b/g, (n) => `AROAEXAMPLE${String(n + 1).padStart(10, '0')}`],
  [/\bo-[a-z0-9]{10,32}\b/g, (n) => `o-example${String(n + 1).padStart(4, '0')}`],
  [/\bvpce-[0-9a-f]{8,17}\b/g, (n) => `vpce-${String(n + 1).padStart(17, '0')}`],
  [/\bvpc-[0-9a-f]{8,17}\b/g, (n) => `vpc-${String(n + 1).padStart(17, '0')}`],
];

/** A function that renames in any text, after what `source` (all that is shown, as one text) holds. */
export function redactor(source: string): (text: string) => string {
  const names = new Map<string, string>();
  for (const [pattern, rename] of ids) {
    const found = [...new Set(source.match(pattern) ?? [])];
    found.forEach((id, n) => names.set(id, rename(n)));
  }
  const { literal, wild } = namesIn(source);
  addWild(names, literal, wild);
  const count: { [kind: string]: number } = {};
  for (const [name, kind] of literal) {
    if (names.has(name)) continue;
    count[kind] = (count[kind] ?? 0) + 1;
    names.set(name, `${kind}-${count[kind]}`);
  }
  for (;;) {
    const rename = renamer(names);
    const real = mistaken(source, names, rename);
    if (real.length === 0) return rename;
    for (const name of real) names.delete(name);
  }
}

/** The names of users, roles, keys and so on, each with its kind, and those with wildcards in them. */
function namesIn(source: string) {
  const literal = new Map<string, string>();
  const wild = new Set<string>();
  const add = (kind: string, name: string | undefined) => {
    if (!name || /\$|^aws:/.test(name) || words.has(name) || /^\d+$/.test(name)) return;
    if (!/[*?]/.test(name)) literal.set(name, literal.get(name) ?? kind);
    else if (/\w/.test(name)) wild.add(name);
  };
  for (const [, service = '', resource = ''] of source.matchAll(/arn:aws[\w-]*:([\w*-]+):[\w*?-]*:[\d*?]*:([^"'\\\s,]+)/g)) {
    const [type = '', ...parts] = resource.split(/^(?:iam|sts)$/.test(service) ? '/' : /[/:]/);
    if (service === 'kms') add('alias', type === 'alias' ? parts.join('/') : undefined);
    else if (type === 'assumed-role') (add('role', parts[0]), add('session', parts[1]));
    else if (type === 'role' || type === 'user') {
      add(type, parts.at(-1));
      for (const part of parts.slice(0, -1)) if (!/^(?:aws-)?service-role$|\.amazonaws\.com$/.test(part)) add('path', part);
    }
    else if (service !== 'iam') for (const part of parts.length > 0 ? parts : [type]) add('resource', part);
  }
  for (const [, alias] of source.matchAll(/"alias\/([\w/*?-]+)"/g)) if (!alias?.startsWith('aws/')) add('alias', alias);
  // Of conditions, which may begin anywhere in an ARN: "*:role/app-*", "*:jane-*".
  for (const text of wildIn(textsOf(source))) {
    for (const part of text.split(/[/:]/)) if (/[*?]/.test(part) && [...literal.keys()].some((name) => covers(part, name))) add('', part);
  }
  return { literal, wild };
}

/**
 * What has a wildcard covers the same names as before when both are made of the same parts: words, and what a wildcard leaves of a word.
 * Each part gets a name of its own that begins and ends like no other.
 */
function addWild(names: Map<string, string>, literal: ReadonlyMap<string, string>, wild: ReadonlySet<string>) {
  const ends: RegExp[] = [];
  for (const name of wild) {
    for (const [part] of name.matchAll(/\*?[A-Za-z0-9]+\*?/g)) {
      const text = part.replaceAll('*', '');
      if (part !== text) ends.push(new RegExp(part.startsWith('*') ? (part.endsWith('*') ? `(?<=${text})|(?=${text})` : `(?=${text}$)`) : `(?<=^${text})`));
    }
  }
  const parts = new Map<string, string>();
  const renamed = (name: string) =>
    name.replace(/[A-Za-z0-9]+/g, (word) =>
      ends
        .reduce((pieces, end) => pieces.flatMap((piece) => piece.split(end)), [word])
        .map((part) => parts.get(part) ?? (parts.set(part, `name${String(parts.size + 1).padStart(3, '0')}`), parts.get(part)!))
        .join(''),
    );
  // A single character has no name: such names stay.
  const usable = [...wild].filter((name) => !name.includes('?'));
  for (const name of usable) names.set(name, renamed(name));
  for (const name of literal.keys()) if (!names.has(name) && usable.some((pattern) => covers(pattern, name))) names.set(name, renamed(name));
}

/** Whether a text with wildcards covers another. */
function covers(pattern: string, text: string): boolean {
  return expression(pattern).test(text);
}

const escaped = (text: string) => text.replace(/[.+^${}()|[\]\\/*?-]/g, '\\$&');
const expression = (pattern: string) => new RegExp(`^${escaped(pattern).replaceAll('\\*', '.*').replaceAll('\\?', '.')}$`);

/** Longer names first, whole names only, and no names of JSON properties. */
function renamer(names: ReadonlyMap<string, string>): (text: string) => string {
  if (names.size === 0) return (text) => text;
  const all = [...names.keys()].sort((a, b) => b.length - a.length).map(escaped);
  const pattern = new RegExp(`(?<![\\w@-])(?:${all.join('|')})(?![\\w@-]|\\\\?"\\s*:)`, 'g');
  return (text) => text.replace(pattern, (name) => names.get(name)!);
}

const textsOf = (source: string) => [...new Set([...source.matchAll(/"([^"\\]{1,2048})"/g)].map(([, text]) => text!))];
/** Those with wildcards, and with more than these; actions have wildcards of their own. */
const wildIn = (texts: readonly string[]) => texts.filter((text) => /[*?]/.test(text) && /\w/.test(text) && !/^[a-z0-9-]+:[A-Z*]\w*\*?$/.test(text));

/** The names that have to stay as they are, because under others a wildcard would cover what it did not, or no longer what it did. */
function mistaken(source: string, names: ReadonlyMap<string, string>, rename: (text: string) => string): string[] {
  const texts = textsOf(source);
  const wild = wildIn(texts);
  const renamed = (all: readonly string[]) => all.filter((text) => !/[*?]/.test(text)).map((text) => [text, rename(text)] as const);
  // KMS makes further texts of names, such as the role's ARN of a session's: so names are compared on their own, too.
  for (const [patterns, literals] of [[wild, renamed(texts)], [wild.flatMap((text) => text.split(/[/:]/)).filter((part) => /[*?]/.test(part)), renamed([...names.keys()])]] as const) {
    for (const pattern of patterns) {
      const before = expression(pattern);
      const after = expression(rename(pattern));
      const wrong = literals.find(([old, other]) => before.test(old) !== after.test(other));
      const real = wrong && [...names.keys()].filter((name) => `${pattern} ${wrong[0]}`.includes(name));
      if (real && real.length > 0) return real;
    }
  }
  return [];
}
