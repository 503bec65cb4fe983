// Tables: sorted, searched, compared, and what their rows filter by.

import assert from 'node:assert/strict';
import { eventuallyEquals } from '../harness/polling.mjs';
import { check } from './fixtures.mjs';
import { NOW_MS, QUESTIONS } from './lake.mjs';
import { TOKEN } from './mock.mjs';
import { openTab, panel, query, seeAll, settled, tile } from './page.mjs';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const hit = (fields) => ({
  at_ms: NOW_MS - HOUR_MS,
  site: 'blog.example',
  page: '/a',
  source: null,
  event: 'view',
  userid: null,
  country: 'DE',
  device: 'desktop',
  visitor: null,
  agent: 'human',
  agent_rule: '2026.11/browser',
  ...fields,
});
const many = (count, fields) => Array.from({ length: count }, (_, index) => hit({ visitor: `${JSON.stringify(fields)} ${index}`, ...fields }));

const HITS = [
  ...many(6, { source: 'news.example' }),
  ...many(3, { source: 'a.example', country: 'US', device: 'phone' }),
  ...many(2, { source: 'b.example', visitor: null }),
  ...many(4, { country: null, device: 'phone' }),
  ...many(4, { source: 'news.example', at_ms: NOW_MS - 7 * DAY_MS - HOUR_MS }),
  ...many(6, { source: 'a.example', at_ms: NOW_MS - 7 * DAY_MS - HOUR_MS }),
];
const lake = { mock: { hits: HITS }, ready: seeAll };

const chips = (page) => page.locator('.chip span').allInnerTexts();
const labels = (region) => region.locator('tbody').locator('.filter-button, .row-label').allInnerTexts();
const column = (region, place) => region.locator(`tbody td:nth-of-type(${place})`).allInnerTexts();
const sortBy = (region, name) => region.getByRole('columnheader', { name }).getByRole('button').click();

check('a header sorts, and a second click turns the order round', lake, async ({ page }) => {
  const sources = panel(page, 'Sources');
  const order = (name) => sources.getByRole('columnheader', { name }).getAttribute('aria-sort');
  assert.deepEqual(await labels(sources), ['news.example', 'Direct / unknown', 'a.example', 'b.example']);
  assert.deepEqual([await order('Visitors'), await order('Views')], ['descending', null]);
  await sortBy(sources, 'Views');
  assert.deepEqual([await order('Visitors'), await order('Views')], [null, 'descending']);
  await sortBy(sources, 'Views');
  assert.equal(await order('Views'), 'ascending');
  assert.deepEqual(await column(sources, 2), ['2', '3', '4', '6']);
  await sortBy(sources, 'Source');
  assert.equal(await order('Source'), 'ascending');
  assert.deepEqual(await labels(sources), ['a.example', 'b.example', 'Direct / unknown', 'news.example']);
});

check('all rows come with a search and the change', lake, async ({ page, mock }) => {
  const sources = panel(page, 'Sources');
  const asked = () => mock.asked.filter(({ question }) => question === 'sources').length;
  assert.equal(asked(), 1);
  assert.equal(await sources.getByRole('searchbox').count(), 0);
  await sources.getByRole('button', { name: 'Show all' }).click();
  await eventuallyEquals(() => column(sources, 4), ['+50%', 'new', '−50%', '']);
  assert.equal(asked(), 2);
  assert.deepEqual(await sources.getByRole('columnheader').allInnerTexts(), ['Source', 'Visitors', 'Views', 'Share', 'Change']);
  await sortBy(sources, 'Change');
  assert.deepEqual(await labels(sources), ['Direct / unknown', 'news.example', 'a.example', 'b.example']);
  await sources.getByRole('searchbox', { name: 'Search' }).fill('EXAMPLE');
  await eventuallyEquals(() => labels(sources), ['news.example', 'a.example', 'b.example']);
  await sources.getByText('3 of 4 match').waitFor();
  await sources.getByRole('button', { name: 'Show fewer' }).click();
  await eventuallyEquals(() => labels(sources).then(({ length }) => length), 4);
});

