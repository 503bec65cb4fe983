// The dashboard as people see it, over made-up traffic of four weeks in a real lake: ./screenshots FOLDER

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, openWindow } from './windows.mjs';
import { panel, seeAll, settled } from './dashboard_page.mjs';
import { noon, record } from './seed_hits.mjs';
import { chromeUserAgent, firefoxUserAgent } from './harness/people.mjs';
import { serve } from './harness/program.mjs';

const PAGES = [['blog.example', '/posts/one-pixel', 9], ['blog.example', '/', 7], ['shop.example', '/', 6], ['blog.example', '/posts/parquet-by-hand', 5], ['shop.example', '/bells/brass', 4], ['blog.example', '/posts/where-from', 3], ['shop.example', '/cart', 1]];
const SOURCES = [[{}, 5], [{ utm_source: 'newsletter', utm_medium: 'email', utm_campaign: 'november' }, 3], [{ ref: 'https://www.google.com/' }, 4], [{ utm_source: 'mastodon', utm_medium: 'social' }, 2], [{ ref: 'https://news.ycombinator.com/item' }, 1]];

const READERS = [
  firefoxUserAgent(),
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  chromeUserAgent(),
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Mobile Safari/537.36',
];
const CRAWLER = 'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.3; +https://openai.com/gptbot)';
const MAIL_PROXY = 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)';

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
  await panel(page, 'Pages').getByRole('button', { name: 'Show SQL' }).click();
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
        const user_agent = READERS[(index + page.length + days_ago) % READERS.length];
        if (count > 0) hits.push({ at_ms: noon(days_ago), site, page, count, user_agent, ...source });
      }
    }
    const mail = { at_ms: noon(days_ago), site: 'blog.example', page: '/email/november', event: 'open' };
    hits.push({ ...mail, count: 2 + (days_ago % 3) }, { ...mail, count: 3, user_agent: MAIL_PROXY });
    hits.push({ at_ms: noon(days_ago), site: 'blog.example', page: '/', count: 4, user_agent: CRAWLER });
  }
  return hits;
}
