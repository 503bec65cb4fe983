// What the page shows: numbers, bars, tables, SQL, CSV, and its empty, loading and failed states.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { eventuallyEquals } from '../harness/polling.mjs';
import { check } from './fixtures.mjs';
import { counting, NOW_MS, QUESTIONS } from './lake.mjs';
import { heading, openTab, panel, seeAll, tile } from './page.mjs';

const WEEK = { from_ms: Date.parse('2026-11-14T23:00Z'), to_ms: Date.parse('2026-11-21T23:00Z') };
const within = (hits, { from_ms, to_ms }) => counting(hits).filter(({ at_ms }) => at_ms >= from_ms && at_ms < to_ms);

check('pages are listed with their numbers, and linked', { ready: seeAll }, async ({ page, mock }) => {
  const { rows } = QUESTIONS.top_pages[1](within(mock.hits, WEEK));
  const [[site, path, views, visitors]] = rows.toSorted((a, b) => b[3] - a[3] || b[2] - a[2]);
  const first = panel(page, 'Pages').locator('tbody tr').first();
  assert.equal(await first.locator('.site').innerText(), site);
  assert.equal(await first.getByRole('button', { name: path, exact: true }).count(), 1);
  const share = Math.round((100 * visitors) / (await tile(page, 'Visitors')));
  assert.deepEqual(await first.locator('td').allInnerTexts(), [String(visitors), String(views), `${share}%`]);
  const link = first.getByRole('link', { name: `Open https://${site}${path}` });
  assert.equal(await link.getAttribute('href'), `https://${site}${path}`);
  assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
});

check('pages by source have a column for each of the top sources', { ready: seeAll }, async ({ page, mock }) => {
  const { rows } = QUESTIONS.top_pages[1](within(mock.hits, WEEK));
  const pages = await openTab(page, 'Pages', 'By source');
  await pages.getByRole('table').waitFor();
  const heads = await pages.locator('thead th').allInnerTexts();
  assert.deepEqual([...heads.slice(0, 4), heads.at(-1)], ['Page', 'Views', 'Direct / unknown', 'google.com', 'Other']);
  const numbers = (await pages.locator('tbody tr').first().locator('td').allInnerTexts()).map(Number);
  assert.equal(numbers[0], rows[0][2]);
  assert.equal(numbers.slice(1).reduce((sum, views) => sum + views, 0), rows[0][2]);
});

check('data is rendered as text, and only web URLs are links', { ready: seeAll }, async ({ page }) => {
  await panel(page, 'Pages').getByRole('button', { name: 'Show all' }).click();
  await panel(page, 'Pages').getByRole('button', { name: '<img src=x onerror=alert(1)>', exact: true }).waitFor();
  assert.equal(await page.locator('img').count(), 0);
  const links = await page.locator('.panel a').evaluateAll((all) => all.map(({ href }) => href));
  assert.ok(links.includes('https://other.example/essay'));
  assert.deepEqual(
    links.filter((href) => !href.startsWith('https://')),
    [],
  );
});

check(
  'a panel asks once it is scrolled to',
  { page: { viewport: { width: 1280, height: 500 } } },
  async ({ page, mock }) => {
    const asked = () => mock.asked.some(({ question }) => question === 'devices');
    assert.equal(asked(), false);
    // Nobody waits for what nobody looks at.
    assert.equal(await panel(page, 'Devices').getAttribute('aria-busy'), 'false');
    await panel(page, 'Devices').scrollIntoViewIfNeeded();
    await panel(page, 'Devices').getByRole('table').waitFor();
    assert.equal(asked(), true);
  },
);

check('the SQL dialog shows the SQL that ran and its parameters; Escape closes it', { ready: seeAll }, async ({ page }) => {
  await panel(page, 'Pages').getByRole('button', { name: 'Show SQL' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'SQL of Top pages' });
  const sql = await dialog.locator('pre').innerText();
  assert.ok(
    sql.startsWith(`-- question: ${QUESTIONS.top_pages[0]}\n-- parameters: hour_from, hour_to, site, site\nSELECT count(*) AS views\nFROM hits`),
    sql,
  );
  const rows = await dialog.locator('tbody tr').allInnerTexts();
  assert.deepEqual(
    rows.map((row) => row.split(/\s+/)),
    [
      ['1', 'hour_from', String(WEEK.from_ms)],
      ['2', 'hour_to', String(WEEK.to_ms)],
      ['3', 'site', '*'],
      ['4', 'site', '*'],
    ],
  );
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Show SQL');
});

check(
  'CSV comes from the API, also when it has forgotten the answer',
  { ready: seeAll, expected_errors: /404/ },
  async ({ page, mock }) => {
    const save = async () => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        panel(page, 'Pages').getByRole('button', { name: 'Download CSV' }).click(),
      ]);
      return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
    };
    const first = await save();
    assert.equal(first.name, 'top_pages-2026-11-15-2026-11-21.csv');
    assert.match(first.text, /^site,page,views,visitors\r\nblog\.example,/);
    mock.forget();
    assert.deepEqual(await save(), first);
  },
);

check(
  'numbers and dates are in the reader’s locale',
  { page: { locale: 'de-DE' }, path: '?period=12m' },
  async ({ page }) => {
    assert.match(await page.locator('.tile', { hasText: 'Views' }).first().locator('.tile-value').innerText(), /^\d{1,3}\.\d{3}$/);
    assert.match(await heading(page), /1\. Dez\. 2025/);
  },
);

