// Counts in a result: which columns are shown, in which order, and which two make a range.

import type { Cell, Column, QueryResult } from './api';

/** The end of the name of a column that is the upper bound of the column before it. */
const UPPER_BOUND = '_at_most';

/** Returns the shown columns: without upper bounds, and with visitors before views. */
export function shownColumns({ columns }: QueryResult): Column[] {
  const shown = (columns ?? []).filter(({ name }) => !name.endsWith(UPPER_BOUND));
  const visitors = shown.findIndex(({ name }) => name === 'visitors');
  const views = shown.findIndex(({ name }) => name === 'views');
  if (visitors > views && views >= 0) shown.splice(views, 0, ...shown.splice(visitors, 1));
  return shown;
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
