// Counts in a result: which columns are shown, in which order, and which two make a range.

import type { Cell, Column, QueryResult } from './api';

/** The end of the name of a column that is the upper bound of the column before it. */
const UPPER_BOUND = '_at_most';

/** The order of counts; those that aren't listed stand before the hits. */
const ORDER = ['visitors', 'views', '', 'hits'];

/** Returns the shown columns: without upper bounds, and with visitors and views as the first counts. */
export function shownColumns({ columns }: QueryResult): Column[] {
  const shown = (columns ?? []).filter(({ name }) => !name.endsWith(UPPER_BOUND));
  const is_count = ({ type }: Column) => type === 'bigint' || type === 'double';
  const rank = ({ name }: Column) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.indexOf(''));
  const counts = shown.filter(is_count).sort((a, b) => rank(a) - rank(b));
  return [...shown.filter((column) => !is_count(column)), ...counts];
}

/** Returns lower and upper bound of a count in a row; they are equal where the result has no upper bound. */
export function countRange(result: QueryResult, row: Cell[], name: string): [number, number] {
  const columns = result.columns ?? [];
  const at = (wanted: string) => columns.findIndex((column) => column.name === wanted);
  const low = Number(row[at(name)] ?? 0);
  const high = row[at(`${name}${UPPER_BOUND}`)] ?? null;
  return [low, high === null ? low : Math.max(low, Number(high))];
}

/** Returns a count of a result's only row; 0 if there is none. */
export function total(result: QueryResult, column: string): number {
  return totalRange(result, column)[0];
}

/** Returns lower and upper bound of a count in a result's only row. */
export function totalRange(result: QueryResult, column: string): [number, number] {
  const row = result.rows?.[0];
  return row === undefined ? [0, 0] : countRange(result, row, column);
}