check('compared with nothing, there is no change', { ...lake, path: '?compare=none' }, async ({ page }) => {
  await panel(page, 'Sources').getByRole('button', { name: 'Show all' }).click();
  await panel(page, 'Sources').getByRole('searchbox').waitFor();
  assert.equal(await page.getByRole('columnheader', { name: 'Change' }).count(), 0);
});

check('a share is that of the tile’s visitors', lake, async ({ page }) => {
  assert.equal(await tile(page, 'Visitors'), 13);
  assert.deepEqual(await column(panel(page, 'Sources'), 1), ['6', '4', '3', '0']);
  assert.deepEqual(await column(panel(page, 'Sources'), 3), ['46%', '31%', '23%', '0%']);
});

check('a row is excluded by its button, which takes its filter away', lake, async ({ page }) => {
  const countries = panel(page, 'Locations');
  await countries.getByRole('button', { name: 'Germany', exact: true }).click();
  await eventuallyEquals(() => tile(page, 'Views'), 8);
  await countries.getByRole('button', { name: 'Exclude Germany' }).click();
  assert.equal(query(page), '?country.not=DE&zone=Europe/Berlin');
  await eventuallyEquals(() => chips(page), ['Country is not Germany']);
  await eventuallyEquals(() => tile(page, 'Views'), 7);
  await eventuallyEquals(() => labels(panel(page, 'Locations')), ['Unknown', 'United States']);
  await countries.getByRole('button', { name: 'Exclude Unknown' }).click();
  await eventuallyEquals(() => tile(page, 'Views'), 3);
  await page.goBack();
  await eventuallyEquals(() => tile(page, 'Views'), 7);
});

check('the button that excludes a row shows on hover and focus', lake, async ({ page }) => {
  const row = panel(page, 'Devices').locator('tbody tr', { hasText: 'Phone' });
  const exclude = row.getByRole('button', { name: 'Exclude Phone' });
  const opacity = () => exclude.evaluate((element) => getComputedStyle(element).opacity);
  assert.equal(await opacity(), '0');
  await row.hover();
  assert.equal(await opacity(), '1');
  await page.mouse.move(0, 0);
  await row.getByRole('button', { name: 'Phone', exact: true }).focus();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Exclude Phone');
  assert.equal(await opacity(), '1');
});

check('rows that are missing a value filter by that', lake, async ({ page }) => {
  const unknown = panel(page, 'Locations').getByRole('button', { name: 'Unknown', exact: true });
  await unknown.click();
  assert.equal(query(page), '?country.empty=yes&zone=Europe/Berlin');
  await eventuallyEquals(() => tile(page, 'Views'), 4);
  await eventuallyEquals(() => unknown.getAttribute('aria-pressed'), 'true');
  await unknown.click();
  await eventuallyEquals(() => tile(page, 'Views'), 15);
});

check('a long label is cut in the middle, and whole in its name and title', {
  mock: { hits: many(1, { page: '/posts/how-to-write-a-very-long-address-that-no-table-has-room-for/part-two' }) },
  page: { viewport: { width: 360, height: 740 } },
  ready: seeAll,
}, async ({ page }) => {
  const path = '/posts/how-to-write-a-very-long-address-that-no-table-has-room-for/part-two';
  const button = panel(page, 'Pages').getByRole('button', { name: path, exact: true });
  assert.match(await button.getAttribute('title'), new RegExp(`^${path}`));
  const [head, tail] = await button.locator('span').evaluateAll((all) => all.map((span) => [span.textContent, span.scrollWidth > span.clientWidth]));
  assert.deepEqual([head[0] + tail[0], head[1], tail[0]], [path, true, 'for/part-two']);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
});

