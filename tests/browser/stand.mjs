// What every test file has: a beacon with a lake, sites of other people, and Chromium, all ended whatever happens.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, openWindow, TRACES } from './browser.mjs';
import { becomes, settled, tiles, topPages } from './dashboard.mjs';
import { query, serve } from './program.mjs';
import { serveWeb } from './web.mjs';

const TEST_TIMEOUT_MS = 180_000;

/**
 * To be called once by each test file. The variables are the beacon's settings; `more` starts what else the file needs,
 * and returns how to stop it.
 */
export function useStand(variables = {}, more = async () => async () => {}) {
  const at = {
    /** Origin of the beacon, on a site of its own. */
    beacon: null,
    /** Origin of the dashboard. */
    dashboard: null,
    /** Sites of other people. */
    web: null,
    browser: null,
    folder: null,
    server: null,
  };
  let stopMore;
  before(async () => {
    await mkdir(TRACES, { recursive: true });
    at.folder = await mkdtemp(join(tmpdir(), 'beacon-browser-'));
    at.server = await serve(at.folder, variables);
    at.dashboard = at.server.dashboard;
    at.beacon = `http://b.example:${new URL(at.server.pixel).port}`;
    at.web = await serveWeb(at.beacon);
    at.browser = await launch();
    stopMore = await more(at);
  });
  after(async () => {
    await at.browser?.close();
    await stopMore?.();
    await at.web?.stop();
    await at.server?.stop();
    if (at.folder) await rm(at.folder, { recursive: true });
  });
  return at;
}

/**
 * A test with windows of its own: `open` makes one and returns its page, `window` tells of the last one. A failed test
 * leaves the traces of its windows. `complaints` says what a page may complain of, because the test provokes it.
 */
export function scenario(at, name, { complaints: allowed = /(?!)/ } = {}, body) {
  test(name, { timeout: TEST_TIMEOUT_MS }, async () => {
    const windows = [];
    const open = async (options) => {
      const window = await openWindow(at.browser, options);
      windows.push(window);
      const page = await window.context.newPage();
      return Object.assign(page, { window });
    };
    let failed_as = name;
    try {
      await body({ open });
      for (const { complaints } of windows) assert.deepEqual(complaints.filter((text) => !allowed.test(text)), [], 'a page complained');
      failed_as = undefined;
    } finally {
      for (const [index, window] of windows.entries()) await window.close(failed_as && `${failed_as}-${index}`);
    }
  });
}

const COUNTED = 'SELECT event, page, count(*) AS views FROM unique_hits WHERE site = ? AND event IN (?, ?) GROUP BY event, page';

/**
 * Insists that a site has these views, by page, and no others: in the lake as SQL counts them, and on the dashboard
 * as its page shows them. `visitors` are the pages whose requests are awaited first. Returns the dashboard's page.
 */
export async function counts(at, open, site, expected, visitors = []) {
  const views = async () => viewsOf(await query(at.folder, COUNTED, [site, 'view', 'view']));
  await becomes(views, expected);
  assert.deepEqual(viewsOf(await untilNow(at, site, visitors)), expected, 'more was recorded after what was expected');

  const page = await open();
  await page.goto(`${at.dashboard}/?site=${encodeURIComponent(site)}&zone=UTC`);
  await settled(page);
  await becomes(() => topPages(page), expected);
  const all = Object.values(expected).reduce((sum, count) => sum + count, 0);
  const { Views, Pages } = await tiles(page);
  assert.deepEqual({ Views, Pages }, { Views: all, Pages: Object.keys(expected).length });
  return page;
}

/** Insists that a site has no view, though whatever these pages asked for has come. */
export async function countsNothing(at, site, visitors) {
  assert.deepEqual(viewsOf(await untilNow(at, site, visitors)), {});
}

const viewsOf = (rows) => Object.fromEntries(rows.filter(({ event }) => event === 'view').map(({ page, views }) => [page, views]));

/** What is recorded once an event is that was sent after all that is under way. */
async function untilNow(at, site, visitors) {
  for (const { window } of visitors) await becomes(() => window.underWay(), []);
  const end = `end-${Math.random().toString(36).slice(2)}`;
  const answer = await fetch(`${at.server.pixel}/hit?site=${site}&event=${end}`);
  assert.equal(answer.headers.get('x-beacon'), 'recorded');
  let rows;
  await becomes(async () => {
    rows = await query(at.folder, COUNTED, [site, 'view', end]);
    return rows.some(({ event }) => event === end);
  }, true);
  return rows;
}
