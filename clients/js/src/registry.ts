import { below, isEndpoint } from './endpoint.js';
import { say } from './say.js';
import type { Properties, Settings } from './settings.js';
import { start, type Track, type Tracker } from './tracker.js';

/** Where the beacon is, and what is counted. */
export interface Options {
  /** URL of the beacon, with its base path if it has one: `https://b.example/stats`. */
  endpoint: string;
  /** The site that is counted; without it, the host of the page. */
  site?: string | undefined;
  /**
   * What is a new page without a new document. `history` (the default): a change of the path. `hash`: also one of the
   * route in the fragment. `off`: nothing. `manual`: nothing, and the first page counts only by `track("view")`.
   */
  spa?: 'history' | 'hash' | 'off' | 'manual' | undefined;
  /** Count nobody who sends Global Privacy Control or Do Not Track. */
  honourGpc?: boolean | undefined;
  /** Count localhost and files too. */
  local?: boolean | undefined;
  /** Alias of `track`, below the endpoint. */
  track?: string | undefined;
  /** Alias of `pixel.gif`, below the endpoint. */
  pixel?: string | undefined;
}

/** A tracker that can be paused, and how many components use it. */
export interface Running extends Tracker {
  settings: Settings;
  users: number;
}

/** The trackers of a page, whichever copies of this module it has: packages bundle it, and there are two formats. */
interface Shared {
  running: { [options: string]: Running };
  waiting: [string, Properties?][];
  first?: Running;
}

const KEY = Symbol.for('beacon-client');

/** Longer than an app takes to start. */
const INIT_MS = 10_000;

/**
 * Counts the page that is open and those that follow it, and returns what counts events. The same options again give
 * the same function and no second view. On a server, where there is no page, nothing is counted.
 */
export function init(options: Options): Track {
  const tracker = run(options);
  return tracker ? tracker.track : () => {};
}

/** Counts an event for the tracker that was made first; before that, as soon as it is. */
export function track(event: string, properties?: Properties): void {
  if (typeof document !== 'object') return;
  const { first, waiting } = shared();
  if (first) {
    first.track(event, properties);
    return;
  }
  waiting.push([event, properties]);
  setTimeout(() => {
    if (!shared().first) say(`"${event}" is not counted: it waits for init(), or for useTracking() with options`, 'warn');
  }, INIT_MS);
}

/** Returns the tracker of these options. `page` is the one that a router knows; without it, the address is. */
export function run(options: Options, page?: string): Running | undefined {
  if (typeof document !== 'object') return undefined;
  try {
    return started(options, page);
  } catch (error) {
    // A page must not break because it is counted.
    say(`nothing is counted: ${error}`, 'warn');
    return undefined;
  }
}

function started(options: Options, page: string | undefined): Running | undefined {
  const { endpoint, track = 'track', pixel = 'pixel.gif', site, spa, honourGpc, local } = options || {};
  const { running, waiting } = shared();
  const key = JSON.stringify([endpoint, track, pixel, site, spa, honourGpc, local, page === undefined]);
  const found = running[key];
  if (found) return found;
  if (!isEndpoint(endpoint)) {
    console.error(`beacon: endpoint is "${endpoint}": write a URL like https://b.example, nothing is counted`);
    return undefined;
  }
  // Whole, as the browser names it when a policy refuses it.
  const at = (path: string): string => new URL(below(endpoint, path), location.href).href;
  const settings: Settings = { track: at(track), pixel: at(pixel), site, spa: page === undefined ? spa : 'page', honourGpc, local };
  if (page !== undefined) settings.page = page;
  const made: Running = Object.assign(start(settings), { settings, users: 0 });
  running[key] = made;
  const all = shared();
  if (!all.first) {
    all.first = made;
    for (const [event, properties] of waiting.splice(0)) made.track(event, properties);
  }
  return made;
}

function shared(): Shared {
  const page = window as unknown as { [KEY]?: Shared };
  return page[KEY] || (page[KEY] = { running: {}, waiting: [] });
}
