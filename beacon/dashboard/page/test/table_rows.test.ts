import { expect, test } from 'vitest';
import type { Cell, QueryResult } from '../src/api';
import { createFormat } from '../src/format';
import { countOf, namedRows, rowCount } from '../src/table_rows';

const format = createFormat(['en-GB'], 'UTC');

function answer(names: string[], rows: Cell[][], more: Partial<QueryResult> = {}): QueryResult {
  const columns = names.map((name) => ({ name, type: 'varchar' as const }));
  return { id: 'a', question: 'q', state: 'succeeded', columns, rows, ...more };
}

const every = () => true;
const PAGES = { heading: 'Page', column: 'page', within: ['site'] };

test('a page filters by itself where it is on one site, and by its site too where others have the same', () => {
  const result = answer(['site', 'page'], [['a.example', '/'], ['b.example', '/'], ['a.example', '/about'], ['a.example', null]]);
  const rows = namedRows(result, PAGES, format, every);
  expect(rows.map(({ label }) => label)).toEqual(['/', '/', '/about', 'Unknown page']);
  expect(rows.map(({ context }) => context)).toEqual(['a.example', 'b.example', 'a.example', 'a.example']);
  const page = (value: string | null) => ({ column: 'page', value });
  const site = (value: string) => ({ column: 'site', value });
  expect(rows.map(({ filters }) => filters)).toEqual([
    [site('a.example'), page('/')],
    [site('b.example'), page('/')],
    [page('/about')],
    [page(null)],
  ]);
  expect(rows.map(({ link }) => link)).toEqual(['https://a.example/', 'https://b.example/', 'https://a.example/about', null]);
  expect(new Set(rows.map(({ key }) => key)).size).toBe(4);
});

test('a result that is cut off may lack the other rows of a page', () => {
  const [row] = namedRows(answer(['site', 'page'], [['a.example', '/x']], { truncated: true }), PAGES, format, every);
  expect(row!.filters).toHaveLength(2);
  expect(row!.context).toBe(null);
});

test('codes have names, and their title is the stored value', () => {
  const result = answer(['country'], [['DE'], [null]]);
  const rows = namedRows(result, { heading: 'Country', column: 'country' }, format, every);
  expect(rows.map(({ label, title, is_missing }) => [label, title, is_missing])).toEqual([
    ['Germany', 'DE', false],
    ['Unknown', null, true],
  ]);
  expect(rows.map(({ filters }) => filters)).toEqual([[{ column: 'country', value: 'DE' }], [{ column: 'country', value: null }]]);
});

test('a row without a filter, or with one that the server doesn’t have, filters nothing', () => {
  const result = answer(['program'], [['Chrome']]);
  const naming = { heading: 'Program', column: 'program' };
  expect(namedRows(result, { ...naming, filter: null }, format, every)[0]!.filters).toEqual([]);
  expect(namedRows(result, naming, format, (column) => column !== 'program')[0]!.filters).toEqual([]);
});

test('a message filters by its tag, unless a title names it', () => {
  const result = answer(
    ['campaign', 'message', 'utm_content'],
    [['november', 'header', 'header'], ['november', 'Our news', null], ['december', 'header', 'header']],
  );
  const naming = { heading: 'Message', column: 'message', filter: 'utm_content', filter_from: 'utm_content', within: ['campaign'] };
  const rows = namedRows(result, naming, format, every);
  expect(rows.map(({ context }) => context)).toEqual(['november', 'november', 'december']);
  expect(rows.map(({ filters }) => filters)).toEqual([
    [{ column: 'utm_campaign', value: 'november' }, { column: 'utm_content', value: 'header' }],
    [],
    [{ column: 'utm_campaign', value: 'december' }, { column: 'utm_content', value: 'header' }],
  ]);
});

test('a count is a number, a range or unknown', () => {
  const result = answer(['opens', 'opens_at_most', 'clicks'], [[12, 32, 3], [5, 5, 0]]);
  const [first, second] = result.rows!;
  expect([countOf(result, first!, 'opens'), countOf(result, second!, 'opens'), countOf(result, first!, 'visitors')]).toEqual([[12, 32], 5, null]);
  expect([rowCount(result), rowCount({ ...result, row_count: 48_210 })]).toEqual([2, 48_210]);
});
