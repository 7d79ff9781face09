// What the repository must not grow: further top-level entries, includes against the direction in which data flows through the core,
// paths of one machine, the address of a package registry.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { filesIn } from './files.mjs';

const folders = ['.ci', 'core', 'scripts', 'tests', 'wasm', 'web'];
const files = [
  '.clang-format', '.clang-tidy', '.editorconfig', '.gitignore', 'ARCHITECTURE.md', 'CHANGELOG.md', 'CMakeLists.txt', 'CMakePresets.json',
  'CONTRIBUTING.md', 'LICENSE', 'README.md',
];
// The stages of core/src: each includes only itself and those before it.
const stages = ['text', 'json', 'catalog', 'policy', 'grant', 'world', 'import', 'request', 'authorize', 'perform', 'report'];
const forbidden = {
  'a path of one machine': /(?<![\w.:*-])\/(work|home|root|tmp|Users)\/\w/,
  'the address of a package registry': /registry\.(npmjs|yarnpkg)|npm\.pkg\.github/,
  'a resolved URL in a lock file': /^\s*"resolved":/m,
};

const tracked = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).split('\0').filter((file) => file && existsSync(file));
const problems = [];
for (const top of new Set(tracked.map((file) => file.split('/')[0]))) {
  const isFolder = !tracked.includes(top);
  if (!(isFolder ? folders : files).includes(top)) problems.push(`${top}: not a top-level ${isFolder ? 'folder' : 'file'} of this project`);
}
for (const file of tracked) {
  const content = readFileSync(file, 'utf8');
  if (content.includes('\0')) continue;    // not a text
  for (const [what, pattern] of Object.entries(forbidden)) {
    const found = pattern.exec(content);
    if (found) problems.push(`${file}:${content.slice(0, found.index).split('\n').length}: ${what}: ${found[0].trim()}`);
  }
}

for (const file of ['.cpp', '.hpp'].flatMap((ending) => [...filesIn('core', ending), ...filesIn('wasm', ending)])) {
  const stage = /^core\/src\/(\w+)\//.exec(file)?.[1];
  const mayInclude = stage ? stages.slice(0, stages.indexOf(stage) + 1) : file.startsWith('core/src/') ? stages : [];
  for (const [, included] of readFileSync(file, 'utf8').matchAll(/^#include "(\w+)\//gm)) {
    if (!mayInclude.includes(included)) problems.push(`${file}: must not include ${included}/`);
  }
}

for (const problem of problems) console.error(problem);
console.log(`layout: ${tracked.length} files, ${problems.length} problems`);
process.exitCode = problems.length || !tracked.length ? 1 : 0;
