// The dashboard as people see it: `npm run screenshots -- FOLDER`.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { launch, openPage, seeAll, settled } from './browser.mjs';
import { startMock } from './mock.mjs';

const folder = process.argv[2];
if (folder === undefined) {
  console.error('say where to: npm run screenshots -- FOLDER');
  process.exit(2);
}
await mkdir(folder, { recursive: true });

const light = { colorScheme: 'light', deviceScaleFactor: 1 };
const shots = [
  { name: 'light', options: light },
  { name: 'dark', options: { ...light, colorScheme: 'dark' } },
  { name: 'narrow', options: { ...light, viewport: { width: 360, height: 800 } } },
  { name: 'empty', options: light, mock: { empty: true } },
  { name: 'filtered', options: light, query: '?period=30d&site=blog.example&page=/posts/one-pixel&zone=Europe/Berlin' },
  { name: 'year', options: light, query: '?period=12m' },
  { name: 'error', options: light, mock: { failing: new Set(['top_pages_by_source', 'referrers']) } },
  { name: 'huge', options: light, mock: { huge: 12_000 } },
  {
    name: 'loading',
    options: light,
    mock: { delay_ms: 60_000 },
    ready: (page) => page.locator('.skeleton').first().waitFor(),
  },
  {
    name: 'login',
    options: light,
    mock: { access: 'password' },
    ready: (page) => page.getByLabel('Password').waitFor(),
  },
  { name: 'hour', options: light, query: '?from=2026-11-19&to=2026-11-19', ready: pointAtBar, part: true },
  { name: 'sql', options: light, ready: showSql, part: true },
  { name: 'share', options: light, ready: showShare, part: true },
];

const browser = await launch();
for (const { name, options, mock: settings, query = '', ready = seeAll, part = false } of shots) {
  const mock = await startMock(settings);
  const { page, context } = await openPage(browser, `${mock.url}${query}`, options);
  await ready(page);
  const path = join(folder, `dashboard-${name}.png`);
  await page.screenshot({ path, fullPage: !part, animations: 'disabled' });
  console.log(path);
  await context.close();
  await mock.stop();
}
await browser.close();

async function pointAtBar(page) {
  await settled(page);
  await page.locator('.bar').nth(14).locator('.bar-hit').hover();
}

async function showSql(page) {
  await settled(page);
  await page.getByRole('button', { name: 'Show SQL of Top pages' }).click();
}

async function showShare(page) {
  await settled(page);
  await page.getByRole('button', { name: 'Share…' }).click();
  await page.getByRole('button', { name: 'Make a link' }).click();
  await page.getByRole('status').getByRole('textbox').waitFor();
}
