// The clients in Firefox: the script, an event, caches, Back, and the pixel without JavaScript.

import assert from 'node:assert/strict';
import { countsInLake } from '../counted.mjs';
import { eventuallyEquals } from '../harness/polling.mjs';
import { query } from '../harness/program.mjs';
import { html } from '../web.mjs';
import { test as base } from './fixtures.mjs';

const test = base.extend({
  /** Defines cacheable pages `/NAME/one` and `/NAME/two`, which link to each other. */
  site: async ({ at }, use) => {
    await use((name, head, body = '') => {
      for (const [path, other] of [['one', 'two'], ['two', 'one']]) {
        at.web.pages.set(`/${name}/${path}`, {
          body: html(`<h1>${path}</h1><a href="${other}">${other}</a>${body}`, head),
          headers: { 'cache-control': 'max-age=3600' },
        });
      }
      return (path) => at.web.at(`${name}.example`, `/${name}/${path}`);
    });
  },

  /** Waits until a site has these hits, as event and page, in any order. */
  recorded: async ({ at }, use) => {
    const sql = 'SELECT event, page FROM unique_hits WHERE site = ? ORDER BY event, page';
    await use((site, hits) => eventuallyEquals(() => query(at.folder, sql, [site]), hits.map(([event, page]) => ({ event, page }))));
  },
});

test.use({ lake: { name: 'firefox-clients' } });

const script = (beacon, site) => `<script defer src="${beacon}/beacon.js" data-site="${site}"></script>`;

test('the script counts a page view, and an event with its properties', async ({ at, firefox, site }) => {
  const url = site('firefox', script(at.beacon, 'firefox.example'));
  const page = await firefox();
  await page.goto(`${url('one')}?utm_source=letter`);
  assert.match(await page.evaluate(() => navigator.userAgent), / Firefox\//);
  await page.evaluate(() => beacon('signup', { plan: 'pro' }));
  const sql = `SELECT event, page, title, format, utm_source, element_at(params, 'plan') AS plan
    FROM unique_hits WHERE site = ? ORDER BY event`;
  const hit = { page: '/firefox/one', title: 'A page', format: 'post', utm_source: 'letter' };
  await eventuallyEquals(() => query(at.folder, sql, ['firefox.example']), [
    { ...hit, event: 'signup', plan: 'pro' },
    { ...hit, event: 'view', plan: null },
  ]);
});

test('reloads and loads from the cache are a view each', async ({ at, firefox, site }) => {
  const url = site('reloaded', script(at.beacon, 'reloaded.example'));
  const page = await firefox();
  await page.goto(url('one'));
  await page.goto(url('two'));
  await page.goto(url('one'));
  await page.reload();
  await countsInLake(at, 'reloaded.example', { '/reloaded/one': 3, '/reloaded/two': 1 });
  const asked = at.web.requested.filter((path) => path === '/reloaded/one').length;
  assert.ok(asked < 3, `the page was asked for ${asked} times: nothing came from the cache`);
});

test('a page restored from the back/forward cache is a view', async ({ at, firefox, site, recorded }) => {
  const url = site('back', script(at.beacon, 'back.example'));
  const page = await firefox();
  await page.goto(url('one'));
  await page.evaluate(() => addEventListener('pageshow', (event) => { window.restored = event.persisted; }));
  await recorded('back.example', [['view', '/back/one']]);
  await Promise.all([page.waitForNavigation(), page.click('a')]);
  await recorded('back.example', [['view', '/back/one'], ['view', '/back/two']]);
  // Not goBack(), which waits for a load event that never comes.
  await page.evaluate(() => { setTimeout(() => history.back()); });
  await eventuallyEquals(() => page.evaluate(() => window.restored).catch(() => 'between two pages'), true);
  await countsInLake(at, 'back.example', { '/back/one': 2, '/back/two': 1 });
});

test('without JavaScript the style sheet and the noscript image count each load', async ({ at, firefox, site }) => {
  const pixel = (form, name) => `${at.beacon}/pixel.${form}?site=${name}.example&amp;page=/${name}`;
  const css = site('css', `<link rel="stylesheet" href="${pixel('css', 'css')}" media="none">`);
  const noscript = site('noscript', script(at.beacon, 'noscript.example'), `<noscript><img src="${pixel('gif', 'noscript')}" alt=""></noscript>`);
  const page = await firefox({ javaScript: false });
  for (const url of [css('one'), noscript('one')]) {
    await page.goto(url);
    await page.reload();
  }
  await countsInLake(at, 'css.example', { '/css': 2 });
  await countsInLake(at, 'noscript.example', { '/noscript': 2 });
  const forms = await query(at.folder, "SELECT DISTINCT site, format FROM hits WHERE event = 'view' AND site IN ('css.example', 'noscript.example') ORDER BY site", []);
  assert.deepEqual(forms, [{ site: 'css.example', format: 'css' }, { site: 'noscript.example', format: 'gif' }]);
});
