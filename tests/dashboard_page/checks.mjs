// What every test file needs: one browser, a mock and a page for each test, both ended whatever happens.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage, settled } from './browser.mjs';
import { startMock } from './mock.mjs';

let browser;

/** To be called once by each test file. */
export function useBrowser() {
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());
}

/**
 * A test over a page of its own. It fails where the page complains or asks another host; `complaints` says what may
 * be complained about, because the test provokes it.
 */
export function check(name, options, body) {
  const {
    mock: settings = {},
    path = '',
    complaints: allowed = null,
    page: pageOptions = {},
    ready = settled,
  } = options;
  test(name, { timeout: 120_000 }, async () => {
    const mock = await startMock(settings);
    try {
      const opened = await openPage(browser, `${mock.url}${path}`, pageOptions);
      await ready(opened.page);
      await body({ mock, browser, ...opened });
      const unexpected = opened.complaints.filter((text) => allowed === null || !allowed.test(text));
      assert.deepEqual(unexpected, [], 'the page complained');
      assert.deepEqual(opened.foreign, [], 'the page asked another host');
      await opened.context.close();
    } finally {
      await mock.stop();
    }
  });
}

/** Asks again and again until it is so; fails with the last difference. */
export async function becomes(read, expected) {
  const end_ms = Date.now() + 20_000;
  for (;;) {
    const actual = await read();
    try {
      assert.deepEqual(actual, expected);
      return;
    } catch (difference) {
      if (Date.now() > end_ms) throw difference;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The number of a tile. */
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
