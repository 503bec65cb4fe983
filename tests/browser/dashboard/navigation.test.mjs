// Navigation: periods, filters, bars and rows by mouse and keyboard, the URL, and the queries that run meanwhile.

import assert from 'node:assert/strict';
import { eventuallyEquals } from '../harness/polling.mjs';
import { check } from './fixtures.mjs';
import { NOW_MS } from './lake.mjs';
import { filters, heading, panel, query, seeAll, settled, tile } from './page.mjs';

check('buttons choose the period, and Back undoes it', {}, async ({ page }) => {
  assert.equal(await heading(page), 'All sites 15 – 21 Nov 2026');
  const week = await tile(page, 'Views');
  await page.getByRole('button', { name: '30 days' }).click();
  assert.equal(query(page), '?period=30d&zone=Europe/Berlin');
  await eventuallyEquals(() => heading(page), 'All sites 23 Oct – 21 Nov 2026');
  await settled(page);
  assert.ok((await tile(page, 'Views')) > week);
  assert.equal(await page.getByRole('button', { name: '30 days' }).getAttribute('aria-pressed'), 'true');
  await page.goBack();
  assert.equal(query(page), '');
  await eventuallyEquals(() => tile(page, 'Views'), week);
  await page.goForward();
  await eventuallyEquals(() => heading(page), 'All sites 23 Oct – 21 Nov 2026');
});

check('a click on a bar selects its day, then its hour', {}, async ({ page }) => {
  const label = await page.locator('.bar').nth(5).getAttribute('aria-label');
  await page.locator('.bar').nth(5).click();
  assert.equal(query(page), '?from=2026-11-20&to=2026-11-20&zone=Europe/Berlin');
  await eventuallyEquals(() => page.locator('.bar').count(), 24);
  await settled(page);
  assert.ok(label.endsWith(`: ${await tile(page, 'Visitors')} visitors`), label);
  await page.locator('.bar').nth(14).click();
  assert.equal(query(page), '?from=2026-11-20T13:00Z&to=2026-11-20T14:00Z&zone=Europe/Berlin');
  await eventuallyEquals(() => page.locator('.bar').count(), 4);
  await panel(page, 'Chart').getByText('Visitors per quarter of an hour', { exact: true }).waitFor();
  assert.equal(await page.locator('.bar').first().getAttribute('role'), 'img');
});

check('bars share one tab stop, and arrow keys move among them', {}, async ({ page }) => {
  assert.equal(await page.locator('.bar[tabindex="0"]').count(), 1);
  await page.locator('.bar[tabindex="0"]').focus();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  const focused = () => page.evaluate(() => document.activeElement.getAttribute('aria-label'));
  assert.match(await focused(), /20 Nov 2026: \d+ visitors$/);
  assert.match(await page.locator('.tip').innerText(), /20 Nov/);
  await page.keyboard.press('Enter');
  await eventuallyEquals(() => heading(page), 'All sites 20 Nov 2026');
  // What was pressed is gone: the heading has the focus instead of nothing.
  await eventuallyEquals(() => page.evaluate(() => document.activeElement.tagName), 'H1');
});

check('a click on a row filters by its page, and a chip removes the filter', {}, async ({ page, mock }) => {
  await panel(page, 'Pages').locator('tbody tr').nth(1).locator('td').last().click();
  assert.equal(query(page), '?site=blog.example&page=/&zone=Europe/Berlin');
  // The site has a menu instead of a chip.
  await eventuallyEquals(() => filters(page), ['Page is /']);
  assert.equal(await page.getByRole('combobox', { name: 'Site', exact: true }).inputValue(), 'blog.example');
  await settled(page);
  const last = mock.asked.findLast(({ question }) => question === 'totals');
  assert.deepEqual([last.site, last.filters], ['blog.example', [{ column: 'page', op: 'is', values: ['/'] }]]);

  await page.getByRole('button', { name: 'Remove filter: Page is /' }).click();
  assert.equal(query(page), '?site=blog.example&zone=Europe/Berlin');
  await eventuallyEquals(() => filters(page), []);
  await page.goBack();
  await eventuallyEquals(() => filters(page), ['Page is /']);
});

