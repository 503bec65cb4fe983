// Two moments that queries depend on: the first hit, and the last 30 minutes.

import type { About } from './api';
import { parseTimestamp } from './format';
import type { Span } from './period';
import { cellReader } from './pivot';
import type { QueryState } from './query_client';

const MINUTE_MS = 60_000;
const RECENT_MS = 30 * MINUTE_MS;
const MIN_LATE_STEP_MS = 5 * MINUTE_MS;

/** Returns the instant of the first hit by the totals of all time: null if there is none, undefined until it is known. */
export function firstHit(state: QueryState | undefined): number | null | undefined {
  const result = state?.result ?? null;
  if (result === null) return undefined;
  const row = result.rows?.[0];
  const first = row === undefined ? null : cellReader(result)(row, 'first_received_at');
  return first === null ? null : parseTimestamp(String(first));
}

/**
 * Returns the last 30 minutes. They move on in steps, so that not every moment is another query: by a minute, to the end
 * of the one that runs; where the data comes late, by as much as it may be behind, to a moment of which all has come.
 */
export function recentSpan(now_ms: number, freshness: About['freshness']): Span {
  const to_ms = freshness.live ? endOfMinute(now_ms) : lastComplete(now_ms, freshness.delay_s * 1_000);
  return { from_ms: to_ms - RECENT_MS, to_ms };
}

const endOfMinute = (now_ms: number) => (Math.floor(now_ms / MINUTE_MS) + 1) * MINUTE_MS;

function lastComplete(now_ms: number, delay_ms: number): number {
  const step_ms = Math.max(MIN_LATE_STEP_MS, delay_ms);
  return Math.floor((now_ms - delay_ms) / step_ms) * step_ms;
}
