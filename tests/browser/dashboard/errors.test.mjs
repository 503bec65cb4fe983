// Errors: each is reported once, with a way out, and the page recovers by itself where it can.

import assert from 'node:assert/strict';
import { eventuallyEquals } from '../harness/polling.mjs';
import { check } from './fixtures.mjs';
import { TOKEN } from './mock.mjs';
import { panel, seeAll, settled, tile } from './page.mjs';

const REFUSED_CONNECTION = /ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|ERR_SOCKET|404/;
const alerts = (page) => page.getByRole('alert').filter({ hasText: /./ }).count();

check(
  'a killed server shows one banner, and the page recovers by itself',
  { ready: seeAll, expected_errors: REFUSED_CONNECTION },
  async ({ page, mock }) => {
    const views = await tile(page, 'Views');
    await mock.kill();
    await page.getByText(/^Connection lost/).waitFor();
    // New questions find nobody either.
    await page.getByRole('button', { name: '30 days' }).click();
    await page.getByRole('button', { name: '7 days' }).click();
    assert.equal(await alerts(page), 1);
    assert.equal(await page.locator('.failure').count(), 0);
    assert.equal(await tile(page, 'Views'), views);
    mock.add({ site: 'blog.example', page: '/' });
    await mock.start();
    await eventuallyEquals(() => tile(page, 'Views'), views + 1);
    await eventuallyEquals(() => alerts(page), 0);
    await page.getByText(/^Live/).waitFor();
  },
);

check(
  'without live data, the first query of an unreachable server shows the banner, and is retried',
  { mock: { live: false }, expected_errors: REFUSED_CONNECTION },
  async ({ page, mock }) => {
    await mock.kill();
    await page.getByRole('button', { name: '30 days' }).click();
    await page.getByText(/^Connection lost/).waitFor();
    assert.equal(await alerts(page), 1);
    assert.equal(await page.locator('.failure').count(), 0);
    await mock.start();
    await settled(page);
    await eventuallyEquals(() => alerts(page), 0);
  },
);

check(
  'a page opened while the server is down loads once the server is back',
  { mock: { down: true }, ready: () => {}, expected_errors: /503/ },
  async ({ page, mock }) => {
    await page.getByRole('alert').getByText('the engine is being restarted').waitFor();
    mock.down = false;
    await settled(page);
  },
);

check(
  'an error that several panels share is shown once',
  {
    mock: { failing: new Set(['totals', 'views_per_quarter', 'top_pages', 'sources']) },
    ready: (page) => page.locator('.failure').nth(2).waitFor(),
  },
  async ({ page, mock }) => {
    const cause = page.getByText('Scan limit of 10 GB reached');
    await eventuallyEquals(() => cause.count(), 1);
    assert.equal(await alerts(page), 1);
    const failed = panel(page, 'Pages').locator('.failure');
    assert.equal((await failed.locator('p').innerText()).trim(), 'Couldn’t load this panel.');
    mock.failing.clear();
    // One button for all that have the same cause.
    await panel(page, 'Pages').getByRole('button', { name: 'Retry' }).click();
    await settled(page);
    await eventuallyEquals(() => alerts(page), 0);
  },
);

const LEFT_OUT = 'left out 1 file that is no Parquet: year=2026/month=11/day=21/hour=05/a.parquet; remove it';

check(
  'a warning of one panel is shown in that panel',
  { mock: { warnings: { countries: [LEFT_OUT] } }, ready: seeAll },
  async ({ page }) => {
    await panel(page, 'Locations').getByText('Incomplete. Left out 1 file that is no Parquet').waitFor();
    assert.equal(await page.getByText('Incomplete.').count(), 1);
    assert.equal(await page.locator('.notice').count(), 0);
  },
);

check(
  'a warning that several panels share is shown once, and each of them says that it is incomplete',
  { mock: { warnings: { countries: [LEFT_OUT], totals: [LEFT_OUT], views_per_quarter: [LEFT_OUT] } }, ready: seeAll },
  async ({ page }) => {
    assert.equal(await page.getByText('no Parquet').count(), 1);
    assert.match(await page.locator('.notice').innerText(), /^Some numbers are incomplete\. Left out 1 file .* remove it\.$/);
    for (const title of ['Totals', 'Chart', 'Locations'])
      assert.equal(await panel(page, title).getByText('Incomplete.').count(), 1, title);
    assert.equal(await panel(page, 'Pages').getByText('Incomplete.').count(), 0);
  },
);

