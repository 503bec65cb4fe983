// Row filters: a click on a row filters by all of its columns, including empty ones, in any panel.

import assert from 'node:assert/strict';
import { eventuallyEquals } from '../harness/polling.mjs';
import { check } from './fixtures.mjs';
import { NOW_MS } from './lake.mjs';
import { TOKEN } from './mock.mjs';
import { filters, openTab, panel, query, seeAll, settled, tile } from './page.mjs';

const hit = (fields) => ({
  at_ms: NOW_MS - 3_600_000,
  site: 'blog.example',
  page: '/a',
  source: null,
  event: 'view',
  userid: null,
  country: 'DE',
  ...fields,
});
const many = (count, fields) => Array.from({ length: count }, () => hit(fields));

/** Views and other events, with and without site, page and campaign. */
const HITS = [
  ...many(7, {}),
  ...many(4, { site: null }),
  ...many(3, { page: null }),
  ...many(2, { source: 'news.example' }),
  ...many(5, { source: 'android-app://com.google.android.gm' }),
  ...many(6, { source: 'newsletter' }),
  ...many(2, { source: 'newsletter', site: 'shop.example' }),
  ...many(3, { event: 'open', page: '/mail' }),
  ...many(2, { event: 'open', page: '/mail', site: 'shop.example' }),
  ...many(1, { event: 'open', page: null, site: null }),
  ...many(2, { event: 'signup', page: '/a' }),
];
const lake = { mock: { hits: HITS }, ready: seeAll };

const rowOf = (page, title, text) => panel(page, title).locator('tbody tr', { hasText: text }).first();
/** Returns a row of a panel, or of a tab as "Sources/Referrers". */
async function tabRow(page, title, text) {
  const [name, tab] = title.split('/');
  if (tab !== undefined) await openTab(page, name, tab);
  return rowOf(page, name, text);
}

check('a click on an event filters by it, on all pages', lake, async ({ page, mock }) => {
  await panel(page, 'Events').getByRole('button', { name: 'signup', exact: true }).click();
  assert.equal(query(page), '?event=signup&zone=Europe/Berlin');
  await eventuallyEquals(() => filters(page), ['Event is signup']);
  await settled(page);
  assert.ok(mock.asked.some(({ filters: asked }) => JSON.stringify(asked) === '[{"column":"event","op":"is","values":["signup"]}]'));
  // The number of the row is that of the tile.
  await eventuallyEquals(() => tile(page, 'Conversions'), 2);
  await page.getByRole('button', { name: 'Remove filter: Event is signup' }).click();
  await eventuallyEquals(() => query(page), '');
});

/** Each panel, a row of it, the query that it leads to, and the number that the tile then has. */
const ROWS = [
  ['Pages', 'Unknown site', '?site.empty=yes&page=/a', ['Views', 4]],
  // On no other site: the page alone finds this row.
  ['Pages', 'Unknown page', '?page.empty=yes', ['Views', 3]],
  ['Sources/Referrers', 'Gmail', '?referrer=android-app://com.google.android.gm', ['Views', 5]],
  ['Sources/Referrers', 'news.example', '?referrer=news.example', ['Views', 2]],
  ['Sources/Campaigns', 'issue-12', '?utm_campaign=issue-12', ['Views', 6]],
  ['Sources', 'newsletter', '?source=newsletter', ['Views', 8]],
  ['Sources', 'Direct / unknown', '?source.empty=yes', ['Views', 14]],
  ['Sources/Channels', 'Email', '?channel=Email', ['Views', 8]],
  ['Locations', 'Germany', '?country=DE', ['Views', 29]],
  ['Locations/Languages', 'Unknown', '?language.empty=yes', ['Views', 29]],
  ['Devices', 'Unknown', '?device.empty=yes', ['Views', 29]],
  ['Devices/Sizes', 'Unknown', '?size.empty=yes', ['Views', 29]],
  ['Sites', 'shop.example', '?site=shop.example', ['Views', 2]],
  ['Sites', 'Unknown site', '?site.empty=yes', ['Views', 4]],
  ['Events', 'signup', '?event=signup', ['Conversions', 2]],
];

