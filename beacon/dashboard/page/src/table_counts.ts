// The numbers of tables: which columns of a result they show under which headers, with shares, rates and changes.

import type { Cell, QueryResult } from './api';
import { total } from './count_columns';
import { countOf, hasColumn, rowCount, type Measure, type NamedRow, type Table, type Value } from './table_rows';

/** Kinds of tables, by their numbers. */
export type Counting = 'views' | 'visits' | 'events' | 'properties' | 'emails' | 'opens';

/** Results that a table needs beside its own; null while they are missing. */
export interface Beside {
  /** The totals of the view. */
  totals: QueryResult | null;
  /** True where a condition on event is set: views are then conversions. */
  is_conversions: boolean;
  /** The visitors of a row without the condition on event; null if they aren't known. */
  visitorsWithoutEvent: (key: string) => number | null;
  /** All visitors without the condition on event. */
  visitors_without_event: number | null;
  /** The row of the period before; null if there is no such comparison, or if it isn't known yet. */
  before: ((key: string) => Cell[] | undefined) | null;
  before_result: QueryResult | null;
}

interface Column {
  name: string;
  header: string;
}

const COLUMNS: Record<Counting, Column[]> = {
  views: [{ name: 'visitors', header: 'Visitors' }, { name: 'views', header: 'Views' }],
  visits: [{ name: 'visitors', header: 'Visitors' }, { name: 'visits', header: 'Visits' }],
  events: [{ name: 'times', header: 'Times' }, { name: 'visitors', header: 'Visitors' }],
  properties: [{ name: 'times', header: 'Times' }, { name: 'visitors', header: 'Visitors' }],
  emails: [
    { name: 'opens', header: 'Opens' },
    { name: 'unique_opens', header: 'Unique opens' },
    { name: 'clicks', header: 'Clicks' },
  ],
  opens: [{ name: 'opens', header: 'Opens' }],
};

/** Stands in the place of `COLUMNS` where views and visits are conversions. */
const CONVERSIONS: Column[] = [
  { name: 'views', header: 'Conversions' },
  { name: 'visitors', header: 'Converted visitors' },
];

/** Adds numbers to the named rows of a result. */
export function countedTable(
  result: QueryResult,
  heading: string,
  rows: NamedRow[],
  counting: Counting,
  beside: Beside,
): Table {
  const is_conversions = beside.is_conversions && (counting === 'views' || counting === 'visits');
  const wanted = is_conversions ? CONVERSIONS : COLUMNS[counting];
  const columns = wanted.filter(({ name }) => hasColumn(result, name));
  const ratio = is_conversions ? conversionRate(result, beside) : RATIOS[counting](result, rows, beside);
  const measures: Measure[] = columns.map(({ header }) => ({ name: header, kind: 'count' }));
  if (ratio !== null) measures.push({ name: ratio.header, kind: 'percent', title: ratio.title });
  const first = columns[0];
  const change = beside.before === null || first === undefined ? null : changeOf(result, first.name, beside);
  if (change !== null) measures.push({ name: 'Change', kind: 'change', title: `${first!.header}, against the period compared with` });
  const counted = rows.map(({ cells, ...row }) => {
    const values: Value[] = columns.map(({ name }) => countOf(result, cells, name));
    if (ratio !== null) values.push(ratio.of(cells, row.key));
    if (change !== null) values.push(change(cells, row.key));
    return { ...row, values };
  });
  const kept = isEmail(counting) ? counted.filter(({ values }) => values.some(isPositive)) : counted;
  const is_whole = kept.length === (result.rows ?? []).length;
  return { heading, measures, rows: kept, row_count: is_whole ? rowCount(result) : kept.length };
}

const isEmail = (counting: Counting) => counting === 'emails' || counting === 'opens';

/** Returns true for a number above 0, and for a range that ends above it. */
function isPositive(value: Value): boolean {
  return Array.isArray(value) ? value[1] > 0 : typeof value === 'number' && value > 0;
}

/** A column of shares or rates. */
interface Ratio {
  header: string;
  title: string;
  of: (cells: Cell[], key: string) => number | null;
}

type RatioOf = (result: QueryResult, rows: NamedRow[], beside: Beside) => Ratio | null;

/** Share of the tile: of visitors, or of views where no hit has a visitor. */
const shareOfTile: RatioOf = (result, _, { totals }) => {
  const by_visitors = totals !== null && total(totals, 'visitors') > 0 && hasColumn(result, 'visitors');
  const metric = by_visitors ? 'visitors' : 'views';
  if (!hasColumn(result, metric)) return null;
  const whole = totals === null ? 0 : total(totals, metric);
  return { header: 'Share', title: `Share of ${metric}`, of: (cells) => quotient(countOf(result, cells, metric), whole) };
};

const RATIOS: Record<Counting, RatioOf> = {
  views: shareOfTile,
  visits: shareOfTile,
  events: (result, _, { visitors_without_event }) =>
    hasColumn(result, 'visitors')
      ? {
          header: 'Rate',
          title: 'Visitors with this event ÷ visitors',
          of: (cells) => rate(countOf(result, cells, 'visitors'), countOf(result, cells, 'times'), visitors_without_event),
        }
      : null,
  properties: (result, rows) => {
    const times = rows.reduce((sum, { cells }) => sum + Number(countOf(result, cells, 'times') ?? 0), 0);
    return { header: 'Share', title: 'Share of times', of: (cells) => quotient(countOf(result, cells, 'times'), times) };
  },
  emails: () => null,
  opens: () => null,
};

function conversionRate(result: QueryResult, { visitorsWithoutEvent }: Beside): Ratio {
  return {
    header: 'Rate',
    title: 'Converted visitors ÷ visitors',
    of: (cells, key) => rate(countOf(result, cells, 'visitors'), countOf(result, cells, 'views'), visitorsWithoutEvent(key)),
  };
}

/**
 * Returns the share of visitors who converted. Null where conversions have no visitor, such as those that servers report,
 * and where nobody is known to have come.
 */
export function rate(converted: Value, conversions: Value, visitors: number | null): number | null {
  return (converted === 0 && conversions !== 0) || visitors === null ? null : quotient(converted, visitors);
}

function quotient(part: Value, whole: number): number | null {
  return typeof part === 'number' && whole > 0 ? part / whole : null;
}

function changeOf(result: QueryResult, column: string, { before, before_result }: Beside) {
  return (cells: Cell[], key: string): number | null => {
    if (before === null || before_result === null) return null;
    const earlier = before(key);
    // A row that the first rows of the earlier result lack may be among the others.
    if (earlier === undefined && before_result.truncated === true) return null;
    const count = lowest(countOf(result, cells, column));
    return relativeChange(count, earlier === undefined ? 0 : lowest(countOf(before_result, earlier, column)));
  };
}

/** Returns the change as a share of what was before: infinite where that was nothing, null where both are. */
export function relativeChange(now: number, before: number): number | null {
  if (before === 0) return now === 0 ? null : Number.POSITIVE_INFINITY;
  return (now - before) / before;
}

function lowest(value: Value): number {
  return Number((Array.isArray(value) ? value[0] : value) ?? 0);
}
