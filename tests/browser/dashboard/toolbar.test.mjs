// The line above the tiles: the period and steps of it, what it is compared with, and the first screen.

import assert from 'node:assert/strict';
import { eventuallyEquals } from '../harness/polling.mjs';
import { check } from './fixtures.mjs';
import { NOW_MS } from './lake.mjs';
import { heading, metric, query, settled, tile } from './page.mjs';

const narrow = { page: { viewport: { width: 360, height: 740 } } };
const button = (page, name) => page.getByRole('button', { name, exact: true });
const menu = (page, name) => page.getByRole('combobox', { name, exact: true });

check('a menu has further periods', {}, async ({ page }) => {
  const expected = [
    ['Yesterday', '?period=yesterday', 'All sites 20 Nov 2026'],
    ['This month', '?period=month', 'All sites 1 – 21 Nov 2026'],
    ['Last month', '?period=last-month', 'All sites 1 – 31 Oct 2026'],
    ['This year', '?period=year', 'All sites 1 Jan – 21 Nov 2026'],
  ];
  for (const [label, search, title] of expected) {
    await menu(page, 'More periods').selectOption(label);
    assert.equal(query(page), `${search}&zone=Europe/Berlin`);
    await eventuallyEquals(() => heading(page), title);
  }
  await button(page, '7 days').click();
  assert.equal(query(page), '');
  // The menu shows no period that isn't its own.
  assert.equal(await menu(page, 'More periods').inputValue(), '');
});

check('a custom period is typed, and an invalid one runs no query', {}, async ({ page, mock }) => {
  await menu(page, 'More periods').selectOption('Custom');
  const asked = mock.asked.length;
  await page.getByLabel('First day').fill('2026-11-10');
  await page.getByLabel('Last day').fill('2026-11-09');
  await page.getByText('The first day is after the last day.').waitFor();
  assert.ok(await button(page, 'Show').isDisabled());
  assert.equal(mock.asked.length, asked);
  await page.getByLabel('Last day').fill('2026-11-12');
  await button(page, 'Show').click();
  assert.equal(query(page), '?from=2026-11-10&to=2026-11-12&zone=Europe/Berlin');
  await eventuallyEquals(() => page.locator('.bar').count(), 3);
});

check('buttons step by the length of the period', {}, async ({ page }) => {
  assert.ok(await button(page, 'Next period').isDisabled());
  await button(page, 'Previous period').click();
  assert.equal(query(page), '?from=2026-11-08&to=2026-11-14&zone=Europe/Berlin');
  await button(page, 'Next period').click();
  assert.equal(query(page), '');
  await menu(page, 'More periods').selectOption('Last month');
  await button(page, 'Previous period').click();
  assert.equal(query(page), '?from=2026-09-01&to=2026-09-30&zone=Europe/Berlin');
  await page.goBack();
  assert.equal(query(page), '?period=last-month&zone=Europe/Berlin');
});

check('all time begins with the first hit', { path: '?period=all&metric=views&zone=Europe/Berlin' }, async ({ page, mock }) => {
  const first_ms = Math.min(...mock.hits.map(({ at_ms }) => at_ms));
  const day = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', dateStyle: 'medium' });
  assert.equal(await heading(page), `All sites ${day.formatRange(first_ms, NOW_MS).replace(/\s+/g, ' ')}`);
  assert.equal(await tile(page, 'Views'), mock.hits.filter(({ event, agent }) => event === 'view' && ['human', 'unknown'].includes(agent)).length);
  assert.ok(await button(page, 'Previous period').isDisabled());
  assert.equal(await page.locator('.overview .change').count(), 0, 'nothing comes before');
});

check('the period is compared with the year before, or with nothing', {}, async ({ page, mock }) => {
  await menu(page, 'Compare with').selectOption('Year before');
  assert.equal(query(page), '?compare=year&zone=Europe/Berlin');
  await settled(page);
  await eventuallyEquals(() => mock.asked.filter(({ question }) => question === 'totals').some(({ from_ms, to_ms }) => from_ms === Date.parse('2025-11-14T23:00Z') && to_ms === Date.parse('2025-11-21T10:30Z')), true);
  await metric(page, 'Views').locator('.change').waitFor();
  await menu(page, 'Compare with').selectOption('Nothing');
  assert.equal(query(page), '?compare=none&zone=Europe/Berlin');
  await eventuallyEquals(() => page.locator('.overview .change').count(), 0);
});

check('a phone has one menu of periods, and the rest in the header’s menu', narrow, async ({ page }) => {
  assert.equal(await page.getByRole('group', { name: 'Period' }).count(), 0);
  await menu(page, 'Period').selectOption('30 days');
  assert.equal(query(page), '?period=30d&zone=Europe/Berlin');
  await button(page, 'Previous period').click();
  await menu(page, 'Period').selectOption('Custom');
  await page.getByLabel('First day').waitFor();
  await page.locator('summary', { hasText: '⋯' }).click();
  await menu(page, 'Compare with').selectOption('Nothing');
  await menu(page, 'Time zone').selectOption('UTC');
  await page.getByRole('banner').getByRole('button', { name: 'Share', exact: true }).waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await menu(page, 'Time zone').count(), 0);
});

/** Returns where an element ends, from the top of the window. */
const bottom = (locator) => locator.evaluate((element) => element.getBoundingClientRect().bottom);
const top = (locator) => locator.evaluate((element) => element.getBoundingClientRect().top);

check('the first screen has tiles, chart and the head of the first panel', { page: { viewport: { width: 1280, height: 800 } }, path: '?site=blog.example' }, async ({ page }) => {
  assert.ok((await bottom(page.locator('.bars'))) < 520);
  assert.ok((await top(page.locator('.panels > .panel tbody tr').first())) < 760);
});

check('a phone’s first screen has the tiles and the top of the chart', narrow, async ({ page }) => {
  assert.ok((await bottom(page.locator('.tiles'))) < 400);
  assert.ok((await top(page.locator('.bars'))) < 640);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
});
