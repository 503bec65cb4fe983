// Everything in Debian's Chromium, and the main flows in its Firefox: no browser is downloaded. `playwright test --project=dashboard` runs one kind.

import { defineConfig } from '@playwright/test';
import { chromiumOptions } from './harness/chromium.mjs';

/** For a busy machine. */
const TEST_TIMEOUT_MS = 180_000;
const ACTION_TIMEOUT_MS = 60_000;

export default defineConfig({
  timeout: TEST_TIMEOUT_MS,
  expect: { timeout: ACTION_TIMEOUT_MS },
  // Each file has a beacon and a lake of its own, which its tests share.
  workers: 2,
  retries: 0,
  forbidOnly: true,
  // Outside the sources; a failed test leaves its trace there.
  outputDir: '../../target/browser',
  preserveOutput: 'failures-only',
  reporter: [['list', { printSteps: false }]],
  use: {
    launchOptions: chromiumOptions(),
    actionTimeout: ACTION_TIMEOUT_MS,
    navigationTimeout: ACTION_TIMEOUT_MS,
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    trace: { mode: 'retain-on-failure', snapshots: true, screenshots: false, sources: false },
  },
  projects: [
    { name: 'scenarios', testDir: 'scenarios' },
    // Its tests share nothing: each has a mock of its own.
    { name: 'dashboard', testDir: 'dashboard', fullyParallel: true },
    // A tablet's window, which the script reports.
    { name: 'clients', testDir: 'clients', use: { viewport: { width: 800, height: 600 } } },
    { name: 'firefox', testDir: 'firefox' },
  ],
});
