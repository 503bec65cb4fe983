// Opens the dashboard's page at a fixed time, recording its errors and its requests to other hosts, and reads it.

import { NOW_MS } from './lake.mjs';

export { openTab, panel, seeAll, settled } from '../dashboard_page.mjs';

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

/** Returns the number of a tile. */
export async function tile(page, name) {
  const value = await page
    .locator('.tile', { has: page.locator('.tile-name', { hasText: name }) })
    .first()
    .locator('.tile-value')
    .getAttribute('title');
  return Number(value.replaceAll(',', ''));
}

export const heading = (page) =>
  page
    .locator('h1')
    .innerText()
    .then((text) => text.replace(/\s+/g, ' '));
export const query = (page) => decodeURIComponent(new URL(page.url()).search);
