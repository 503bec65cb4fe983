import { useCallback, useEffect } from 'react';
import { init, run, track, type Options } from '../../js/src/running.js';
import type { Properties } from '../../js/src/settings.js';
import type { Track } from '../../js/src/tracker.js';

/** Where the beacon is, and what is counted. */
export interface TrackingOptions extends Options {
  /**
   * The page as the router knows it, such as `/talks`. With it a view is counted when it changes; without it the
   * address bar is watched, which is where every router writes.
   */
  page?: string;
}

/** How many mounted components use a tracker, and the page that it counted last. */
interface Use {
  users: number;
  page?: string;
}

const uses = new WeakMap<object, Use>();

/**
 * Counts the page, and each one that a router puts in its place, while a component that uses it is mounted. However
 * many components use it with the same options, and however often React mounts them, a page is counted once.
 *
 * Returns what counts an event. Without options that is the tracker of another component, usually the root.
 */
export function useTracking(options?: TrackingOptions): Track {
  const page = options?.page;
  const key = options && JSON.stringify(tracked(options));

  useEffect(() => {
    const tracker = key && run(JSON.parse(key));
    if (!tracker) return undefined;
    const use = uses.get(tracker) ?? { users: 0 };
    uses.set(tracker, use);
    use.users += 1;
    tracker.settings.paused = false;
    tracker.look();
    return () => {
      use.users -= 1;
      tracker.settings.paused = use.users === 0;
    };
  }, [key]);

  useEffect(() => {
    const tracker = key && page !== undefined && run(JSON.parse(key));
    const use = tracker && uses.get(tracker);
    if (!use || use.page === page) return;
    use.page = page;
    tracker.track('view', { page });
  }, [key, page]);

  return useCallback(
    (event: string, properties?: Properties) => {
      if (!key) track(event, properties);
      else init(JSON.parse(key))(event, page === undefined ? properties : { page, ...properties });
    },
    [key, page],
  );
}

/** With a page of the router's, nothing is counted by itself. */
function tracked({ page, ...options }: TrackingOptions): Options {
  return page === undefined ? options : { ...options, spa: 'manual' };
}
