// Agents: which are counted, what was left out, and the filter on them.

import assert from 'node:assert/strict';
import { eventuallyEquals } from '../harness/polling.mjs';
import { check } from './fixtures.mjs';
import { NOW_MS } from './lake.mjs';
import { filters, openTab, panel, query, seeAll, tile } from './page.mjs';

const hit = (agent, rule, fields = {}) => ({
  at_ms: NOW_MS - 3_600_000,
  site: 'blog.example',
  page: '/a',
  source: null,
  event: 'view',
  userid: null,
  country: null,
  visitor: null,
  agent,
  agent_rule: rule === null ? null : `2026.11/${rule}`,
  ...fields,
});
const many = (count, ...hits) => Array.from({ length: count }, () => hit(...hits));

const HITS = [
  ...many(3, 'human', 'browser', { visitor: 'v1' }),
  hit('human', 'browser', { visitor: 'v2', page: '/b' }),
  hit(undefined, null),
  ...many(30, 'bot', 'search.googlebot'),
  ...many(2, 'bot', 'ai.training.gptbot', { page: '/b' }),
  ...many(4, 'prefetch', 'prefetch.prerender'),
  ...many(12, 'human', 'mail.outlook', { event: 'open', page: '/mail', source: 'newsletter' }),
  ...many(20, 'mail_proxy', 'mail.gmail', { event: 'open', page: '/mail', source: 'newsletter' }),
  ...many(5, 'bot', 'generic.crawler', { event: 'open', page: '/mail' }),
];
const lake = { mock: { hits: HITS }, ready: seeAll };

const notCounted = (page) => page.getByRole('status').filter({ hasText: /^Not counted:/ }).innerText();
const cells = async (region) =>
  (await region.locator('tbody tr').evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))));

check('people and unclear agents are counted, and a line says what isn’t', lake, async ({ page, mock }) => {
  assert.deepEqual([await tile(page, 'Visitors'), await tile(page, 'Views')], [2, 5]);
  assert.equal(await notCounted(page), 'Not counted: 32 views by bots, 4 by prefetch.');
  // The menu has the sites of all classes.
  const named = mock.asked.filter((request) => 'agents' in request).map(({ question, agents }) => `${question}: ${agents}`);
  assert.deepEqual([...new Set(named)], ['sites: human,unknown,bot,scanner,prefetch,mail_proxy']);
});

check('opens are a range up to mail proxies and prefetch', lake, async ({ page }) => {
  assert.equal(await tile(page, 'Opens'), '12–32');
  const emails = panel(page, 'Emails');
  const head = await emails.locator('thead th').allInnerTexts();
  const [row] = await cells(emails);
  assert.equal(row[head.indexOf('Opens')], '12–32');
  // Custom events are others.
  assert.equal(await panel(page, 'Events').count(), 0);
});

check('with a filter on opens, those by bots alone are left out', { ...lake, path: '?event=open' }, async ({ page }) => {
  assert.equal(await notCounted(page), 'Not counted: 5 hits by bots.');
  // Every hit that meets the filter is a conversion of its class.
  const machines = panel(page, 'Machines');
  assert.deepEqual(await machines.locator('thead th').allInnerTexts(), ['Class', 'Conversions', 'Opens', 'Counted']);
  assert.deepEqual((await cells(machines)).map((row) => row.slice(0, 3)), [['Mail proxies', '20', '20'], ['People', '12', '12'], ['Bots', '5', '5']]);
  await openTab(page, 'Machines', 'Agents');
  assert.deepEqual((await cells(machines))[0], ['Gmail’s image proxy', '', 'Email programs', 'Mail proxies', '20', '20']);
});

check('the panel of machines opens from the line, and a class filters', lake, async ({ page, mock }) => {
  await page.getByRole('button', { name: 'Show what was left out' }).click();
  await eventuallyEquals(() => page.evaluate(() => document.activeElement.id), 'machines');
  const machines = panel(page, 'Machines');
  assert.deepEqual(await cells(machines), [
    ['Bots', '32', '5', '37', 'No'],
    ['People', '4', '12', '16', 'Yes'],
    ['Prefetch', '4', '0', '4', 'Opens only, as the upper bound'],
    ['Unclear', '1', '0', '1', 'Yes'],
    ['Mail proxies', '0', '20', '20', 'Opens only, as the upper bound'],
  ]);
  const bots = machines.getByRole('button', { name: 'Bots', exact: true });
  await bots.press('Enter');
  assert.equal(query(page), '?agent=bot&zone=Europe/Berlin');
  await eventuallyEquals(() => filters(page), ['Agent is Bots']);
  await eventuallyEquals(() => tile(page, 'Views'), 32);
  // A class that is named is certain: no range.
  await eventuallyEquals(() => tile(page, 'Opens'), 5);
  assert.equal(await notCounted(page), 'Not counted: 4 views by people, 1 by unclear agents, 4 by prefetch.');
  await seeAll(page);
  // All time is asked for whether there ever were events.
  const last = (question) => mock.asked.findLast((request) => request.question === question && request.from_ms !== Date.UTC(2020, 0, 1));
  for (const question of ['totals', 'views_per_quarter', 'sources', 'devices']) {
    assert.deepEqual(last(question).agents, ['bot'], question);
  }
  assert.equal(last('agents').agents, undefined);
  await eventuallyEquals(() => bots.getAttribute('aria-pressed'), 'true');
  await page.getByRole('button', { name: 'Remove filter: Agent is Bots' }).click();
  await eventuallyEquals(() => tile(page, 'Views'), 5);
  assert.equal(query(page), '');
});

