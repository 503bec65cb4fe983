// Accessibility: axe finds nothing serious or critical in any state of the page.

import assert from 'node:assert/strict';
import axe from 'axe-core';
import { check } from './fixtures.mjs';
import { NOW_MS } from './lake.mjs';
import { TOKEN } from './mock.mjs';
import { openTab, panel, pressInHeader, seeAll, settled } from './page.mjs';

const dark = { colorScheme: 'dark' };
const narrow = { viewport: { width: 360, height: 800 } };
const OPEN = { at_ms: NOW_MS - 60_000, site: null, page: null, source: null, event: 'open', userid: null, country: null };
const passwordAsked = (page) => page.getByLabel('Password').waitFor();

const states = [
  ['light', { ready: seeAll }],
  ['agents', { ready: (page) => seeTab(page, 'Agents') }],
  ['AI, dark', { ready: (page) => seeTab(page, 'AI'), page: dark }],
  ['AI, narrow', { ready: (page) => seeTab(page, 'AI'), page: narrow }],
  ['dark', { ready: seeAll, page: dark }],
  ['narrow', { ready: seeAll, page: narrow }],
  [
    'narrow and dark, filtered',
    { ready: seeAll, page: { ...narrow, ...dark }, path: '?period=30d&site=blog.example&page=/about' },
  ],
  ['empty', { mock: { empty: true } }],
  ['empty and dark', { mock: { empty: true }, page: dark }],
  [
    'failing',
    {
      mock: { failing: new Set(['totals', 'top_pages', 'views_per_quarter']) },
      ready: (page) => page.locator('.failure').nth(2).waitFor(),
    },
  ],
  [
    'failing and dark',
    { mock: { failing: new Set(['totals']) }, page: dark, ready: (page) => page.getByRole('alert').waitFor() },
  ],
  ['loading', { mock: { delay_ms: 60_000 }, ready: (page) => page.locator('.skeleton').first().waitFor() }],
  ['huge', { mock: { huge: 12_000 }, ready: seeAll }],
  ['log-in', { mock: { access: 'password' }, ready: passwordAsked, expected_errors: /401/ }],
  ['log-in, dark', { mock: { access: 'password' }, ready: passwordAsked, expected_errors: /401/, page: dark }],
  ['one filter of an address not known', { path: '?period=7days', ready: (page) => page.getByRole('alert').waitFor() }],
  [
    'warnings and delayed delivery, dark',
    { mock: { warnings: { totals: ['cut off'], countries: ['cut off'], campaigns: ['foreign'] }, undelivered_s: 7_500 }, page: dark, ready: seeAll },
  ],
  ['an event', { path: '?event=open&site.empty=yes&period=30d', mock: { hits: [OPEN] }, ready: seeAll }],
  ['shared', { mock: { access: 'share' }, path: `#share=${TOKEN}` }],
  [
    'expired link',
    { mock: { access: 'share' }, path: '#share=old', ready: (page) => page.locator('h1').waitFor(), expected_errors: /401/ },
  ],
  ['SQL', { ready: showSql }],
  ['SQL, dark', { ready: showSql, page: dark }],
  ['share dialog', { ready: showShare }],
  ['filter dialog', { ready: showFilter }],
  ['filter dialog, narrow and dark', { ready: showFilter, page: { ...narrow, ...dark }, path: '?device=phone&page.contains=p' }],
  ['filters and opens, dark', { ready: settled, page: dark, path: '?device=phone&source.not=newsletter&metric=opens&bars=week' }],
  ['conversions, narrow', { ready: settled, page: narrow, path: '?event=click' }],
  ['menu, narrow', { ready: showMenu, page: narrow }],
  ['share dialog, dark and narrow', { ready: showShare, page: { ...narrow, ...dark } }],
  ['a share link that asks for a password', { mock: { access: 'share', share_password: 'x' }, path: `#share=${TOKEN}`, ready: passwordAsked, expected_errors: /401/ }],
  ['add a site', { ready: showAddSite }],
  ['add a site, dark and narrow', { ready: showAddSite, page: { ...narrow, ...dark } }],
  ['SQL page', { path: '#sql', ready: showSqlPage }],
  ['SQL page, dark, with a chart', { path: '#sql', page: dark, ready: showSqlChart }],
  ['SQL page, narrow, with a chart', { path: '#sql', page: narrow, ready: showSqlChart }],
  ['SQL page, completing', { path: '#sql', ready: showCompletion }],
  ['SQL page, failing and dark', { path: '#sql', page: dark, mock: { sql_error: 'no\n  line 1, column 1:\n    S\n    ^' }, ready: showSqlFailure }],
  ['custom period, table of the chart', { ready: showMore, path: '?from=2026-11-01&to=2026-11-07' }],
];

for (const [name, options] of states) {
  check(`axe: ${name}`, options, async ({ page }) => {
    await page.evaluate(axe.source);
    const { violations, passes } = await page.evaluate(() =>
      window.axe.run(document, { resultTypes: ['violations', 'passes'] }),
    );
    assert.ok(
      passes.some(({ id }) => id === 'color-contrast'),
      'axe looked at nothing',
    );
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    const said = serious.map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
    );
    assert.deepEqual(said, []);
  });
}

async function seeTab(page, tab) {
  await seeAll(page);
  await openTab(page, 'Machines', tab);
  await seeAll(page);
}

async function showSql(page) {
  await settled(page);
  await panel(page, 'Chart').getByRole('button', { name: 'Show SQL' }).click();
  await page.getByRole('dialog').waitFor();
}

async function showShare(page) {
  await settled(page);
  await pressInHeader(page, 'Share');
  await page.getByRole('button', { name: 'Create link' }).click();
  await page.getByRole('dialog').getByRole('status').waitFor();
}

async function showFilter(page) {
  await settled(page);
  await page.getByRole('button', { name: 'Add filter' }).click();
  await page.getByRole('dialog', { name: 'Filter' }).waitFor();
}

async function showMenu(page) {
  await settled(page);
  await page.locator('.menu summary').click();
  await page.getByRole('combobox', { name: 'Time zone' }).waitFor();
}

async function showAddSite(page) {
  await settled(page);
  await pressInHeader(page, 'Add a site');
  const dialog = page.getByRole('dialog', { name: 'Add a site' });
  await dialog.getByLabel('Site', { exact: true }).fill('new.example');
  for (const summary of await dialog.locator('summary').all()) await summary.click();
  await dialog.getByText('Waiting for the first hit').waitFor();
}

async function sqlRun(page) {
  await page.getByRole('button', { name: 'hit_id', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
}

async function showSqlPage(page) {
  await sqlRun(page);
  await page.getByRole('region', { name: 'Result' }).getByRole('table').waitFor();
}

async function showSqlChart(page) {
  await showSqlPage(page);
  await page.getByRole('tab', { name: 'Chart' }).click();
  await page.locator('.sql-chart').waitFor();
}

async function showSqlFailure(page) {
  await sqlRun(page);
  await page.getByRole('alert').waitFor();
}

async function showCompletion(page) {
  await page.getByRole('textbox', { name: 'SQL', exact: true }).fill('SELECT re');
  await page.keyboard.press('Control+Space');
  await page.getByRole('option', { name: /received_at/ }).waitFor();
}

async function showMore(page) {
  await settled(page);
  await page.getByText('Show as table').click();
  await panel(page, 'Chart').getByRole('table').waitFor();
  await page.getByRole('combobox', { name: 'More periods' }).selectOption('Custom');
  await page.getByLabel('First day').waitFor();
}
