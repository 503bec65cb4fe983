// Scenario 2: an analytics clone. A few lines of JavaScript POST {"url", "name"}; counts per URL; a dashboard in the
// browser; all of it is one command, `beacon serve`.

import assert from 'node:assert/strict';
import { counts } from '../counted.mjs';
import { test } from '../fixtures.mjs';
import { topPages } from '../dashboard_page.mjs';
import { query } from '../harness/program.mjs';
import { html } from '../web.mjs';

test.use({ lake: { name: 'analytics' } });

const script = (beacon) => `<script>
  fetch('${beacon}/track', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ url: location.href, name: document.title }),
  }).then((answer) => document.body.dataset.status = answer.status);
</script>`;

test('a few lines of JavaScript POST the URL and the name, and the dashboard counts per URL', async ({ at, open }) => {
  for (const path of ['/', '/pricing', '/docs/start']) at.web.pages.set(path, html(`<h1>${path}</h1>${script(at.beacon)}`));
  const page = await open();
  for (const path of ['/', '/pricing', '/pricing?plan=pro#faq', '/docs/start']) {
    await page.goto(at.web.at('analytics.example', path));
    await page.locator('body[data-status="204"]').waitFor();
  }
  await counts(at, open, 'analytics.example', { '/': 1, '/pricing': 2, '/docs/start': 1 }, [page]);

  const urls = await query(at.folder, 'SELECT url, title, count(*) AS views FROM hits WHERE event = ? GROUP BY url, title ORDER BY url', ['view']);
  const of = (path) => at.web.at('analytics.example', path);
  assert.deepEqual(urls, [
    { url: of('/'), title: 'A page', views: 1 },
    { url: of('/docs/start'), title: 'A page', views: 1 },
    { url: of('/pricing'), title: 'A page', views: 2 },
  ]);
});

test('a batch is counted once, however often a client sends it', async ({ at, open }) => {
  at.web.pages.set('/batch', html(''));
  const page = await open();
  await page.goto(at.web.at('batch.example', '/batch'));
  const send = () => page.evaluate(async (endpoint) => {
    const items = ['/a', '/b', '/a'].map((path, index) => ({ id: `item-${index}`, url: `https://batch.example${path}`, name: path }));
    const answer = await fetch(`${endpoint}/track`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(items) });
    return answer.status;
  }, at.beacon);
  assert.ok((await send()) < 300);
  assert.ok((await send()) < 300);
  const dashboard = await counts(at, open, 'batch.example', { '/a': 2, '/b': 1 }, [page]);
  assert.deepEqual(Object.keys(await topPages(dashboard)), ['/a', '/b'], 'ranked by views');
});
