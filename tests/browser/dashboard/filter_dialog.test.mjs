// The dialog that adds and changes filters, and the chips that show them.

import assert from 'node:assert/strict';
import { eventuallyEquals } from '../harness/polling.mjs';
import { check } from './fixtures.mjs';
import { NOW_MS } from './lake.mjs';
import { TOKEN } from './mock.mjs';
import { addFilter, filters, query, settled, tile } from './page.mjs';

const button = (page, name) => page.getByRole('button', { name, exact: true });
const dialog = (page) => page.getByRole('dialog', { name: 'Filter' });
const field = (page, name) => dialog(page).getByRole('combobox', { name, exact: true });

const hit = (fields) => ({
  at_ms: NOW_MS - 3_600_000,
  site: 'blog.example',
  page: '/a',
  source: null,
  event: 'view',
  userid: null,
  country: 'DE',
  agent: 'human',
  agent_rule: '2026.11/browser',
  ...fields,
});
const HITS = [
  hit({ page: '/posts/a', device: 'phone', userid: 'u1' }),
  hit({ page: '/posts/b', device: 'phone' }),
  hit({ page: '/posts/b', device: 'tablet', country: 'AT' }),
  hit({ page: '/about', device: 'desktop', source: 'newsletter' }),
  hit({ page: '/about', device: null, source: 'newsletter', params: { plan: 'pro' } }),
  hit({ page: '/about', device: null, agent: 'bot', agent_rule: '2026.11/library.curl' }),
];
const lake = { mock: { hits: HITS } };

for (const [column, condition, value, search, text, views] of [
  ['Device', 'is', 'Phone', 'device=phone', 'Device is Phone', 2],
  ['Device', 'is not', 'phone', 'device.not=phone', 'Device is not Phone', 3],
  ['Page', 'contains', 'osts', 'page.contains=osts', 'Page contains osts', 3],
  ['Page', 'starts with', '/about', 'page.starts=/about', 'Page starts with /about', 2],
  ['Device', 'is empty', undefined, 'device.empty=yes', 'Device is empty', 1],
  ['Device', 'is not empty', undefined, 'device.empty=no', 'Device is not empty', 4],
  ['Country', 'is', 'Austria', 'country=AT', 'Country is Austria', 1],
  ['userid', 'is', 'u1', 'userid=u1', 'userid is u1', 1],
  ['Agent', 'is', 'Bots', 'agent=bot', 'Agent is Bots', 1],
]) {
  check(`the dialog filters by ${text}`, lake, async ({ page }) => {
    await addFilter(page, column, condition, value);
    assert.equal(query(page), `?${search}&zone=Europe/Berlin`);
    assert.deepEqual(await filters(page), [text]);
    await eventuallyEquals(() => tile(page, 'Views'), views);
    await page.reload();
    await settled(page);
    assert.deepEqual(await filters(page), [text]);
    await eventuallyEquals(() => tile(page, 'Views'), views);
  });
}

check('Back undoes each step', lake, async ({ page }) => {
  await addFilter(page, 'Device', 'is', 'Phone');
  await addFilter(page, 'Page', 'is', '/posts/b');
  await eventuallyEquals(() => filters(page), ['Page is /posts/b', 'Device is Phone']);
  await eventuallyEquals(() => tile(page, 'Views'), 1);
  await page.goBack();
  await eventuallyEquals(() => filters(page), ['Device is Phone']);
  await page.goBack();
  await eventuallyEquals(() => filters(page), []);
  await eventuallyEquals(() => tile(page, 'Views'), 5);
});

check('a filter is changed, joined with others, and removed', lake, async ({ page }) => {
  await addFilter(page, 'Device', 'is', 'Phone');
  // Another value of the same column is one more that counts.
  await addFilter(page, 'Device', 'is', 'Tablet');
  await eventuallyEquals(() => filters(page), ['Device is Phone or Tablet']);
  await eventuallyEquals(() => tile(page, 'Views'), 3);
  await button(page, 'Change filter: Device is Phone or Tablet').click();
  assert.equal(await field(page, 'Column').inputValue(), 'device');
  assert.equal(await field(page, 'Value').inputValue(), 'Phone');
  assert.equal(await field(page, 'Value 2').inputValue(), 'Tablet');
  await field(page, 'Value 2').fill('');
  await field(page, 'Condition').selectOption('is not');
  await dialog(page).getByRole('button', { name: 'Apply' }).click();
  await eventuallyEquals(() => filters(page), ['Device is not Phone']);
  await addFilter(page, 'Source', 'is', 'newsletter');
  await button(page, 'Remove filter: Device is not Phone').click();
  await eventuallyEquals(() => filters(page), ['Source is newsletter']);
  await button(page, 'Clear filters').click();
  await eventuallyEquals(() => filters(page), []);
  assert.equal(query(page), '');
});

