// The dashboard over a real lake: live updates, filters, SQL, CSV, and no requests to other hosts.

import assert from 'node:assert/strict';
import { addFilter, bars, csv, openTab, panel, seeAll, seriousFindings, settled, tiles, topPages } from '../dashboard_page.mjs';
import { noon, NOW_MS, record } from '../seed_hits.mjs';
import { query } from '../harness/program.mjs';
import { test as base } from '../fixtures.mjs';
import { html } from '../web.mjs';
import { eventuallyEquals } from '../harness/polling.mjs';


const test = base.extend({
  /** Opens the dashboard in UTC, so that its days are those of the lake. */
  look: async ({ at, open }, use) => {
    await use(async (search = '', { now_ms, ...options } = {}) => {
      const page = await open(options);
      if (now_ms !== undefined) await page.clock.setFixedTime(now_ms);
      await page.goto(`${at.dashboard}/?zone=UTC${search}`);
      await settled(page);
      return page;
    });
  },
});

test.use({ lake: { name: 'dashboard', variables: () => ({ BEACON_DEBUG: 'true', BEACON_COLUMNS: 'userid=params.userid' }) } });

test('the empty dashboard shows a snippet that works, and fills with its first hit', async ({ at, open, look }) => {
  const dashboard = await look();
  await dashboard.getByRole('heading', { name: 'No data for this period' }).waitFor();
  const snippet = await dashboard.getByRole('region', { name: 'Snippet', exact: true }).innerText();
  assert.match(snippet, /^<script defer src="http:\/\/127\.0\.0\.1:\d+\/beacon\.js" data-local><\/script>\n<noscript>/);
  // Under the beacon's public name, as a reader elsewhere would reach it.
  at.web.pages.set('/pasted', html('<h1>Pasted</h1>', snippet.replaceAll(at.server.pixel, at.beacon)));
  const page = await open();
  await page.goto(at.web.at('pasted.example', '/pasted'));
  await eventuallyEquals(() => topPages(dashboard), { '/pasted': 1 });
  assert.equal(await dashboard.getByRole('heading', { name: 'No data for this period' }).count(), 0);
});

test('a hit appears without a reload', async ({ hit, look }) => {
  await hit({ site: 'live.example', page: '/first' });
  const page = await look('&site=live.example');
  await eventuallyEquals(() => topPages(page), { '/first': 1 });
  await page.evaluate(() => { window.kept = true; });
  await hit({ site: 'live.example', page: '/second' });
  await hit({ site: 'live.example', page: '/second' });
  await eventuallyEquals(() => topPages(page), { '/second': 2, '/first': 1 });
  // Midnight may lie between the first and the others.
  await eventuallyEquals(async () => (await bars(page)).reduce((sum, views) => sum + views, 0), 3);
  assert.equal(await page.evaluate(() => window.kept), true);
  await page.getByText(/^Live/).waitFor();
});

test('clicks filter, and the URL shows the same in a new tab', async ({ at, open, look }) => {
  const site = 'filtered.example';
  await record(at.server, [
    { at_ms: noon(0), site, page: '/a', count: 3, userid: 'u1' },
    { at_ms: noon(2), site, page: '/a', count: 2, userid: 'u2' },
    { at_ms: noon(2), site, page: '/b', count: 4, userid: 'u2' },
    { at_ms: noon(20), site, page: '/b', count: 7 },
  ]);
  const page = await look(`&site=${site}`, { now_ms: NOW_MS });
  await eventuallyEquals(() => topPages(page), { '/a': 5, '/b': 4 });

  await panel(page, 'Pages').getByRole('button', { name: '/b', exact: true }).click();
  await eventuallyEquals(async () => (await tiles(page)).Views, 4);
  await page.getByRole('button', { name: '30 days' }).click();
  await eventuallyEquals(async () => (await tiles(page)).Views, 11);
  const search = new URL(page.url()).search;
  const again = await open();
  await again.clock.setFixedTime(NOW_MS);
  await again.goto(`${at.dashboard}/${search}`);
  await settled(again);
  await eventuallyEquals(() => topPages(again), { '/b': 11 });
  assert.deepEqual(await again.getByRole('list', { name: 'Filters' }).getByRole('listitem').allInnerTexts(), ['Page is /b']);
  assert.equal(await again.getByRole('combobox', { name: 'Site', exact: true }).inputValue(), site);

  await page.goBack();
  await eventuallyEquals(async () => (await tiles(page)).Views, 4);
  await page.getByRole('button', { name: 'Remove filter: Page is /b' }).click();
  await eventuallyEquals(async () => (await tiles(page)).Views, 9);
  await page.locator('.bar').nth(4).click();
  await eventuallyEquals(() => topPages(page), { '/b': 4, '/a': 2 });
  await eventuallyEquals(async () => (await bars(page)).length, 24);

  await page.getByRole('button', { name: '7 days' }).click();
  await addFilter(page, 'userid', 'is', 'u1');
  await eventuallyEquals(() => topPages(page), { '/a': 3 });
});

