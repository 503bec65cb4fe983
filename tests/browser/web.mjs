// The websites under test: one local server, which Chromium reaches under any host that ends in .example.

import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { httpServer } from './harness/http_server.mjs';
import { ROOT } from './harness/program.mjs';

/** The endpoint in the examples; infra/deploy fills in the second form. */
const ENDPOINT = /http:\/\/127\.0\.0\.1:8080|\{\{endpoint\}\}/g;

const TYPES = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript' };

/**
 * Serves `pages`, a map from paths to HTML, to `{ body, type, headers }`, or to an async function that returns either.
 * Below `/examples/` it serves the examples, with `endpoint` filled in.
 */
export async function serveWeb(endpoint) {
  const pages = new Map();
  const requested = [];
  const server = httpServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://a');
    requested.push(pathname);
    if (pathname === '/favicon.ico') {
      response.writeHead(204).end();
      return;
    }
    let page = pages.get(pathname) ?? (pathname.startsWith('/examples/') ? await example(pathname, endpoint) : undefined);
    if (typeof page === 'function') page = await page();
    if (page === undefined) {
      response.writeHead(404).end();
      return;
    }
    const { body, type = 'text/html', headers = {} } = typeof page === 'string' ? { body: page } : page;
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, ...headers }).end(body);
  });
  const port = await server.start();
  return {
    pages,
    /** The requested paths, in order. */
    requested,
    at: (site, path = '/') => `http://${site}:${port}${path}`,
    stop: () => server.stop(),
  };
}

async function example(pathname, endpoint) {
  const file = pathname.slice(1).replace(/\/$/, '/index.html');
  const text = await readFile(join(ROOT, file), 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : { body: text.replaceAll(ENDPOINT, endpoint), type: TYPES[extname(file)] };
}

/** Returns a complete document with this body. */
export function html(body, head = '') {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title><link rel="icon" href="data:,">${head}</head><body>${body}</body></html>`;
}
