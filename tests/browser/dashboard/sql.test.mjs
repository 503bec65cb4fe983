// The SQL page: its editor, columns, result, chart, and what is wrong with a statement.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { eventuallyEquals } from '../harness/polling.mjs';
import { check } from './fixtures.mjs';
import { NOW_MS } from './lake.mjs';
import { TOKEN } from './mock.mjs';
import { panel, settled } from './page.mjs';

const editor = (page) => page.getByRole('textbox', { name: 'SQL', exact: true });
const opened = async (page) => {
  await editor(page).waitFor();
  await page.getByRole('button', { name: 'hit_id', exact: true }).waitFor();
};
const SQL = { path: '#sql', ready: opened };
const result = (page) => page.getByRole('region', { name: 'Result', exact: true });

check('the header’s link opens the page, and no query of the dashboard runs meanwhile', {}, async ({ page, mock }) => {
  await page.getByRole('link', { name: 'SQL', exact: true }).click();
  await opened(page);
  assert.equal(new URL(page.url()).hash.startsWith('#sql'), true);
  assert.equal(await page.title(), 'SQL – beacon');
  const asked = mock.asked.length;
  mock.add({ site: 'blog.example', page: '/' });
  // The page has the change, and has done what it does about one.
  await eventuallyEquals(() => mock.followed, mock.revision);
  assert.equal(mock.asked.length, asked);
  await page.getByRole('link', { name: 'Dashboard', exact: true }).click();
  await settled(page);
  await panel(page, 'Pages').getByRole('table').waitFor();
  await page.goBack();
  await opened(page);
});

check('a statement runs, and its result is a table', SQL, async ({ page, mock }) => {
  await editor(page).fill('SELECT 1 AS one');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const rows = result(page).getByRole('row');
  await eventuallyEquals(() => rows.count(), 4);
  assert.deepEqual(await rows.nth(2).getByRole('cell').allInnerTexts(), ['2026-11-20 00:00:00.000', 'NULL', '12', '0.25']);
  assert.deepEqual(mock.statements, ['SELECT 1 AS one']);
  await result(page).getByText('3 rows · 1.23 MB scanned · 84 ms').waitFor();
  assert.equal(await page.locator('.sql-result b').count(), 0);
});

check('Ctrl and Enter run what is selected', SQL, async ({ page, mock }) => {
  await editor(page).fill('SELECT 1');
  await editor(page).press('Control+Enter');
  await result(page).getByRole('table').waitFor();
  await editor(page).press('Control+Home');
  for (let count = 0; count < 6; count += 1) await editor(page).press('Shift+ArrowRight');
  await editor(page).press('Control+Enter');
  await eventuallyEquals(() => mock.statements.length, 2);
  assert.deepEqual(mock.statements, ['SELECT 1', 'SELECT']);
});

check('a column is inserted where the cursor is, and searched', SQL, async ({ page }) => {
  await editor(page).fill('SELECT ');
  await editor(page).press('Control+End');
  await page.getByRole('searchbox', { name: 'Search columns' }).fill('tablet');
  const columns = page.getByRole('region', { name: 'Columns' });
  assert.equal(await columns.getByRole('button').count(), 1);
  await columns.getByText('phone, tablet, desktop').waitFor();
  await columns.getByRole('button').click();
  await eventuallyEquals(() => editor(page).innerText(), 'SELECT device');
});

check('columns, tables, functions and keywords are completed', SQL, async ({ page }) => {
  await editor(page).fill('SELECT ');
  await editor(page).press('Control+End');
  await page.keyboard.type('rec');
  const option = page.getByRole('option', { name: /received_at/ });
  await option.waitFor();
  // The editor takes a key for a completion only some time after it has shown it, and the clock stands still.
  await page.clock.setFixedTime(NOW_MS + 1_000);
  await page.keyboard.press('Enter');
  await eventuallyEquals(() => editor(page).innerText(), 'SELECT received_at');
  await page.keyboard.type(" FROM visits WHERE 'rec");
  assert.equal(await page.locator('.cm-tooltip-autocomplete').count(), 0, 'nothing is completed in a string');
  await page.keyboard.type("' = entr");
  await page.getByRole('option', { name: /entry_page/ }).waitFor();
});

check('the address holds the text, and a link with one opens it', { path: `#sql=${encodeURIComponent('SELECT 1 + 1 -- 50%')}`, ready: opened }, async ({ page, mock }) => {
  assert.equal(await editor(page).innerText(), 'SELECT 1 + 1 -- 50%');
  assert.deepEqual(mock.statements, [], 'an address runs nothing by itself');
  await editor(page).fill('SELECT 2');
  await eventuallyEquals(() => decodeURIComponent(new URL(page.url()).hash), '#sql=SELECT 2');
  await page.getByRole('link', { name: 'Dashboard', exact: true }).click();
  await settled(page);
  await page.getByRole('link', { name: 'SQL', exact: true }).click();
  await opened(page);
  assert.equal(await editor(page).innerText(), 'SELECT 2');
});

check('examples are there to begin with', SQL, async ({ page, mock }) => {
  await page.getByLabel('Examples').selectOption('Pages read on phones');
  assert.match(await editor(page).innerText(), /FROM hits\s+WHERE year = 2026 AND month = 11/);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await eventuallyEquals(() => mock.statements.length, 1);
  await page.getByLabel('Examples').selectOption('Entry pages of a source');
  assert.match(await editor(page).innerText(), /FROM visits/);
});

