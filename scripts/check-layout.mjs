// What the repository must not grow: further top-level entries, paths of one machine, the address of a package registry.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import './files.mjs';

const folders = ['.ci', 'core', 'scripts', 'tests', 'wasm', 'web'];
const files = [
  '.clang-format', '.clang-tidy', '.editorconfig', '.gitignore', 'ARCHITECTURE.md', 'CHANGELOG.md', 'CMakeLists.txt', 'CMakePresets.json',
  'CONTRIBUTING.md', 'LICENSE', 'README.md',
];
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

for (const problem of problems) console.error(problem);
console.log(`layout: ${tracked.length} files, ${problems.length} problems`);
process.exitCode = problems.length || !tracked.length ? 1 : 0;
