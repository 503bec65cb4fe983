// The fixtures of the tests with a real beacon: its server with a lake, websites that use it, and windows of a browser.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { firefoxUserAgent } from './harness/people.mjs';
import { serve } from './harness/program.mjs';
import { serveWeb } from './web.mjs';
import { openWindow } from './windows.mjs';

export { expect } from '@playwright/test';

const START_TIMEOUT_MS = 120_000;

export const test = base.extend({
  /**
   * What a file sets with `test.use`: a name that no other file has, so that it has a worker, a beacon and a lake of its
   * own, and a function that returns the beacon's environment variables.
   */
  lake: [{ name: 'lake', variables: () => ({}) }, { option: true, scope: 'worker' }],

  /**
   * What was started for the file: `server`, whose lake is in `folder`; `beacon`, its origin on a site of its own;
   * `dashboard`, the dashboard's origin; `web`, the websites that use it.
   */
  at: [
    async ({ lake }, use) => {
      const { name, variables = () => ({}) } = lake;
      const folder = await mkdtemp(join(tmpdir(), `beacon-${name}-`));
      const server = await serve(folder, await variables());
      const beacon = `http://b.example:${new URL(server.pixel).port}`;
      const web = await serveWeb(beacon);
      await use({ server, folder, beacon, dashboard: server.dashboard, web });
      await web.stop();
      await server.stop();
      await rm(folder, { recursive: true, maxRetries: 10 });
    },
    { scope: 'worker', timeout: START_TIMEOUT_MS },
  ],

  /** Sends a hit with these parameters, as the browser of a person; each number is another person. */
  hit: async ({ at }, use) => {
    await use((params, person = 0) => fetch(`${at.server.pixel}/hit?${new URLSearchParams(params)}`, { headers: { 'user-agent': firefoxUserAgent(person) } }));
  },

  /** Names the errors that the test provokes: those in the console that match don't fail it. */
  expectErrors: async ({}, use) => {
    const expected = [];
    const expectErrors = (pattern) => expected.push(pattern);
    await use(Object.assign(expectErrors, { expected }));
  },

  /** Opens a window of its own and returns its page, whose `window` holds what was recorded. */
  open: async ({ browser, expectErrors }, use, testInfo) => {
    const windows = [];
    await use(async (options) => {
      const window = await openWindow(browser, options);
      windows.push(window);
      const page = await window.context.newPage();
      return Object.assign(page, { window });
    });
    const errors = windows.flatMap((window) => window.errors);
    for (const window of windows) await window.close();
    if (testInfo.errors.length > 0) return;
    const unexpected = errors.filter((text) => !expectErrors.expected.some((pattern) => pattern.test(text)));
    assert.deepEqual(unexpected, [], 'unexpected errors in the console');
  },
});
