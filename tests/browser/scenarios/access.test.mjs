// Access to a dashboard with a password, which is required on loopback too.

import assert from 'node:assert/strict';
import { panel, seriousFindings, settled, tiles, topPages } from '../dashboard_page.mjs';
import { beacon } from '../harness/program.mjs';
import { test } from '../fixtures.mjs';
import { eventuallyEquals } from '../harness/polling.mjs';

const PASSWORD = 'correct horse battery';
test.use({
  lake: {
    name: 'access',
    variables: async () => ({ BEACON_DASHBOARD_PASSWORD_HASH: (await beacon(['dashboard-password'], {}, `${PASSWORD}
`)).trim() }),
  },
});

const REFUSED = /status of 40[13]/;

async function logIn(page) {
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await settled(page);
}

test('the dashboard needs its password until log-out', async ({ at, open, expectErrors, hit }) => {
  expectErrors(REFUSED);
  await hit({ site: 'secret.example', page: '/secret' });
  const page = await open();
  await page.goto(`${at.dashboard}/?site=secret.example&zone=UTC`);
  await page.getByLabel('Password').fill('wrong');
  await page.keyboard.press('Enter');
  await page.getByText('Wrong password.').waitFor();
  assert.deepEqual(await seriousFindings(page), []);
  assert.ok(!(await page.content()).includes('/secret"'));
  await logIn(page);
  await eventuallyEquals(() => topPages(page), { '/secret': 1 });

  const [cookie] = await page.window.context.cookies();
  assert.deepEqual([cookie.name, cookie.httpOnly, cookie.sameSite], ['beacon_session', true, 'Lax']);
  await page.reload();
  await settled(page);
  await eventuallyEquals(() => topPages(page), { '/secret': 1 });
  await page.locator('.menu summary').click();
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByLabel('Password').waitFor();
  await page.reload();
  await page.getByLabel('Password').waitFor();
});

test('a share link shows its site and nothing else, without the password', async ({ at, open, expectErrors, hit }) => {
  expectErrors(REFUSED);
  await hit({ site: 'shared.example', page: '/shared' });
  await hit({ site: 'private.example', page: '/private' });
  const owner = await open();
  await owner.goto(`${at.dashboard}/?zone=UTC`);
  await logIn(owner);
  await owner.getByRole('banner').getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = owner.getByRole('dialog', { name: 'Share' });
  await dialog.getByLabel('Site').fill('shared.example');
  await dialog.getByRole('button', { name: 'Create link' }).click();
  const link = await dialog.getByRole('textbox', { name: 'Link' }).inputValue();

  const guest = await open();
  await guest.goto(link);
  await settled(guest);
  await eventuallyEquals(() => topPages(guest), { '/shared': 1 });
  assert.equal(await guest.getByLabel('Site', { exact: true }).count(), 0);
  assert.equal(await guest.getByRole('banner').getByRole('button', { name: 'Share', exact: true }).count(), 0);
  assert.deepEqual(await seriousFindings(guest), []);
  // It is live too.
  await hit({ site: 'shared.example', page: '/shared' });
  await hit({ site: 'private.example', page: '/private' });
  await eventuallyEquals(() => topPages(guest), { '/shared': 2 });

  const url = new URL(link);
  url.search = '?site=private.example';
  const curious = await open();
  await curious.goto(String(url));
  await settled(curious);
  await eventuallyEquals(() => topPages(curious), { '/shared': 2 });
  const token = new URLSearchParams(url.hash.slice(1)).get('share');
  const statuses = await curious.evaluate(async (share) => {
    const now_ms = Date.now();
    const ask = async (site, headers) => {
      const body = JSON.stringify({ question: 'totals', from_ms: now_ms - 86_400_000, to_ms: now_ms, site });
      const answer = await fetch('api/queries', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
      await answer.text();
      return answer.status;
    };
    return [
      await ask('shared.example', { 'x-beacon-share': share }),
      await ask('private.example', { 'x-beacon-share': share }),
      await ask('shared.example', { 'x-beacon-share': `${share}x` }),
      await ask('shared.example', {}),
    ];
  }, token);
  assert.deepEqual(statuses, [202, 403, 401, 401]);
});

test('the token of a share link is never part of a requested URL', async ({ at, open, expectErrors, hit }) => {
  expectErrors(REFUSED);
  const owner = await open();
  await owner.goto(`${at.dashboard}/?zone=UTC`);
  await logIn(owner);
  await hit({ site: 'quiet.example', page: '/quiet' });
  await owner.getByRole('banner').getByRole('button', { name: 'Share', exact: true }).click();
  await owner.getByRole('dialog').getByLabel('Site').fill('quiet.example');
  await owner.getByRole('button', { name: 'Create link' }).click();
  const link = await owner.getByRole('dialog').getByRole('textbox', { name: 'Link' }).inputValue();
  const token = new URLSearchParams(new URL(link).hash.slice(1)).get('share');
  const guest = await open();
  await guest.goto(link);
  await settled(guest);
  await panel(guest, 'Pages').getByRole('table').waitFor();
  await eventuallyEquals(async () => (await tiles(guest)).Views, 1);
  assert.deepEqual(guest.window.requests.filter((request) => request.url().split('#')[0].includes(token)), []);
});
