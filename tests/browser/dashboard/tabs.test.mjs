// Panels with tabs, and the metric of the chart.

import assert from 'node:assert/strict';
import { eventuallyEquals } from '../harness/polling.mjs';
import { check } from './fixtures.mjs';
import { counting, NOW_MS, QUESTIONS } from './lake.mjs';
import { openTab, panel, query, seeAll, tile } from './page.mjs';

const VIEW = { at_ms: NOW_MS - 3_600_000, site: 'blog.example', page: '/', source: null, event: 'view', userid: null, country: 'DE', agent: 'human', agent_rule: '2026.11/browser', visitor: 'v0' };
const WEEK_MS = Date.parse('2026-11-14T23:00Z');
const rowsOf = (mock, question) => QUESTIONS[question][1](mock.hits.filter(({ at_ms }) => at_ms >= WEEK_MS)).rows;

check('tabs are chosen by mouse and keyboard, and only the shown one is asked', { ready: seeAll }, async ({ page, mock }) => {
  const devices = panel(page, 'Devices');
  const asked = () => ['devices', 'browsers', 'systems', 'sizes'].filter((name) => mock.asked.some(({ question }) => question === name));
  assert.deepEqual(asked(), ['devices']);
  assert.deepEqual(await devices.getByRole('tab').allInnerTexts(), ['Devices', 'Browsers', 'Systems', 'Sizes']);
  await devices.getByRole('tab', { name: 'Devices' }).focus();
  await page.keyboard.press('ArrowLeft');
  const selected = devices.getByRole('tab', { selected: true });
  assert.equal(await selected.innerText(), 'Sizes');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Sizes');
  await devices.getByRole('tabpanel', { name: 'Sizes' }).getByRole('table').waitFor();
  assert.deepEqual(asked(), ['devices', 'sizes']);
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await devices.getByRole('tabpanel', { name: 'Browsers' }).getByRole('button', { name: 'Firefox', exact: true }).waitFor();
  assert.equal(await devices.getByRole('tab').and(page.locator('[tabindex="0"]')).count(), 1);

  // A tab that isn't shown isn't asked again either.
  const before = mock.asked.length;
  await page.getByRole('button', { name: '30 days' }).click();
  await seeAll(page);
  const later = new Set(mock.asked.slice(before).map(({ question }) => question));
  assert.deepEqual(['devices', 'browsers', 'systems', 'sizes'].filter((name) => later.has(name)), ['browsers']);
});

/** Each panel with its tabs in their order; the first is shown, except where `SHOWN` has another. */
const SHOWN = { Sources: 'Sources' };
const PANELS = {
  Sites: [],
  Sources: ['Channels', 'Sources', 'Referrers', 'Campaigns'],
  Pages: ['Top pages', 'Entry pages', 'Exit pages', 'By source'],
  Locations: ['Countries', 'Languages'],
  Devices: ['Devices', 'Browsers', 'Systems', 'Sizes'],
  Events: ['Events', 'Goals', 'Properties'],
  Emails: ['Campaigns', 'Messages', 'Read with'],
  Machines: ['Classes', 'Agents', 'AI'],
};

check('panels are in their order, each with its tabs', { ready: seeAll }, async ({ page }) => {
  const titles = await page.locator('.table-panel h2').allInnerTexts();
  assert.deepEqual(titles, Object.keys(PANELS));
  for (const [title, tabs] of Object.entries(PANELS)) {
    assert.deepEqual(await panel(page, title).getByRole('tab').allInnerTexts(), tabs, title);
    const selected = panel(page, title).getByRole('tab', { selected: true });
    if (tabs.length > 0) assert.equal(await selected.innerText(), SHOWN[title] ?? tabs[0]);
    assert.equal(await panel(page, title).getByRole('table').count(), 1, title);
  }
  await panel(page, 'Sites').getByRole('button', { name: 'blog.example', exact: true }).click();
  await eventuallyEquals(() => panel(page, 'Sites').count(), 0);
});

check('each tab has its table', { ready: seeAll }, async ({ page }) => {
  for (const [title, tabs] of Object.entries(PANELS)) {
    for (const tab of tabs.filter((name) => name !== 'Goals')) {
      const region = await openTab(page, title, tab);
      await region.locator('tbody tr').first().waitFor();
      await eventuallyEquals(() => page.locator('main [aria-busy="true"]').count(), 0);
    }
  }
});

check('the last tab is remembered in the browser', { ready: seeAll }, async ({ page }) => {
  await openTab(page, 'Sources', 'Channels');
  await page.reload();
  await seeAll(page);
  assert.equal(await panel(page, 'Sources').getByRole('tab', { selected: true }).innerText(), 'Channels');
});

