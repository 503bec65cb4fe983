// Tiles and chart: what they count, that the tile is the sum of the bars, and what they are compared with.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { eventuallyEquals } from '../harness/polling.mjs';
import { check } from './fixtures.mjs';
import { counting, NOW_MS } from './lake.mjs';
import { metric, panel, query, settled, tile, tiles } from './page.mjs';

const WEEK = { from_ms: Date.parse('2026-11-14T23:00Z'), to_ms: Date.parse('2026-11-21T23:00Z') };
const BEFORE = { from_ms: Date.parse('2026-11-07T23:00Z'), to_ms: Date.parse('2026-11-14T10:30Z') };
const within = (hits, { from_ms, to_ms }) => counting(hits).filter(({ at_ms }) => at_ms >= from_ms && at_ms < to_ms);
const views = (hits) => hits.filter(({ event }) => event === 'view');
const visitors = (hits) => new Set(views(hits).flatMap(({ visitor }) => visitor ?? [])).size;

const hit = (fields) => ({
  at_ms: NOW_MS - 3_600_000,
  site: 'blog.example',
  page: '/a',
  source: null,
  event: 'view',
  userid: null,
  country: 'DE',
  agent: 'human',
  agent_rule: '2026.11/browser',
  ...fields,
});

const bars = (page) => page.locator('.bar').evaluateAll((all) => all.map((bar) => bar.getAttribute('aria-label')));
/** Returns the lower bounds of the bars, which are the last number of their names. */
const values = async (page) => (await bars(page)).map((name) => Number(/: ([\d,]+)/.exec(name)[1].replaceAll(',', '')));
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const text = (locator) => locator.innerText().then((found) => found.replace(/\s+/g, ' '));

check('tiles show totals, with their change against the period before', {}, async ({ page, mock }) => {
  const hits = within(mock.hits, WEEK);
  const found = await tiles(page);
  assert.deepEqual(Object.keys(found), ['Visitors', 'Visits', 'Views', 'Opens']);
  assert.deepEqual([found.Visitors, found.Views], [visitors(hits), views(hits).length]);
  assert.match(found.Opens, /^\d+–\d+$/);
  const earlier = views(within(mock.hits, BEFORE)).length;
  const change = Math.round((100 * (found.Views - earlier)) / earlier);
  const name = `Views ${found.Views} ${change < 0 ? '−' : '+'}${Math.abs(change)}%, ${earlier} in the period before`;
  await metric(page, 'Views').and(page.getByRole('button', { name })).waitFor();
  assert.equal(await metric(page, 'Visitors').getAttribute('aria-pressed'), 'true');
  const group = page.getByRole('group', { name: 'Metrics' });
  assert.match(await text(group), /Single-page visits \d+% .*Visit duration \d+s .*Last 30 minutes \d+ views?, \d+ visitors?/);
});

for (const [zone, interval, period] of [
  ['Europe/Berlin', 'Day', '7d'],
  ['Asia/Kathmandu', 'Hour', '7d'],
  ['America/St_Johns', 'Week', '30d'],
  ['Europe/Berlin', 'Month', '12m'],
]) {
  check(`a tile is the sum of its bars: per ${interval} in ${zone}`, { path: `?period=${period}&zone=${zone}` }, async ({ page }) => {
    const button = panel(page, 'Chart').getByRole('group', { name: 'Interval' }).getByRole('button', { name: interval, exact: true });
    await button.click();
    assert.equal(await button.getAttribute('aria-pressed'), 'true');
    for (const name of ['Visitors', 'Visits', 'Views', 'Opens']) {
      await metric(page, name).click();
      await page.getByRole('group', { name: new RegExp(`^${name} per ${interval.toLowerCase()}$`) }).waitFor();
      await settled(page);
      const shown = String(await tile(page, name));
      await eventuallyEquals(async () => sum(await values(page)), Number(shown.split('–')[0].replaceAll(',', '')));
    }
  });
}

check('bars are days of the time zone, a day without views is 0, and today is so far', { path: '?metric=views&zone=Europe/Berlin' }, async ({ page, mock }) => {
  const expected = new Map();
  for (let day = 15; day <= 21; day += 1) expected.set(day, 0);
  const day_of = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', day: 'numeric' });
  for (const { at_ms } of views(within(mock.hits, WEEK))) {
    const day = Number(day_of.format(at_ms));
    expected.set(day, expected.get(day) + 1);
  }
  assert.equal(expected.get(17), 0, 'the lake has a day without views');
  assert.deepEqual(await values(page), [...expected.values()]);
  const names = await bars(page);
  assert.equal(names[5], `Fri 20 Nov 2026: ${expected.get(20)} views`);
  assert.match(names[6], /^Sat 21 Nov 2026: \d+ views? so far$/);
  assert.equal(await page.locator('.bar .so-far').count(), 1);

  await panel(page, 'Chart').getByRole('button', { name: 'Show as table' }).click();
  const table = page.getByRole('table', { name: 'Views per day', exact: true });
  assert.deepEqual(await table.getByRole('columnheader').allInnerTexts(), ['Day', 'Views', 'Before']);
  const cells = await table.locator('tbody td').allInnerTexts();
  assert.deepEqual(cells.filter((_, place) => place % 2 === 0).map(Number), [...expected.values()]);
  // The days before add up to what the tile is compared with.
  assert.equal(sum(cells.filter((_, place) => place % 2 === 1).map(Number)), views(within(mock.hits, BEFORE)).length);
});