for (const [search, said] of [
  ['?period=7days', 'period=7days'],
  ['?peroid=30d', 'peroid=30d'],
  ['?from=2026-11-07&to=2026-11-01', 'from=2026-11-07, to=2026-11-01'],
  ['?zone=Berlin', 'zone=Berlin'],
  ['?bars=minute', 'bars=minute'],
  ['?column=nobody&value=1', 'column=nobody'],
  ['?page.like=/a', 'page.like=/a'],
  ['?compare=week', 'compare=week'],
  ['?agent=robot', 'agent=robot'],
]) {
  check(
    `${search} is refused with a message, and shows no numbers`,
    { path: search, ready: (page) => page.getByRole('alert').waitFor() },
    async ({ page, mock }) => {
      await page.getByRole('alert').getByText(`This address has a filter that isn't known: ${said}`).waitFor();
      assert.equal(await page.locator('.tile, .bar, table, h1').count(), 0);
      assert.deepEqual(mock.asked, []);
      await page.getByRole('button', { name: 'Remove it' }).click();
      await settled(page);
      assert.equal(new URL(page.url()).search, '');
      await page.goBack();
      await page.getByRole('alert').waitFor();
    },
  );
}

check('delayed delivery is reported', { mock: { undelivered_s: 7_500 } }, async ({ page, mock }) => {
  await page.getByText('The oldest undelivered hit is 2 hours old.').waitFor();
  mock.undelivered_s = null;
  mock.add({ site: 'blog.example', page: '/' });
  await eventuallyEquals(() => page.getByText('undelivered').count(), 0);
});

check(
  'delayed delivery is not shown to guests',
  { mock: { access: 'share', undelivered_s: 7_500 }, path: `#share=${TOKEN}` },
  async ({ page, mock }) => {
    // It waits for the next change once it has the answer that says so.
    await eventuallyEquals(() => mock.following, 1);
    assert.equal(await page.getByText('undelivered').count(), 0);
  },
);

check('bytes and time of a query are shown in its panel’s menu', {}, async ({ page }) => {
  assert.doesNotMatch(await page.locator('main').innerText(), /scanned| ms\b/);
  await panel(page, 'Totals').getByRole('button', { name: 'More about Totals' }).click();
  const cost = await panel(page, 'Totals').locator('.cost').innerText();
  assert.match(cost.replace(/\s/g, ' '), /^1\.29 kB scanned · 12 ms$/);
});

check(
  'bytes and time of a query are not shown to guests',
  { mock: { access: 'share' }, path: `#share=${TOKEN}`, ready: seeAll },
  async ({ page }) => {
    await panel(page, 'Totals').getByRole('button', { name: 'More about Totals' }).click();
    await panel(page, 'Totals').getByRole('button', { name: 'Show SQL' }).click();
    await page.getByRole('dialog').locator('pre').waitFor();
    assert.doesNotMatch(await page.locator('body').innerText(), /scanned| ms\b/);
  },
);

for (const [name, width, path] of [
  ['wide', 1280, '?from=2026-11-15&to=2026-11-21&bars=hour'],
  ['narrow', 360, '?from=2026-11-15&to=2026-11-21&bars=hour'],
  ['a day, narrow', 360, '?from=2026-11-20&to=2026-11-20'],
  ['a year', 1280, '?period=12m'],
]) {
  check(
    `labels below the bars are neither cut nor overlapping: ${name}`,
    { page: { viewport: { width, height: 800 } }, path },
    async ({ page }) => {
      const labels = page.locator('.axis-x text[visibility="visible"]');
      await labels.first().waitFor();
      const boxes = await labels.evaluateAll((all) =>
        all.map((label) => {
          const own = label.getBoundingClientRect();
          const chart = label.ownerSVGElement.getBoundingClientRect();
          return { text: label.textContent, left: own.left - chart.left, right: own.right - chart.left, width: chart.width };
        }),
      );
      assert.ok(boxes.length > 1, JSON.stringify(boxes));
      for (const [index, { text, left, right, width }] of boxes.entries()) {
        assert.ok(left >= -0.5 && right <= width + 0.5, `${text} lies from ${left} to ${right} of ${width}`);
        if (index > 0) assert.ok(left >= boxes[index - 1].right, `${text} runs into ${boxes[index - 1].text}`);
      }
    },
  );
}