check('rows filter by keyboard', {}, async ({ page }) => {
  const row = panel(page, 'Pages').locator('tbody tr').first();
  const name = await row.locator('th').innerText();
  await row.getByRole('button').first().press('Enter');
  await eventuallyEquals(() => filters(page), [`Page is ${name.replace('blog.example', '').trim()}`]);
});

check(
  'the URL holds the whole view',
  {
    path: '?from=2026-11-01&to=2026-11-03&bars=hour&site=blog.example&page=/about&userid=u1&zone=America/St_Johns',
  },
  async ({ page, mock }) => {
    assert.equal(await heading(page), 'blog.example 1 – 3 Nov 2026');
    const asked = mock.asked.find(({ question }) => question === 'totals');
    assert.deepEqual(asked, {
      question: 'totals',
      from_ms: Date.parse('2026-11-01T02:30Z'),
      to_ms: Date.parse('2026-11-04T03:30Z'),
      site: 'blog.example',
      filters: [
        { column: 'page', op: 'is', values: ['/about'] },
        { column: 'userid', op: 'is', values: ['u1'] },
      ],
    });
    // The first of the three days has 25 hours there.
    assert.equal(await page.locator('.bar').count(), 73);
    assert.equal(await page.getByLabel('Time zone').inputValue(), 'America/St_Johns');
  },
);

check('another time zone has other days', {}, async ({ page, mock }) => {
  await page.getByLabel('Time zone').selectOption('Asia/Kathmandu');
  assert.equal(query(page), '?zone=Asia/Kathmandu');
  await eventuallyEquals(
    () => mock.asked.findLast(({ question }) => question === 'totals')?.from_ms % 86_400_000,
    18.25 * 3_600_000,
  );
  // The browser remembers it for addresses that name none.
  await page.goto(new URL('/', page.url()).href);
  await settled(page);
  assert.equal(await page.getByRole('combobox', { name: 'Time zone' }).inputValue(), 'Asia/Kathmandu');
  assert.equal(query(page), '');
});

check(
  'a hit appears without a reload, a flicker or an announcement',
  { ready: seeAll },
  async ({ page, mock }) => {
    const views = await tile(page, 'Views');
    await page.evaluate(() => {
      window.seen = [];
      window.row = document.querySelector('.panel tbody tr');
      window.bar = document.querySelector('.bar');
      const watch = () => {
        if (document.querySelector('.skeleton, .failure')) window.seen.push('skeleton');
        if (document.querySelector('[role=status]').textContent !== '') window.seen.push('spoken');
      };
      new MutationObserver(watch).observe(document.body, {
        subtree: true,
        childList: true,
        attributes: true,
        characterData: true,
      });
    });
    await panel(page, 'Pages').getByRole('button').first().focus();
    mock.add({ site: 'blog.example', page: '/posts/one-pixel' });
    await eventuallyEquals(() => tile(page, 'Views'), views + 1);
    mock.add({ site: 'blog.example', page: '/posts/one-pixel' });
    await eventuallyEquals(() => tile(page, 'Views'), views + 2);
    const after = await page.evaluate(() => [
      window.seen,
      window.row.isConnected,
      window.bar.isConnected,
      document.activeElement.tagName,
    ]);
    assert.deepEqual(after, [[], true, true, 'BUTTON']);
  },
);

check('a change of the view is announced once', {}, async ({ page }) => {
  const spoken = page.locator('.summary [role=status]');
  assert.equal(await spoken.textContent(), '');
  await page.getByRole('button', { name: 'Today' }).click();
  await eventuallyEquals(async () => (await spoken.textContent()) === `All sites, 21 Nov 2026: ${await tile(page, 'Views')} views`, true);
});

check(
  'inactive queries are cancelled, and few are in flight',
  { mock: { delay_ms: 60_000 }, ready: () => {} },
  async ({ page, mock }) => {
    await page.locator('.panel').first().waitFor();
    await eventuallyEquals(() => mock.in_flight, 4);
    // Named by the server, so that they can be cancelled.
    await eventuallyEquals(() => mock.polled.size, 4);
    mock.delay_ms = 50;
    await page.getByRole('button', { name: '90 days' }).click();
    // Every period needs the sites of all time.
    await eventuallyEquals(() => mock.cancelled.length, 3);
    await settled(page);
    assert.ok(mock.most_in_flight <= 4, `${mock.most_in_flight} at once`);
    const asked = mock.asked.filter(({ question }) => question === 'totals').map(({ from_ms }) => from_ms);
    assert.ok(asked.includes(Date.parse('2026-08-23T22:00Z')));
  },
);

