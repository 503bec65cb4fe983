import { useCallback, useEffect } from 'react';
import { run, track, type Options } from '../../js/src/running.js';
import type { Properties } from '../../js/src/settings.js';
import type { Track } from '../../js/src/tracker.js';

/** Where the beacon is, and what is counted. */
export interface TrackingOptions extends Options {
  /**
   * The page as the router knows it, such as `/talks`. With it a view is counted when it changes; without it the
   * address bar is watched, which is where every router writes.
   */
  page?: string | undefined;
}

/**
 * Counts the page, and each one that a router puts in its place, while a component that uses it is mounted. However
 * many components use it with the same options, and however often React mounts them, a page is counted once.
 *
 * Returns the function that counts an event. Without options that is the tracker of another component, usually the
 * root.
 */
export function useTracking(options?: TrackingOptions): Track {
  const page = options?.page;
  const key = options && JSON.stringify({ ...options, page: undefined });

  useEffect(() => {
    const tracker = key && run(JSON.parse(key), page);
    if (!tracker) return undefined;
    const { settings } = tracker;
    tracker.users += 1;
    if (settings.paused || settings.page !== page) {
      settings.paused = false;
      if (page !== undefined) settings.page = page;
      tracker.settle();
    }
    return () => {
      tracker.users -= 1;
      settings.paused = tracker.users === 0;
    };
  }, [key, page]);

  return useCallback(
    (event: string, properties?: Properties) => {
      if (key) run(JSON.parse(key), page)?.trackAt(page, event, properties);
      else track(event, properties);
    },
    [key, page],
  );
}
