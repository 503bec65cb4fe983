// Keeps the page up to date: long-polls the API for changes and triggers a refresh for each.

import { ApiError, type About, type Api, type Changes } from './api';

const WAIT_MS = 25_000;

/**
 * A busy site changes all the time. Between two refreshes the engine rests for as long as the last one took, up to a
 * limit at which the page still feels live.
 */
const MIN_PAUSE_MS = 500;
const MAX_PAUSE_MS = 10_000;

/** Without live data there is no long poll, which would only occupy the server: the page polls at this interval. */
const MIN_POLL_S = 15;
const MAX_POLL_S = 60;

const RETRY_MS = [1_000, 2_000, 5_000, 15_000, 30_000];

export type Connection = 'following' | 'paused' | 'lost';

interface LiveUpdates {
  api: Api;
  freshness: About['freshness'];
  /** Runs the queries again; resolves when the results have arrived. */
  refresh: () => Promise<void>;
  onConnection: (state: Connection) => void;
  onRefused: (error: ApiError) => void;
  /** Receives each response, also an unchanged one. */
  onChanges: (changes: Changes) => void;
  /** Dispatches `lost` when another request found the server unreachable. */
  outages: EventTarget;
}

/** Follows changes until the signal aborts. A hidden page sends no requests. */
export async function followChanges(updates: LiveUpdates, signal: AbortSignal): Promise<void> {
  const { api, freshness, refresh, onConnection, onRefused, onChanges, outages } = updates;
  const poll_ms = freshness.live ? 0 : 1000 * Math.max(MIN_POLL_S, Math.min(MAX_POLL_S, freshness.delay_s));
  let revision: number | null = null;
  let failures = 0;
  // Another request found the server unreachable; only a refresh runs it again.
  let is_incomplete = false;
  let lost = new AbortController();
  const lose = () => {
    is_incomplete = true;
    lost.abort();
  };
  outages.addEventListener('lost', lose, { signal });
  while (!signal.aborted) {
    if (document.hidden) {
      onConnection('paused');
      await untilVisible(signal);
      continue;
    }
    // Browsers open few connections per host, across all tabs: a hidden tab must not hold one.
    const hidden = new AbortController();
    const hide = () => hidden.abort();
    document.addEventListener('visibilitychange', hide, { once: true });
    lost = new AbortController();
    try {
      // The first call learns the current revision, one after a failure whether it is still the same: neither waits.
      const wait_ms = revision === null || failures > 0 || !freshness.live ? 0 : WAIT_MS;
      const changes = await api.changes(revision ?? 0, wait_ms, AbortSignal.any([signal, hidden.signal, lost.signal]));
      onConnection('following');
      onChanges(changes);
      // After a failure results may be missing, too.
      const is_new = failures > 0 || is_incomplete || (revision !== null && changes.revision !== revision);
      revision = changes.revision;
      if (is_new) {
        const started_ms = performance.now();
        is_incomplete = false;
        await refresh();
        const took_ms = performance.now() - started_ms;
        lost.signal.throwIfAborted();
        failures = 0;
        await pause(Math.min(MAX_PAUSE_MS, Math.max(MIN_PAUSE_MS, took_ms)), AbortSignal.any([signal, lost.signal]));
      }
      if (poll_ms > 0) await pause(poll_ms, AbortSignal.any([signal, lost.signal]));
      lost.signal.throwIfAborted();
    } catch (error) {
      if (signal.aborted) return;
      if (hidden.signal.aborted && !lost.signal.aborted) continue;
      if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return onRefused(error);
      onConnection('lost');
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

function untilVisible(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    document.addEventListener('visibilitychange', () => resolve(), { once: true, signal });
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
