// Debian's Chromium, and pages at a fixed time that report whatever goes wrong in them.

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { NOW_MS } from './lake.mjs';

const PATH = process.env.CHROMIUM ?? '/usr/bin/chromium';

export async function launch() {
  if (!existsSync(PATH)) throw new Error(`no browser at ${PATH}: apt-get install chromium, or set CHROMIUM`);
  return chromium.launch({ executablePath: PATH, args: ['--no-sandbox'] });
}

/** A page whose clock stands at NOW_MS (its timers run), and what it complained about. */
export async function openPage(browser, url, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    acceptDownloads: true,
    ...options,
  });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  const foreign = [];
  const own = url.startsWith('file:') ? url : new URL(url).origin;
  page.on('request', (request) => {
    if (!request.url().startsWith(own) && !/^(data|blob):/.test(request.url())) foreign.push(request.url());
  });
  await page.clock.setFixedTime(NOW_MS);
  await page.goto(url);
  return { page, context, complaints, foreign };
}

/** Until the panels that every view asks have their answers. */
export async function settled(page) {
  await page.locator('.panel').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('.panel.wide[aria-busy="true"]'), undefined, {
    timeout: 30_000,
  });
}

/** Scrolls through the page, so that every panel asks. */
export async function seeAll(page) {
  await settled(page);
  for (const panel of await page.locator('.panel').all()) await panel.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'), undefined, { timeout: 30_000 });
  await page.evaluate(() => scrollTo(0, 0));
}
