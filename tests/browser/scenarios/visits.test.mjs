// Caches, Back, closing tabs, prerendering: how often the script and the image count each.

import assert from 'node:assert/strict';
import { openUndriven } from '../harness/chromium.mjs';
import { query } from '../harness/program.mjs';
import { counts, countsNothing } from '../counted.mjs';
import { test as base } from '../fixtures.mjs';
import { html } from '../web.mjs';
import { eventuallyEquals } from '../harness/polling.mjs';

const script = (beacon, site, attributes = '') => `<script defer src="${beacon}/beacon.js" data-site="${site}" ${attributes}></script>`;
const pixel = (beacon, site, page) => `<img src="${beacon}/pixel.gif?site=${site}&amp;page=${page}" alt="">`;

const test = base.extend({
  /** Defines cacheable pages `/NAME/one` and `/NAME/two`, which link to each other. */
  site: async ({ at }, use) => {
    await use((name, head, body = () => '') => {
      for (const [path, other] of [['one', 'two'], ['two', 'one']]) {
        at.web.pages.set(`/${name}/${path}`, {
          body: html(`<h1>${path}</h1><a href="${other}">${other}</a>${body(`/${name}/${path}`)}`, head),
          headers: { 'cache-control': 'max-age=3600' },
        });
      }
      return { name: `${name}.example`, url: (path) => at.web.at(`${name}.example`, `/${name}/${path}`) };
    });
  },

  /** Waits until a site has this many hits. */
  recorded: async ({ at }, use) => {
    await use((name, count) => eventuallyEquals(async () => (await query(at.folder, 'SELECT hit_id FROM hits WHERE site = ?', [name])).length, count));
  },
});

test.use({ lake: { name: 'visits' } });


test('the script counts loads from the cache, reloads and links as a view each', async ({ at, open, site, recorded }) => {
  const { name, url } = site('kept', script(at.beacon, 'kept.example'));
  const page = await open();
  await page.goto(url('one'));
  await page.goto(url('two'));
  await page.goto(url('one'));
  await page.reload();
  await page.getByRole('link').click();
  await page.waitForURL('**/two');
  await page.getByRole('heading', { name: 'two' }).waitFor();
  const asked = at.web.requested.filter((path) => path === '/kept/one').length;
  assert.ok(asked < 3, `the page was asked for ${asked} times: nothing came from the cache`);
  await recorded(name, 5);
  await counts(at, open, name, { '/kept/one': 3, '/kept/two': 2 }, [page]);
});

test('the image counts loads from the cache and reloads as a view each', async ({ at, open, site }) => {
  const { name, url } = site('drawn', '', (path) => pixel(at.beacon, 'drawn.example', path));
  const page = await open({ javaScriptEnabled: false });
  await page.goto(url('one'));
  await page.goto(url('one'));
  await page.reload();
  await counts(at, open, name, { '/drawn/one': 3 }, [page]);
});

test('the script counts a page restored from the back/forward cache', async ({ at, open, site, recorded }) => {
  const { name, url } = site('back', script(at.beacon, 'back.example'));
  const page = await open();
  await page.goto(url('one'));
  await page.evaluate(() => addEventListener('pageshow', (event) => { window.restored = event.persisted; }));
  await recorded(name, 1);
  await page.getByRole('link').click();
  await page.waitForURL('**/two');
  await recorded(name, 2);
  // Not goBack(), which waits for a load event that never comes.
  await page.evaluate(() => history.back());
  await page.waitForFunction(() => window.restored === true);
  await counts(at, open, name, { '/back/one': 2, '/back/two': 1 }, [page]);
});

test('an event sent by a closing tab is counted', async ({ at, open, site, recorded }) => {
  const { name, url } = site('closed', script(at.beacon, 'closed.example'), () => '<script>addEventListener("pagehide", () => beacon("left"))</script>');
  const page = await open();
  await page.goto(url('one'));
  await recorded(name, 1);
  await page.close({ runBeforeUnload: true });
  // By name: two hits within one millisecond may come in either order.
  await eventuallyEquals(() => query(at.folder, 'SELECT event, page FROM hits WHERE site = ? ORDER BY event', [name]), [
    { event: 'left', page: '/closed/one' },
    { event: 'view', page: '/closed/one' },
  ]);
  await counts(at, open, name, { '/closed/one': 1 });
});

test('a prerendered page counts when it is shown, not before', async ({ at, open, site }) => {
  const rules = JSON.stringify({ prerender: [{ urls: ['two'], eagerness: 'immediate' }] });
  const { name, url } = site('ahead', script(at.beacon, 'ahead.example'), (path) => (path.endsWith('one')
    ? `<script type="speculationrules">${rules}</script><script>fetch('go').then(() => { location.href = 'two'; });</script>`
    : `<script>
        if (document.prerendering) {
          fetch('rendered');
          document.addEventListener('prerenderingchange', () => fetch('shown'));
        }
      </script>`));
  const asked = (path) => new Promise((resolve) => {
    at.web.pages.set(`/ahead/${path}`, () => new Promise((answer) => resolve(() => answer(''))));
  });
  const [rendered, go, shown] = [asked('rendered'), asked('go'), asked('shown')];
  const close = await openUndriven(url('one'));
  try {
    await rendered;
    await counts(at, open, name, { '/ahead/one': 1 });
    (await go)();
    // The page that is shown is the prerendered one.
    await shown;
    await counts(at, open, name, { '/ahead/one': 1, '/ahead/two': 1 });
  } finally {
    await close();
  }
});

test('equal images in one document are one request, different ones two', async ({ at, open }) => {
  at.web.pages.set('/twice', html(pixel(at.beacon, 'twice.example', '/equal').repeat(2) + pixel(at.beacon, 'twice.example', '/other&n=1') + pixel(at.beacon, 'twice.example', '/other&n=2')));
  const page = await open();
  await page.goto(at.web.at('twice.example', '/twice'));
  await counts(at, open, 'twice.example', { '/equal': 1, '/other': 2 }, [page]);
});

test('a page that includes the script twice counts once', async ({ at, open, site }) => {
  const { name, url } = site('doubled', script(at.beacon, 'doubled.example').repeat(2));
  const page = await open();
  await page.goto(url('one'));
  await counts(at, open, name, { '/doubled/one': 1 }, [page]);
});

test('HEAD, the script itself, a preflight and invalid JSON count nothing', async ({ at, open, expectErrors }) => {
  expectErrors(/400/);
  at.web.pages.set('/nothing', html(''));
  const page = await open();
  await page.goto(at.web.at('nothing.example', '/nothing'));
  const [head, client, post] = await page.evaluate(async (beacon) => {
    const body = '[{"site":"nothing.example"';
    const answers = await Promise.all([
      fetch(`${beacon}/pixel.gif?site=nothing.example`, { method: 'HEAD' }),
      fetch(`${beacon}/beacon.js?site=nothing.example`),
      fetch(`${beacon}/track?site=nothing.example`, { method: 'POST', headers: { 'content-type': 'application/json' }, body }),
    ]);
    // Playwright takes a request for finished once its answer was read.
    await Promise.all(answers.map((answer) => answer.text()));
    return answers.map(({ status }) => status);
  }, at.beacon);
  assert.deepEqual([head, client, post], [200, 200, 400]);
  await countsNothing(at, 'nothing.example', [page]);
});
