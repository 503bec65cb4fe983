// The dashboard as people see it, over made-up traffic of four weeks in a real lake: ./screenshots FOLDER

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, openWindow } from './windows.mjs';
import { panel, seeAll, settled } from './dashboard_page.mjs';
import { noon, record } from './seed_hits.mjs';
import { serve } from './harness/program.mjs';

const PAGES = [['blog.example', '/posts/one-pixel', 9], ['blog.example', '/', 7], ['shop.example', '/', 6], ['blog.example', '/posts/parquet-by-hand', 5], ['shop.example', '/bells/brass', 4], ['blog.example', '/posts/where-from', 3], ['shop.example', '/cart', 1]];
const SOURCES = [[{}, 5], [{ utm_source: 'newsletter', utm_medium: 'email', utm_campaign: 'november' }, 3], [{ ref: 'https://www.google.com/' }, 4], [{ utm_source: 'mastodon', utm_medium: 'social' }, 2], [{ ref: 'https://news.ycombinator.com/item' }, 1]];

const folder = process.argv[2];
await mkdir(folder, { recursive: true });
const lake = await mkdtemp(join(tmpdir(), 'beacon-screenshots-'));
const empty = await mkdtemp(join(tmpdir(), 'beacon-screenshots-'));
const server = await serve(lake, { BEACON_DEBUG: 'true' });
const nothing = await serve(empty);
const browser = await launch();
try {
  await record(server, madeUp());
  for (const { name, options = {}, of = server, search = '?zone=UTC', ready = seeAll, part = false } of [
    { name: 'light', options: { colorScheme: 'light' } },
    { name: 'dark', options: { colorScheme: 'dark' } },
    { name: 'narrow', options: { viewport: { width: 360, height: 800 } } },
    { name: 'narrow-dark', options: { viewport: { width: 360, height: 800 }, colorScheme: 'dark' } },
    { name: 'empty', of: nothing },
    { name: 'filtered', search: '?zone=UTC&period=30d&site=blog.example&page=/posts/one-pixel' },
    { name: 'sql', ready: showSql, part: true },
  ]) {
    const window = await openWindow(browser, options);
    const page = await window.context.newPage();
    await page.goto(`${of.dashboard}/${search}`);
    await ready(page);
    const path = join(folder, `dashboard-${name}.png`);
    await page.screenshot({ path, fullPage: !part, animations: 'disabled' });
    console.log(path);
    await window.close();
  }
} finally {
  await browser.close();
  await server.stop();
  await nothing.stop();
  for (const one of [lake, empty]) await rm(one, { recursive: true });
}

async function showSql(page) {
  await settled(page);
  await panel(page, 'Top pages').getByRole('button', { name: 'Show SQL' }).click();
  await page.getByRole('dialog').waitFor();
}

/** The same each time but for the dates: busier on some days, and none four days ago. */
function madeUp() {
  const hits = [];
  for (let days_ago = 27; days_ago >= 0; days_ago -= 1) {
    if (days_ago === 4) continue;
    const rush = 1 + ((days_ago * 7) % 5) / 4 + (27 - days_ago) / 27;
    for (const [site, page, views] of PAGES) {
      for (const [index, [source, weight]] of SOURCES.entries()) {
        const count = Math.round((views * weight * rush) / 12 - ((index + days_ago) % 3) * 0.4);
        if (count > 0) hits.push({ at_ms: noon(days_ago), site, page, count, ...source });
      }
    }
    hits.push({ at_ms: noon(days_ago), site: 'blog.example', page: '/email/november', event: 'open', count: 2 + (days_ago % 3) });
  }
  return hits;
}
