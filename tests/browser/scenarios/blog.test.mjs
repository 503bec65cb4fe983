// Scenario 4: blog statistics. POST /track with the canonical URL and utm_source from the blog's own origin; a dashboard
// of the last seven days: tiles, bars of views per day, top URLs with a column per source.

import assert from 'node:assert/strict';
import { bars, panel, settled, tiles, topPagesBySource } from '../dashboard_page.mjs';
import { noon, NOW_MS, record } from '../seed_hits.mjs';
import { chromeUserAgent } from '../harness/people.mjs';
import { query } from '../harness/program.mjs';
import { counts } from '../counted.mjs';
import { test } from '../fixtures.mjs';
import { html } from '../web.mjs';
import { eventuallyEquals } from '../harness/polling.mjs';

test.use({ lake: { name: 'blog', variables: () => ({ BEACON_DEBUG: 'true' }) } });

const post = (beacon, path) => html(`<h1>${path}</h1><script>
  const url = document.querySelector('link[rel=canonical]').href;
  const utm_source = new URLSearchParams(location.search).get('utm_source') ?? undefined;
  fetch('${beacon}/track', {
    method: 'POST',
    credentials: 'include',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ url, utm_source }),
  }).then((answer) => { document.body.dataset.status = answer.status; });
</script>`, `<link rel="canonical" href="https://blog.example${path}">`);

test('a blog on another origin is counted by canonical URL and source, preflight included', async ({ at, open }) => {
  for (const path of ['/posts/one', '/posts/two']) at.web.pages.set(path, post(at.beacon, path));
  const readers = [];
  for (const path of ['/posts/one', '/posts/one?utm_source=newsletter', '/posts/one?utm_source=newsletter&fbclid=1', '/posts/two?utm_source=mastodon']) {
    // Each is another reader: the source with which a visit begins is that of all its pages.
    const page = await open({ userAgent: chromeUserAgent(readers.length) });
    readers.push(page);
    // Its own host, to which the beacon is another site.
    await page.goto(at.web.at('blog.example', path));
    // Readable to the page: the browser found the answers to the preflight and to the request in order.
    await page.locator('body[data-status="204"]').waitFor();
  }
  const dashboard = await counts(at, open, 'blog.example', { '/posts/one': 3, '/posts/two': 1 }, readers);
  assert.deepEqual(await topPagesBySource(dashboard), {
    '/posts/one': { Views: 3, newsletter: 2, Mastodon: 0, 'Direct / unknown': 1 },
    '/posts/two': { Views: 1, newsletter: 0, Mastodon: 1, 'Direct / unknown': 0 },
  });
  assert.deepEqual(await query(at.folder, 'SELECT DISTINCT site FROM hits WHERE event = ?', ['view']), [{ site: 'blog.example' }]);

  // A copy elsewhere, whose canonical link still names the blog, is a page of where it lies.
  const [page] = readers;
  await page.goto(at.web.at('mirror.example', '/posts/one'));
  await page.locator('body[data-status="204"]').waitFor();
  await counts(at, open, 'mirror.example', { '/posts/one': 1 }, [page]);
  await counts(at, open, 'blog.example', { '/posts/one': 3, '/posts/two': 1 }, [page]);
});

test('a page of another origin is counted without CORS: text/plain needs no preflight', async ({ at, open }) => {
  at.web.pages.set('/quiet', html('<h1>quiet</h1>'));
  const page = await open();
  await page.goto(at.web.at('quiet.example', '/quiet'));
  assert.equal(await page.evaluate((endpoint) => navigator.sendBeacon(`${endpoint}/track`, JSON.stringify({ url: location.href })), at.beacon), true);
  await counts(at, open, 'quiet.example', { '/quiet': 1 }, [page]);
});

test('seven days on the dashboard: tiles with their change, a bar per day, a column per source', async ({ at, open }) => {
  const site = 'week.example';
  await record(at.server, [
    { at_ms: noon(6), site, page: '/posts/one', count: 3, utm_source: 'newsletter' },
    { at_ms: noon(5), site, page: '/posts/one', count: 2 },
    // Nothing four days ago: an empty bar.
    { at_ms: noon(3), site, page: '/posts/two', count: 4, utm_source: 'mastodon' },
    { at_ms: noon(2), site, page: '/posts/three', count: 1, ref: 'https://www.google.com/' },
    { at_ms: noon(1), site, page: '/posts/one', count: 1, event: 'open' },
    // The week before, and one that no week of the dashboard holds.
    { at_ms: noon(8), site, page: '/posts/one', count: 5 },
    { at_ms: noon(40), site, page: '/posts/one', count: 9 },
  ]);
  const page = await open();
  await page.clock.setFixedTime(NOW_MS);
  await page.goto(`${at.dashboard}/?site=${site}&zone=UTC`);
  await settled(page);
  await eventuallyEquals(() => bars(page), [3, 2, 0, 4, 1, 0, 0]);
  await eventuallyEquals(async () => {
    const { Visitors, Views, Opens } = await tiles(page);
    return { Visitors, Views, Opens };
  }, { Visitors: 10, Views: 10, Opens: 1 });
  const views = page.getByRole('group', { name: 'Metrics' }).getByRole('button', { name: /^Views 10 \+100%, 5 in the period before/ });
  assert.equal(await views.count(), 1, 'twice the five views of the week before');
  await eventuallyEquals(() => topPagesBySource(page), {
    '/posts/one': { Views: 5, Mastodon: 0, newsletter: 3, 'Direct / unknown': 2, Google: 0 },
    '/posts/two': { Views: 4, Mastodon: 4, newsletter: 0, 'Direct / unknown': 0, Google: 0 },
    '/posts/three': { Views: 1, Mastodon: 0, newsletter: 0, 'Direct / unknown': 0, Google: 1 },
  });
  // What happened besides views has a link there too, once it is shown.
  const link = panel(page, 'Pages').getByRole('link', { name: `Open https://${site}/posts/one` });
  assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
});
