// Browser windows for this suite, which record their requests and errors.

import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { launchChromium } from './harness/chromium.mjs';
import { ROOT } from './harness/program.mjs';

/** Traces of failed tests; `npx playwright-core show-trace FILE` opens one. */
export const TRACES = join(ROOT, 'target/browser');

export const launch = () => launchChromium(chromium);

/** Opens a window without cookies or cache, which records its requests and the errors in its console. */
export async function openWindow(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', ...options });
  await context.tracing.start({ snapshots: true, screenshots: false });
  const requests = [];
  const pending = new Set();
  const errors = [];
  context.on('request', (request) => {
    requests.push(request);
    pending.add(request);
  });
  for (const end of ['requestfinished', 'requestfailed']) context.on(end, (request) => pending.delete(request));
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) errors.push(message.text());
  });
  context.on('weberror', (error) => errors.push(String(error.error())));
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`policy: ${violatedDirective} forbids ${blockedURI}`);
    });
  });
  return {
    context,
    requests,
    errors,
    /** The requests without a response. */
    pendingRequests: () => [...pending].map((request) => `${request.method()} ${request.url()}`),
    async close(failed_as) {
      if (failed_as === undefined) await context.tracing.stop();
      else await context.tracing.stop({ path: join(TRACES, `${failed_as.replace(/[^a-z0-9]+/gi, '-')}.zip`) });
      await context.close();
    },
  };
}