check('the menu of a panel has SQL and CSV, and says what the answer cost', lake, async ({ page }) => {
  const sources = panel(page, 'Sources');
  assert.doesNotMatch(await page.locator('main').innerText(), /scanned| ms\b/);
  await sources.getByRole('button', { name: 'More about Sources' }).click();
  assert.match(await sources.locator('.cost').innerText(), /scanned · 12 ms$/);
  assert.equal(await sources.getByRole('button', { name: 'Show SQL' }).isVisible(), true);
  assert.equal(await sources.getByRole('button', { name: 'Download CSV' }).isVisible(), true);
});

check('guests don’t see what an answer cost', { mock: { hits: HITS, access: 'share' }, path: `#share=${TOKEN}`, ready: seeAll }, async ({ page }) => {
  await panel(page, 'Sources').getByRole('button', { name: 'More about Sources' }).click();
  await panel(page, 'Sources').getByRole('button', { name: 'Show SQL' }).click();
  await page.getByRole('dialog').locator('pre').waitFor();
  assert.doesNotMatch(await page.locator('body').innerText(), /scanned| ms\b/);
});

check('campaigns are listed by any tag', { mock: { hits: [...HITS, ...many(2, { source: 'newsletter' })] }, ready: seeAll }, async ({ page, mock }) => {
  const sources = await openTab(page, 'Sources', 'Campaigns');
  await eventuallyEquals(() => labels(sources), ['issue-12']);
  await sources.getByRole('combobox', { name: 'Tag' }).selectOption('UTM medium');
  await eventuallyEquals(() => labels(sources), ['email']);
  assert.deepEqual(mock.asked.filter(({ question }) => question === 'campaign_tags').map(({ by }) => by), ['utm_campaign', 'utm_medium']);
  await sources.getByRole('button', { name: 'email', exact: true }).click();
  assert.equal(query(page), '?utm_medium=email&zone=Europe/Berlin');
  await eventuallyEquals(() => tile(page, 'Views'), 2);
});

check('entry and exit pages count visits', { ready: seeAll }, async ({ page, mock }) => {
  const week = mock.hits.filter(({ at_ms }) => at_ms >= Date.parse('2026-11-14T23:00Z'));
  const { rows } = QUESTIONS.exit_pages[1](week);
  const [, path, visits, , visitors] = rows.toSorted((a, b) => b[4] - a[4] || b[2] - a[2])[0];
  const pages = await openTab(page, 'Pages', 'Exit pages');
  await pages.getByRole('table').waitFor();
  assert.deepEqual(await pages.locator('thead th').allInnerTexts(), ['Exit page', 'Visitors', 'Visits', 'Share']);
  const first = pages.locator('tbody tr').first();
  assert.deepEqual((await first.locator('td').allInnerTexts()).slice(0, 2), [String(visitors), String(visits)]);
  await first.getByRole('button', { name: path, exact: true }).waitFor();
});

check('an empty tab says so, and shows the way out', { ...lake, path: '?country=DE' }, async ({ page }) => {
  const sources = await openTab(page, 'Sources', 'Campaigns');
  await sources.getByText('Nothing matches these filters.').waitFor();
  await sources.getByRole('button', { name: 'Show without filters' }).click();
  await eventuallyEquals(() => query(page), '');
  await sources.getByText('No data for this period.').waitFor();
  await sources.getByRole('button', { name: 'Show all time' }).click();
  await settled(page);
  assert.equal(query(page), '?period=all&zone=Europe/Berlin');
});

check('the height of a table stays while another period loads', { mock: { hits: HITS }, ready: seeAll }, async ({ page, mock }) => {
  const body = panel(page, 'Sources').locator('.panel-body');
  const height = (await body.boundingBox()).height;
  mock.delay_ms = 60_000;
  await page.getByRole('button', { name: '30 days' }).click();
  await body.locator('.skeleton').waitFor();
  assert.equal((await body.boundingBox()).height, height);
});