test('a click on any row finds that row', async ({ at, open, look }) => {
  const site = 'rows.example';
  const app = 'android-app://com.google.android.gm';
  await record(at.server, [
    { at_ms: noon(1), site, page: '/a', count: 3 },
    { at_ms: noon(1), site, page: '/mail', event: 'open', count: 2 },
    { at_ms: noon(1), site, page: '/other', event: 'open', count: 4 },
    { at_ms: noon(2), site, page: '/a', ref: app, count: 5 },
    { at_ms: noon(2), site, page: '/a', utm_source: 'News', utm_campaign: 'Issue', count: 6 },
    { at_ms: noon(3), site, page: '/a', utm_source: 'news', utm_campaign: 'issue' },
    { at_ms: noon(3), site: 'mail.example', page: '/m', event: 'open' },
  ]);
  const rows = [
    ['Sources/Referrers', 'Gmail', 5, `&referrer=${app}`],
    ['Sources/Campaigns', 'issue', 7, '&utm_campaign=issue'],
  ];
  for (const [title, text, views, search] of rows) {
    const page = await look(`&site=${site}`, { now_ms: NOW_MS });
    await (await rowsOf(page, title)).filter({ hasText: text }).locator('.filter-button').click();
    await eventuallyEquals(async () => (await tiles(page)).Views, views);
    // The order in which the address names them doesn't matter.
    const again = await look(`&site=${site}${search}`, { now_ms: NOW_MS });
    await eventuallyEquals(async () => (await tiles(again)).Views, views);
    await (await rowsOf(again, title)).filter({ hasText: text }).waitFor();
  }
  const page = await look('', { now_ms: NOW_MS });
  await page.getByLabel('Site', { exact: true }).selectOption('mail.example');
  await eventuallyEquals(async () => (await tiles(page)).Opens, 1);
});

/** Returns the rows of a panel by its name, or by its name and a tab. A panel asks once it is in view. */
async function rowsOf(page, title) {
  const [name, tab] = title.split('/');
  const region = tab === undefined ? panel(page, name) : await openTab(page, name, tab);
  await region.scrollIntoViewIfNeeded();
  return region.locator('tbody tr');
}

test('a site and a page are found in any spelling', async ({ hit, look }) => {
  await hit({ site: 'xn--mnchen-3ya.example', page: '/caf%c3%a9' });
  for (const [site, page] of [
    ['münchen.example', '/café'],
    ['XN--MNCHEN-3YA.example', '/caf%C3%A9'],
  ]) {
    const dashboard = await look(`&site=${encodeURIComponent(site)}&page=${encodeURIComponent(page)}`);
    await eventuallyEquals(() => topPages(dashboard), { '/café': 1 });
  }
});

test('all of 140 pages can be shown, and the CSV has them', async ({ at, look }) => {
  const site = 'wide.example';
  await record(at.server, Array.from({ length: 140 }, (_, index) => ({ at_ms: noon(1), site, page: `/p/${index}` })));
  const page = await look(`&site=${site}`, { now_ms: NOW_MS });
  await eventuallyEquals(async () => (await tiles(page)).Views, 140);
  const pages = panel(page, 'Pages');
  await pages.getByText('first 10 of 140').waitFor();
  await pages.getByRole('button', { name: 'Show all' }).click();
  assert.equal(Object.keys(await topPages(page)).length, 140);
  const { text } = await csv(page, 'Pages');
  assert.equal(text.trimEnd().split('\r\n').length, 141);
});

test('each panel shows the SQL that ran, which returns the same rows', async ({ at, hit, look }) => {
  const site = 'sql.example';
  for (const page of ['/x', '/x', '/y']) await hit({ site, page });
  const page = await look(`&site=${site}`);
  await eventuallyEquals(() => topPages(page), { '/x': 2, '/y': 1 });
  await panel(page, 'Totals').getByRole('button', { name: 'Show SQL' }).click();
  const dialog = page.getByRole('dialog', { name: 'SQL of Totals' });
  await dialog.getByText('With parameters, as it ran').click();
  const sql = await dialog.getByRole('region', { name: 'SQL text' }).innerText();
  const rows = await dialog.locator('tbody tr').evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
  assert.deepEqual(rows.map(([, name]) => name), /^-- parameters: (.*)$/m.exec(sql)[1].split(', '), 'each value has its name beside it');
  const parameters = rows.map(([, , value]) => value);
  assert.ok(parameters.includes(site));
  const [totals] = await query(at.folder, sql, parameters);
  assert.equal(totals.views, 3);
  await page.keyboard.press('Escape');
  assert.equal(await page.getByRole('dialog').count(), 0);
});