check(
  'an address names several classes, in any order',
  { ...lake, path: '?agent=prefetch&agent=bot' },
  async ({ page, mock }) => {
    assert.deepEqual(await filters(page), ['Agent is Prefetch or Bots']);
    assert.equal(await tile(page, 'Views'), 36);
    assert.deepEqual(mock.asked.find(({ question }) => question === 'totals').agents, ['bot', 'prefetch']);
  },
);

check(
  'a class that isn’t known is refused, and shows no numbers',
  { path: '?agent=bot&agent=robot', ready: (page) => page.getByRole('alert').waitFor() },
  async ({ page, mock }) => {
    await page.getByRole('alert').getByText("This address has a filter that isn't known: agent=bot, agent=robot").waitFor();
    assert.equal(await page.locator('.tile, .bar, table, h1').count(), 0);
    assert.deepEqual(mock.asked, []);
  },
);

check('agents have a name, an operator and a purpose', lake, async ({ page }) => {
  const machines = await openTab(page, 'Machines', 'Agents');
  assert.deepEqual((await cells(machines)).map((row) => row.slice(0, 4)), [
    ['Googlebot', 'Google', 'Search engines', 'Bots'],
    ['Gmail’s image proxy', '', 'Email programs', 'Mail proxies'],
    ['Outlook', '', 'Email programs', 'People'],
    ['“crawler” in the user agent', '', 'Other bots', 'Bots'],
    ['Prerendered page', '', 'Prefetch', 'Prefetch'],
    ['GPTBot', 'OpenAI', 'AI training', 'Bots'],
    ['Recorded before agents were told apart', '', 'Unclear', 'Unclear'],
  ]);
  assert.equal(await machines.getByTitle('Rule ai.training.gptbot').innerText(), 'GPTBot');
});

const AI = [...HITS, ...many(2, 'human', 'browser', { source: 'ChatGPT', visitor: 'v3' }), hit('human', 'browser', { source: 'Perplexity' }), hit('human', 'browser', { source: 'google.com' })];

check('AI: visits that it sent, beside its agents', { mock: { hits: AI }, ready: seeAll }, async ({ page, mock }) => {
  assert.ok(mock.asked.every(({ question }) => question !== 'channels'), 'only the question of the shown tab is asked');
  const machines = await openTab(page, 'Machines', 'AI');
  await machines.getByText('Channel AI assistants: 1 visitor, 2 views').waitFor();
  const tables = machines.getByRole('table');
  assert.deepEqual(await cells(tables.first()), [['ChatGPT', '1', '2'], ['Perplexity', '0', '1']]);
  assert.deepEqual(await cells(tables.last()), [['GPTBot', 'OpenAI', 'AI training', '2']]);
  await machines.getByText('Only agents that load images or run scripts are seen here').waitFor();
});

check(
  'where only machines came, the empty page says so',
  { mock: { hits: [hit('bot', 'library.curl')] } },
  async ({ page, mock }) => {
    await page.getByRole('heading', { name: 'Waiting for the first hit' }).waitFor();
    await page.getByText('1 hit came, by curl. Machines are not counted.').waitFor();
    await page.getByRole('button', { name: 'Show what was left out' }).click();
    await eventuallyEquals(() => page.evaluate(() => document.activeElement.id), 'machines');
    mock.add({ site: 'blog.example', page: '/first', visitor: 'v1' });
    await eventuallyEquals(() => tile(page, 'Views'), 1);
    assert.equal(await page.getByText('Machines are not counted').count(), 0);
  },
);

check(
  'opens by mail proxies alone are data',
  { mock: { hits: many(3, 'mail_proxy', 'mail.gmail', { event: 'open', page: '/mail' }) } },
  async ({ page }) => {
    assert.equal(await tile(page, 'Opens'), '0–3');
    assert.equal(await page.getByRole('heading', { name: 'No data for this period' }).count(), 0);
  },
);
