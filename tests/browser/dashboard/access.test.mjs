// Access: logging in and out, creating and following share links.

import assert from 'node:assert/strict';
import { eventuallyEquals } from '../harness/polling.mjs';
import { check } from './fixtures.mjs';
import { PASSWORD, TOKEN } from './mock.mjs';
import { filters, heading, panel, pressInHeader, query, settled, tile } from './page.mjs';

const REFUSED = /40[13]|429/;
const logIn = {
  mock: { access: 'password' },
  ready: (page) => page.getByLabel('Password').waitFor(),
  expected_errors: REFUSED,
};

check('a password opens the dashboard, a wrong one doesn’t', logIn, async ({ page }) => {
  assert.equal(await page.evaluate(() => document.activeElement.name), 'password');
  await page.keyboard.type('wrong');
  await page.keyboard.press('Enter');
  await page.getByText('Wrong password.').waitFor();
  await page.getByLabel('Password').fill('often');
  await page.keyboard.press('Enter');
  await page.getByText('Too many attempts. Try again in 30 s.').waitFor();
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await settled(page);
  await pressInHeader(page, 'Log out');
  await page.getByLabel('Password').waitFor();
  await page.reload();
  await page.getByLabel('Password').waitFor();
});

check('a dropped session cookie is explained', logIn, async ({ page, mock }) => {
  mock.keeps_sessions = false;
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByText('open the dashboard over HTTPS').waitFor();
  mock.keeps_sessions = true;
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await settled(page);
});

check('an expired session asks for the password again, and keeps the view', logIn, async ({ page, context, mock }) => {
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await settled(page);
  await page.getByRole('button', { name: '30 days' }).click();
  await settled(page);
  await context.clearCookies();
  mock.add({ site: 'blog.example', page: '/' });
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await settled(page);
  assert.equal(query(page), '?period=30d&zone=Europe/Berlin');
});

check('a share link is created for one site and a last day, listed, and revoked', {}, async ({ page, mock }) => {
  await pressInHeader(page, 'Share');
  const dialog = page.getByRole('dialog', { name: 'Share' });
  await dialog.getByLabel('Site', { exact: true }).fill('blog.example');
  await dialog.getByLabel('Name', { exact: true }).fill('Press');
  await dialog.getByLabel('Expires on').fill('2026-12-24');
  await dialog.getByRole('button', { name: 'Create link' }).click();
  await eventuallyEquals(
    () => dialog.getByRole('textbox', { name: 'Link' }).inputValue(),
    `${mock.url}#share=${TOKEN}`,
  );
  assert.deepEqual(mock.shares, [{ id: 's1', site: 'blog.example', name: 'Press', until_ms: Date.parse('2026-12-24T23:00Z') }]);
  await dialog.getByLabel('Name', { exact: true }).fill('');
  await dialog.getByLabel('Password').fill('open sesame');
  await dialog.getByRole('button', { name: 'Create link' }).click();
  await dialog.getByText('with a password').waitFor();
  assert.equal(mock.shares[1].password, 'open sesame');
  assert.equal(mock.shares[1].name, 'blog.example');
  assert.equal(await dialog.getByLabel('Password').inputValue(), '', 'the password doesn’t stay on the screen');
  assert.deepEqual(await dialog.getByRole('listitem').locator('strong').allInnerTexts(), ['Press', 'blog.example']);
  await dialog.getByRole('button', { name: 'Revoke Press' }).click();
  await eventuallyEquals(() => dialog.getByRole('listitem').count(), 1);
  assert.deepEqual(mock.shares.map(({ id }) => id), ['s2']);
});

check(
  'a share link with a password asks for it',
  { mock: { access: 'share', share_password: 'open sesame' }, path: `#share=${TOKEN}`, ready: () => {}, expected_errors: REFUSED },
  async ({ page }) => {
    await page.getByRole('heading', { name: 'This link has a password' }).waitFor();
    await page.getByLabel('Password').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('Wrong password.').waitFor();
    await page.getByLabel('Password').fill('open sesame');
    await page.keyboard.press('Enter');
    await settled(page);
    assert.match(await heading(page), /^blog\.example/);
    assert.equal(new URL(page.url()).hash, `#share=${TOKEN}`);
  },
);

check(
  'a share link shows its site and nothing else',
  { mock: { access: 'share' }, path: `#share=${TOKEN}` },
  async ({ page, mock }) => {
    assert.equal(await heading(page), 'blog.example 15 – 21 Nov 2026');
    await page.getByText('Read-only link, valid until 22 Nov 2026').waitFor();
    assert.equal(await page.getByRole('banner').getByRole('button', { name: 'Share', exact: true }).count(), 0);
    assert.equal(await page.getByLabel('Site', { exact: true }).count(), 0);
    assert.deepEqual([...new Set(mock.asked.map(({ site }) => site))], ['blog.example']);
    const views = await tile(page, 'Views');
    await page.getByRole('button', { name: '30 days' }).click();
    await settled(page);
    assert.ok((await tile(page, 'Views')) > views);
    assert.equal(new URL(page.url()).hash, `#share=${TOKEN}`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      panel(page, 'Pages').getByRole('button', { name: 'Download CSV' }).click(),
    ]);
    assert.match(download.suggestedFilename(), /^top_pages-.*\.csv$/);
  },
);

check(
  'the URL of a share link can’t select another site',
  { mock: { access: 'share' }, path: `?site=shop.example#share=${TOKEN}` },
  async ({ page, mock }) => {
    assert.match(await heading(page), /^blog\.example/);
    assert.ok(mock.asked.every(({ site }) => site === 'blog.example'));
  },
);

check(
  'an expired share link says so',
  { mock: { access: 'share' }, path: '#share=old', ready: () => {}, expected_errors: REFUSED },
  async ({ page }) => {
    await page.getByRole('heading', { name: 'This link has expired or is invalid' }).waitFor();
    await page.getByText('share link not valid: it ended on 2026-11-20').waitFor();
  },
);

check(
  'rows of a shared site filter by page only',
  { mock: { access: 'share' }, path: `#share=${TOKEN}` },
  async ({ page, mock }) => {
    const row = panel(page, 'Pages').locator('tbody tr').first().getByRole('button').first();
    const label = await row.innerText();
    await row.click();
    await eventuallyEquals(() => filters(page), [`Page is ${label}`]);
    const asked = () => mock.asked.findLast(({ question }) => question === 'top_pages');
    await eventuallyEquals(() => asked().filters, [{ column: 'page', op: 'is', values: [label] }]);
  },
);

check('each tab uses its own share link', {}, async ({ start, visit }) => {
  const shared = await start({ access: 'share' });
  const { page } = await visit(`${shared.url}#share=old`);
  await page.getByRole('heading', { name: 'This link has expired or is invalid' }).waitFor();
  // Pasted over the old one: only the fragment differs, so that no load happens by itself.
  await page.evaluate((token) => (location.hash = `share=${token}`), TOKEN);
  await settled(page);
});