check('where storage is disabled, tabs still work', {
  // A page that may not read its storage throws when it tries.
  page: { serviceWorkers: 'block' },
  ready: async (page) => {
    await page.addInitScript(() => Object.defineProperty(window, 'localStorage', { get: () => { throw new DOMException('no storage', 'SecurityError'); } }));
    await page.reload();
    await seeAll(page);
  },
}, async ({ page }) => {
  const sources = await openTab(page, 'Sources', 'Channels');
  await sources.getByRole('button', { name: 'Email', exact: true }).waitFor();
});

check('on a narrow page tabs are a menu, and a row has one number until it is opened', { page: { viewport: { width: 360, height: 740 } }, ready: seeAll }, async ({ page }) => {
  const devices = panel(page, 'Devices');
  assert.equal(await page.getByRole('tab').count(), 0);
  await devices.getByRole('combobox', { name: 'View' }).selectOption('Systems');
  const row = devices.locator('tbody tr', { hasText: 'Windows' });
  await row.waitFor();
  assert.deepEqual(await devices.getByRole('columnheader').allInnerTexts(), ['System', 'Visitors', 'Details']);
  assert.equal(await row.locator('dl').count(), 0);
  await row.getByRole('button', { name: 'Details of Windows' }).click();
  assert.deepEqual(await row.locator('dt').allInnerTexts(), ['Visitors', 'Views', 'Share']);
  await devices.getByRole('button', { name: 'Show all' }).click();
  await devices.getByRole('columnheader', { name: 'Change' }).waitFor();
});

check('a panel that never had a value isn’t shown', { mock: { hits: [VIEW] }, ready: seeAll }, async ({ page, mock }) => {
  for (const title of ['Events', 'Emails']) assert.equal(await panel(page, title).count(), 0, title);
  mock.add({ site: 'blog.example', page: '/', event: 'signup', params: {}, visitor: 'v1' });
  await panel(page, 'Events').scrollIntoViewIfNeeded();
  await panel(page, 'Events').getByRole('button', { name: 'signup', exact: true }).waitFor();
  assert.equal(await panel(page, 'Emails').count(), 0);
  mock.add({ site: 'blog.example', page: '/mail', event: 'open', source: 'newsletter' });
  await panel(page, 'Emails').scrollIntoViewIfNeeded();
  await panel(page, 'Emails').getByRole('button', { name: 'issue-12', exact: true }).waitFor();
  // It stays for periods without any.
  mock.hits.push({ ...VIEW, at_ms: Date.parse('2026-11-20T10:00Z') });
  await page.evaluate(() => localStorage.clear());
  await page.evaluate(() => localStorage.clear());
  await page.goto(`${mock.url}?from=2026-11-20&to=2026-11-20`);
  await seeAll(page);
  await panel(page, 'Emails').getByText('No data for this period.').waitFor();
  // Nothing is older than the period; then something is.
  assert.equal(await panel(page, 'Emails').getByRole('button', { name: 'Show all time' }).count(), 0);
  mock.add({ ...VIEW, at_ms: Date.parse('2026-11-01T10:00Z') });
  await panel(page, 'Emails').getByRole('button', { name: 'Show all time' }).waitFor();
});

check('a tile draws its metric', { ready: seeAll }, async ({ page, mock }) => {
  const chart = panel(page, 'Chart');
  await chart.getByText('Visitors per day', { exact: true }).first().waitFor();
  const metrics = page.getByRole('group', { name: 'Metrics' });
  const views = metrics.getByRole('button', { name: `Views ${await tile(page, 'Views')}` });
  assert.equal(await metrics.getByRole('button', { name: /^Visitors \d/ }).getAttribute('aria-pressed'), 'true');
  const labels = () => page.locator('.bar').evaluateAll((bars) => bars.map((bar) => bar.getAttribute('aria-label')));
  const sum = async () => (await labels()).reduce((total, label) => total + Number(/: ([\d,]+) /.exec(label)[1].replace(',', '')), 0);
  assert.equal(await sum(), await tile(page, 'Visitors'));
  await views.click();
  assert.equal(query(page), '?metric=views&zone=Europe/Berlin');
  await chart.getByText('Views per day', { exact: true }).first().waitFor();
  assert.equal(await views.getAttribute('aria-pressed'), 'true');
  assert.equal(await sum(), await tile(page, 'Views'));

  await page.getByText('Show as table').click();
  const table = chart.getByRole('table', { name: 'Views per day' });
  await eventuallyEquals(() => table.locator('thead th').allInnerTexts(), ['Day', 'Views', 'Before']);
  const counts = await table.locator('tbody tr').evaluateAll((rows) => rows.map((row) => Number(row.cells[1].textContent)));
  const total = counts.reduce((sum, count) => sum + count, 0);
  assert.equal(total, await tile(page, 'Views'));
  assert.equal(total, counting(mock.hits).filter(({ at_ms, event }) => at_ms >= WEEK_MS && event === 'view').length);
});
