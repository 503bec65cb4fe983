// The fixture of the tests in Debian's Firefox. Playwright drives a Firefox of its own only, so puppeteer drives this one, by
// WebDriver BiDi; Playwright runs the tests and starts the servers.

import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import puppeteer from 'puppeteer-core';
import { test as base } from '../fixtures.mjs';

const PATH = process.env.FIREFOX ?? '/usr/bin/firefox-esr';
const START_TIMEOUT_MS = 120_000;
const ACTION_TIMEOUT_MS = 60_000;

/** All hosts are this machine, and Firefox asks for nothing by itself. */
const PREFERENCES = {
  'network.dns.forceResolve': '127.0.0.1',
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'intl.accept_languages': 'en-GB',
};

export const test = base.extend({
  /** Opens a page in a window without cookies or cache; `javaScript: false` turns it off, as a reader does. */
  openFirefox: [
    async ({}, use) => {
      if (!existsSync(PATH)) throw new Error(`no browser at ${PATH}: apt-get install firefox-esr, or set FIREFOX`);
      const browsers = new Map();
      await use(async ({ javaScript = true } = {}) => {
        if (!browsers.has(javaScript)) {
          browsers.set(javaScript, await puppeteer.launch({
            browser: 'firefox',
            executablePath: PATH,
            headless: true,
            timeout: START_TIMEOUT_MS,
            protocolTimeout: START_TIMEOUT_MS,
            extraPrefsFirefox: { ...PREFERENCES, 'javascript.enabled': javaScript },
          }));
        }
        return browsers.get(javaScript).createBrowserContext();
      });
      for (const browser of browsers.values()) await browser.close();
    },
    { scope: 'worker', timeout: START_TIMEOUT_MS },
  ],

  /** Opens a page of its own, and closes it with the test. A failed test leaves a picture of each. */
  firefox: async ({ openFirefox }, use, testInfo) => {
    const contexts = [];
    const pages = [];
    await use(async (options) => {
      const context = await openFirefox(options);
      contexts.push(context);
      const page = await context.newPage();
      // Under a driver Firefox says so, and a person's doesn't.
      await page.evaluateOnNewDocument(() => Object.defineProperty(Navigator.prototype, 'webdriver', { get: () => false }));
      page.setDefaultTimeout(ACTION_TIMEOUT_MS);
      pages.push(page);
      return page;
    });
    if (testInfo.errors.length > 0) {
      for (const [index, page] of pages.entries()) await writeFile(testInfo.outputPath(`page-${index}.png`), await page.screenshot());
    }
    for (const context of contexts) await context.close();
  },
});
