// Each page of examples/: opened as a reader does, its pixel really asked for, and the dashboard's numbers those of what
// was done. Each test looks at a lake of its own by its site, so that the tests of one site stand in one test.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { columnOf, panel, settled, tiles, topPagesBySource } from '../dashboard_page.mjs';
import { chromeUserAgent } from '../harness/people.mjs';
import { query, ROOT } from '../harness/program.mjs';
import { counts, countsNothing } from '../counted.mjs';
import { test as base } from '../fixtures.mjs';
import { eventuallyEquals } from '../harness/polling.mjs';

const test = base.extend({
  /** Returns the URL of an example: the blog and its mail are on the host that their canonical links name. */
  example: async ({ at }, use) => {
    await use((path) => at.web.at(/^(blog|email)\//.test(path) ? 'blog.example' : 'pages.example', `/examples/${path}`));
  },
});

test.use({ lake: { name: 'examples' } });
/** The custom events as the dashboard's panel has them: event and how often. */
async function events(dashboard) {
  const region = panel(dashboard, 'Events');
  await region.scrollIntoViewIfNeeded();
  await region.getByRole('table').waitFor();
  const times = await columnOf(region, 'Times');
  return Object.entries(times).filter(([event]) => !event.startsWith('end-'));
}

test('every example has a test here, and loads only from its site and the beacon', async ({ open, example }) => {
  const files = readdirSync(`${ROOT}examples`, { recursive: true }).filter((file) => file.endsWith('.html')).sort();
  assert.deepEqual(files, [
    'blog/index.html',
    'blog/one-pixel.html',
    'blog/parquet-by-hand.html',
    'blog/where-from.html',
    'email/index.html',
    'index.html',
    'no-javascript/image.html',
    'no-javascript/index.html',
    'page.html',
    'page/index.html',
    'single-page-app/index.html',
    'single-page-app/speakers.html',
    'single-page-app/venue.html',
  ]);
  const page = await open();
  await page.goto(example(''));
  await page.waitForLoadState('networkidle');
  const hosts = new Set(page.window.requests.map((request) => new URL(request.url()).host));
  assert.deepEqual([...hosts], [new URL(example('')).host], 'the list of examples is not counted');
});

test('the plain page: a view for each load, an event for the button, none for own visits', async ({ at, open, example }) => {
  const page = await open();
  const posted = () => page.waitForResponse((answer) => answer.url().endsWith('/track') && answer.status() === 204);
  await Promise.all([posted(), page.goto(example('page/'))]);
  await Promise.all([posted(), page.reload()]);
  await Promise.all([posted(), page.getByRole('button', { name: 'Sign up' }).click()]);
  await page.getByRole('status').getByText('Counted').waitFor();
  // From here on, this browser is not counted.
  await page.getByRole('link', { name: 'Open this address' }).click();
  await page.reload();
  await page.getByRole('button', { name: 'Sign up' }).click();
  await page.goto(example('page/'));
  // Until it is again.
  await page.getByRole('link', { name: 'this one' }).click();
  await Promise.all([posted(), page.reload()]);

  const dashboard = await counts(at, open, 'shop.example', { '/examples/page/': 3 }, [page]);
  await eventuallyEquals(() => events(dashboard), [['signup', 1]]);
});

test('the pages without JavaScript request the style sheet and the image on each load, also where it is on', async ({ at, open, example }) => {
  const visitors = [];
  for (const javaScriptEnabled of [false, true]) {
    const page = await open({ javaScriptEnabled });
    visitors.push(page);
    const recorded = (name) => page.waitForResponse((answer) => answer.url().includes(name) && answer.headers()['x-beacon'] === 'recorded');
    await Promise.all([recorded('/pixel.css'), page.goto(example('no-javascript/'))]);
    await Promise.all([recorded('/pixel.css'), page.reload()]);
    await Promise.all([recorded('/pixel.gif'), page.getByRole('link', { name: 'Image', exact: true }).click()]);
    await Promise.all([recorded('/pixel.css'), page.getByRole('link', { name: 'Style sheet', exact: true }).click()]);
    // Not by Back: out of the browser's memory a page asks for nothing, and without a script nobody notices.
    await Promise.all([recorded('/pixel.gif'), page.getByRole('link', { name: 'Image', exact: true }).click()]);
  }
  await counts(at, open, 'quiet.example', { '/no-javascript/': 6, '/no-javascript/image.html': 4 }, visitors);
});

test('the pages with JavaScript count by their image where it is off', async ({ at, open, example }) => {
  const page = await open({ javaScriptEnabled: false });
  const before = await query(at.folder, "SELECT site, page FROM hits WHERE format = 'gif' AND event = 'view' AND site IN ('blog.example', 'shop.example')");
  for (const path of ['page/', 'blog/', 'blog/one-pixel.html']) {
    await Promise.all([page.waitForResponse(/\/pixel\.gif/), page.goto(example(path))]);
  }
  assert.deepEqual(before, []);
  await eventuallyEquals(() => query(at.folder, "SELECT site, page FROM hits WHERE format = 'gif' AND event = 'view' AND site IN ('blog.example', 'shop.example') ORDER BY site, page"), [
    { site: 'blog.example', page: '/' },
    { site: 'blog.example', page: '/posts/one-pixel' },
    { site: 'shop.example', page: '/page/' },
  ]);
});

test('the page that a first deploy publishes: a style sheet, the script and an image', async ({ at, open, example }) => {
  const page = await open();
  await page.goto(example('page.html'));
  await counts(at, open, 'example', { '/examples/page.html': 1, '/image': 1, '/style-sheet': 1 }, [page]);
});

test('the single-page app: a view for each of its pages, and for Back, from one document', async ({ at, open, example }) => {
  const page = await open();
  const views = (count) => eventuallyEquals(async () => (await query(at.folder, 'SELECT hit_id FROM hits WHERE site = ?', ['app.example'])).length, count);
  await page.goto(example('single-page-app/'));
  await views(1);
  for (const [index, name] of ['Speakers', 'Venue'].entries()) {
    await page.getByRole('link', { name }).click();
    await page.getByRole('heading', { name }).waitFor();
    await views(index + 2);
  }
  await page.goBack();
  await page.getByRole('heading', { name: 'Speakers' }).waitFor();
  await views(4);
  const documents = page.window.requests.filter((request) => request.resourceType() === 'document');
  assert.equal(documents.length, 1);
  const root = '/examples/single-page-app/';
  await counts(at, open, 'app.example', { [root]: 1, [`${root}speakers.html`]: 2, [`${root}venue.html`]: 1 }, [page]);
});

test('the app’s pages can be opened directly, and count as the same pages', async ({ at, open, example }) => {
  const page = await open();
  const before = (await query(at.folder, 'SELECT hit_id FROM hits WHERE site = ? AND event = ?', ['app.example', 'view'])).length;
  for (const name of ['speakers', 'venue']) {
    await Promise.all([page.waitForResponse((answer) => answer.url().endsWith('/track')), page.goto(example(`single-page-app/${name}.html`))]);
  }
  await eventuallyEquals(async () => (await query(at.folder, 'SELECT hit_id FROM hits WHERE site = ? AND event = ?', ['app.example', 'view'])).length, before + 2);
});

test('the blog and the email: canonical URLs, a column per source, and opens apart from views', async ({ at, open, example }) => {
  const images = (await query(at.folder, "SELECT page FROM hits WHERE site = 'blog.example' AND event = 'view'")).length;
  // The source with which a visit begins is that of all its pages, so each source has a reader of its own.
  const reader = (person) => open({ userAgent: chromeUserAgent(person) });
  const counted = (page, url) => page.waitForResponse((answer) => answer.url().startsWith(`${at.beacon}${url}`) && answer.ok());
  const direct = await reader(0);
  await Promise.all([counted(direct, '/track'), direct.goto(example('blog/'))]);
  const link = await direct.getByRole('link', { name: 'from the newsletter' }).evaluate((element) => element.href);
  const subscriber = await reader(1);
  await Promise.all([counted(subscriber, '/track'), subscriber.goto(link)]);
  await subscriber.getByRole('heading', { name: 'One pixel' }).waitFor();
  await Promise.all([counted(subscriber, '/track'), subscriber.getByRole('link', { name: 'Parquet by hand' }).click()]);
  await subscriber.getByRole('heading', { name: 'Parquet by hand' }).waitFor();
  const follower = await reader(2);
  await Promise.all([counted(follower, '/track'), follower.goto(example('blog/where-from.html?utm_source=mastodon&fbclid=1'))]);
  const recipient = await reader(3);
  await Promise.all([counted(recipient, '/pixel.gif'), recipient.goto(example('email/'))]);
  await Promise.all([counted(recipient, '/track'), recipient.getByRole('link', { name: 'Where did you come from?' }).click()]);

  // Without the images of the test above, which had no JavaScript.
  await eventuallyEquals(async () => (await query(at.folder, "SELECT page FROM hits WHERE site = 'blog.example' AND event = 'view'")).length, images + 5);
  const recorded = await query(at.folder, "SELECT event, url, utm_source, referrer FROM hits WHERE site = 'blog.example' AND (format = 'post' OR event = 'open') ORDER BY url, utm_source");
  const of = (path) => `https://blog.example${path}`;
  assert.deepEqual(recorded, [
    { event: 'view', url: of('/'), utm_source: null, referrer: null },
    { event: 'view', url: of('/posts/one-pixel'), utm_source: 'newsletter', referrer: null },
    { event: 'view', url: of('/posts/parquet-by-hand'), utm_source: null, referrer: example('blog/one-pixel.html') },
    { event: 'view', url: of('/posts/where-from'), utm_source: 'mastodon', referrer: null },
    { event: 'view', url: of('/posts/where-from'), utm_source: 'newsletter', referrer: example('email/') },
    { event: 'open', url: null, utm_source: null, referrer: null },
  ]);
  const dashboard = await open();
  await dashboard.goto(`${at.dashboard}/?site=blog.example&zone=UTC`);
  await settled(dashboard);
  await eventuallyEquals(async () => (await tiles(dashboard)).Views, images + 5);
  const rows = await topPagesBySource(dashboard);
  const [post, image] = [rows['/posts/where-from'], rows['/posts/one-pixel']];
  assert.deepEqual([post.Views, post.Mastodon, post.newsletter], [2, 1, 1]);
  assert.deepEqual([image.Views - image['Direct / unknown'], image.newsletter], [1, 1]);
  // The second page of a visit has the source of its first.
  assert.equal(rows['/posts/parquet-by-hand'].newsletter, 1);
  assert.deepEqual(Object.keys(rows).sort(), ['/', '/posts/one-pixel', '/posts/parquet-by-hand', '/posts/where-from']);
  await eventuallyEquals(async () => (await tiles(dashboard)).Opens, 1);
});

test('a site without visits has no views', async ({ at, open }) => {
  await countsNothing(at, 'nobody.example', []);
  const page = await open();
  await page.goto(`${at.dashboard}/?site=nobody.example&zone=UTC`);
  await settled(page);
  await eventuallyEquals(() => tiles(page).then(({ Views }) => Views), 0);
});
