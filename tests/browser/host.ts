// A page of somebody else: on another origin than the site, with a strict Content-Security-Policy of its own.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { guide } from './guide.ts';
import { test as base } from './playground.ts';

/** What the pages of other people say; `site` is the folder of the built site. */
export interface Host {
  site: string;
  /** Opens a page with this body. The policy allows what the guide says, unless another one is given. */
  open(body: string, options?: { head?: string; lang?: string; csp?: string }): Promise<void>;
  /** Serves a further file of that page. */
  serve(path: string, type: string, text: string): void;
  origin: string;
}

/** Nothing but what the embedding guide asks for. */
export const policy = (site: string) => `default-src 'none'; ${guide(site).policy}`;

export const test = base.extend<{ host: Host }>({
  host: async ({ page, baseURL }, use) => {
    const files = new Map<string, { type: string; text: string; csp?: string }>([['/favicon.ico', { type: 'image/x-icon', text: '' }]]);
    const server = createServer((request, response) => {
      const file = files.get(request.url ?? '');
      if (!file) return response.writeHead(404).end();
      response.writeHead(200, { 'Content-Type': file.type, ...(file.csp === undefined ? {} : { 'Content-Security-Policy': file.csp }) }).end(file.text);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const site = baseURL!;
    await use({
      site,
      origin,
      serve: (path, type, text) => void files.set(path, { type, text }),
      async open(body, { head = `<script type="module" src="${site}element.js"></script>`, lang = 'en', csp = policy(site) } = {}) {
        const text = `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>Somebody's page</title>${head}</head><body><main><h1>An article</h1>${body}</main></body></html>`;
        files.set('/', { type: 'text/html; charset=utf-8', text, csp });
        await page.goto(`${origin}/`);
      },
    });
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  },
});

/** The panels of an embedded playground are groups in one region. */
export const part = (page: Page, name: string) => page.getByRole('group', { name, exact: true });
export const answer = (page: Page, said: string) => part(page, 'Decision').getByText(said, { exact: true });
