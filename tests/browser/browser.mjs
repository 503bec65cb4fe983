// Debian's Chromium, and windows that remember what went wrong in them.

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { ROOT, start } from './program.mjs';

const PATH = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Traces of failed tests; `npx playwright-core show-trace` opens one. */
export const TRACES = join(ROOT, 'target/browser');

const ARGS = ['--no-sandbox', '--host-resolver-rules=MAP *.example 127.0.0.1'];

export async function launch() {
  if (!existsSync(PATH)) throw new Error(`no browser at ${PATH}: apt-get install chromium, or set CHROMIUM`);
  return chromium.launch({
    executablePath: PATH,
    args: ARGS,
    // What people's browsers do with Back is what is tested.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
}

/** Opens a page in a browser that nobody drives: one that is driven renders nothing ahead. Returns what ends it. */
export async function openUndriven(url) {
  const profile = await mkdtemp(join(tmpdir(), 'beacon-profile-'));
  // Without the port a headless browser ends once it has loaded the page.
  const args = [...ARGS, '--headless', '--remote-debugging-port=0', '--no-first-run', `--user-data-dir=${profile}`, url];
  const program = start(PATH, args, {});
  return async () => {
    await program.kill();
    // Its last children may still be writing.
    await rm(profile, { recursive: true, maxRetries: 10 });
  };
}

/** A window that knows nobody, and writes down what it asks for and complains of. */
export async function openWindow(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', ...options });
  await context.tracing.start({ snapshots: true, screenshots: false });
  const asked = [];
  const pending = new Set();
  const complaints = [];
  context.on('request', (request) => {
    asked.push(request);
    pending.add(request);
  });
  for (const end of ['requestfinished', 'requestfailed']) context.on(end, (request) => pending.delete(request));
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`policy: ${violatedDirective} forbids ${blockedURI}`);
    });
  });
  return {
    context,
    asked,
    complaints,
    /** The requests that have no answer yet. */
    underWay: () => [...pending].map((request) => `${request.method()} ${request.url()}`),
    async close(failed_as) {
      if (failed_as === undefined) await context.tracing.stop();
      else await context.tracing.stop({ path: join(TRACES, `${failed_as.replace(/[^a-z0-9]+/gi, '-')}.zip`) });
      await context.close();
    },
  };
}
