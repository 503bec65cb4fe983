import { expect, test } from 'vitest';
import type { Cell } from '../src/api';
import { firstHit, recentSpan } from '../src/moments';
import type { QueryState } from '../src/query_client';

const MINUTE_MS = 60_000;

function state(first: Cell): QueryState {
  const columns = [{ name: 'first_received_at', type: 'timestamp' as const }];
  const result = { id: 'a', question: 'totals', state: 'succeeded' as const, columns, rows: [[first]] };
  return { result, error: null, is_fetching: false, updated_at_ms: 0 };
}

test('the first hit is known once the totals are', () => {
  expect(firstHit(undefined)).toBeUndefined();
  expect(firstHit({ ...state(null), result: null })).toBeUndefined();
  expect(firstHit(state(null))).toBeNull();
  expect(firstHit(state('2026-02-03 23:30:00.000'))).toBe(Date.parse('2026-02-03T23:30Z'));
});

test('the last 30 minutes are 30, and move on by a minute, or by as much as the data is behind', () => {
  const now_ms = Date.parse('2026-11-21T10:20:40Z');
  const live = recentSpan(now_ms, { live: true });
  expect(live).toEqual({ from_ms: Date.parse('2026-11-21T09:51Z'), to_ms: Date.parse('2026-11-21T10:21Z') });
  // A hit may be five minutes late: of 10:15 all have come.
  const late = recentSpan(now_ms, { live: false, delay_s: 300 });
  expect(late).toEqual({ from_ms: Date.parse('2026-11-21T09:45Z'), to_ms: Date.parse('2026-11-21T10:15Z') });
  expect(recentSpan(now_ms + 4 * MINUTE_MS, { live: false, delay_s: 300 })).toEqual(late);
  expect(recentSpan(now_ms, { live: false, delay_s: 1_800 }).to_ms).toBe(Date.parse('2026-11-21T09:30Z'));
});