check('an empty lake shows the snippet', { mock: { empty: true } }, async ({ page, mock }) => {
  await page.getByRole('heading', { name: 'Waiting for the first hit' }).waitFor();
  const lines = (await page.getByRole('region', { name: 'Snippet', exact: true }).innerText()).split('\n');
  assert.equal(lines[0], '<script defer src="http://127.0.0.1:8080/beacon.js" data-local></script>');
  assert.match(lines[1], /^<noscript><img src="http:\/\/127\.0\.0\.1:8080\/pixel\.gif" alt=""/);
  assert.equal(await page.locator('.bar').count(), 7);
  mock.add({ site: 'blog.example', page: '/first' });
  await eventuallyEquals(() => tile(page, 'Views'), 1);
  await panel(page, 'Pages').getByText('/first').waitFor();
});

check('the snippet of an address’s site is escaped', { mock: { empty: true }, path: '?site=x"></script><script src=//evil.example>' }, async ({ page }) => {
  const lines = (await page.getByRole('region', { name: 'Snippet', exact: true }).innerText()).split('\n');
  assert.equal(lines.length, 2);
  assert.match(lines[0], /^<script defer src="[^"]+" data-site="x&quot;[^"]*" data-local><\/script>$/);
  assert.match(lines[1], /^<noscript><img src="[^"]+\?site=x%22%3E[^"]*" /);
});

check('without an endpoint the snippet has a placeholder', { mock: { empty: true, endpoint: null } }, async ({ page }) => {
  await page.getByText('Replace https://beacon.example.com with the URL of your beacon.').waitFor();
});

check('filters that match nothing can be removed at once', { path: '?page=/nowhere' }, async ({ page }) => {
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await panel(page, 'Pages').getByRole('table').waitFor();
});

check(
  'a failed query says so in its panel, and can be retried',
  { mock: { failing: new Set(['referrers']) } },
  async ({ page, mock }) => {
    const referrers = await openTab(page, 'Sources', 'Referrers');
    await referrers.scrollIntoViewIfNeeded();
    await referrers.getByRole('alert').getByText('scan limit of 10 GB reached').waitFor();
    await panel(page, 'Pages').getByRole('table').waitFor();
    mock.failing.clear();
    await referrers.getByRole('button', { name: 'Retry' }).click();
    await referrers.getByRole('table').waitFor();
    assert.equal(await referrers.getByRole('alert').count(), 0);
  },
);

check(
  'a server that is down is reported, and can be retried',
  { mock: { down: true }, ready: () => {}, expected_errors: /503/ },
  async ({ page, mock }) => {
    await page.getByText('service unavailable: the engine is being restarted').waitFor();
    await page.getByRole('button', { name: 'Retry' }).waitFor();
    mock.down = false;
    await panel(page, 'Pages').getByRole('table').waitFor();
  },
);

check(
  'panels show skeletons while they load',
  { mock: { delay_ms: 60_000 }, ready: (page) => page.locator('.skeleton').first().waitFor() },
  async ({ page }) => {
    assert.equal(await panel(page, 'Totals').getAttribute('aria-busy'), 'true');
    assert.equal(await page.locator('.tile').count(), 0);
  },
);

const saved = async (page, title) => {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    panel(page, title).getByRole('button', { name: 'Download CSV' }).click(),
  ]);
  return (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n').slice(1);
};

check('all of 140 pages can be shown, and the CSV has them', { mock: { hits: pagesOfToday(140) }, ready: seeAll }, async ({ page }) => {
  const pages = panel(page, 'Pages');
  await pages.getByText('first 10 of 140').waitFor();
  await pages.getByRole('button', { name: 'Show all' }).click();
  await pages.getByText('all 140').waitFor();
  assert.equal(await pages.locator('tbody tr').count(), 140);
  assert.equal((await saved(page, 'Pages')).length, 140);
  await pages.getByRole('button', { name: 'Show fewer' }).click();
  assert.equal(await pages.locator('tbody tr').count(), 10);
});

function pagesOfToday(count) {
  const hit = { at_ms: NOW_MS - 3_600_000, site: 'blog.example', source: null, event: 'view', userid: null, country: null };
  return Array.from({ length: count }, (_, index) => ({ ...hit, page: `/p/${index}` }));
}

check('a huge table shows its first 1,000 rows, and the CSV has all', { mock: { huge: 12_000 }, ready: seeAll }, async ({ page }) => {
  const countries = panel(page, 'Locations');
  await countries.getByText('first 10 of 12,000').waitFor();
  await countries.getByRole('button', { name: 'Show all' }).click();
  await countries.getByText('first 1,000 of 12,000; the CSV has all').waitFor();
  assert.equal(await countries.locator('tbody tr').count(), 1_000);
  await countries.getByRole('searchbox', { name: 'Search' }).fill('COUNTRY 999');
  await countries.getByText('11 of 12,000 match').waitFor();
  assert.equal(await countries.locator('tbody tr').count(), 11);
  assert.equal((await saved(page, 'Locations')).length, 12_000);
  // The end of the answer cuts its last page's sources off; how many pages there are, the totals know.
  const pages = await openTab(page, 'Pages', 'By source');
  await pages.getByText(/^first 10 of /).waitFor();
});

check(
  'nothing overflows a small screen',
  { page: { viewport: { width: 360, height: 800 } }, path: '?period=90d&site=blog.example&page=/posts/one-pixel' },
  async ({ page }) => {
    await seeAll(page);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  },
);

check('dark mode is dark, and a chosen theme survives a reload', { page: { colorScheme: 'dark' } }, async ({ page }) => {
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  assert.equal(await ground(), 'rgb(16, 20, 19)');
  await page.locator('.menu summary').click();
  await page.getByLabel('Colours').selectOption('light');
  assert.equal(await ground(), 'rgb(246, 247, 246)');
  await page.reload();
  assert.equal(await ground(), 'rgb(246, 247, 246)');
});
