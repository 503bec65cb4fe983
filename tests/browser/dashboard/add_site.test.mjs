// The dialog "Add a site": the snippet, and what it says about the hits that come.

import assert from 'node:assert/strict';
import { eventuallyEquals } from '../harness/polling.mjs';
import { check } from './fixtures.mjs';
import { NOW_MS } from './lake.mjs';
import { TOKEN } from './mock.mjs';
import { filters, heading, pressInHeader, settled } from './page.mjs';

const MACHINE = { at_ms: NOW_MS - 1_000, page: '/', source: null, event: 'view', userid: null, country: 'DE', agent: 'bot', agent_rule: '2026.11/library.curl', visitor: null };

async function open(page, site) {
  await pressInHeader(page, 'Add a site');
  const dialog = page.getByRole('dialog', { name: 'Add a site' });
  await dialog.getByLabel('Site', { exact: true }).fill(site);
  return dialog;
}

check('the snippet is that of the typed site', {}, async ({ page }) => {
  const dialog = await open(page, 'https://New.example/path');
  const snippet = dialog.getByRole('region', { name: 'Snippet', exact: true });
  assert.match(await snippet.innerText(), /^<script defer src="http:\/\/127\.0\.0\.1:8080\/beacon\.js" data-site="new\.example" data-local><\/script>\n<noscript><img src="http:\/\/127\.0\.0\.1:8080\/pixel\.gif\?site=new\.example" /);
  await dialog.getByRole('button', { name: 'Copy snippet', exact: true }).click();
  await dialog.getByText(/^(Copied|Select and copy it)$/).waitFor();
  await dialog.getByText('Leave out your own visits').click();
  await dialog.getByText('https://new.example/#beacon-ignore').waitFor();
  await dialog.getByText('Emails, and pages without scripts').click();
  assert.match(await dialog.getByRole('region', { name: 'Snippet for emails' }).innerText(), /site=new\.example&amp;event=open/);
  assert.match(await dialog.getByRole('region', { name: 'Snippet of a style sheet' }).innerText(), /pixel\.css\?site=new\.example/);
});

check('the first hit turns the line into a link to the dashboard', {}, async ({ page, mock }) => {
  const dialog = await open(page, 'new.example');
  await dialog.getByText('Waiting for the first hit of new.example.').waitFor();
  mock.add({ site: 'new.example', page: '/' });
  await dialog.getByRole('link', { name: 'Open the dashboard of new.example' }).click();
  await dialog.waitFor({ state: 'detached' });
  await settled(page);
  assert.match(await heading(page), /^new\.example/);
});

check('a machine’s hit is told at once, and a person’s still ends the wait', {}, async ({ page, mock }) => {
  const dialog = await open(page, 'new.example');
  await dialog.getByText('Waiting for the first hit').waitFor();
  mock.add({ site: 'new.example', page: '/', agent: 'bot', agent_rule: '2026.11/ai.training.gptbot' });
  await dialog.getByText('A hit came, by GPTBot, one of the bots. Machines are not counted').waitFor();
  mock.add({ site: 'new.example', page: '/' });
  await dialog.getByRole('link', { name: 'Open the dashboard of new.example' }).waitFor();
});

check('a hit for another name of the site is told', {}, async ({ page, mock }) => {
  const dialog = await open(page, 'new.example');
  await dialog.getByText('Waiting for the first hit').waitFor();
  mock.add({ site: 'www.new.example', page: '/' });
  await dialog.getByText('A hit came for www.new.example, not for new.example.').waitFor();
});

check('a site that only machines have found isn’t counted yet', { mock: { hits: [{ ...MACHINE, site: 'new.example' }, { ...MACHINE, agent: 'human', site: 'old.example', at_ms: NOW_MS - 400 * 86_400_000 }] } }, async ({ page }) => {
  const dialog = await open(page, 'new.example');
  await dialog.getByText('A hit came, by curl, one of the bots.').waitFor();
  // Whatever the period, and on the page of SQL too.
  await dialog.getByLabel('Site', { exact: true }).fill('old.example');
  await dialog.getByRole('link', { name: 'Open the dashboard of old.example' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'SQL', exact: true }).click();
  await open(page, 'old.example');
  await dialog.getByRole('link', { name: 'Open the dashboard of old.example' }).click();
  await settled(page);
  assert.match(await heading(page), /^old\.example/);
});

check('the dashboard of a site has no other site’s filter', { path: '?site=shop.example&site=blog.example' }, async ({ page }) => {
  const dialog = await open(page, 'blog.example');
  await dialog.getByRole('link', { name: 'Open the dashboard of blog.example' }).click();
  await settled(page);
  assert.deepEqual(await filters(page), []);
});

check('a site with hits is counted already', {}, async ({ page }) => {
  const dialog = await open(page, 'blog.example');
  await dialog.getByRole('link', { name: 'Open the dashboard of blog.example' }).waitFor();
});

check('a site that the server ignores is refused before anybody waits', { mock: { sites: ['blog.example', '*.shop.example'] } }, async ({ page }) => {
  const dialog = await open(page, 'new.example');
  await dialog.getByRole('alert').getByText('Hits of new.example are ignored: BEACON_SITES lists blog.example, *.shop.example.').waitFor();
  await dialog.getByLabel('Site', { exact: true }).fill('a.shop.example');
  await eventuallyEquals(() => dialog.getByRole('alert').count(), 0);
});

check('beside the list of sites stands that strangers can add to it, where they can', {}, async ({ page, start, visit }) => {
  await page.getByText('BEACON_SITES is not set: strangers can send hits for any site').waitFor();
  const closed = await start({ sites: ['blog.example'] });
  const other = await visit(closed.url);
  await other.page.getByRole('region', { name: 'Sites', exact: true }).getByRole('table').waitFor();
  assert.equal(await other.page.getByText('BEACON_SITES').count(), 0);
});

check('guests add no sites', { mock: { access: 'share' }, path: `#share=${TOKEN}` }, async ({ page }) => {
  assert.equal(await page.getByRole('button', { name: 'Add a site' }).count(), 0);
});

check('nothing of the dialog overflows a small screen', { page: { viewport: { width: 360, height: 740 } } }, async ({ page }) => {
  const dialog = await open(page, 'a-rather-long-name-of-a-site.example');
  for (const summary of await dialog.locator('summary').all()) await summary.click();
  assert.ok(await dialog.evaluate((element) => element.scrollWidth <= element.clientWidth));
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
});
