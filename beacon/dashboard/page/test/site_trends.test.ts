import { expect, test } from 'vitest';
import type { QueryResult } from '../src/api';
import { trendsBySite } from '../src/site_trends';

const DAY_MS = 86_400_000;
const FIRST_MS = Date.parse('2026-11-15T00:00Z');

const RESULT: QueryResult = {
  id: 'a',
  question: 'sites_per_day',
  state: 'succeeded',
  columns: ['site', 'day', 'views'].map((name) => ({ name, type: 'varchar' as const })),
  rows: [
    ['a.example', '2026-11-15 00:00:00.000', 3],
    ['a.example', '2026-11-17 00:00:00.000', 2],
    [null, '2026-11-16 00:00:00.000', 1],
    ['a.example', '2026-11-30 00:00:00.000', 9],
  ],
};

test('each site has a number for each day, up to today', () => {
  const week = { from_ms: FIRST_MS, to_ms: FIRST_MS + 7 * DAY_MS };
  const trends = trendsBySite(RESULT, week, FIRST_MS + 3.5 * DAY_MS);
  expect([...trends]).toEqual([['a.example', [3, 0, 2, 0]], [null, [0, 1, 0, 0]]]);
});

test('the days of another time zone are cut by two days of UTC', () => {
  const berlin = { from_ms: FIRST_MS - 3_600_000, to_ms: FIRST_MS + 2 * DAY_MS - 3_600_000 };
  expect(trendsBySite(RESULT, berlin, FIRST_MS + 30 * DAY_MS).get('a.example')).toEqual([0, 3, 0]);
});
