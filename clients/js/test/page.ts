// A page with the script in it, as it is served.

import { readFileSync } from 'node:fs';
import { JSDOM, type DOMWindow } from 'jsdom';
import { afterEach, beforeEach, vi } from 'vitest';
import { scriptFile } from './script-file';

const script = readFileSync(scriptFile, 'utf8');

// Pages take their time from here, so that nobody waits for it.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** As long as the first page may take to settle. */
const FIRST_MS = 1000;

/** Longer than anything that a page waits for. */
const LONG_MS = 20_000;

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
  /** What was said in the console. */
  said: string[];
  /** Runs the script as a second tag of it would. */
  again: () => void;
  /** Waits until navigation has settled and refused requests are reported. */
  settled: () => Promise<void>;
}

export interface Options {
  url?: string;
  head?: string;
  referrer?: string;
  /** Attributes of the script. */
  script?: string;
  /** Leaves the first page as it is right after the script has run. */
  unsettled?: boolean;
  /** Changes the window before the script runs. */
  before?: (window: Page['window']) => void;
}

export function open({
  url = 'https://blog.example/posts/one',
  head = '<title>One</title>',
  referrer,
  script: attributes = 'data-site="blog.example"',
  unsettled = false,
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
    said: [],
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
  for (const level of ['info', 'warn', 'error'] as const) window.console[level] = (text) => void page.said.push(text);
  Object.defineProperty(window.document, 'currentScript', { value: window.document.scripts[0], configurable: true });
  before(page.window);
  page.again();
  if (!unsettled) vi.advanceTimersByTime(FIRST_MS);
  return page;
}
