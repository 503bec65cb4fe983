// Conversions, events, goals and emails: what the tables count beside views.

import assert from 'node:assert/strict';
import { eventuallyEquals } from '../harness/polling.mjs';
import { check } from './fixtures.mjs';
import { NOW_MS } from './lake.mjs';
import { TOKEN } from './mock.mjs';
import { openTab, panel, query, seeAll, settled, tile } from './page.mjs';

const hit = (fields) => ({
  at_ms: NOW_MS - 3_600_000,
  site: 'blog.example',
  page: '/a',
  source: null,
  event: 'view',
  userid: null,
  country: 'DE',
  visitor: null,
  agent: 'human',
  agent_rule: '2026.11/browser',
  ...fields,
});
const visitors = (count, fields) => Array.from({ length: count }, (_, index) => hit({ visitor: `v${index}`, ...fields }));

const HITS = [
  ...visitors(20, {}),
  ...visitors(4, { source: 'newsletter', page: '/b' }),
  ...visitors(3, { event: 'signup', source: 'newsletter', page: '/b', params: { plan: 'pro' } }),
  hit({ event: 'signup', source: 'newsletter', visitor: 'v0', page: '/b', params: { plan: 'free' } }),
  hit({ event: 'signup', agent: 'unknown', agent_rule: '2026.11/server.product', params: {} }),
  ...visitors(2, { event: 'download', params: { file: 'a.pdf' } }),
  ...Array.from({ length: 12 }, (_, index) => hit({ event: 'open', source: 'newsletter', page: '/mail', userid: `u${index % 4}`, browser: 'Firefox' })),
  ...Array.from({ length: 20 }, () => hit({ event: 'open', source: 'newsletter', page: '/mail', agent: 'mail_proxy', agent_rule: '2026.11/mail.gmail' })),
  hit({ event: 'click', source: 'newsletter', page: '/mail' }),
];
const lake = { mock: { hits: HITS }, ready: seeAll };

const chips = (page) => page.locator('.chip span').allInnerTexts();
const heads = (region) => region.locator('thead th').allInnerTexts();
const rows = (region) =>
  region.locator('tbody tr').evaluateAll((all) =>
    all.map((row) => [row.querySelector('.filter-button, .row-label').textContent, ...[...row.cells].slice(1).map((cell) => cell.textContent)]),
  );

check('events have times, visitors and the rate of all visitors', lake, async ({ page }) => {
  const events = panel(page, 'Events');
  assert.deepEqual(await heads(events), ['Event', 'Times', 'Visitors', 'Rate']);
  // Opens and clicks are those of emails.
  assert.deepEqual(await rows(events), [['signup', '5', '3', '15%'], ['download', '2', '2', '10%']]);
});

check('a filter on an event turns every table into conversions', lake, async ({ page, mock }) => {
  await panel(page, 'Events').getByRole('button', { name: 'signup', exact: true }).click();
  assert.equal(query(page), '?event=signup&zone=Europe/Berlin');
  await eventuallyEquals(() => chips(page), ['Event is signup']);
  await settled(page);
  await seeAll(page);
  for (const title of ['Sources', 'Pages', 'Locations', 'Devices']) {
    const shown = (await heads(panel(page, title))).slice(1).filter((name) => name !== 'Change');
    assert.deepEqual(shown, ['Conversions', 'Converted visitors', 'Rate'], title);
  }
  // A conversion that a server reported has no visitor, and no rate.
  assert.deepEqual(await rows(panel(page, 'Sources')), [['newsletter', '4', '3', '75%'], ['Direct / unknown', '1', '0', '']]);
  assert.deepEqual(await rows(panel(page, 'Events')), [['signup', '5', '3', '15%']]);
  const asked = mock.asked.filter(({ question }) => question === 'sources').map(({ filters }) => filters?.length ?? 0);
  assert.deepEqual(asked, [0, 1, 0], 'the rate’s denominator is asked without the filter');
});

check('properties are listed by value, of the property that is chosen', lake, async ({ page, mock }) => {
  const events = await openTab(page, 'Events', 'Properties');
  const property = events.getByRole('combobox', { name: 'Property' });
  await property.waitFor();
  assert.deepEqual(await property.locator('option').allInnerTexts(), ['plan', 'file']);
  await eventuallyEquals(() => rows(events), [['pro', '3', '3', '43%'], ['(none)', '3', '2', '43%'], ['free', '1', '1', '14%']]);
  assert.deepEqual(await heads(events), ['plan', 'Times', 'Visitors', 'Share']);
  await property.selectOption('file');
  await eventuallyEquals(() => rows(events), [['(none)', '5', '3', '71%'], ['a.pdf', '2', '2', '29%']]);
  assert.deepEqual(mock.asked.filter(({ question }) => question === 'properties').map(({ by }) => by), ['plan', 'file']);
  await events.getByRole('button', { name: 'a.pdf', exact: true }).click();
  // The row counts events, so the tile does too.
  assert.equal(query(page), '?event.not=view&event.not=open&event.not=click&prop.file=a.pdf&zone=Europe/Berlin');
  await eventuallyEquals(() => tile(page, 'Conversions'), 2);
  await eventuallyEquals(() => tile(page, 'Converted visitors'), 2);
  await events.getByRole('button', { name: 'a.pdf', exact: true }).click();
  await eventuallyEquals(() => query(page), '');
});

