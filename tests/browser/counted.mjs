// Asserts what was counted: in the lake, and on the dashboard's page.

import assert from 'node:assert/strict';
import { settled, tiles, topPages } from './dashboard_page.mjs';
import { eventuallyEquals } from './harness/polling.mjs';
import { firefoxUserAgent } from './harness/people.mjs';
import { query } from './harness/program.mjs';

const COUNTED = 'SELECT event, page, count(*) AS views FROM unique_hits WHERE site = ? AND event IN (?, ?) GROUP BY event, page';

/**
 * Asserts that a site has exactly these views by page, in the lake and on the dashboard. Waits for the pending requests
 * of `visitors` first. Returns the dashboard's page.
 */
export async function counts(at, open, site, expected, visitors = []) {
  await countsInLake(at, site, expected, visitors);

  const page = await open();
  await page.goto(`${at.dashboard}/?site=${encodeURIComponent(site)}&zone=UTC`);
  await settled(page);
  await eventuallyEquals(() => topPages(page), expected);
  const all = Object.values(expected).reduce((sum, count) => sum + count, 0);
  assert.equal((await tiles(page)).Views, all);
  return page;
}

/** Asserts the same of the lake only. */
export async function countsInLake(at, site, expected, visitors = []) {
  const views = async () => viewsOf(await query(at.folder, COUNTED, [site, 'view', 'view']));
  await eventuallyEquals(views, expected);
  assert.deepEqual(viewsOf(await untilNow(at, site, visitors)), expected, 'more was recorded after what was expected');
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
  const response = await fetch(`${at.server.pixel}/hit?site=${site}&event=${end}`, { headers: { 'user-agent': firefoxUserAgent() } });
  assert.equal(response.headers.get('x-beacon'), 'recorded');
  let rows;
  await eventuallyEquals(async () => {
    rows = await query(at.folder, COUNTED, [site, 'view', end]);
    return rows.some(({ event }) => event === end);
  }, true);
  return rows;
}
