import { start, type Track, type Tracker } from './tracker.js';
import type { Properties, Settings } from './settings.js';

/** Where the beacon is, and what is counted. */
export interface Options {
  /** URL of the beacon, with its base path if it has one: `https://b.example/stats`. */
  endpoint: string;
  /** The site that is counted; without it, the host of the page. */
  site?: string;
  /**
   * What is a new page without a new document. `history` (the default): a change of the path. `hash`: also one of the
   * fragment. `off`: nothing. `manual`: nothing, and the first page counts only by `track("view")`.
   */
  spa?: 'history' | 'hash' | 'off' | 'manual';
  /** Count nobody who sends Global Privacy Control or Do Not Track. */
  honourGpc?: boolean;
  /** Count localhost and files too. */
  local?: boolean;
  /** Alias of `track`, below the endpoint. */
  track?: string;
  /** Alias of `pixel.gif`, below the endpoint. */
  pixel?: string;
}

/** A tracker that can be paused. */
export interface Running extends Tracker {
  settings: Settings;
}

const running = new Map<string, Running>();
const waiting: [string, Properties?][] = [];
let first: Running | undefined;

/**
 * Counts the page that is open and those that follow it, and returns what counts events. The same options again give
 * the same function and no second view. On a server, where there is no page, nothing is counted.
 */
export function init(options: Options): Track {
  return run(options)?.track ?? (() => {});
}

/** Counts an event for the tracker that was made first; before that, as soon as it is. */
export function track(event: string, properties?: Properties): void {
  if (first) first.track(event, properties);
  else if (typeof document === 'object') waiting.push([event, properties]);
}

/** The tracker of these options. */
export function run(options: Options): Running | undefined {
  if (typeof document !== 'object') return undefined;
  const { endpoint, track = 'track', pixel = 'pixel.gif', site, spa, honourGpc, local } = options;
  const key = JSON.stringify([endpoint, track, pixel, site, spa, honourGpc, local]);
  const found = running.get(key);
  if (found) return found;
  if (!/^(https?:\/)?\/./.test(endpoint)) {
    console.error(`beacon: endpoint is "${endpoint}": write a URL like https://b.example, nothing is counted`);
    return undefined;
  }
  const settings: Settings = { track: below(endpoint, track), pixel: below(endpoint, pixel), site, spa, honourGpc, local };
  const made = { ...start(settings), settings };
  running.set(key, made);
  if (!first) {
    first = made;
    for (const call of waiting.splice(0)) made.track(...call);
  }
  return made;
}

/** `https://b.example/stats/track` of `https://b.example/stats` and `track`. */
export function below(endpoint: string, path: string): string {
  return `${endpoint.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}
