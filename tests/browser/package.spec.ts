// The npm package in its packed form, installed without a network: in Node, with TypeScript, in Vite, and in a plain module script.
import { execFileSync } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { compile } from '@mdx-js/mdx';
import { compileScript, parse } from 'vue/compiler-sfc';
import { guide, type Snippet } from './guide.ts';
import { answer, part } from './host.ts';
import { expect, test } from './playground.ts';

test.describe.configure({ mode: 'serial', timeout: 300_000 });

const web = resolve('../web');
const project = mkdtempSync(join(tmpdir(), 'kms-playground-'));
const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: project, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const body = `<main><h1>An article</h1><kms-playground scenario="lambda-env" view="mini"><p>Text</p></kms-playground></main>`;
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css' } as { [ending: string]: string };

/** Serves the project under a policy that allows nothing but its own scripts, unless told more: the package needs no other file. */
async function serve(folder: string, policy = `script-src 'self' 'wasm-unsafe-eval'`): Promise<Server> {
  const server = createServer((request, response) => {
    const file = join(folder, new URL(request.url!, 'http://localhost').pathname);
    if (!existsSync(file) || extname(file) === '') return response.writeHead(file.endsWith('favicon.ico') ? 204 : 404).end();
    response.setHeader('Content-Security-Policy', `default-src 'none'; img-src data:; ${policy}`);
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return server;
}

test.beforeAll(() => {
  execFileSync('npm', ['run', 'package'], { cwd: web, stdio: 'ignore' });
  const { version } = JSON.parse(readFileSync(join(web, 'package.json'), 'utf8'));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'somebody', private: true, type: 'module' }));
  run('npm', 'install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', resolve(`../build/kms-playground-${version}.tgz`));
  mkdirSync(join(project, 'site'), { recursive: true });
  writeFileSync(join(project, 'site/index.html'), `<!doctype html><html lang="en"><title>Vite</title><link rel="icon" href="data:,"><script type="module" src="./main.js"></script>${body}</html>`);
  writeFileSync(join(project, 'site/main.js'), `import 'kms-playground';`);
});

test.afterAll(() => rmSync(project, { recursive: true, force: true }));

test('it installs alone, with types, licence and README', () => {
  expect(readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['kms-playground']);
  const files = readdirSync(join(project, 'node_modules/kms-playground'));
  expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'element.js', 'engine.js', 'package.json', 'types']));
});

test('in Node the engine answers the story, and the element stays quiet', () => {
  const story = JSON.stringify(resolve('../web/gallery/lambda-env.json'));
  // What its README says, as it stands there.
  const [element, engine] = [...readFileSync(join(project, 'node_modules/kms-playground/README.md'), 'utf8').matchAll(/^```js\n([^]*?)^```$/gm)].map(([, code]) => code);
  writeFileSync(join(project, 'ask.js'), `import { readFileSync } from 'node:fs';\n${element}const scenarioText = readFileSync(${story}, 'utf8');\n${engine}console.log(engine.version, results.map(({ decision }) => decision).join(' '));`);
  expect(run(process.execPath, 'ask.js').trim()).toMatch(/^allowed\n\d+\.\d+\.\d+ allowed implicitDeny allowed allowed allowed allowed /);
});

