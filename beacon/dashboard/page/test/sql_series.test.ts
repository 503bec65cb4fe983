import { expect, test } from 'vitest';
import type { Cell, Column, QueryResult } from '../src/api';
import { MAX_NAMES, pointsOf, seriesOf } from '../src/sql_series';

function resultOf(types: string[], rows: Cell[][]): QueryResult {
  const columns = types.map((type, place) => ({ name: `c${place}`, type })) as Column[];
  return { id: '1', question: '', state: 'succeeded', columns, rows };
}

test('times come before names, and names before numbers', () => {
  const along = (types: string[], row: Cell[]) => seriesOf(resultOf(types, [row]))?.along.name;
  expect(along(['varchar', 'timestamp', 'bigint'], ['/a', '2026-11-20 00:00:00.000', 1])).toBe('c1');
  expect(along(['bigint', 'varchar', 'double'], [1, '/a', 0.5])).toBe('c1');
  expect(along(['bigint', 'double'], [9, 0.5])).toBe('c0');
  expect(along(['timestamp(3)', 'decimal(10,2)'], ['2026-11-20 00:00:00.000', 1])).toBe('c0');
  expect(along(['varchar'], ['/a'])).toBeUndefined();
  expect(seriesOf(resultOf(['varchar', 'bigint'], []))).toBeNull();
});

test('days that are text are times, unless one of them is none', () => {
  const series = (last: Cell) => seriesOf(resultOf(['varchar', 'bigint'], [['2026-11-20', 1], [null, 2], [last, 3]]))!;
  expect(series('2026-11-21').is_time).toBe(true);
  expect(series('yesterday').is_time).toBe(false);
});

test('points of times stand in their order, without what has no time or number', () => {
  const result = resultOf(
    ['timestamp', 'bigint'],
    [
      ['2026-11-21 13:30:00.000', 2],
      ['2026-11-20 00:00:00.000', 1],
      [null, 3],
      ['2026-11-22 00:00:00.000', null],
    ],
  );
  const series = seriesOf(result)!;
  expect(pointsOf(result, series, series.values[0]!)).toEqual([
    { label: '2026-11-20', at_ms: Date.parse('2026-11-20T00:00Z'), value: 1 },
    { label: '2026-11-21 13:30', at_ms: Date.parse('2026-11-21T13:30Z'), value: 2 },
  ]);
});

test('names stay in the order of the rows, and are limited', () => {
  const rows = Array.from({ length: MAX_NAMES + 10 }, (_, index): Cell[] => [index === 0 ? null : `n${index}`, index]);
  const result = resultOf(['varchar', 'double'], rows);
  const series = seriesOf(result)!;
  const points = pointsOf(result, series, series.values[0]!);
  expect(points).toHaveLength(MAX_NAMES);
  expect(points.slice(0, 2)).toEqual([
    { label: 'NULL', at_ms: null, value: 0 },
    { label: 'n1', at_ms: null, value: 1 },
  ]);
});
