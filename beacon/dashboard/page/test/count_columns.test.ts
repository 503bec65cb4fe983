import { expect, test } from 'vitest';
import type { QueryResult } from '../src/api';
import { countRange, shownColumns, total, totalRange } from '../src/count_columns';

function answer(names: string[], rows: (number | null)[][]): QueryResult {
  return { id: 'a', question: 'q', state: 'succeeded', columns: names.map((name) => ({ name, type: 'bigint' })), rows };
}

test('visitors come before views, and an upper bound has no column', () => {
  const names = (all: string[]) => shownColumns(answer(all, [])).map(({ name }) => name);
  expect(names(['hits', 'views', 'visitors', 'opens', 'opens_at_most', 'clicks'])).toEqual(
    ['visitors', 'views', 'opens', 'clicks', 'hits'],
  );
  expect(names(['visitors', 'views'])).toEqual(['visitors', 'views']);
  expect(names(['visits', 'visitors'])).toEqual(['visitors', 'visits']);
  expect(names([])).toEqual([]);
});

test('names stay before counts, in their order', () => {
  const columns = [
    { name: 'hits', type: 'bigint' as const },
    { name: 'b', type: 'varchar' as const },
    { name: 'a', type: 'varchar' as const },
  ];
  expect(shownColumns({ ...answer([], []), columns }).map(({ name }) => name)).toEqual(['b', 'a', 'hits']);
});

test('a count is a range where it has an upper bound', () => {
  const opens = answer(['opens', 'opens_at_most', 'clicks'], [[12, 32, 3], [5, null, 1], [5, 4, 1]]);
  const rows = opens.rows!;
  expect(rows.map((row) => countRange(opens, row, 'opens'))).toEqual([[12, 32], [5, 5], [5, 5]]);
  expect(countRange(opens, rows[0]!, 'clicks')).toEqual([3, 3]);
  expect(totalRange(opens, 'opens')).toEqual([12, 32]);
});

test('an older result has no upper bound, and an empty one no counts', () => {
  expect(totalRange(answer(['opens'], [[7]]), 'opens')).toEqual([7, 7]);
  expect([total(answer(['views'], []), 'views'), total(answer(['views'], [[3]]), 'visitors')]).toEqual([0, 0]);
});