check('a changed condition keeps values that the period lacks, and values that have a name', { ...lake, path: '?page=/About&referrer=android-app://com.google.android.gm' }, async ({ page }) => {
  const changed = async (name) => {
    await button(page, `Change filter: ${name}`).click();
    await field(page, 'Condition').selectOption('is not');
    await dialog(page).getByRole('button', { name: 'Apply' }).click();
  };
  await changed('Page is /About');
  await changed('Referrer is Gmail');
  assert.equal(query(page), '?page.not=/About&referrer.not=android-app://com.google.android.gm&zone=Europe/Berlin');
});

check('values are suggested by their names', lake, async ({ page }) => {
  await button(page, 'Add filter').click();
  const suggested = () => dialog(page).locator('datalist option').evaluateAll((all) => all.map(({ value }) => value));
  await field(page, 'Column').selectOption('Agent');
  assert.deepEqual(await suggested(), ['People', 'Unclear', 'Bots', 'Security scanners', 'Prefetch', 'Mail proxies']);
  assert.deepEqual(await field(page, 'Condition').locator('option').allInnerTexts(), ['is', 'is not']);
  await field(page, 'Value').fill('Robots');
  await dialog(page).getByText('There is no class “Robots”').waitFor();
  assert.ok(await dialog(page).getByRole('button', { name: 'Apply' }).isDisabled());
  await field(page, 'Column').selectOption('Country');
  await eventuallyEquals(suggested, ['Germany', 'Austria']);
  await field(page, 'Column').selectOption('Page');
  await eventuallyEquals(async () => (await suggested()).includes('/posts/b'), true);
});

check('the dialog closes without a change', lake, async ({ page }) => {
  await button(page, 'Add filter').click();
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  assert.equal(query(page), '');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Add filter');
});

check('guests filter, but not by custom columns', { mock: { hits: HITS, access: 'share' }, path: `#share=${TOKEN}` }, async ({ page }) => {
  await button(page, 'Add filter').click();
  const columns = await field(page, 'Column').locator('option').allInnerTexts();
  assert.ok(columns.includes('Device') && !columns.includes('userid'), columns.join());
  assert.ok(!columns.some((name) => name.startsWith('Property')), columns.join());
  assert.equal(await dialog(page).getByText('Saved filters').count(), 0);
});

check('a phone shows how many filters there are', { ...lake, page: { viewport: { width: 360, height: 740 } }, path: '?device=phone&page.contains=osts' }, async ({ page }) => {
  assert.equal(await button(page, 'Add filter').getAttribute('data-count'), '2');
  const chips = page.getByRole('list', { name: 'Filters' });
  assert.equal(await chips.evaluate((list) => list.getBoundingClientRect().height < 40), true, 'one line');
});

check('filters are saved by a name, applied and deleted', { ...lake, path: '?site=blog.example&device=phone&period=30d' }, async ({ page, mock }) => {
  await button(page, 'Save filters').click();
  const saving = page.getByRole('dialog', { name: 'Save filters' });
  await saving.getByRole('textbox', { name: 'Name' }).fill('Readers on phones');
  await saving.getByRole('button', { name: 'Save', exact: true }).click();
  await saving.waitFor({ state: 'detached' });
  assert.deepEqual(mock.saved, [{ name: 'Readers on phones', search: '?site=blog.example&device=phone' }]);
  await button(page, 'Clear filters').click();
  await page.getByRole('combobox', { name: 'Site', exact: true }).selectOption('All sites');
  await button(page, 'Add filter').click();
  await dialog(page).getByRole('button', { name: 'Readers on phones', exact: true }).click();
  // The period is no filter.
  assert.equal(query(page), '?period=30d&site=blog.example&device=phone&zone=Europe/Berlin');
  await eventuallyEquals(() => filters(page), ['Device is Phone']);
  await button(page, 'Add filter').click();
  await dialog(page).getByRole('button', { name: 'Delete saved filters: Readers on phones' }).click();
  await eventuallyEquals(() => mock.saved, []);
  await eventuallyEquals(() => dialog(page).getByText('Saved filters').count(), 0);
});
