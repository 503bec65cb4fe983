// The fixture of every test file: a real beacon, pages on hosts of their own, and Chromium.

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';
import { expect, vi } from 'vitest';
import { launchChromium } from '../../tests/browser/harness/chromium.mjs';
import { query, serve } from '../../tests/browser/harness/program.mjs';

const WAIT = { timeout: 60_000, interval: 250 };

export interface Hit {
  event: string;
  page: string | null;
  url: string | null;
  title: string | null;
  referrer: string | null;
  format: string;
  utm_source: string | null;
  vw: string | null;
  plan: string | null;
}

/** Maps paths to HTML or to a function that returns the response; other paths are 404. */
export type Pages = Record<string, string | (() => PageResponse | Promise<PageResponse>)>;

export interface PageResponse {
  type?: string;
  body: string;
  headers?: Record<string, string>;
}

export interface Harness {
  /** Origin of the beacon, on a site of its own. */
  beacon: string;
  /** Origin of the pages. */
  blog: string;
  pages: Pages;
  /** Opens a browser window without cookies or cache. */
  context: () => Promise<BrowserContext>;
  /** Waits until a site has at least `count` hits, and returns them in order. */
  hits: (site: string, count: number) => Promise<Hit[]>;
  /** Waits for a last event of a site, and returns the hits before it. */
  hitsUntil: (site: string, event: string) => Promise<Hit[]>;
  close: () => Promise<void>;
}

export async function startHarness(): Promise<Harness> {
  const folder = mkdtempSync(join(tmpdir(), 'beacon-clients-'));
  const server = await serve(join(folder, 'lake'), {
    BEACON_DASHBOARD_LISTEN: 'off',
    BEACON_PATHS: '/a.js=client,/aliased/a.js=client',
  });
  const pages: Pages = { '/favicon.ico': '' };
  const web = await serveWeb(pages);
  const browser = await launchChromium(chromium);

  const hits = async (site: string): Promise<Hit[]> => {
    const sql = `SELECT event, page, url, title, referrer, format, utm_source, element_at(params, 'vw') AS vw,
      element_at(params, 'plan') AS plan FROM unique_hits WHERE site = ? ORDER BY received_at, hit_id`;
    return query(server.folder, sql, [site]);
  };

  return {
    beacon: `http://b.example:${new URL(server.pixel).port}`,
    blog: `http://blog.example:${(web.address() as AddressInfo).port}`,
    pages,
    context: () => browser.newContext({ viewport: { width: 800, height: 600 } }),
    hits: (site, count) =>
      vi.waitFor(async () => {
        const found = await hits(site);
        expect(found.length, JSON.stringify(found)).toBeGreaterThanOrEqual(count);
        return found;
      }, WAIT),
    hitsUntil: (site, event) =>
      vi.waitFor(async () => {
        const found = await hits(site);
        expect(found.map((hit) => hit.event)).toContain(event);
        return found.filter((hit) => hit.event !== event);
      }, WAIT),
    close: async () => {
      await browser.close();
      web.close();
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

async function serveWeb(pages: Pages): Promise<Server> {
  const web = createServer(async (request, response) => {
    const page = pages[new URL(request.url!, 'http://a').pathname];
    if (page === undefined) {
      response.writeHead(404).end();
      return;
    }
    const { type = 'text/html', body, headers } = typeof page === 'string' ? { body: page } : await page();
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, ...headers }).end(body);
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  return web;
}
