import { expect, test } from 'vitest';
import type { Cell, QueryResult } from '../src/api';
import { chartSeries } from '../src/chart_series';
import { comparedSpan } from '../src/comparison';
import { binsIn, spanOf } from '../src/period';
import type { View } from '../src/view';

const VIEW: View = {
  period: { kind: 'preset', preset: '7d' },
  compare: 'before',
  site: null,
  conditions: [],
  interval: null,
  metric: null,
  zone: 'Europe/Berlin',
};
const NOW_MS = Date.parse('2026-11-21T10:20:00Z');
const span = spanOf(VIEW.period, VIEW.zone, NOW_MS);
const bins = binsIn(span, 'day', VIEW.zone);

function result(names: string[], rows: Cell[][]): QueryResult {
  const columns = ['quarter', ...names].map((name) => ({ name, type: name === 'quarter' ? ('timestamp' as const) : ('bigint' as const) }));
  return { id: 'a', question: 'views_per_quarter', state: 'succeeded', columns, rows };
}

test('quarters are added up into the bars of their local days', () => {
  const views = result(['views', 'visitors'], [
    ['2026-11-14 23:00:00.000', 3, 2],
    ['2026-11-15 22:45:00.000', 4, 1],
    ['2026-11-15 23:00:00.000', 5, 5],
    ['2026-11-21 10:15:00.000', 1, 1],
  ]);
  const values = (metric: 'views' | 'visitors' | 'conversions') => chartSeries(bins, metric, views, null, VIEW).map(({ value }) => value);
  expect(values('views')).toEqual([7, 5, 0, 0, 0, 0, 1]);
  expect(values('conversions')).toEqual(values('views'));
  expect(values('visitors')).toEqual([3, 5, 0, 0, 0, 0, 1]);
});

test('opens are ranges', () => {
  const opens = result(['opens', 'opens_at_most'], [
    ['2026-11-15 10:00:00.000', 2, 5],
    ['2026-11-16 10:00:00.000', 0, 1],
  ]);
  const ranges = chartSeries(bins, 'opens', opens, null, VIEW).map(({ value, most, before }) => [value, most, before]);
  expect(ranges.slice(0, 3)).toEqual([[2, 5, null], [0, 1, null], [0, 0, null]]);
});

test('the compared day stands beside each bar, and they add up to the compared span', () => {
  const compared_span = comparedSpan(VIEW.period, 'before', VIEW.zone, NOW_MS, span)!;
  const earlier = result(['views'], [
    ['2026-11-07 23:00:00.000', 1],
    ['2026-11-13 22:45:00.000', 10],
    ['2026-11-14 10:15:00.000', 100],
  ]);
  const series = chartSeries(bins, 'views', result(['views'], []), { result: earlier, span: compared_span }, VIEW);
  expect(series.map(({ before }) => before)).toEqual([1, 0, 0, 0, 0, 10, 100]);
});

test('what is still to come has nothing beside it', () => {
  const view: View = { ...VIEW, period: { kind: 'preset', preset: 'today' } };
  const today = spanOf(view.period, view.zone, NOW_MS);
  const compared_span = comparedSpan(view.period, 'before', view.zone, NOW_MS, today)!;
  const hours = binsIn(today, 'hour', view.zone);
  const empty = result(['views'], []);
  const series = chartSeries(hours, 'views', empty, { result: empty, span: compared_span }, view);
  expect(series.map(({ before }) => before)).toEqual([...Array(12).fill(0), ...Array(12).fill(null)]);
});
