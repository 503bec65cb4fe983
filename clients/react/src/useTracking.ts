import { useCallback, useEffect } from 'react';
import { getTracker, track, type Options } from '../../js/src/registry.js';
import type { Properties } from '../../js/src/settings.js';
import type { Track } from '../../js/src/tracker.js';

/** Options of `useTracking`. */
export interface TrackingOptions extends Options {
  /**
   * The path according to the router, such as `/talks`. If given, a view is counted whenever it changes; without it,
   * whenever the URL changes, which suits every router.
   */
  page?: string | undefined;
}

/**
 * Counts the page, and each page that a router shows, while a component that uses this hook is mounted. A page is
 * counted once, however many components use the hook with the same options and however often React mounts them.
 *
 * Returns the function that tracks an event. Without options it uses the tracker of another component, usually the
 * root.
 */
export function useTracking(options?: TrackingOptions): Track {
  const page = options?.page;
  const key = options && JSON.stringify({ ...options, page: undefined });

  useEffect(() => {
    const tracker = key && getTracker(JSON.parse(key), page);
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
      if (key) getTracker(JSON.parse(key), page)?.trackAt(page, event, properties);
      else track(event, properties);
    },
    [key, page],
  );
}
