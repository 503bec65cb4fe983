// Follows the lake: as soon as it changes, what is wanted is asked again.

import { ApiError, type About, type Api, type Changes } from './api';

const WAIT_MS = 25_000;

/**
 * On a busy site there is always something new. The engine rests between two rounds as long as the last one took, but
 * not for so long that nobody would call it live.
 */
const LEAST_PAUSE_MS = 500;
const MOST_PAUSE_MS = 10_000;

/** Where nothing is live, nobody waits at the server's expense: it is asked now and then. */
const LEAST_ASIDE_S = 15;
const MOST_ASIDE_S = 60;

const RETRY_MS = [1_000, 2_000, 5_000, 15_000, 30_000];

export type Connection = 'following' | 'paused' | 'lost';

interface Followed {
  api: Api;
  freshness: About['freshness'];
  /** Asks again; resolves when the answers are there. */
  refresh: () => Promise<void>;
  connection: (state: Connection) => void;
  refused: (error: ApiError) => void;
  /** What else the server says beside the revision. */
  heard: (changes: Changes) => void;
  /** Tells by an event `lost` that somebody else got no answer. */
  alarm: EventTarget;
}

/** Until the signal aborts. A page that nobody sees asks nothing. */
export async function follow(followed: Followed, signal: AbortSignal): Promise<void> {
  const { api, freshness, refresh, connection, refused, heard, alarm } = followed;
  const aside_ms = freshness.live ? 0 : 1000 * Math.max(LEAST_ASIDE_S, Math.min(MOST_ASIDE_S, freshness.delay_s));
  let revision: number | null = null;
  let failures = 0;
  // Somebody got no answer, and it may be asked again only by a refresh.
  let is_missing = false;
  let lost = new AbortController();
  const lose = () => {
    is_missing = true;
    lost.abort();
  };
  alarm.addEventListener('lost', lose, { signal });
  while (!signal.aborted) {
    if (document.hidden) {
      connection('paused');
      await shown(signal);
      continue;
    }
    // Browsers open few connections to a host, for all tabs together: one that nobody sees holds none.
    const hidden = new AbortController();
    const hide = () => hidden.abort();
    document.addEventListener('visibilitychange', hide, { once: true });
    lost = new AbortController();
    try {
      // The first call only learns where the lake stands, and one after a failure whether it stands there still.
      const wait_ms = revision === null || failures > 0 || !freshness.live ? 0 : WAIT_MS;
      const answer = await api.changes(revision ?? 0, wait_ms, AbortSignal.any([signal, hidden.signal, lost.signal]));
      connection('following');
      heard(answer);
      // After a failure answers may be missing, too.
      const is_new = failures > 0 || is_missing || (revision !== null && answer.revision !== revision);
      revision = answer.revision;
      if (is_new) {
        const started_ms = performance.now();
        is_missing = false;
        await refresh();
        const took_ms = performance.now() - started_ms;
        lost.signal.throwIfAborted();
        failures = 0;
        await pause(Math.min(MOST_PAUSE_MS, Math.max(LEAST_PAUSE_MS, took_ms)), AbortSignal.any([signal, lost.signal]));
      }
      if (aside_ms > 0) await pause(aside_ms, AbortSignal.any([signal, lost.signal]));
      lost.signal.throwIfAborted();
    } catch (error) {
      if (signal.aborted) return;
      if (hidden.signal.aborted && !lost.signal.aborted) continue;
      if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return refused(error);
      connection('lost');
      const retry_ms = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]!;
      failures += 1;
      await pause(error instanceof ApiError && error.retry_after_s ? error.retry_after_s * 1000 : retry_ms, signal);
    } finally {
      document.removeEventListener('visibilitychange', hide);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}

function shown(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    document.addEventListener('visibilitychange', () => resolve(), { once: true, signal });
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
