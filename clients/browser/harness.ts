// A real beacon, real pages on hosts of their own, and Chromium between them.

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { chromium, type BrowserContext } from 'playwright-core';
import { expect, vi } from 'vitest';

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

/** Answers a path; what is not there is not found. */
export type Pages = Record<string, string | (() => Answer | Promise<Answer>)>;

export interface Answer {
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
  /** A browser window that knows nobody. */
  context: () => Promise<BrowserContext>;
  /** Opens a page in a browser that nobody drives: a driven one renders nothing ahead. Returns what closes it. */
  openUndriven: (url: string) => () => Promise<void>;
  /** What was recorded of a site, in its order, once there are so many. */
  hits: (site: string, count: number) => Promise<Hit[]>;
  /** The same once an event has come that was sent after all that is asked for. */
  hitsUntil: (site: string, event: string) => Promise<Hit[]>;
  close: () => Promise<void>;
}

export async function startHarness(): Promise<Harness> {
  const program = process.env.BEACON;
  if (!program) throw new Error('BEACON is not set: name the beacon program, such as target/debug/beacon');
  const folder = mkdtempSync(join(tmpdir(), 'beacon-clients-'));
  const lake = join(folder, 'lake');
  const { server, port } = await serve(program, lake);

  const pages: Pages = { '/favicon.ico': '' };
  const web = await serveWeb(pages);
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const args = ['--no-sandbox', '--host-resolver-rules=MAP *.example 127.0.0.1'];
  const browser = await chromium.launch({
    executablePath,
    args,
    // What people's browsers do with Back is what is tested.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });

  const hits = async (site: string): Promise<Hit[]> => {
    const sql = `SELECT event, page, url, title, referrer, format, utm_source, element_at(params, 'vw') AS vw,
      element_at(params, 'plan') AS plan FROM unique_hits WHERE site = ? ORDER BY received_at, hit_id`;
    const run = await promisify(execFile)(program, ['query', '--lake', lake, '--output', 'json', '--param', site, sql], { env: environment() });
    return JSON.parse(run.stdout) as Hit[];
  };

  return {
    beacon: `http://b.example:${port}`,
    blog: `http://blog.example:${(web.address() as AddressInfo).port}`,
    pages,
    context: () => browser.newContext({ viewport: { width: 800, height: 600 } }),
    openUndriven: (url) => {
      const profile = mkdtempSync(join(folder, 'profile-'));
      const more = ['--headless', '--remote-debugging-port=0', '--no-first-run', `--user-data-dir=${profile}`];
      return end.bind(null, spawn(executablePath, [...args, ...more, url], { stdio: 'ignore' }));
    },
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
      await end(server);
      // A browser's last children may still be writing.
      rmSync(folder, { recursive: true, maxRetries: 10 });
    },
  };
}

async function end(program: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => program.once('exit', resolve));
  program.kill();
  await ended;
}

/** The environment without settings that somebody made for a beacon of theirs. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(BEACON|AWS)_/.test(name)));
}

/** Starts a beacon on a port that the system chooses, and that it says itself. */
async function serve(program: string, lake: string): Promise<{ server: ChildProcess; port: number }> {
  const any = '127.0.0.1:0';
  const server = spawn(program, ['serve', '--listen', any, '--lake', lake, '--metrics-listen', any], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...environment(),
      BEACON_LOG_FORMAT: 'json',
      BEACON_DASHBOARD_LISTEN: 'off',
      BEACON_PATHS: '/a.js=client,/aliased/a.js=client',
    },
  });
  const said: string[] = [];
  for await (const line of createInterface({ input: server.stderr! })) {
    const { message, pixel } = JSON.parse(line) as { message: string; pixel: string };
    if (message === 'the beacon is listening') {
      // It would wait for a reader of what it says later.
      server.stderr!.resume();
      return { server, port: Number(new URL(pixel).port) };
    }
    said.push(line);
  }
  throw new Error(`beacon ended:\n${said.join('\n')}`);
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
