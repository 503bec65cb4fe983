// The fixtures of the dashboard's tests: a mock of its API, and pages at a fixed time.

import assert from 'node:assert/strict';
import { test as base } from '@playwright/test';
import { startMock } from './mock.mjs';
import { openPage, settled } from './page.mjs';

export const test = base.extend({
  /** Starts a mock of the API. */
  start: async ({}, use) => {
    const mocks = [];
    await use(async (settings) => {
      const mock = await startMock(settings);
      mocks.push(mock);
      return mock;
    });
    for (const mock of mocks) await mock.stop();
  },

  /** Opens a page in a window of its own, whose clock is fixed. */
  visit: async ({ browser }, use) => {
    const contexts = [];
    await use(async (url, options) => {
      const opened = await openPage(browser, url, options);
      contexts.push(opened.context);
      return opened;
    });
    for (const context of contexts) await context.close();
  },
});

/**
 * Defines a test with a page of its own over a mock. It fails on errors in the console and on requests to other hosts;
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
  test(name, async ({ start, visit }) => {
    const mock = await start(settings);
    const opened = await visit(`${mock.url}${path}`, pageOptions);
    await ready(opened.page);
    await body({ mock, start, visit, ...opened });
    const unexpected = opened.errors.filter((text) => expected_errors === null || !expected_errors.test(text));
    assert.deepEqual(unexpected, [], 'unexpected errors in the console');
    assert.deepEqual(opened.foreign, [], 'requests to other hosts');
  });
}
