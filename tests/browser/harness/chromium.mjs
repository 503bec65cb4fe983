// Debian's Chromium, and how it is launched.

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromeUserAgent } from './people.mjs';
import { start } from './program.mjs';

const PATH = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Hosts that end in .example are this machine. */
const ARGS = ['--no-sandbox', '--host-resolver-rules=MAP *.example 127.0.0.1'];

/** Without a screen and under a driver Chromium says so, by name and by `navigator.webdriver`. A person's browser doesn't. */
const AS_A_PERSON = [`--user-agent=${chromeUserAgent()}`, '--disable-blink-features=AutomationControlled'];

/** Returns Playwright's options for the launch of a person's browser, or of one that says that it is driven. */
export function chromiumOptions({ driven = false } = {}) {
  if (!existsSync(PATH)) throw new Error(`no browser at ${PATH}: apt-get install chromium, or set CHROMIUM`);
  return {
    executablePath: PATH,
    args: driven ? ARGS : [...ARGS, ...AS_A_PERSON],
    // Playwright disables the back/forward cache, which people's browsers have.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  };
}

/** Opens a page in a browser without a driver, since a driven one never prerenders. Returns the function that ends it. */
export async function openUndriven(url) {
  const profile = await mkdtemp(join(tmpdir(), 'beacon-profile-'));
  // Without the port a headless browser exits once it has loaded the page.
  const args = [...ARGS, ...AS_A_PERSON, '--headless', '--remote-debugging-port=0', '--no-first-run', `--user-data-dir=${profile}`, url];
  const program = start(PATH, args, {});
  return async () => {
    await program.kill();
    // Its last child processes may still be writing.
    await rm(profile, { recursive: true, maxRetries: 10 });
  };
}