check('guests have no properties', { mock: { hits: HITS, access: 'share' }, path: `#share=${TOKEN}`, ready: seeAll }, async ({ page }) => {
  assert.deepEqual(await panel(page, 'Events').getByRole('tab').allInnerTexts(), ['Events', 'Goals']);
  await openTab(page, 'Events', 'Goals');
  await panel(page, 'Events').getByText('No goals yet.', { exact: true }).waitFor();
});

check('a goal is saved, counted, chosen and deleted', { ...lake, path: '?event=signup&page=/b' }, async ({ page, mock }) => {
  const events = await openTab(page, 'Events', 'Goals');
  await events.getByText('No goals yet.').waitFor();
  await events.getByRole('textbox', { name: 'Name of the goal' }).fill('Sign-up on b');
  await events.getByRole('button', { name: 'Save as goal' }).click();
  const goal = events.getByRole('button', { name: 'Sign-up on b', exact: true });
  await goal.waitFor();
  assert.deepEqual(mock.goals, [
    { name: 'Sign-up on b', filters: [{ column: 'page', op: 'is', values: ['/b'] }, { column: 'event', op: 'is', values: ['signup'] }] },
  ]);
  assert.equal(await goal.getAttribute('aria-pressed'), 'true');
  await goal.click();
  await eventuallyEquals(() => query(page), '');
  await eventuallyEquals(() => rows(events), [['Sign-up on b', '4', '3', '75%']]);
  await goal.click();
  await eventuallyEquals(() => chips(page), ['Page is /b', 'Event is signup']);
  // The page knows it again after it was hidden.
  await page.getByRole('link', { name: 'SQL', exact: true }).click();
  await page.getByRole('link', { name: 'Dashboard', exact: true }).click();
  await seeAll(page);
  await goal.waitFor();
  await events.getByRole('textbox', { name: 'Name of the goal' }).fill('Sign-up on b');
  await events.getByText('This replaces the goal “Sign-up on b”.').waitFor();
  await page.reload();
  await seeAll(page);
  await events.getByRole('button', { name: 'Delete goal Sign-up on b' }).click();
  await events.getByText('No goals yet.').waitFor();
  assert.deepEqual(mock.goals, []);
});

const GOALS = [
  { name: 'Sign-up on b', filters: [{ column: 'page', op: 'is', values: ['/b'] }, { column: 'event', op: 'is', values: ['signup'] }] },
  { name: 'By servers', filters: [{ column: 'event', op: 'is', values: ['signup'] }, { column: 'agent', op: 'is', values: ['unknown'] }] },
];

check('a goal counts under the view’s conditions on other columns', { mock: { hits: HITS, goals: GOALS }, path: '?page=/a&country=DE', ready: seeAll }, async ({ page }) => {
  const events = await openTab(page, 'Events', 'Goals');
  await eventuallyEquals(() => rows(events), [['Sign-up on b', '4', '3', '75%'], ['By servers', '1', '0', '']]);
  await events.getByRole('button', { name: 'Sign-up on b', exact: true }).click();
  await eventuallyEquals(() => chips(page), ['Page is /b', 'Event is signup', 'Country is Germany']);
  await eventuallyEquals(() => tile(page, 'Conversions'), 4);
  await eventuallyEquals(() => tile(page, 'Converted visitors'), 3);
});

check('emails have opens as a range, unique opens and clicks', lake, async ({ page }) => {
  const emails = await openTab(page, 'Emails', 'Messages');
  await emails.getByRole('table').waitFor();
  assert.deepEqual(await heads(emails), ['Message', 'Opens', 'Unique opens', 'Clicks']);
  assert.deepEqual(await rows(emails), [['Letter of blog.example', '12–32', '4', '1']]);
  await openTab(page, 'Emails', 'Read with');
  await eventuallyEquals(() => rows(emails), [['Firefox', '12', ], ['Gmail’s image proxy', '0–20']]);
  await openTab(page, 'Emails', 'Campaigns');
  await emails.getByRole('button', { name: 'issue-12', exact: true }).click();
  assert.equal(query(page), '?utm_campaign=issue-12&zone=Europe/Berlin');
  await eventuallyEquals(() => tile(page, 'Views'), 4);
});
