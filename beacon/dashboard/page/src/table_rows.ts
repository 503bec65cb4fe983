// The rows of a table: what they are called, what a click on them filters by, and their numbers.

import type { Cell, QueryResult } from './api';
import { countRange } from './count_columns';
import type { Format } from './format';
import { hostUrl, pageUrl } from './links';
import { cellReader } from './pivot';
import { missingName, valueName } from './value_names';
import type { ColumnValue, Condition } from './view';

/** A number, a range from lowest to highest, a text, or null for none. */
export type Value = number | [number, number] | string | null;

export interface Measure {
  /** Its column header. */
  name: string;
  kind: 'count' | 'percent' | 'change' | 'text';
  /** Explains the header. */
  title?: string;
}

export interface TableRow {
  /** The same for the same row of another result. */
  key: string;
  label: string;
  /** True where the label stands for a missing value. */
  is_missing: boolean;
  /** Tells rows with the same label apart, such as the site of a page. */
  context: string | null;
  /** The stored value or an explanation, where the label isn't all. */
  title: string | null;
  /** The values that a click filters by, its own last; empty if there is no such filter. */
  filters: ColumnValue[];
  /** The condition that all rows count under: a click adds it to a view without a condition on its column. */
  scope?: Condition;
  link: string | null;
  /** One for each measure. */
  values: Value[];
  /** Numbers over time, oldest first. */
  trend?: number[];
}

export interface Order {
  /** The place of the measure; -1 for the label. */
  by: number;
  descending: boolean;
}

export interface Table {
  /** The header of the first column. */
  heading: string;
  measures: Measure[];
  rows: TableRow[];
  /** The number of rows, of which `rows` may be the first ones. */
  row_count: number;
  /** The order of a table that nobody sorted; by the first measure if it is missing. */
  order?: Order;
}

/** Which columns of a result make the names of a table's rows. */
export interface Naming {
  heading: string;
  /** The column that the label shows. */
  column: string;
  /** The filter for it, if it isn't named like the column; null for none. */
  filter?: string | null;
  /** The column with the value to filter by, if it isn't the label's. */
  filter_from?: string;
  /** Further columns, without which several rows may have the same label. */
  within?: string[];
  /** The condition that all rows count under, where the view has none on its column. */
  scope?: Condition;
}

/** Columns whose filter has another name. */
const FILTERS: Record<string, string> = { campaign: 'utm_campaign' };

/** How a row of a result is called and filters; its numbers are still missing. */
export type NamedRow = Omit<TableRow, 'values'> & { cells: Cell[] };

/**
 * Names the rows of a result. `can_filter` says which columns have a filter. A row filters by its label's value alone
 * where that is enough to find just this row, and otherwise by the values of `within` too.
 */
export function namedRows(
  result: QueryResult,
  { column, filter = column, filter_from = column, within = [], scope }: Naming,
  format: Format,
  can_filter: (column: string) => boolean,
): NamedRow[] {
  const read = cellReader(result);
  const rows = result.rows ?? [];
  const counts = new Map<Cell, number>();
  for (const row of rows) counts.set(read(row, column), (counts.get(read(row, column)) ?? 0) + 1);
  const several_sites = within.includes('site') && new Set(rows.map((row) => read(row, 'site'))).size > 1;
  const is_complete = result.truncated !== true;
  return rows.map((cells) => {
    const cell = text(read(cells, column));
    const label = cell === null ? missingName(column) : valueName(format, column, cell);
    const is_alone = within.length === 0 || (is_complete && counts.get(read(cells, column)) === 1);
    const own = filter === null ? [] : [{ column: filter, value: text(read(cells, filter_from)) }];
    const filters = is_alone ? own : [...within.map((name) => ({ column: FILTERS[name] ?? name, value: text(read(cells, name)) })), ...own];
    // A label that isn't the filter's value, such as a title in place of a tag, can't be filtered by.
    const is_known = filter_from === column || own[0]?.value !== null;
    return {
      key: JSON.stringify([cell, ...within.map((name) => read(cells, name))]),
      label,
      is_missing: cell === null,
      context: contextOf(within, several_sites, (name) => text(read(cells, name))),
      title: cell === null || cell === label ? null : cell,
      filters: is_known && filters.length > 0 && filters.every((one) => can_filter(one.column)) ? filters : [],
      scope,
      link: linkOf(column, cell, text(read(cells, 'site'))),
      cells,
    };
  });
}

function contextOf(within: string[], several_sites: boolean, read: (column: string) => string | null): string | null {
  if (several_sites) return read('site') ?? missingName('site');
  const texts = within.filter((column) => column !== 'site').map(read);
  return texts.filter((value) => value !== null).join(' / ') || null;
}

function linkOf(column: string, cell: string | null, site: string | null): string | null {
  if (column === 'page' || column === 'entry_page' || column === 'exit_page') return pageUrl(site, cell);
  return column === 'referrer_host' ? hostUrl(cell) : null;
}

/** Returns a count of a row: a range where the result has an upper bound, and null where it has no such column. */
export function countOf(result: QueryResult, cells: Cell[], column: string): Value {
  if (!hasColumn(result, column)) return null;
  const [low, high] = countRange(result, cells, column);
  return low === high ? low : [low, high];
}

/** Returns true if a result has this column. */
export function hasColumn({ columns }: QueryResult, wanted: string): boolean {
  return (columns ?? []).some(({ name }) => name === wanted);
}

/** Returns the number of a result's rows, including those that it doesn't hold. */
export function rowCount({ rows, row_count }: QueryResult): number {
  return Math.max(row_count ?? 0, rows?.length ?? 0);
}

function text(cell: Cell): string | null {
  return cell === null ? null : String(cell);
}