test('TypeScript knows its types, in both ways of finding modules', () => {
  writeFileSync(
    join(project, 'use.ts'),
    `import type { KmsPlayground, Result } from 'kms-playground';
     import { loadEngine, type Scenario } from 'kms-playground/engine';
     export const scenario: Scenario = { scenario: 1 };
     export async function retire(element: KmsPlayground): Promise<Result['decision'] | undefined> {
       element.addEventListener('kms-decision', (event) => console.log(event.detail.error?.code));
       const { version } = await loadEngine();
       return (await element.retire(version))?.decision;
     }
     // @ts-expect-error: a scenario is no text
     document.querySelector('kms-playground')!.value = 'lambda-env';`,
  );
  for (const [module, resolution] of [['nodenext', 'nodenext'], ['esnext', 'bundler']])
    run(process.execPath, join(web, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom', '--types', '', '--module', module!, '--moduleResolution', resolution!, 'use.ts');
});

test('a plain module script loads it from where npm has put it', async ({ page }) => {
  writeFileSync(join(project, 'plain.html'), `<!doctype html><html lang="en"><title>Plain</title><link rel="icon" href="data:,"><script type="module" src="node_modules/kms-playground/element.js"></script>${body}</html>`);
  const server = await serve(project);
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/plain.html`);
  await expect(answer(page, 'Allowed')).toBeVisible();
  await page.getByRole('button', { name: /^Retire grant/ }).click();
  await expect(answer(page, 'Denied')).toBeVisible();
  server.closeAllConnections();
  server.close();
});

test('Vite builds a page with it', async ({ page }) => {
  run(process.execPath, join(web, 'node_modules/vite/bin/vite.js'), 'build', 'site', '--logLevel', 'warn');
  const server = await serve(join(project, 'site/dist'));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/index.html`);
  await expect(answer(page, 'Allowed')).toBeVisible();
  server.closeAllConnections();
  server.close();
});

test('Vite serves a page with it while it is being written', async ({ page }) => {
  const { spawn } = await import('node:child_process');
  const vite = spawn(process.execPath, [join(web, 'node_modules/vite/bin/vite.js'), 'site', '--port', '0', '--host', '127.0.0.1'], { cwd: project });
  try {
    const address = await new Promise<string>((resolve) => vite.stdout.on('data', (text) => {
      const [found] = /http:\/\/127\.0\.0\.1:\d+\//.exec(String(text).replace(/\u001b\[\d+m/g, '')) ?? [];
      if (found) resolve(found);
    }));
    await page.goto(address);
    await expect(answer(page, 'Allowed')).toBeVisible();
  } finally {
    vite.kill();
  }
});

test.describe('what the guide says for', () => {
  /** Builds a page of the project with Vite; React and Vue are those of the tests. */
  const build = (name: string, files: { [file: string]: string }) => {
    mkdirSync(join(project, name), { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(project, name, file), text);
    writeFileSync(join(project, name, 'index.html'), `<!doctype html><html lang="en"><title>${name}</title><link rel="icon" href="data:,"><main id="here"></main><script type="module" src="./main.js"></script></html>`);
    for (const library of ['react', 'react-dom', 'scheduler', 'vue', '@vue']) if (!existsSync(join(project, 'node_modules', library))) symlinkSync(resolve('node_modules', library), join(project, 'node_modules', library));
    run(process.execPath, join(web, 'node_modules/vite/bin/vite.js'), 'build', name, '--logLevel', 'warn');
  };
  /** Opens it under the policy of the guide, to which its own scripts are added. */
  const open = async (page: Page, name: string, policy: string) => {
    const server = await serve(join(project, name, 'dist'), policy.replace('script-src', "script-src 'self'"));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/index.html`);
    return () => (server.closeAllConnections(), server.close());
  };

  for (const [name, snippet, says] of [
    ['MDX', 'mdx', 'A grant allows lambda-execution-role/Grants_test to call Decrypt. No policy has to.'],
    ['documents in MDX', 'mdxDocuments', 'A grant allows worker/session to call Decrypt. No policy has to.'],
  ] as [string, Snippet, string][])
    test(name, async ({ page, baseURL }) => {
      const snippets = guide(baseURL!);
      build(snippet, {
        'article.js': String(await compile(snippets[snippet])),
        'main.js': `import { createElement } from 'react';
          import { createRoot } from 'react-dom/client';
          import Article from './article.js';
          createRoot(document.querySelector('#here')).render(createElement(Article));`,
      });
      const close = await open(page, snippet, snippets.policy);
      await expect(answer(page, 'Allowed')).toBeVisible();
      await expect(part(page, 'Decision')).toContainText(says);
      // With a host for the full playground there is a link to it; without one there is none.
      const link = page.getByRole('link', { name: 'Open in the full playground' });
      if (snippet === 'mdx') await expect(link).toHaveAttribute('href', `${baseURL}index.html#s=lambda-env&at=6`);
      else await expect(link).toHaveCount(0);
      close();
    });

  test('Vue', async ({ page, baseURL }) => {
    const snippets = guide(baseURL!);
    const { descriptor } = parse(snippets.vue);
    const { content } = compileScript(descriptor, { id: 'guide', inlineTemplate: true, templateOptions: { compilerOptions: { isCustomElement: (tag) => tag.startsWith('kms-') } } });
    build('vue', { 'article.js': content, 'main.js': `import { createApp } from 'vue'; import Article from './article.js'; createApp(Article).mount('#here');` });
    const close = await open(page, 'vue', `script-src 'wasm-unsafe-eval'`);
    await expect(answer(page, 'Allowed')).toBeVisible();
    await page.getByRole('button', { name: /^Retire grant/ }).click();
    await expect(answer(page, 'Denied')).toBeVisible();
    await expect(page.getByText('Last answer:')).toHaveText('Last answer: implicitDeny');
    close();
  });
});
