// Reports: the page as one file with embedded results, which sends no requests.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import axe from 'axe-core';
import { test } from './fixtures.mjs';
import { madeUpHits, NOW_MS, QUESTIONS } from './lake.mjs';
import { filters, heading, openTab, panel, seeAll, tile } from './page.mjs';

const DIST = new URL('../../../beacon/dashboard/page/dist/', import.meta.url);
const dist = (name) => readFile(new URL(name, DIST), 'utf8');

const REQUEST = {
  from_ms: Date.parse('2026-11-14T23:00Z'),
  to_ms: Date.parse('2026-11-21T23:00Z'),
  site: '*',
  page: '*',
  column: null,
};

function answer(question, from_ms, to_ms) {
  const hits = madeUpHits().filter(({ at_ms }) => at_ms >= from_ms && at_ms < to_ms);
  const statistics = { bytes_scanned: null, took_ms: 3, reused: false };
  return {
    id: question,
    question,
    state: 'succeeded',
    sql: 'SELECT 1',
    parameters: ['*'],
    ...QUESTIONS[question][1](hits),
    statistics,
    error: null,
  };
}

async function report(change = (data) => data) {
  const { from_ms, to_ms } = REQUEST;
  const week_ms = to_ms - from_ms;
  const data = change({
    about: {
      version: '0.1.0',
      privacy: 'anonymous',
      engine: 'datafusion',
      freshness: { live: true },
      questions: Object.entries(QUESTIONS).map(([name, [question]]) => ({ name, question, parameters: [] })),
      custom_columns: [],
      filters: [],
      access: { kind: 'open', site: null, until_ms: null },
    },
    made_at_ms: NOW_MS,
    request: REQUEST,
    answers: [
      ...Object.keys(QUESTIONS).map((name) => answer(name, from_ms, to_ms)),
      answer('totals', from_ms - week_ms, from_ms),
    ],
  });
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  const script = await dist('dashboard.js');
  const style = await dist('dashboard.css');
  const html = (await dist('index.html'))
    .replace('<link rel="icon" href="favicon.svg" type="image/svg+xml">', '<link rel="icon" href="data:,">')
    .replace('<link rel="stylesheet" href="dashboard.css">', () => `<style>${style}</style>`)
    .replace(
      '<script type="module" src="dashboard.js"></script>',
      () =>
        `<script id="beacon-report" type="application/json">${json}</script><script type="module">${script}</script>`,
    );
  assert.ok(!/(src|href)="dashboard|favicon\.svg"/.test(html), 'the three lines are where a report replaces them');
  const path = test.info().outputPath('report.html');
  await writeFile(path, html);
  return `file://${path}`;
}

test('a report shows its results, and sends no requests', async ({ visit }) => {
  const { page, errors, foreign } = await visit(await report());
  const requests = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.locator('.tile').first().waitFor();
  // The last 30 minutes of a report are long past.
  assert.equal(await page.getByText('Last 30 minutes').count(), 0);
  const { rows } = answer('totals', REQUEST.from_ms, REQUEST.to_ms);
  assert.equal(await tile(page, 'Views'), rows[0][1]);
  assert.equal(await page.getByRole('group', { name: 'Metrics' }).locator('button .change').count(), 3);
  assert.equal(await heading(page), 'All sites 15 – 21 Nov 2026');
  await page.getByText('Report made 21 Nov 2026, 11:20').waitFor();
  assert.equal(await page.locator('.bar').count(), 7);
  for (const name of ['Today', 'Share', 'Retry'])
    assert.equal(await page.getByRole('button', { name }).and(page.locator('header button, .toolbar button')).count(), 0, name);
  for (const name of ['Site', 'Compare with', 'More periods'])
    assert.equal(await page.getByLabel(name, { exact: true }).count(), 0, name);
  assert.equal(await panel(page, 'Pages').locator('.filter-button').count(), 0);
  // It has no earlier result of the sites: nothing waits for one.
  await seeAll(page);
  assert.deepEqual(await panel(page, 'Sites').locator('thead th').allInnerTexts(), ['Site', 'Visitors', 'Views', 'Share']);
  assert.equal(await page.locator('main [aria-busy="true"]').count(), 0);

  await page.getByRole('button', { name: 'Hour', exact: true }).click();
  assert.equal(await page.locator('.bar').count(), 168);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    (await openTab(page, 'Sources', 'Referrers')).getByRole('button', { name: 'Download CSV' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'referrers-2026-11-15-2026-11-21.csv');
  assert.match(await readFile(await download.path(), 'utf8'), /^referrer_host,.*views,visitors/);

  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run());
  assert.deepEqual(
    violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id),
    [],
  );
  assert.deepEqual(
    requests.filter((url) => !url.startsWith('blob:')),
    [],
  );
  assert.deepEqual([errors, foreign], [[], []]);
});

test('a report shows its time zone, its filters, and failed queries', async ({ visit }) => {
  const url = await report((data) => ({
    ...data,
    request: { ...data.request, zone: 'UTC', site: 'blog.example', column: { name: 'userid', value: 'u1' } },
    answers: data.answers.map((answer) =>
      answer.question === 'referrers'
        ? { ...answer, state: 'failed', rows: null, columns: null, error: 'no memory left' }
        : answer,
    ),
  }));
  const { page, errors } = await visit(url);
  assert.equal(await page.getByLabel('Time zone').inputValue(), 'UTC');
  assert.deepEqual(await filters(page), ['userid is u1']);
  await page.locator('header').getByText('blog.example', { exact: true }).waitFor();
  await (await openTab(page, 'Sources', 'Referrers')).getByText('no memory left').waitFor();
  assert.deepEqual(errors, []);
});

test('a report in an unknown time zone says so', async ({ visit }) => {
  const url = await report((data) => ({ ...data, request: { ...data.request, zone: 'Mars/Olympus' } }));
  const { page } = await visit(url);
  await page.getByText('This browser doesn’t know the report’s time zone Mars/Olympus').waitFor();
  assert.equal(await page.getByLabel('Time zone').inputValue(), 'UTC');
});

test('seven days are seven bars, and days that another time zone cuts are labelled so', async ({ visit }) => {
  const url = await report((data) => ({ ...data, request: { ...data.request, zone: 'Europe/Berlin' } }));
  const { page } = await visit(url);
  await page.locator('.bar').first().waitFor();
  assert.equal(await page.locator('.bar').count(), 7);
  await page.getByLabel('Time zone').selectOption('UTC');
  const labels = () => page.locator('.bar').evaluateAll((all) => all.map((bar) => bar.getAttribute('aria-label')));
  assert.equal((await labels()).length, 8);
  assert.match((await labels())[0], /^Sat 14 Nov 2026 from 23:00: /);
  assert.match((await labels()).at(-1), /^Sat 21 Nov 2026 until 23:00: /);
});

test('a report prints completely', async ({ visit }) => {
  const { page } = await visit(await report());
  await page.emulateMedia({ media: 'print' });
  await page.locator('.tile').first().waitFor();
  assert.equal(await panel(page, 'Pages').getByRole('button', { name: 'Show SQL' }).isVisible(), false);
  assert.equal(await panel(page, 'Pages').isVisible(), true);
});