check('a result is drawn over time, as line and as bars', SQL, async ({ page }) => {
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await result(page).getByRole('tab', { name: 'Chart' }).click();
  await result(page).getByRole('img', { name: /^views by day, 3 values, 2026-11-19 to 2026-11-21; highest: 2026-11-19 with 42$/ }).waitFor();
  assert.equal(await result(page).locator('circle').count(), 3);
  await result(page).getByRole('button', { name: 'Bars' }).click();
  assert.equal(await result(page).locator('rect').count(), 3);
  await result(page).getByRole('combobox', { name: 'Value' }).selectOption('share');
  await result(page).getByRole('img', { name: /^share by day, .* highest: 2026-11-21 with 1$/ }).waitFor();
  await result(page).getByRole('tab', { name: 'Chart' }).press('ArrowLeft');
  await result(page).getByRole('table').waitFor();
});

const NAMES = { columns: [{ name: 'page', type: 'varchar' }, { name: 'views', type: 'bigint' }], rows: Array.from({ length: 60 }, (_, index) => [`/p/${index}`, 60 - index]) };

check('a result without times is drawn by its names', { ...SQL, mock: { sql_rows: NAMES } }, async ({ page }) => {
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await result(page).getByRole('tab', { name: 'Chart' }).click();
  await result(page).getByText('First 50 of 60 rows.').waitFor();
  assert.equal(await result(page).locator('rect').count(), 50);
});

check('the CSV has all rows', SQL, async ({ page }) => {
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await result(page).getByRole('table').waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    result(page).getByRole('button', { name: 'Download CSV' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'beacon-sql.csv');
  assert.match(await readFile(await download.path(), 'utf8'), /^day,page,views,share\r\n2026-11-19/);
});

const MISTAKE = 'there is no column "pge"\n  line 2, column 8:\n    WHERE  pge = 1\n           ^^^\n  did you mean page?';

check('a mistake is shown, and marked at its place', { ...SQL, mock: { sql_error: MISTAKE } }, async ({ page, mock }) => {
  await editor(page).fill('SELECT page FROM hits\nWHERE  pge = 1');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const alert = result(page).getByRole('alert');
  await alert.getByText('There is no column "pge". Did you mean page?').waitFor();
  await eventuallyEquals(() => page.locator('.cm-mistake').innerText(), 'pge');
  await alert.getByRole('button', { name: 'Line 2, column 8' }).click();
  await page.keyboard.type('x');
  await eventuallyEquals(() => editor(page).innerText(), 'SELECT page FROM hits\nWHERE  xpge = 1');
  assert.equal(await page.locator('.cm-mistake').count(), 0, 'the mark goes with the text');
  mock.sql_error = null;
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await result(page).getByRole('table').waitFor();
  assert.equal(await result(page).getByRole('alert').count(), 0);
});

check('a statement that runs can be cancelled', { ...SQL, mock: { delay_ms: 60_000 } }, async ({ page, mock }) => {
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('Running…').waitFor();
  await eventuallyEquals(() => mock.polled.size, 1);
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await eventuallyEquals(() => mock.cancelled.length, 1);
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
  assert.equal(await page.getByText('Running…').count(), 0);
});

check('a page that is left cancels its statement', { ...SQL, mock: { delay_ms: 60_000 } }, async ({ page, mock }) => {
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await eventuallyEquals(() => mock.polled.size, 1);
  mock.delay_ms = 0;
  await page.getByRole('link', { name: 'Dashboard', exact: true }).click();
  await eventuallyEquals(() => mock.cancelled.length, 1);
});

check('guests have no SQL page, whatever the address says', { mock: { access: 'share' }, path: `#share=${TOKEN}&sql=SELECT` }, async ({ page, mock }) => {
  await panel(page, 'Pages').getByRole('table').waitFor();
  assert.equal(await page.getByRole('link', { name: 'SQL', exact: true }).count(), 0);
  assert.deepEqual(mock.statements, []);
});

check('the keyboard leads through the page, and Tab out of the editor', SQL, async ({ page }) => {
  await editor(page).focus();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Run');
  await page.keyboard.press('Enter');
  await result(page).getByRole('table').waitFor();
});

check('nothing of the page overflows a small screen', { ...SQL, page: { viewport: { width: 360, height: 740 } } }, async ({ page }) => {
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await result(page).getByRole('tab', { name: 'Chart' }).click();
  await result(page).locator('circle').first().waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
});

check('the editor is loaded when the page is opened, and a failed load can be repeated', { expected_errors: /500/ }, async ({ page, mock }) => {
  assert.deepEqual(mock.served.filter((path) => path.endsWith('.js')), ['/dashboard.js']);
  let loaded = 0;
  page.on('request', (request) => /\/sql\.js/.test(request.url()) && (loaded += 1));
  let refused = 0;
  await page.route(/\/sql\.js$/, (route) => ((refused += 1), route.fulfill({ status: 500, contentType: 'text/javascript', body: '' })));
  await page.getByRole('link', { name: 'SQL', exact: true }).click();
  await page.getByRole('alert').getByText('Couldn’t load the editor.').waitFor();
  assert.equal(refused, 1);
  await page.getByRole('button', { name: 'Retry' }).click();
  await opened(page);
  assert.equal(loaded, 2);
  assert.deepEqual(mock.statements, []);
});