test('the CSV has the rows, and no formula for a spreadsheet', async ({ hit, look }) => {
  const site = 'csv.example';
  for (const page of ['/plain', '/plain', '/with,comma "quoted"']) await hit({ site, page });
  await hit({ site, page: '/plain', utm_source: '=HYPERLINK("http://evil.example")' }, 1);
  const page = await look(`&site=${site}`);
  await eventuallyEquals(async () => (await tiles(page)).Views, 4);
  await openTab(page, 'Pages', 'By source');
  const { name, text } = await csv(page, 'Pages');
  assert.match(name, /^top_pages_by_source-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
  const lines = text.trimEnd().split('\r\n');
  assert.equal(lines[0], 'site,page,source,views,page_views');
  assert.deepEqual(lines.slice(1).sort(), [
    `${site},"/with,comma ""quoted""",,1,1`,
    // Sources are told in lower case.
    `${site},/plain,"'=hyperlink(""http://evil.example"")",1,3`,
    `${site},/plain,,2,3`,
  ].sort());
  const sources = await openTab(page, 'Sources', 'Campaigns');
  await sources.getByRole('combobox', { name: 'Tag' }).selectOption('UTM source');
  await sources.getByRole('button', { name: '=hyperlink("http://evil.example")', exact: true }).waitFor();
  const campaigns = await csv(page, 'Sources');
  assert.match(campaigns.text, /'=hyperlink/);
});

test('data from visitors is rendered as text', async ({ hit, look }) => {
  const site = 'evil.example';
  const markup = '<img src=x onerror="window.harmed = true">';
  await hit({ site, page: `/${markup}`, utm_source: markup, utm_campaign: '</script><script>window.harmed = true</script>', ref: 'javascript:window.harmed=true' });
  await hit({ site, page: 'javascript:window.harmed=true', title: markup, event: markup });
  const page = await look(`&site=${site}`);
  await seeAll(page);
  await eventuallyEquals(async () => (await tiles(page)).Views, 1);
  assert.ok((await page.locator('main').innerText()).includes('onerror'));
  assert.equal(await page.evaluate(() => window.harmed), undefined);
  const links = await page.locator('a[href]').evaluateAll((all) => all.map((link) => new URL(link.href).protocol));
  assert.deepEqual(links.filter((protocol) => !['http:', 'https:'].includes(protocol)), []);
});

for (const [look_name, options] of [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['narrow', { viewport: { width: 360, height: 800 } }],
]) {
  test(`${look_name}: axe finds nothing serious, nobody else is asked, and nothing is cut off`, async ({ at, hit, look }) => {
    await hit({ site: 'axe.example', page: '/a-path-of-a-page/that-is-long-enough/to-need-more-than-a-line/on-a-telephone', utm_source: 'newsletter' });
    const page = await look('', options);
    await seeAll(page);
    assert.deepEqual(await seriousFindings(page), []);
    const width = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.equal(width[0], width[1]);
    const foreign = page.window.requests.map((request) => new URL(request.url())).filter(({ origin, protocol }) => origin !== at.dashboard && protocol !== 'data:');
    assert.deepEqual(foreign.map(String), []);
  });
}

test('the pixel’s listener never serves the dashboard', async ({ at }) => {
  for (const path of ['/', '/dashboard.js', '/api/about', '/api/openapi.json', '/api/queries']) {
    const answer = await fetch(`${at.server.pixel}${path}`);
    assert.equal(answer.status, 404, path);
  }
});

test('a page of another origin can neither read nor change anything', async ({ at, open, expectErrors }) => {
  expectErrors(/CORS|ERR_FAILED|403|Failed to load/);
  at.web.pages.set('/other', html(''));
  const page = await open();
  await page.goto(at.web.at('other.example', '/other'));
  const outcomes = await page.evaluate(async (dashboard) => {
    const attempt = (path, init) => fetch(`${dashboard}${path}`, init).then((answer) => answer.type, () => 'refused');
    return [
      await attempt('/api/about'),
      await attempt('/api/queries', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }),
      await attempt('/api/shares', { method: 'POST', body: '{}' }),
    ];
  }, at.dashboard);
  assert.deepEqual(outcomes, ['refused', 'refused', 'refused']);
});
