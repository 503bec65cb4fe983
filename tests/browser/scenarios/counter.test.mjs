// Scenario 1: a hit counter. A page or a React hook asks for /hit?page=/talks; counts per page and day are there to read.

import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bars, panel, table } from '../dashboard_page.mjs';
import { query } from '../harness/program.mjs';
import { counts } from '../counted.mjs';
import { test } from '../fixtures.mjs';
import { html } from '../web.mjs';
import { eventuallyEquals } from '../harness/polling.mjs';

const DAY_MS = 86_400_000;

test.use({ lake: { name: 'counter' } });

test('/hit?page=/talks is counted per page and day, without personal data', async ({ at, open }) => {
  at.web.pages.set('/talks', html(`<img src="${at.beacon}/hit?page=/talks" alt="">`));
  const page = await open();
  for (let time = 0; time < 3; time += 1) {
    const [answer] = await Promise.all([page.waitForResponse(/\/hit\?/), page.goto(at.web.at('talks.example', '/talks'))]);
    assert.equal(answer.headers()['x-beacon'], 'recorded');
  }
  const dashboard = await counts(at, open, 'talks.example', { '/talks': 3 }, [page]);
  // Midnight may lie between two of them.
  const days = await query(at.folder, "SELECT CAST(CAST(received_at AS date) AS varchar) AS day, count(*) AS views FROM hits WHERE site = ? AND event = 'view' GROUP BY 1", ['talks.example']);
  const lastSevenDays = async () => {
    const now_ms = await dashboard.evaluate(() => Date.now());
    const dates = [6, 5, 4, 3, 2, 1, 0].map((ago) => new Date(now_ms - ago * DAY_MS).toISOString().slice(0, 10));
    return dates.map((date) => days.find(({ day }) => day === date)?.views ?? 0);
  };
  assert.deepEqual(await bars(dashboard), await lastSevenDays());

  const [hit] = await query(at.folder, 'SELECT * FROM hits WHERE site = ? LIMIT 1', ['talks.example']);
  assert.equal(hit.ip, null);
  assert.ok(!JSON.stringify(hit).includes('"cookie"'), JSON.stringify(hit));
});

test('the React hook and component count each page of a router once, in StrictMode', async ({ at, open }) => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('react_app.jsx', import.meta.url))],
    bundle: true,
    write: false,
    jsx: 'automatic',
    // StrictMode mounts everything twice in React's development build only.
    define: { 'process.env.NODE_ENV': '"development"' },
  });
  at.web.pages.set('/app.js', { body: outputFiles[0].text, type: 'text/javascript' });
  at.web.pages.set('/app', html(`<div id="app" data-endpoint="${at.beacon}"></div><script src="/app.js"></script>`));

  const page = await open();
  // The hook counts a page that stays a tenth of a second: a visitor looks at least as long, a test doesn't.
  const stays = (heading, act) => Promise.all([
    page.waitForResponse((answer) => answer.url().endsWith('/track') && answer.request().postData()?.includes(heading)),
    act().then(() => page.getByRole('heading', { name: heading }).waitFor()),
  ]);
  await stays('/talks', () => page.goto(at.web.at('app.example', '/app')));
  await stays('/about', () => page.getByRole('button', { name: 'About' }).click());
  // One page at once behind another: a redirect for the hook, and another image for the component, which must not
  // take the first one's request back.
  await stays('/talks', () => page.getByRole('button', { name: 'Back twice' }).click());
  await page.getByRole('button', { name: 'Sign up' }).click();
  await eventuallyEquals(() => query(at.folder, 'SELECT page FROM hits WHERE event = ?', ['signup']), [{ page: '/talks' }]);

  const dashboard = await counts(at, open, 'hook.example', { '/talks': 2, '/about': 1 }, [page]);
  const events = panel(dashboard, 'Events');
  await events.scrollIntoViewIfNeeded();
  await eventuallyEquals(async () => (await table(events)).rows.filter(([event]) => event === 'signup').length, 1);
  await counts(at, open, 'component.example', { '/talks': 2, '/about': 1, '/rust': 1 }, [page]);
});
