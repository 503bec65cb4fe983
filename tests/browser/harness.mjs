// The fixture of every test file: a beacon with a lake, websites that use it, and Chromium.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, openWindow, TRACES } from './browser.mjs';
import { settled, tiles, topPages } from './dashboard.mjs';
import { query, serve } from './harness/program.mjs';
import { serveWeb } from './web.mjs';
import { eventuallyEquals } from './harness/polling.mjs';

const TEST_TIMEOUT_MS = 180_000;

/**
 * Starts everything before the tests of a file and stops it after them. `variables` configure the beacon; `startMore`
 * starts what else the file needs, and returns the function that stops it.
 */
export function useHarness(variables = {}, startMore = async () => async () => {}) {
  const at = {
    /** Origin of the beacon, on a site of its own. */
    beacon: null,
    /** Origin of the dashboard. */
    dashboard: null,
    /** The websites that use the beacon. */
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
    stopMore = await startMore(at);
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
 * Defines a test. Its `open` opens a window of its own and returns the page, whose `window` holds what was recorded. A
 * failed test leaves the traces of its windows. `expected_errors` matches console errors that the test provokes.
 */
export function scenario(at, name, { expected_errors = /(?!)/ } = {}, body) {
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
      for (const { errors } of windows) {
        assert.deepEqual(errors.filter((text) => !expected_errors.test(text)), [], 'unexpected errors in the console');
      }
      failed_as = undefined;
    } finally {
      for (const [index, window] of windows.entries()) await window.close(failed_as && `${failed_as}-${index}`);
    }
  });
}

const COUNTED = 'SELECT event, page, count(*) AS views FROM unique_hits WHERE site = ? AND event IN (?, ?) GROUP BY event, page';

/**
 * Asserts that a site has exactly these views by page, in the lake and on the dashboard. Waits for the pending requests
 * of `visitors` first. Returns the dashboard's page.
 */
export async function counts(at, open, site, expected, visitors = []) {
  const views = async () => viewsOf(await query(at.folder, COUNTED, [site, 'view', 'view']));
  await eventuallyEquals(views, expected);
  assert.deepEqual(viewsOf(await untilNow(at, site, visitors)), expected, 'more was recorded after what was expected');

  const page = await open();
  await page.goto(`${at.dashboard}/?site=${encodeURIComponent(site)}&zone=UTC`);
  await settled(page);
  await eventuallyEquals(() => topPages(page), expected);
  const all = Object.values(expected).reduce((sum, count) => sum + count, 0);
  const { Views, Pages } = await tiles(page);
  assert.deepEqual({ Views, Pages }, { Views: all, Pages: Object.keys(expected).length });
  return page;
}

/** Asserts that a site has no view once all requests of these pages have completed. */
export async function countsNothing(at, site, visitors) {
  assert.deepEqual(viewsOf(await untilNow(at, site, visitors)), {});
}

const viewsOf = (rows) => Object.fromEntries(rows.filter(({ event }) => event === 'view').map(({ page, views }) => [page, views]));

/** Sends a last event after all pending requests, and returns what is recorded once it has arrived. */
async function untilNow(at, site, visitors) {
  for (const { window } of visitors) await eventuallyEquals(() => window.pendingRequests(), []);
  const end = `end-${Math.random().toString(36).slice(2)}`;
  const response = await fetch(`${at.server.pixel}/hit?site=${site}&event=${end}`);
  assert.equal(response.headers.get('x-beacon'), 'recorded');
  let rows;
  await eventuallyEquals(async () => {
    rows = await query(at.folder, COUNTED, [site, 'view', end]);
    return rows.some(({ event }) => event === end);
  }, true);
  return rows;
}
