// Opens the dashboard's page at a fixed time, recording its errors and its requests to other hosts, and reads it.

import { tiles } from '../dashboard_page.mjs';
import { NOW_MS } from './lake.mjs';

export { addFilter, openTab, panel, seeAll, settled, tiles } from '../dashboard_page.mjs';

/** Opens a page whose clock is fixed at NOW_MS; its timers run. */
export async function openPage(browser, url, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    acceptDownloads: true,
    ...options,
  });
  const page = await context.newPage();
  const errors = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  const foreign = [];
  const own = url.startsWith('file:') ? url : new URL(url).origin;
  page.on('request', (request) => {
    if (!request.url().startsWith(own) && !/^(data|blob):/.test(request.url())) foreign.push(request.url());
  });
  await page.clock.setFixedTime(NOW_MS);
  await page.goto(url);
  return { page, context, errors, foreign };
}

/** Returns the number of a metric's tile, or its range as text. */
export async function tile(page, name) {
  const found = await tiles(page);
  return found[name];
}

/** Returns the tile of a metric, which is a button. */
export const metric = (page, name) =>
  page.getByRole('group', { name: 'Metrics' }).getByRole('button', { name: new RegExp(`^${name} `) });

/** Returns the filters as the reader sees them. */
export const filters = (page) => page.getByRole('list', { name: 'Filters' }).getByRole('listitem').allInnerTexts();

export const heading = (page) =>
  page
    .locator('h1')
    .innerText()
    .then((text) => text.replace(/\s+/g, ' '));
export const query = (page) => decodeURIComponent(new URL(page.url()).search);

/** Presses a button or link of the header, which on a phone stands in its menu. */
export async function pressInHeader(page, name, role = 'button') {
  const found = page.getByRole('banner').getByRole(role, { name, exact: true });
  if ((await found.count()) === 0) await page.locator('.menu summary').click();
  await found.click();
}
