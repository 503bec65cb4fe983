// A page with the script in it, as it is served.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { JSDOM, type DOMWindow } from 'jsdom';
import { afterEach, beforeEach, vi } from 'vitest';

export const scriptFile = fileURLToPath(new URL('../../beacon.js', import.meta.url));
const script = readFileSync(scriptFile, 'utf8');

// Pages take their time from here, so that nobody waits for it.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Longer than anything that a page waits for. */
const LONG_MS = 10_000;

export type Hit = Record<string, unknown>;

/** A page, and what it sent by each way. */
export interface Page {
  window: DOMWindow & { beacon: (event: string, properties?: object) => void };
  document: Document;
  beacons: Hit[];
  fetched: Hit[];
  images: Hit[];
  /** Where each of them went. */
  urls: string[];
  /** Runs the script as a second tag of it would. */
  again: () => void;
  /** Lets navigation settle, and what was refused be told. */
  settled: () => Promise<void>;
}

export interface Options {
  url?: string;
  head?: string;
  referrer?: string;
  /** Attributes of the script. */
  script?: string;
  /** Changes the window before the script runs. */
  before?: (window: Page['window']) => void;
}

export function open({
  url = 'https://blog.example/posts/one',
  head = '<title>One</title>',
  referrer,
  script: attributes = 'data-site="blog.example"',
  before = () => {},
}: Options = {}): Page {
  const html = `<!doctype html><head>${head}<script src="https://b.example/beacon.js" ${attributes}></script></head>`;
  const { window } = new JSDOM(html, { url, referrer, runScripts: 'outside-only', pretendToBeVisual: true });
  const page: Page = {
    window: window as Page['window'],
    document: window.document,
    beacons: [],
    fetched: [],
    images: [],
    urls: [],
    again: () => window.eval(script),
    settled: async () => void (await vi.advanceTimersByTimeAsync(LONG_MS)),
  };
  window.navigator.sendBeacon = (to, body) => {
    page.urls.push(`${to}`);
    page.beacons.push(JSON.parse(body as string));
    return true;
  };
  window.fetch = (async (to: string, init: RequestInit) => {
    page.urls.push(to);
    page.fetched.push({ ...JSON.parse(init.body as string), keepalive: init.keepalive, method: init.method });
    return { ok: true };
  }) as unknown as typeof fetch;
  window.Image = class {
    set src(to: string) {
      page.urls.push(to.split('?')[0]!);
      page.images.push(Object.fromEntries(new URL(to).searchParams));
    }
  } as unknown as typeof Image;
  before(page.window);
  page.again();
  return page;
}
