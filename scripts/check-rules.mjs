// core/RULES.md against the code and the scenarios, both ways.
//
// The rules stand in tables of exactly these columns, one rule a line, each id once:
//
//   | id | status | where | summary |
//   | --- | --- | --- | --- |
//   | E-07 | built | src/authorize/decide.cpp | An explicit deny beats every allow. |
//
// id       E-07, or IL:C-09 for the rules of the IAM policy language
// status   built, assumed (our reading of something that AWS leaves open), out of scope, or not built yet
// where    of a built rule, the files that name its id in a string or a comment ("P-02 … P-10" names all between), relative to core/
//          and separated by commas; of an assumed rule the same or —; of the others —
// summary  one sentence or more; a | in it is written \|
//
// A built rule has a scenario (`rules` of a scenario or a step) or a C++ test with its id in the name. Whatever id the code, the
// scenarios, the tests' names or the page use is in the table, as built or assumed.
import { existsSync, readFileSync } from 'node:fs';
import { filesIn, scenarioFiles } from './files.mjs';

const id = /(?<![\w:-])(?:IL:)?[A-Z]-\d{1,2}(?![\w-])/g;
const problems = [];
const read = (file) => readFileSync(file, 'utf8');
const idsIn = (text) => text.match(id) ?? [];

const rules = new Map();
for (const line of read('core/RULES.md').split('\n')) {
  const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
  if (cells[0] !== '' || !/^[A-Z:]+-\d/.test(cells[1])) continue;
  const [, name, status, where, summary] = cells;
  if (cells.length !== 6 || !summary || idsIn(name)[0] !== name) problems.push(`RULES.md: not a row of id, status, where, summary: ${line}`);
  if (!['built', 'assumed', 'out of scope', 'not built yet'].includes(status)) problems.push(`RULES.md: ${name} has the status "${status}"`);
  if (rules.has(name)) problems.push(`RULES.md: ${name} stands there twice`);
  rules.set(name, { status, where: where === '—' ? [] : where.split(/\s*,\s*/).map((file) => `core/${file}`) });
}

/** The ids of a source text, those between the ends of a range included where the table has them. */
function idsInSource(text) {
  const between = [...text.matchAll(/((?:IL:)?[A-Z]-)(\d+) … \1(\d+)/g)].flatMap(([, family, first, last]) =>
    [...rules.keys()].filter((name) => name.startsWith(family) && name.slice(family.length) >= first && name.slice(family.length) <= last),
  );
  return [...idsIn(text), ...between];
}
const rulesOf = (text) => [JSON.parse(text)].flat().flatMap((scenario) => [scenario, ...scenario.steps].flatMap(({ rules = [] }) => rules));
const testNames = (text) => idsIn([...text.matchAll(/(?:TEST_CASE|SECTION)\(([^)]*)/g)].map(([, name]) => name).join(' '));
const quoted = (text) => [...text.matchAll(/(['"`])((?:IL:)?[A-Z]-\d{1,2})\1/g)].map((match) => match[2]);

/** id → the files that use it */
function usersOf(files, ids) {
  const users = new Map();
  for (const file of files) for (const name of ids(read(file))) users.set(name, [...(users.get(name) ?? []), file]);
  return users;
}
const code = usersOf(['.cpp', '.hpp'].flatMap((ending) => [...filesIn('core', ending), ...filesIn('wasm', ending)]), idsInSource);
const scenarios = usersOf(scenarioFiles(), rulesOf);
const tests = usersOf(filesIn('tests/core', '.cpp'), testNames);
const page = usersOf(filesIn('web/src', '.ts'), quoted);

for (const [name, files] of [code, scenarios, tests, page].flatMap((users) => [...users])) {
  const status = rules.get(name)?.status ?? 'not in core/RULES.md';
  if (!['built', 'assumed'].includes(status)) problems.push(`${name} is ${status}, but used in ${[...new Set(files)].join(', ')}`);
}
for (const [name, { status, where }] of rules) {
  for (const file of where) {
    if (!existsSync(file)) problems.push(`RULES.md: ${name}: no file ${file}`);
    else if (!code.get(name)?.includes(file)) problems.push(`RULES.md: ${name}: ${file} does not name it`);
  }
  if (status !== 'built') continue;
  if (where.length === 0) problems.push(`RULES.md: ${name} is built, but where? ${[...new Set(code.get(name))].join(', ') || 'no file names it'}`);
  if (!scenarios.has(name) && !tests.has(name)) problems.push(`RULES.md: ${name} is built, but has neither a scenario nor a test`);
}

for (const problem of problems) console.error(problem);
console.log(`rules: ${rules.size} in core/RULES.md, ${problems.length} problems`);
process.exitCode = problems.length || !rules.size ? 1 : 0;
