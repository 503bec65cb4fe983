// Combines the results of a query that was split into chunks.

import type { QueryResult } from './api';
import type { QueryState } from './query_client';

/** The latest merge by its first part, so that equal parts yield the identical result object. */
const cache = new WeakMap<QueryResult, { parts: QueryResult[]; merged: QueryResult }>();

/** Merges several states into one result: rows concatenated, statistics summed. Null until all have a result. */
export function mergedResult(states: QueryState[]): QueryResult | null {
  const parts = states.flatMap(({ result }) => result ?? []);
  const first = parts[0];
  if (first === undefined || parts.length < states.length) return null;
  if (parts.length === 1) return first;
  const cached = cache.get(first);
  const is_same = cached?.parts.length === parts.length && parts.every((part, index) => part === cached.parts[index]);
  if (is_same) return cached.merged;
  const merged = merge(first, parts);
  cache.set(first, { parts, merged });
  return merged;
}

function merge(first: QueryResult, all: QueryResult[]): QueryResult {
  const scanned = all.map(({ statistics }) => statistics?.bytes_scanned ?? null);
  return {
    ...first,
    rows: all.flatMap(({ rows }) => rows ?? []),
    truncated: all.some(({ truncated }) => truncated),
    row_count: all.reduce((sum, { row_count, rows }) => sum + (row_count ?? rows?.length ?? 0), 0),
    warnings: [...new Set(all.flatMap(({ warnings }) => warnings ?? []))],
    statistics: {
      bytes_scanned: scanned.includes(null) ? null : scanned.reduce<number>((sum, bytes) => sum + bytes!, 0),
      took_ms: all.reduce((sum, { statistics }) => sum + (statistics?.took_ms ?? 0), 0),
      reused: all.every(({ statistics }) => statistics?.reused === true),
    },
  };
}
