// The fixture of every test file: one browser, and a mock of the API with a page for each test.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage, settled } from './browser.mjs';
import { startMock } from './mock.mjs';

let browser;

/** Launches the browser; each test file calls it once. */
export function useBrowser() {
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());
}

/**
 * Defines a test with a page of its own. It fails on errors in the console and on requests to other hosts;
 * `expected_errors` matches the errors that the test provokes.
 */
export function check(name, options, body) {
  const {
    mock: settings = {},
    path = '',
    expected_errors = null,
    page: pageOptions = {},
    ready = settled,
  } = options;
  test(name, { timeout: 120_000 }, async () => {
    const mock = await startMock(settings);
    try {
      const opened = await openPage(browser, `${mock.url}${path}`, pageOptions);
      await ready(opened.page);
      await body({ mock, browser, ...opened });
      const unexpected = opened.errors.filter((text) => expected_errors === null || !expected_errors.test(text));
      assert.deepEqual(unexpected, [], 'unexpected errors in the console');
      assert.deepEqual(opened.foreign, [], 'requests to other hosts');
      await opened.context.close();
    } finally {
      await mock.stop();
    }
  });
}

/** Returns the number of a tile. */
export async function tile(page, name) {
  const value = await page
    .locator('.tile', { has: page.locator('dt', { hasText: name }) })
    .first()
    .locator('.tile-value')
    .textContent();
  return Number(value.replaceAll(',', ''));
}

export const heading = (page) =>
  page
    .locator('h1')
    .innerText()
    .then((text) => text.replace(/\s+/g, ' '));
export const query = (page) => decodeURIComponent(new URL(page.url()).search);
export const panel = (page, name) => page.getByRole('region', { name, exact: true }).first();
