// Makes what is packed of build/package, where `vite build --mode package` has put the modules: types, package.json, README and licence.
//   npm run package   → build/kms-playground-VERSION.tgz
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = here('../build/package');
const { name, version, description, license } = JSON.parse(readFileSync(here('package.json'), 'utf8'));

const tsc = ['--declaration', '--emitDeclarationOnly', '--stripInternal', '--noEmit', 'false', '--rootDir', 'src', '--outDir', join(folder, 'types')];
execFileSync(process.execPath, [here('node_modules/typescript/bin/tsc'), ...tsc], { cwd: here('.'), stdio: 'inherit' });
const needed = ['element/element.d.ts', 'engine/engine.d.ts', 'engine/types.d.ts'];
for (const file of readdirSync(join(folder, 'types'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.d.ts'))) {
  const path = join(folder, 'types', file);
  if (!needed.includes(file)) {
    rmSync(path);
    continue;
  }
  // Node's own way of resolving wants the ending of every file.
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/(from ')(\.[^']*)(')/g, '$1$2.js$3'));
}

const types = (entry) => `./types/${entry}/${entry}.d.ts`;
const entry = (name) => ({ types: types(name), default: `./${name}.js` });
writeFileSync(
  join(folder, 'package.json'),
  `${JSON.stringify(
    {
      name, version, description, license, engines: { node: '>=20' },
      type: 'module',
      exports: { '.': entry('element'), './element': entry('element'), './element.js': entry('element'), './engine': entry('engine'), './engine.js': entry('engine'), './package.json': './package.json' },
      types: types('element'),
      sideEffects: ['./element.js', './assets/*'],
    },
    null, 2,
  )}\n`,
); // prettier-ignore
copyFileSync(here('docs/package.md'), join(folder, 'README.md'));
if (existsSync(here('../LICENSE'))) copyFileSync(here('../LICENSE'), join(folder, 'LICENSE'));
execFileSync('npm', ['pack', '--silent', '--pack-destination', here('../build')], { cwd: folder, stdio: 'inherit' });
