import { execFileSync } from 'node:child_process';
import { defineConfig, devices } from '@playwright/test';

const program = (name: string) => execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();

// The site must work from any path of any static host, so the tests open it below one: page.goto('') or page.goto('./'), never '/'.
const base = '/any/path/';

export default defineConfig({
  testDir: 'browser',
  outputDir: '../build/browser-tests',
  forbidOnly: !!process.env.CI,
  fullyParallel: true,
  workers: 2,
  timeout: 90_000,    // a busy machine of two cores takes its time over an accessibility check
  expect: { timeout: 15_000 },
  reporter: 'list',
  webServer: {
    command: `node ../scripts/server.mjs ../web/dist --base ${base}`,
    wait: { stdout: /http:\/\/127\.0\.0\.1:(?<kms_port>\d+)/ },
    gracefulShutdown: { signal: 'SIGTERM', timeout: 2000 },
  },
  use: {
    baseURL: `http://127.0.0.1:${process.env.KMS_PORT}${base}`,
    // Recording takes a third of the time: run what failed again with --trace on.
    trace: 'off',
  },
  projects: [
    {
      name: 'chromium',
      use: {
        ...devices['Desktop Chrome'],
        launchOptions: { executablePath: program('chromium-headless-shell || command -v chromium') },
      },
    },
    {
      // The main paths in Firefox as Debian has it, by WebDriver BiDi: the story, also from the single file; documents pasted until the cause
      // is found, in one language; what becomes of grants; texts pasted and typed in the editor.
      name: 'firefox',
      testMatch: ['story.spec.ts', 'single.spec.ts', 'typing.spec.ts', 'incidents.spec.ts', 'grants.spec.ts'],
      grepInvert: /incidents\.spec\.ts in ja/,
      use: {
        ...devices['Desktop Firefox'],
        browserName: 'firefox',
        channel: 'moz-firefox',
        launchOptions: { executablePath: program('firefox-esr || command -v firefox') },
      },
    },
  ],
});
