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
  const count: { [kind: string]: number } = {};
  const add = (kind: string, name: string | undefined) => {
    if (!name || /[*?$]/.test(name) || words.has(name) || names.has(name) || /^\d+$/.test(name)) return;
    count[kind] = (count[kind] ?? 0) + 1;
    names.set(name, `${kind}-${count[kind]}`);
  };
  for (const [, service = '', resource = ''] of source.matchAll(/arn:aws[\w-]*:([\w-]+):[\w-]*:\d*:([^"'\\\s,]+)/g)) {
    const [type = '', ...parts] = resource.split(/[/:]/);
    if (service === 'kms') add('alias', type === 'alias' ? parts.join('/') : undefined);
    else if (type === 'assumed-role') (add('role', parts[0]), add('session', parts[1]));
    else if (type === 'role' || type === 'user') {
      add(type, parts.at(-1));
      for (const part of parts.slice(0, -1)) if (!/^(?:aws-)?service-role$|\.amazonaws\.com$/.test(part)) add('path', part);
    }
    else if (service !== 'iam') for (const part of parts.length > 0 ? parts : [type]) add('resource', part);
  }
  for (const [, alias] of source.matchAll(/"alias\/([\w/-]+)"/g)) if (!alias?.startsWith('aws/')) add('alias', alias);
  if (names.size === 0) return (text) => text;

  // Longer names first, whole names only, and no names of JSON properties.
  const all = [...names.keys()].sort((a, b) => b.length - a.length).map((name) => name.replace(/[.+^${}()|[\]\\/-]/g, '\\$&'));
  const pattern = new RegExp(`(?<![\\w@-])(?:${all.join('|')})(?![\\w@-]|\\\\?"\\s*:)`, 'g');
  return (text) => text.replace(pattern, (name) => names.get(name)!);
}
