// The views of each site over time, for sparklines.

import type { QueryResult } from './api';
import { parseTimestamp } from './format';
import type { Span } from './period';
import { cellReader } from './pivot';

const DAY_MS = 86_400_000;

/** Returns the views of each site on each day (UTC) of a span that has begun; days without a view are 0. */
export function trendsBySite(result: QueryResult, span: Span, now_ms: number): Map<string | null, number[]> {
  const first_day = Math.floor(span.from_ms / DAY_MS);
  const last_day = Math.floor((Math.min(span.to_ms, now_ms) - 1) / DAY_MS);
  const read = cellReader(result);
  const trends = new Map<string | null, number[]>();
  for (const row of result.rows ?? []) {
    const site = read(row, 'site');
    const at_ms = parseTimestamp(String(read(row, 'day')));
    if (at_ms === null) continue;
    const name = site === null ? null : String(site);
    const trend = trends.get(name) ?? Array.from({ length: Math.max(0, last_day - first_day + 1) }, () => 0);
    const place = Math.floor(at_ms / DAY_MS) - first_day;
    if (place in trend) trend[place]! += Number(read(row, 'views') ?? 0);
    trends.set(name, trend);
  }
  return trends;
}