for (const [title, text, address, [name, number]] of ROWS) {
  check(`a click on ${text} in ${title} finds just that`, lake, async ({ page }) => {
    // Not on the name, which is a button of its own.
    await (await tabRow(page, title, text)).locator('td').last().click();
    assert.equal(query(page), `${address}&zone=Europe/Berlin`);
    await settled(page);
    await eventuallyEquals(() => tile(page, name), number);
    // The address alone leads to the same.
    await page.reload();
    await settled(page);
    await eventuallyEquals(() => tile(page, name), number);
  });
}

check('a second click on a row removes its filter', { mock: { hits: [...HITS, hit({ device: 'phone' })] }, ready: seeAll }, async ({ page }) => {
  const phone = panel(page, 'Devices').getByRole('button', { name: 'Phone', exact: true });
  assert.equal(await phone.getAttribute('aria-pressed'), 'false');
  await phone.press('Enter');
  assert.equal(query(page), '?device=phone&zone=Europe/Berlin');
  await eventuallyEquals(() => filters(page), ['Device is Phone']);
  await eventuallyEquals(() => tile(page, 'Views'), 1);
  await eventuallyEquals(() => phone.getAttribute('aria-pressed'), 'true');
  await phone.press('Enter');
  await eventuallyEquals(() => tile(page, 'Views'), 30);
  assert.equal(query(page), '');
});

check(
  'guests filter by rows within their site',
  { mock: { hits: HITS, access: 'share' }, path: `#share=${TOKEN}`, ready: seeAll },
  async ({ page, mock }) => {
    await panel(page, 'Pages').getByRole('button', { name: '/a', exact: true }).click();
    assert.equal(query(page), '?site=blog.example&page=/a&zone=Europe/Berlin');
    await eventuallyEquals(() => filters(page), ['Page is /a']);
    assert.ok(mock.asked.every(({ site }) => site === 'blog.example'));
  },
);

check('a site with only opens is in the site menu and the share dialog', { mock: { hits: [...HITS, hit({ site: 'mail.example', event: 'open' })] } }, async ({ page }) => {
  const menu = page.getByLabel('Site', { exact: true }).locator('option');
  await eventuallyEquals(async () => (await menu.allInnerTexts()).toSorted(), ['All sites', 'Unknown site', 'blog.example', 'mail.example', 'shop.example']);
  await page.getByLabel('Site', { exact: true }).selectOption('mail.example');
  await eventuallyEquals(() => query(page), '?site=mail.example&zone=Europe/Berlin');
  await page.getByRole('banner').getByRole('button', { name: 'Share', exact: true }).click();
  assert.deepEqual(
    await page.locator('#share-sites option').evaluateAll((all) => all.map(({ value }) => value).sort()),
    ['blog.example', 'mail.example', 'shop.example'],
  );
});

check('the site menu has hits without a site', lake, async ({ page }) => {
  const menu = page.getByLabel('Site', { exact: true });
  await menu.selectOption('Unknown site');
  await eventuallyEquals(() => query(page), '?site.empty=yes&zone=Europe/Berlin');
  await eventuallyEquals(() => tile(page, 'Views'), 4);
  await menu.selectOption('All sites');
  await eventuallyEquals(() => query(page), '');
});

check('apps have names as referrers and as sources', lake, async ({ page }) => {
  assert.equal(await rowOf(page, 'Sources', 'Gmail').getByRole('button', { name: 'Gmail', exact: true }).count(), 1);
  const button = (await tabRow(page, 'Sources/Referrers', 'Gmail')).getByRole('button', { name: 'Gmail', exact: true });
  assert.match(await button.getAttribute('title'), /^android-app:\/\/com\.google\.android\.gm /);
});
