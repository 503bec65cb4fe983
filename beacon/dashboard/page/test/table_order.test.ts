import { expect, test } from 'vitest';
import { firstOrder, found, nextOrder, sorted } from '../src/table_order';
import type { TableRow, Value } from '../src/table_rows';

const row = (label: string, ...values: Value[]): TableRow => ({
  key: label,
  label,
  is_missing: false,
  context: null,
  title: null,
  filters: [],
  link: null,
  values,
});
const labels = (rows: TableRow[]) => rows.map(({ label }) => label);

test('numbers begin with the greatest, texts with the first, and a second click turns them round', () => {
  const start = firstOrder({ heading: '', measures: [], rows: [], row_count: 0 });
  expect(start).toEqual({ by: 0, descending: true });
  expect(nextOrder(start, 0, false)).toEqual({ by: 0, descending: false });
  expect(nextOrder(start, 1, false)).toEqual({ by: 1, descending: true });
  expect(nextOrder(start, -1, true)).toEqual({ by: -1, descending: false });
  expect(nextOrder({ by: -1, descending: false }, -1, true)).toEqual({ by: -1, descending: true });
});

test('rows are sorted by a measure or by name; equal ones stay, and those without a value come last', () => {
  const rows = [row('b', 1), row('a10', null), row('c', 3), row('a9', 1)];
  expect(labels(sorted(rows, { by: 0, descending: true }, ['en']))).toEqual(['c', 'b', 'a9', 'a10']);
  expect(labels(sorted(rows, { by: 0, descending: false }, ['en']))).toEqual(['b', 'a9', 'c', 'a10']);
  expect(labels(sorted(rows, { by: -1, descending: false }, ['en']))).toEqual(['a9', 'a10', 'b', 'c']);
});

test('ranges are sorted by their lower bound, then the upper; growth from nothing is the greatest change', () => {
  const opens = [row('a', [2, 9]), row('b', 2), row('c', [3, 4])];
  expect(labels(sorted(opens, { by: 0, descending: true }, ['en']))).toEqual(['c', 'a', 'b']);
  const infinity = Number.POSITIVE_INFINITY;
  const changes = [row('a', 0.5), row('b', infinity), row('c', infinity), row('d', -1)];
  expect(labels(sorted(changes, { by: 0, descending: true }, ['en']))).toEqual(['b', 'c', 'a', 'd']);
});

test('a search finds labels, contexts and stored values, whatever their case', () => {
  const rows = [row('Germany', 1), { ...row('/about', 1), context: 'blog.example' }, { ...row('Gmail', 1), title: 'android-app://x' }];
  expect(labels(found(rows, ' GERM'))).toEqual(['Germany']);
  expect(labels(found(rows, 'blog'))).toEqual(['/about']);
  expect(labels(found(rows, 'android'))).toEqual(['Gmail']);
  expect(labels(found(rows, ' '))).toHaveLength(3);
  expect(found(rows, 'nothing')).toEqual([]);
});
