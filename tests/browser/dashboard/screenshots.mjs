// Takes screenshots of the dashboard: `npm run screenshots -- DIRECTORY`.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { launch } from '../windows.mjs';
import { NOW_MS } from './lake.mjs';
import { startMock } from './mock.mjs';
import { openPage, openTab, panel, seeAll, settled } from './page.mjs';

const folder = process.argv[2];
if (folder === undefined) {
  console.error('usage: npm run screenshots -- DIRECTORY');
  process.exit(2);
}
await mkdir(folder, { recursive: true });

const light = { colorScheme: 'light', deviceScaleFactor: 1 };
const narrow = { ...light, viewport: { width: 360, height: 740 } };
const LEFT_OUT = 'left out 1 file that is no Parquet: year=2026/month=11/day=21/hour=05/a.parquet; remove it';
const CURL = { at_ms: NOW_MS - 60_000, site: 'blog.example', page: '/', event: 'view', source: null, agent: 'bot', agent_rule: '2026.11/library.curl' };
const shots = [
  { name: 'light', options: light },
  { name: 'dark', options: { ...light, colorScheme: 'dark' } },
  { name: 'narrow', options: narrow },
  { name: 'narrow-dark', options: { ...narrow, colorScheme: 'dark' } },
  {
    name: 'event',
    options: light,
    query: '?period=30d&site=blog.example&page=/about&event=open&zone=Europe/Berlin',
  },
  { name: 'warnings', options: light, mock: { warnings: { totals: [LEFT_OUT], countries: [LEFT_OUT] } } },
  { name: 'lost', options: { ...light, colorScheme: 'dark' }, ready: loseServer, part: true },
  { name: 'undelivered', options: narrow, mock: { undelivered_s: 7_500 }, part: true },
  {
    name: 'unknown-address',
    options: narrow,
    query: '?period=7days',
    ready: (page) => page.getByRole('alert').waitFor(),
    part: true,
  },
  { name: 'empty', options: light, mock: { empty: true } },
  { name: 'filtered', options: light, query: '?period=30d&site=blog.example&page=/posts/one-pixel&zone=Europe/Berlin' },
  { name: 'year', options: light, query: '?period=12m' },
  { name: 'error', options: light, mock: { failing: new Set(['top_pages', 'countries']) } },
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
  { name: 'machines', options: light, ready: (page) => showTab(page, 'Agents') },
  { name: 'ai', options: { ...narrow, colorScheme: 'dark' }, ready: (page) => showTab(page, 'AI') },
  { name: 'only-machines', options: light, mock: { hits: [CURL] } },
  { name: 'sql', options: light, ready: showSql, part: true },
  { name: 'share', options: light, ready: showShare, part: true },
];

const browser = await launch();
for (const { name, options, mock: settings, query = '', ready = seeAll, part = false } of shots) {
  const mock = await startMock(settings);
  const { page, context } = await openPage(browser, `${mock.url}${query}`, options);
  await ready(page, mock);
  const path = join(folder, `dashboard-${name}.png`);
  await page.screenshot({ path, fullPage: !part, animations: 'disabled' });
  console.log(path);
  await context.close();
  await mock.stop();
}
await browser.close();

async function loseServer(page, mock) {
  await settled(page);
  mock.down = true;
  mock.add({ site: 'blog.example', page: '/' });
  await page.getByText(/^Connection lost/).waitFor();
}

async function pointAtBar(page) {
  await settled(page);
  await page.locator('.bar').nth(14).locator('.bar-hit').hover();
}

async function showTab(page, tab) {
  await seeAll(page);
  await openTab(page, 'Machines', tab);
  await seeAll(page);
}

async function showSql(page) {
  await settled(page);
  await panel(page, 'Pages').getByRole('button', { name: 'Show SQL' }).click();
}

async function showShare(page) {
  await settled(page);
  await page.getByRole('banner').getByRole('button', { name: 'Share', exact: true }).click();
  await page.getByRole('button', { name: 'Create link' }).click();
  await page.getByRole('status').getByRole('textbox').waitFor();
}
