import { expect, test } from 'vitest';
import type { Cell, QueryResult } from '../src/api';
import { countedTable, rate, relativeChange, type Beside } from '../src/table_counts';
import type { NamedRow } from '../src/table_rows';

function answer(names: string[], rows: Cell[][]): QueryResult {
  const columns = names.map((name) => ({ name, type: 'bigint' as const }));
  return { id: 'a', question: 'q', state: 'succeeded', columns, rows };
}

const named = ({ rows }: QueryResult): NamedRow[] =>
  rows!.map((cells) => ({
    key: String(cells[0]),
    label: String(cells[0]),
    is_missing: false,
    context: null,
    title: null,
    filters: [],
    link: null,
    cells,
  }));

const ALONE: Beside = {
  totals: answer(['visitors', 'views'], [[20, 50]]),
  is_conversions: false,
  visitorsWithoutEvent: () => null,
  visitors_without_event: 20,
  before: null,
  before_result: null,
};

const tableOf = (result: QueryResult, counting: Parameters<typeof countedTable>[3], beside: Partial<Beside> = {}) => {
  const { measures, rows, row_count } = countedTable(result, 'Name', named(result), counting, { ...ALONE, ...beside });
  return { heads: measures.map(({ name }) => name), values: rows.map(({ values }) => values), row_count };
};

const SOURCES = answer(['source', 'views', 'visitors'], [['a', 30, 15], ['b', 20, 5]]);

test('visitors and views stand beside the share of the tile', () => {
  expect(tableOf(SOURCES, 'views')).toEqual({
    heads: ['Visitors', 'Views', 'Share'],
    values: [[15, 30, 0.75], [5, 20, 0.25]],
    row_count: 2,
  });
  const entries = answer(['entry_page', 'visits', 'views', 'visitors'], [['/', 9, 30, 8]]);
  expect(tableOf(entries, 'visits')).toMatchObject({ heads: ['Visitors', 'Visits', 'Share'], values: [[8, 9, 0.4]] });
});

test('where no hit has a visitor, or no result counts them, shares are those of views', () => {
  const nobody = answer(['visitors', 'views'], [[0, 50]]);
  expect(tableOf(answer(['source', 'views', 'visitors'], [['a', 10, 0]]), 'views', { totals: nobody }).values).toEqual([[0, 10, 0.2]]);
  expect(tableOf(answer(['source', 'views'], [['a', 10]]), 'views')).toMatchObject({ heads: ['Views', 'Share'], values: [[10, 0.2]] });
  expect(tableOf(SOURCES, 'views', { totals: null }).values).toEqual([[15, 30, null], [5, 20, null]]);
});

test('with a condition on event, tables show conversions and their rate', () => {
  const without = new Map([['a', 60], ['b', 5]]);
  const beside = { is_conversions: true, visitorsWithoutEvent: (key: string) => without.get(key) ?? null };
  const converted = answer(['source', 'views', 'visitors'], [['a', 7, 6], ['b', 3, 0], ['c', 1, 1]]);
  expect(tableOf(converted, 'views', beside)).toMatchObject({
    heads: ['Conversions', 'Converted visitors', 'Rate'],
    // Nobody is known to have converted from b, and c had no view.
    values: [[7, 6, 0.1], [3, 0, null], [1, 1, null]],
  });
});

test('events have a rate of all visitors, properties a share of times', () => {
  const events = answer(['event', 'times', 'visitors'], [['signup', 9, 4], ['server', 2, 0]]);
  expect(tableOf(events, 'events')).toMatchObject({ heads: ['Times', 'Visitors', 'Rate'], values: [[9, 4, 0.2], [2, 0, null]] });
  const plans = answer(['value', 'times', 'visitors'], [['pro', 6, 3], [null, 2, 2]]);
  expect(tableOf(plans, 'properties')).toMatchObject({ heads: ['Times', 'Visitors', 'Share'], values: [[6, 3, 0.75], [2, 2, 0.25]] });
});

test('emails are the rows with opens or clicks, and opens are a range', () => {
  const names = ['utm_campaign', 'opens', 'opens_at_most', 'unique_opens', 'unique_opens_at_most', 'clicks'];
  const campaigns = answer(names, [['november', 12, 32, 10, 20, 3], ['ads', 0, 0, 0, 0, 0], ['maybe', 0, 2, 0, 1, 0]]);
  expect(tableOf(campaigns, 'emails')).toEqual({
    heads: ['Opens', 'Unique opens', 'Clicks'],
    values: [[[12, 32], [10, 20], 3], [[0, 2], [0, 1], 0]],
    row_count: 2,
  });
});

test('the change is that of the first number, against the same row before', () => {
  const before_result = answer(['source', 'views', 'visitors'], [['a', 1, 10]]);
  const before = new Map(before_result.rows!.map((cells) => [String(cells[0]), cells]));
  const beside = { before: (key: string) => before.get(key), before_result };
  expect(tableOf(SOURCES, 'views', beside)).toMatchObject({
    heads: ['Visitors', 'Views', 'Share', 'Change'],
    values: [[15, 30, 0.75, 0.5], [5, 20, 0.25, Number.POSITIVE_INFINITY]],
  });
  expect(tableOf(SOURCES, 'views', { ...beside, before_result: null }).values[0]!.at(-1)).toBe(null);
  // A row that the first rows of the earlier result lack may be among the others.
  const cut = { ...beside, before_result: { ...beside.before_result!, truncated: true } };
  expect(tableOf(SOURCES, 'views', cut).values.map((values) => values.at(-1))).toEqual([0.5, null]);
});

test('rates and changes without a base', () => {
  expect([rate(4, 5, 42), rate(4, 5, 0), rate(4, 5, null), rate(null, null, 42)]).toEqual([4 / 42, null, null, null]);
  // Conversions that servers reported have no visitor; where there are none at all, nobody converted.
  expect([rate(0, 3, 42), rate(0, 0, 42)]).toEqual([null, 0]);
  expect([relativeChange(0, 0), relativeChange(3, 0), relativeChange(0, 4)]).toEqual([null, Number.POSITIVE_INFINITY, -1]);
});
