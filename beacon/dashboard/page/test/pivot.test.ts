import { expect, test } from 'vitest';
import type { QueryResult, Cell } from '../src/api';
import { pivot } from '../src/pivot';

function answer(rows: Cell[][], names = ['site', 'page', 'source', 'views', 'page_views']): QueryResult {
  const columns = names.map((name) => ({ name, type: 'varchar' as const }));
  return { id: 'a', question: 'top_pages_by_source', state: 'succeeded', columns, rows };
}

test('pages are rows and sources columns, in descending order of views', () => {
  const made = pivot(
    answer([
      ['blog', '/a', 'google', 5, 9],
      ['blog', '/a', null, 4, 9],
      ['shop', '/a', null, 20, 20],
      ['blog', '/b', 'google', 1, 1],
    ]),
  );
  expect(made.sources).toEqual([null, 'google']);
  expect(made.has_other).toBe(false);
  expect(made.pages).toEqual([
    { site: 'shop', page: '/a', views: 20, by_source: [20, 0], other: 0 },
    { site: 'blog', page: '/a', views: 9, by_source: [4, 5], other: 0 },
    { site: 'blog', page: '/b', views: 1, by_source: [0, 1], other: 0 },
  ]);
});

test('the remaining sources share a column, unless there is only one', () => {
  const rows = (count: number) =>
    Array.from({ length: count }, (_, index) => ['s', '/', `source ${index}`, 100 - index, 0]);
  const four = pivot(answer(rows(4)), 2);
  expect(four.sources).toEqual(['source 0', 'source 1']);
  expect(four.has_other).toBe(true);
  expect(four.pages[0]).toMatchObject({ views: 394, by_source: [100, 99], other: 195 });
  const three = pivot(answer(rows(3)), 2);
  expect(three.sources).toHaveLength(3);
  expect(three.has_other).toBe(false);
});

test('columns are read by their names', () => {
  const made = pivot(answer([[3, '/', null, 'x']], ['views', 'page', 'site', 'source']));
  expect(made.pages).toEqual([{ site: null, page: '/', views: 3, by_source: [3], other: 0 }]);
});

test('no rows, no pages', () => {
  expect(pivot(answer([]))).toEqual({ sources: [], has_other: false, pages: [], is_complete: true });
});
