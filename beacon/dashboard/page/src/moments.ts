// Two moments that queries depend on: the first hit, and the last 30 minutes.

import type { About } from './api';
import { parseTimestamp } from './format';
import type { Span } from './period';
import { cellReader } from './pivot';
import type { QueryState } from './query_client';

const MINUTE_MS = 60_000;
const RECENT_MS = 30 * MINUTE_MS;

/** Returns the instant of the first hit by the totals of all time: null if there is none, undefined until it is known. */
export function firstHit(state: QueryState | undefined): number | null | undefined {
  const result = state?.result ?? null;
  if (result === null) return undefined;
  const row = result.rows?.[0];
  const first = row === undefined ? null : cellReader(result)(row, 'first_received_at');
  return first === null ? null : parseTimestamp(String(first));
}

/**
 * Returns the last 30 minutes. They move on in steps, so that not every moment is another query: by a minute, or by as
 * much as the data may be behind.
 */
export function recentSpan(now_ms: number, freshness: About['freshness']): Span {
  const step_ms = freshness.live ? MINUTE_MS : Math.max(5 * MINUTE_MS, freshness.delay_s * 1_000);
  const begin_ms = Math.floor(now_ms / step_ms) * step_ms;
  return { from_ms: begin_ms - RECENT_MS, to_ms: begin_ms + step_ms };
}
