// Browser windows that record their requests and errors.

import { chromium } from '@playwright/test';
import { chromiumOptions } from './harness/chromium.mjs';

/** Launches a browser for a script that is no test; tests have the fixture `browser`. */
export const launch = () => chromium.launch(chromiumOptions());

/** Opens a window without cookies or cache, which records its requests and the errors in its console. */
export async function openWindow(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', ...options });
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
    close: () => context.close(),
  };
}
