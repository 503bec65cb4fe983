// The dashboard in Firefox: its numbers, a live hit, and a share link.

import assert from 'node:assert/strict';
import { columnOf, tiles } from '../dashboard_page.mjs';
import { eventuallyEquals } from '../harness/polling.mjs';
import { beacon } from '../harness/program.mjs';
import { test } from './fixtures.mjs';

const PASSWORD = 'correct horse battery';

test.use({
  lake: {
    name: 'firefox-dashboard',
    variables: async () => ({ BEACON_DASHBOARD_PASSWORD_HASH: (await beacon(['dashboard-password'], {}, `${PASSWORD}\n`)).trim() }),
  },
});

async function logIn(page) {
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.tile-value');
}

/** Returns the views of each page in the table of top pages. */
async function topPages(page) {
  const region = await page.evaluateHandle(() => [...document.querySelectorAll('.panel')].find((panel) => panel.querySelector('h2')?.textContent === 'Pages') ?? document.head);
  return columnOf(region, 'Views');
}

test('the dashboard shows the numbers, and a live hit without a reload', async ({ at, firefox, hit }) => {
  for (const page of ['/first', '/first', '/second']) await hit({ site: 'numbers.example', page });
  const page = await firefox();
  const problems = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(`${at.dashboard}/?site=numbers.example&zone=UTC`);
  await logIn(page);
  await eventuallyEquals(() => topPages(page), { '/first': 2, '/second': 1 });
  assert.equal((await tiles(page)).Views, 3);
  await page.evaluate(() => { window.kept = true; });
  for (let time = 0; time < 2; time += 1) await hit({ site: 'numbers.example', page: '/second' });
  await eventuallyEquals(() => topPages(page), { '/second': 3, '/first': 2 });
  assert.equal(await page.evaluate(() => window.kept), true);
  assert.deepEqual(problems, []);
});

test('a share link shows its site and nothing else, without the password', async ({ at, firefox, hit }) => {
  await hit({ site: 'shared.example', page: '/shared' });
  await hit({ site: 'private.example', page: '/private' });
  const owner = await firefox();
  await owner.goto(`${at.dashboard}/?zone=UTC`);
  await logIn(owner);
  await owner.locator('button ::-p-text(Share)').click();
  await owner.locator('dialog input[list]').fill('shared.example');
  await owner.locator('dialog button[type=submit]').click();
  const field = await owner.waitForSelector('.share-link input');
  const link = await field.evaluate((input) => input.value);

  const guest = await firefox();
  await guest.goto(link);
  await guest.waitForSelector('.tile-value');
  await eventuallyEquals(() => topPages(guest), { '/shared': 1 });
  const text = await guest.evaluate(() => document.body.innerText);
  assert.ok(!text.includes('private.example'), text);

  const curious = await firefox();
  const other = new URL(link);
  other.search = '?site=private.example';
  await curious.goto(String(other));
  await curious.waitForSelector('.tile-value');
  await eventuallyEquals(() => topPages(curious), { '/shared': 1 });
});
