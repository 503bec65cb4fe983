// Reads the numbers on the dashboard's page as a reader sees them.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import axe from 'axe-core';

export const panel = (page, name) => page.getByRole('region', { name, exact: true }).first();

/** Chooses a tab of a panel, which on a phone is an option of its combobox; returns the panel. */
export async function openTab(page, name, tab) {
  const region = panel(page, name);
  const choice = region.getByRole('combobox', { name: 'View', exact: true });
  if ((await choice.count()) === 1) {
    await choice.selectOption(tab);
    return region;
  }
  await region.getByRole('tab', { name: tab, exact: true }).click();
  await region.getByRole('tabpanel', { name: tab, exact: true }).waitFor();
  return region;
}

/** Waits until the panels that are always loaded have their results. */
export async function settled(page) {
  await page.locator('.panel').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('.panel.wide[aria-busy="true"], .overview [aria-busy="true"]'));
}

/** Scrolls through the page, so that every panel loads, and waits for the results. */
export async function seeAll(page) {
  await settled(page);
  for (const one of await page.locator('.panel').all()) await one.scrollIntoViewIfNeeded();
  // A panel that hasn't been seen isn't busy, but a skeleton.
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .skeleton'));
  await page.evaluate(() => scrollTo(0, 0));
}

/** Returns the numbers of the metrics' tiles by name, ranges as text; `{}` while there are none. */
export async function tiles(page) {
  return page.evaluate(() => {
    const found = [...document.querySelectorAll('[aria-label="Metrics"] button')].map((tile) => {
      const value = tile.querySelector('.tile-value');
      const text = value.title || value.textContent;
      return [tile.querySelector('.tile-name').textContent, /^[\d,]+$/.test(text) ? Number(text.replaceAll(',', '')) : text];
    });
    return Object.fromEntries(found);
  });
}

/** Returns the views of each page in the table of top pages. */
export async function topPages(page) {
  return columnOf(panel(page, 'Pages'), 'Views');
}

/** Returns each page with its views, and with those per source. */
export async function topPagesBySource(page) {
  const region = await openTab(page, 'Pages', 'By source');
  await page.waitForFunction((panel) => !panel.matches('[aria-busy="true"]') && !panel.querySelector('[aria-busy="true"], .skeleton'), await region.elementHandle());
  const { head, rows } = await namedRows(region);
  return Object.fromEntries(rows.map(([name, ...numbers]) => [name, Object.fromEntries(numbers.map((text, index) => [head[index + 1], numberOf(text)]))]));
}

/** Returns a column of a panel's table by the names of the rows. */
export async function columnOf(region, column) {
  const { head, rows } = await namedRows(region);
  return Object.fromEntries(rows.map((cells) => [cells[0], numberOf(cells[head.indexOf(column)])]));
}

const numberOf = (text) => Number(text.replaceAll(',', ''));

/** Returns headers and cells of a panel's table; the first cell is the name of the row, without what stands beside it. */
async function namedRows(region) {
  return region.evaluate((element) => {
    const found = element.querySelector('table');
    if (found === null) return { head: [], rows: [] };
    const cells = (row) => [...row.cells].slice(1).map((cell) => cell.textContent.trim());
    const name = (row) => row.querySelector('.filter-button, .row-label').textContent;
    return { head: [...found.tHead.rows[0].cells].map((cell) => cell.textContent.trim()), rows: [...found.tBodies[0].rows].map((row) => [name(row), ...cells(row)]) };
  });
}

/** Returns headers and cells of the table in a panel; nothing if the panel has no table. */
export async function table(region) {
  return region.evaluate((element) => {
    const texts = (row) => [...row.cells].map((cell) => cell.textContent.trim());
    const found = element.querySelector('table');
    return found === null ? { head: [], rows: [] } : { head: texts(found.tHead.rows[0]), rows: [...found.tBodies[0].rows].map(texts) };
  });
}

/** Adds a filter as a reader does; without a value for conditions that have none. */
export async function addFilter(page, column, condition, value) {
  await page.getByRole('button', { name: 'Add filter', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Filter' });
  await dialog.getByRole('combobox', { name: 'Column', exact: true }).selectOption(column);
  await dialog.getByRole('combobox', { name: 'Condition', exact: true }).selectOption(condition);
  if (value !== undefined) await dialog.getByRole('combobox', { name: 'Value', exact: true }).fill(value);
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await dialog.waitFor({ state: 'detached' });
  await settled(page);
}

/** Draws the views, and returns those of each bar of the chart, from its table. */
export async function bars(page) {
  const views = page.getByRole('group', { name: 'Metrics' }).getByRole('button', { name: /^Views / });
  if ((await views.getAttribute('aria-pressed')) === 'false') await views.click();
  const chart = panel(page, 'Chart');
  const show = chart.getByRole('button', { name: 'Show as table' });
  if ((await show.getAttribute('aria-expanded')) === 'false') await show.click();
  await chart.getByRole('table', { name: /^Views per / }).waitFor();
  const { head, rows } = await table(chart);
  const place = head.indexOf('Views');
  assert.equal(rows.length, await page.locator('.bar').count());
  return rows.map((cells) => Number(cells[place].replaceAll(',', '')));
}

/** Returns axe's serious and critical findings. */
export async function seriousFindings(page) {
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate(() => window.axe.run());
  assert.ok(passes.some(({ id }) => id === 'color-contrast'), 'axe checked nothing');
  return violations
    .filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** Downloads the CSV of a panel; returns its file name and text. */
export async function csv(page, title) {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    panel(page, title).getByRole('button', { name: 'Download CSV' }).click(),
  ]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}