check('compared with nothing there is no line, no column and no change', { path: '?compare=none' }, async ({ page, mock }) => {
  await panel(page, 'Chart').getByRole('button', { name: 'Show as table' }).click();
  assert.deepEqual(await page.getByRole('table', { name: 'Visitors per day' }).getByRole('columnheader').allInnerTexts(), ['Day', 'Visitors']);
  assert.equal(await page.locator('.overview .change').count(), 0);
  assert.equal(await page.locator('.before-line').getAttribute('d'), '');
  // All time is asked for the only site, and for whether there ever were emails.
  assert.ok(mock.asked.every(({ from_ms }) => from_ms >= WEEK.from_ms || from_ms === Date.UTC(2020, 0, 1)));
});

check('pointing at a bar shows its value and the one before', {}, async ({ page }) => {
  const bar = page.locator('.bar').nth(1);
  const label = await bar.getAttribute('aria-label');
  await bar.locator('.bar-hit').hover();
  const tip = await page.locator('.tip').innerText();
  assert.ok(tip.includes(/: (.*)$/.exec(label)[1]), `${tip} should say what ${label} does`);
  assert.match(tip, /\d+ before/);
});

check('opens come first where there are no views', { mock: { hits: [hit({ event: 'open' }), hit({ event: 'open', agent: 'mail_proxy' })] } }, async ({ page }) => {
  assert.equal((await tiles(page)).Opens, '1–2');
  assert.equal(await metric(page, 'Opens').getAttribute('aria-pressed'), 'true');
  await eventuallyEquals(async () => (await bars(page)).at(-1), 'Sat 21 Nov 2026: 1–2 opens so far');
});

const VISITS = [
  hit({ visitor: 'a', at_ms: NOW_MS - 7_200_000 }),
  hit({ visitor: 'a', at_ms: NOW_MS - 7_080_000, page: '/b' }),
  hit({ visitor: 'b' }),
  hit({ visitor: 'c' }),
  hit({ visitor: 'c', event: 'signup', page: '/b' }),
  hit({ event: 'signup', page: '/server' }),
  hit({ visitor: 'd', at_ms: NOW_MS - 600_000 }),
];

check('visits have a share of single pages and a duration', { mock: { hits: VISITS } }, async ({ page }) => {
  assert.deepEqual(await tiles(page), { Visitors: 4, Visits: 4, Views: 5 });
  const group = page.getByRole('group', { name: 'Metrics' });
  await group.getByText('Single-page visits 50%').waitFor();
  // The median of two minutes and none.
  await group.getByText('Visit duration 1m 00s').waitFor();
  await group.getByText('Last 30 minutes 1 view, 1 visitor').waitFor();
});

check('a filter on an event counts conversions and their rate', { mock: { hits: VISITS }, path: '?event=signup' }, async ({ page }) => {
  assert.deepEqual(await tiles(page), { Conversions: 2, 'Converted visitors': 1 });
  await page.getByRole('group', { name: 'Metrics' }).getByText('Conversion rate 25%').waitFor();
  assert.equal(await metric(page, 'Conversions').getAttribute('aria-pressed'), 'true');
  assert.equal((await bars(page)).at(-1), 'Sat 21 Nov 2026: 2 conversions so far');
  await metric(page, 'Converted visitors').click();
  assert.equal(query(page), '?metric=visitors&event=signup&zone=Europe/Berlin');
  await eventuallyEquals(async () => (await bars(page)).at(-1), 'Sat 21 Nov 2026: 1 converted visitor so far');
});

check('conversions without a visitor have no rate', { mock: { hits: VISITS }, path: '?event=signup&page=/server' }, async ({ page }) => {
  assert.deepEqual(await tiles(page), { Conversions: 1, 'Converted visitors': 0 });
  assert.match(await text(page.getByRole('group', { name: 'Metrics' })), /Conversion rate of visitors/);
});

check('a number that was zero before is new, and zero stays without a change', { mock: { hits: [hit({ visitor: 'a' })] } }, async ({ page }) => {
  assert.match(await text(metric(page, 'Views')), /^Views 1 new$/);
});

check('a long period is queried in chunks, and its CSV is one file', { path: '?period=12m&metric=views&compare=none&zone=Europe/Berlin' }, async ({ page, mock }) => {
  const slices = mock.asked.filter(({ question }) => question === 'views_per_quarter');
  assert.equal(slices.length, 4);
  const [from_ms, to_ms] = [Math.min(...slices.map((slice) => slice.from_ms)), Math.max(...slices.map((slice) => slice.to_ms))];
  const counted = views(within(mock.hits, { from_ms, to_ms })).length;
  assert.equal(sum(await values(page)), counted);
  assert.equal(await tile(page, 'Views'), counted);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    panel(page, 'Chart').getByRole('button', { name: 'Download CSV' }).click(),
  ]);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  assert.equal(lines.filter((line) => line === 'quarter,views,visitors').length, 1);
  assert.equal(sum(lines.slice(1).map((line) => Number(line.split(',')[1]))), counted);
});
