import { joinPath, isEndpoint } from './endpoint.js';
import { logOnce } from './log_once.js';
import type { Properties, Settings } from './settings.js';
import { start, type Track, type Tracker } from './tracker.js';

/** The beacon's URL, and what to count. */
export interface Options {
  /** URL of the beacon, with its base path if it has one: `https://b.example/stats`. */
  endpoint: string;
  /** The site to count for; the host of the page by default. */
  site?: string | undefined;
  /**
   * What counts as a page view in a single-page app. `history` (the default): a change of the path. `hash`: also a
   * change of the route in the fragment. `off`: only the first page. `manual`: nothing but calls of `track("view")`.
   */
  spa?: 'history' | 'hash' | 'off' | 'manual' | undefined;
  /** Don't count visitors who send Global Privacy Control or Do Not Track. */
  honourGpc?: boolean | undefined;
  /** Count localhost and local files too. */
  local?: boolean | undefined;
  /** Alias of the path `track`, relative to the endpoint. */
  track?: string | undefined;
  /** Alias of the path `pixel.gif`, relative to the endpoint. */
  pixel?: string | undefined;
}

/** A tracker with its settings, so that it can be paused, and the number of components that use it. */
export interface TrackerHandle extends Tracker {
  settings: Settings;
  users: number;
}

/** The trackers of a page. All copies of this module share it: packages bundle their own, in two formats. */
interface Registry {
  trackers: { [options: string]: TrackerHandle };
  /** Events tracked before the first tracker exists. */
  pending: [string, Properties?][];
  first?: TrackerHandle;
}

const KEY = Symbol.for('beacon-client');

/** Apps start faster than this: a longer wait for a tracker is worth a warning. */
const INIT_TIMEOUT_MS = 10_000;

/**
 * Counts the current page and those that follow it, and returns the function that tracks events. Equal options return
 * the same function and count no second view. On a server, where there is no page, nothing is counted.
 */
export function init(options: Options): Track {
  const tracker = getTracker(options);
  return tracker ? tracker.track : () => {};
}

/** Tracks an event with the first tracker of the page; if there is none yet, as soon as it exists. */
export function track(event: string, properties?: Properties): void {
  if (typeof document !== 'object') return;
  const { first, pending } = registry();
  if (first) {
    first.track(event, properties);
    return;
  }
  pending.push([event, properties]);
  setTimeout(() => {
    if (!registry().first) logOnce(`"${event}" is not counted: it waits for init(), or for useTracking() with options`, 'warn');
  }, INIT_TIMEOUT_MS);
}

/** Returns the tracker for these options. `page` is the router's path; without it, the URL decides. */
export function getTracker(options: Options, page?: string): TrackerHandle | undefined {
  if (typeof document !== 'object') return undefined;
  try {
    return findOrCreate(options, page);
  } catch (error) {
    // Tracking must never break the page.
    logOnce(`nothing is counted: ${error}`, 'warn');
    return undefined;
  }
}

function findOrCreate(options: Options, page: string | undefined): TrackerHandle | undefined {
  const { endpoint, track = 'track', pixel = 'pixel.gif', site, spa, honourGpc, local } = options || {};
  const { trackers, pending } = registry();
  const key = JSON.stringify([endpoint, track, pixel, site, spa, honourGpc, local, page === undefined]);
  const found = trackers[key];
  if (found) return found;
  if (!isEndpoint(endpoint)) {
    console.error(`beacon: nothing is counted: the endpoint "${endpoint}" is not a URL like https://b.example`);
    return undefined;
  }
  // Absolute, as in the browser's report when a policy blocks it.
  const at = (path: string): string => new URL(joinPath(endpoint, path), location.href).href;
  const settings: Settings = { track: at(track), pixel: at(pixel), site, spa: page === undefined ? spa : 'page', honourGpc, local };
  if (page !== undefined) settings.page = page;
  const created: TrackerHandle = Object.assign(start(settings), { settings, users: 0 });
  trackers[key] = created;
  const all = registry();
  if (!all.first) {
    all.first = created;
    for (const [event, properties] of pending.splice(0)) created.track(event, properties);
  }
  return created;
}

function registry(): Registry {
  const page = window as unknown as { [KEY]?: Registry };
  return page[KEY] || (page[KEY] = { trackers: {}, pending: [] });
}
