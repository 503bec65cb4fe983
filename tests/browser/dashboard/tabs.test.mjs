// Panels with tabs, and the metric of the chart.

import assert from 'node:assert/strict';
import { eventuallyEquals } from '../harness/polling.mjs';
import { check } from './fixtures.mjs';
import { counting, QUESTIONS } from './lake.mjs';
import { openTab, panel, query, seeAll, tile } from './page.mjs';

const WEEK_MS = Date.parse('2026-11-14T23:00Z');
const rowsOf = (mock, question) => QUESTIONS[question][1](mock.hits.filter(({ at_ms }) => at_ms >= WEEK_MS)).rows;

check('tabs are chosen by mouse and keyboard, and only the shown one is asked', { ready: seeAll }, async ({ page, mock }) => {
  const devices = panel(page, 'Devices');
  const asked = () => ['devices', 'browsers', 'systems'].filter((name) => mock.asked.some(({ question }) => question === name));
  assert.deepEqual(asked(), ['devices']);
  assert.deepEqual(await devices.getByRole('tab').allInnerTexts(), ['Devices', 'Browsers', 'Systems']);
  await devices.getByRole('tab', { name: 'Devices' }).focus();
  await page.keyboard.press('ArrowLeft');
  const selected = devices.getByRole('tab', { selected: true });
  assert.equal(await selected.innerText(), 'Systems');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Systems');
  await devices.getByRole('tabpanel', { name: 'Systems' }).getByRole('table').waitFor();
  assert.deepEqual(asked(), ['devices', 'systems']);
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await devices.getByRole('tabpanel', { name: 'Browsers' }).getByRole('button', { name: 'Firefox', exact: true }).waitFor();
  assert.equal(await devices.getByRole('tab').and(page.locator('[tabindex="0"]')).count(), 1);

  // A tab that isn't shown isn't asked again either.
  const before = mock.asked.length;
  await page.getByRole('button', { name: '30 days' }).click();
  await seeAll(page);
  const later = new Set(mock.asked.slice(before).map(({ question }) => question));
  assert.deepEqual(['devices', 'browsers', 'systems'].filter((name) => later.has(name)), ['browsers']);
});

check('rows have visitors, views and their share of the visitors', { ready: seeAll }, async ({ page, mock }) => {
  const devices = panel(page, 'Devices');
  assert.deepEqual(await devices.locator('thead th').allInnerTexts(), ['Device', 'Visitors', 'Views', 'Share']);
  const [[name, views, visitors]] = rowsOf(mock, 'devices');
  assert.equal(name, 'desktop');
  const all = await tile(page, 'Visitors');
  const cells = await devices.locator('tbody tr').first().locator('th, td').allInnerTexts();
  assert.deepEqual(cells, ['Desktop', String(visitors), String(views), `${Math.round((100 * visitors) / all)}%`]);
  const countries = await panel(page, 'Locations').locator('tbody th').allInnerTexts();
  assert.deepEqual(countries.toSorted(), ['Germany', 'Nepal', 'United States', 'Unknown']);
});

check('top pages have a tab with their visitors', { ready: seeAll }, async ({ page, mock }) => {
  const pages = await openTab(page, 'Top pages', 'Visitors');
  await pages.getByRole('table').waitFor();
  assert.deepEqual(await pages.locator('thead th').allInnerTexts(), ['Site', 'Page', 'Visitors', 'Views', 'Share']);
  const [[site, path, views, visitors]] = rowsOf(mock, 'top_pages');
  const cells = await pages.locator('tbody tr').first().locator('th, td').allInnerTexts();
  assert.deepEqual(cells.slice(0, 4), [site, path, String(visitors), String(views)]);
  await pages.getByRole('button', { name: 'Show SQL' }).click();
  await page.getByRole('dialog', { name: 'SQL of Top pages' }).waitFor();
});

check('a tile draws its metric', { ready: seeAll }, async ({ page, mock }) => {
  await page.getByRole('heading', { name: 'Visitors per day' }).waitFor();
  const metrics = page.getByRole('group', { name: 'Metrics' });
  const views = metrics.getByRole('button', { name: `Views ${await tile(page, 'Views')}` });
  assert.equal(await metrics.getByRole('button', { name: /^Visitors \d/ }).getAttribute('aria-pressed'), 'true');
  const labels = () => page.locator('.bar').evaluateAll((bars) => bars.map((bar) => bar.getAttribute('aria-label')));
  const sum = async () => (await labels()).reduce((total, label) => total + Number(/: ([\d,]+) /.exec(label)[1].replace(',', '')), 0);
  assert.equal(await sum(), await tile(page, 'Visitors'));
  await views.click();
  assert.equal(query(page), '?metric=views&zone=Europe/Berlin');
  await page.getByRole('heading', { name: 'Views per day' }).waitFor();
  assert.equal(await views.getAttribute('aria-pressed'), 'true');
  assert.equal(await sum(), await tile(page, 'Views'));

  await page.getByText('Show as table').click();
  const chart = panel(page, 'Views per day');
  await eventuallyEquals(() => chart.locator('thead th').allInnerTexts(), ['Day', 'Visitors', 'Views']);
  const columns = await chart.locator('tbody tr').evaluateAll((rows) => rows.map((row) => [...row.cells].slice(1).map((cell) => Number(cell.textContent))));
  const totals = [0, 1].map((place) => columns.reduce((total, row) => total + row[place], 0));
  assert.deepEqual(totals, [await tile(page, 'Visitors'), await tile(page, 'Views')]);
  assert.equal(totals[1], counting(mock.hits).filter(({ at_ms, event }) => at_ms >= WEEK_MS && event === 'view').length);
});

check('a panel without the chosen tab shows another', { ready: seeAll }, async ({ page }) => {
  await openTab(page, 'Sources', 'Channels');
  await page.goto(`${page.url()}?event=click`);
  await seeAll(page);
  assert.deepEqual(await panel(page, 'Sources').getByRole('tab').allInnerTexts(), ['Campaigns']);
});