check(
  'leaving the page cancels its queries',
  { mock: { delay_ms: 60_000 }, ready: () => {} },
  async ({ page, mock }) => {
    await eventuallyEquals(() => mock.in_flight, 4);
    // Named by the server, so that they can be cancelled.
    await eventuallyEquals(() => mock.polled.size, 4);
    await page.goto('about:blank');
    await eventuallyEquals(() => mock.in_flight, 0);
  },
);

check(
  'without live data the page says how old its numbers may be',
  { mock: { live: false } },
  async ({ page, mock }) => {
    await eventuallyEquals(() => page.locator('.freshness').textContent(), 'Up to 5 minutes behind · updated 11:20');
    // It asked once where the lake stands, and doesn't wait at the server's expense.
    assert.equal(mock.following, 0);
  },
);

check('a lost connection is reported, and the numbers stay', { expected_errors: /503/ }, async ({ page, mock }) => {
  const views = await tile(page, 'Views');
  mock.down = true;
  mock.add({ site: 'blog.example', page: '/' });
  await page.getByText(/^Connection lost/).waitFor();
  assert.equal(await tile(page, 'Views'), views);
  mock.down = false;
  await eventuallyEquals(() => tile(page, 'Views'), views + 1);
  await page.getByText(/^Live/).waitFor();
});

check('the first tab stop skips to the content, and keeps the URL', {}, async ({ page }) => {
  const address = page.url();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to content');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'content');
  assert.equal(page.url(), address);
});

check('a hidden page holds no connection, and catches up when shown', {}, async ({ page, mock }) => {
  const views = await tile(page, 'Views');
  const show = (is_shown) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, !is_shown);
  await eventuallyEquals(() => mock.following, 1);
  await show(false);
  await eventuallyEquals(() => mock.following, 0);
  mock.add({ site: 'blog.example', page: '/' });
  assert.equal(await tile(page, 'Views'), views);
  await show(true);
  await eventuallyEquals(() => tile(page, 'Views'), views + 1);
});

const VIEW = { at_ms: NOW_MS - 3_600_000, site: 'blog.example', page: '/', source: null, event: 'view', userid: null, country: 'DE', agent: 'human', agent_rule: '2026.11/browser', visitor: 'v0' };
const MACHINE = { ...VIEW, site: 'other.example', agent: 'bot', agent_rule: '2026.11/library.curl', visitor: null };

check('the only site is shown without being chosen, until there is another one', { mock: { hits: [VIEW, MACHINE] } }, async ({ page, mock }) => {
  assert.equal(await heading(page), 'blog.example 15 – 21 Nov 2026');
  assert.equal(await page.title(), 'blog.example – beacon');
  assert.equal(await page.getByRole('combobox', { name: 'Site', exact: true }).inputValue(), 'blog.example');
  assert.equal(await page.getByRole('region', { name: 'Sites', exact: true }).count(), 0);
  const others = mock.asked.filter(({ question }) => question !== 'sites');
  assert.deepEqual([...new Set(others.map(({ site }) => site))], ['blog.example']);
  await page.getByRole('button', { name: '30 days' }).click();
  await settled(page);
  assert.equal(query(page), '?period=30d&zone=Europe/Berlin');
  mock.add({ ...VIEW, site: 'shop.example' });
  await eventuallyEquals(() => heading(page), 'All sites 23 Oct – 21 Nov 2026');
  await page.getByRole('region', { name: 'Sites', exact: true }).waitFor();
});

check('a site that was there before the period is another one', { mock: { hits: [VIEW, { ...VIEW, site: 'old.example', at_ms: NOW_MS - 400 * 86_400_000 }] } }, async ({ page }) => {
  assert.equal(await heading(page), 'All sites 15 – 21 Nov 2026');
});

check('a slow answer about the only site holds nothing up', { mock: { delay_ms: 60_000 }, ready: () => {} }, async ({ page, mock }) => {
  await eventuallyEquals(() => mock.asked.map(({ question }) => question).slice(0, 2), ['sites', 'totals']);
  assert.equal(await heading(page), 'All sites 15 – 21 Nov 2026');
});
