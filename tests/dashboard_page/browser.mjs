// Pages at a fixed time, which record their errors and their requests to other hosts.

import { chromium } from 'playwright-core';
import { launchChromium } from '../browser/harness/chromium.mjs';
import { NOW_MS } from './lake.mjs';

export const launch = () => launchChromium(chromium);

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

/** Waits until the panels that are always loaded have their results. */
export async function settled(page) {
  await page.locator('.panel').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('.panel.wide[aria-busy="true"]'), undefined, {
    timeout: 30_000,
  });
}

/** Scrolls through the page, so that every panel loads. */
export async function seeAll(page) {
  await settled(page);
  for (const panel of await page.locator('.panel').all()) await panel.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'), undefined, { timeout: 30_000 });
  await page.evaluate(() => scrollTo(0, 0));
}
