// Finds in a result what a chart can draw: a column of times or names, and the numbers beside it.

import type { Cell, Column, QueryResult } from './api';

export interface Series {
  /** The column along the axis. */
  along: Column;
  /** True if it holds times or days, in their order. */
  is_time: boolean;
  /** The columns of numbers that can be drawn. */
  values: Column[];
}

export interface Point {
  label: string;
  /** Milliseconds since 1970 in UTC, of a time or a day; null for a name. */
  at_ms: number | null;
  value: number;
}

/** Points of names that a chart shows; of times it shows all that the result has. */
export const MAX_NAMES = 50;

const TIME_TYPES = ['timestamp', 'date'];
const NUMBER_TYPES = ['bigint', 'double', 'integer', 'decimal', 'real', 'smallint', 'tinyint'];

/** Returns what can be drawn: along the first column of times, else of names, else of numbers. Null if there is nothing. */
export function seriesOf(result: QueryResult): Series | null {
  const columns = result.columns ?? [];
  const time = columns.find((column, place) => isTime(result, column, place));
  const name = columns.find(({ type }) => type === 'varchar');
  const along = time ?? name ?? columns[0];
  if (along === undefined || (result.rows ?? []).length === 0) return null;
  const values = columns.filter((column) => column !== along && isNumber(column));
  return values.length === 0 ? null : { along, is_time: time !== undefined, values };
}

/** Returns the points of one column of numbers: times in their order, names in that of the rows. */
export function pointsOf(result: QueryResult, { along, is_time }: Series, value: Column): Point[] {
  const columns = result.columns ?? [];
  const [along_place, value_place] = [columns.indexOf(along), columns.indexOf(value)];
  const points: Point[] = [];
  for (const row of result.rows ?? []) {
    const [cell, count] = [row[along_place] ?? null, row[value_place] ?? null];
    const at_ms = is_time ? instantOf(cell) : null;
    // Without a time there is no place on the axis, and without a number no height.
    if (count === null || Number.isNaN(Number(count)) || (is_time && at_ms === null)) continue;
    points.push({ label: is_time ? shortTime(String(cell)) : nameOf(cell), at_ms, value: Number(count) });
  }
  return is_time ? points.sort((a, b) => a.at_ms! - b.at_ms!) : points.slice(0, MAX_NAMES);
}

export function isNumber({ type }: Pick<Column, 'type'>): boolean {
  return NUMBER_TYPES.includes(type) || /^decimal\b/.test(type);
}

function isTime(result: QueryResult, { type }: Column, place: number): boolean {
  if (TIME_TYPES.some((name) => type.startsWith(name))) return true;
  const cells = (result.rows ?? []).map((row) => row[place]).filter((cell) => cell !== null && cell !== undefined);
  return type === 'varchar' && cells.length > 0 && cells.every((cell) => instantOf(cell) !== null);
}

/** Parses a day or a time of SQL, which is in UTC; null if the cell is none. */
function instantOf(cell: Cell | undefined): number | null {
  const match = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?(?: ?UTC|Z)?$/.exec(String(cell));
  if (match === null) return null;
  const at_ms = Date.parse(`${match[1]}T${match[2] ?? '00:00'}Z`);
  return Number.isNaN(at_ms) ? null : at_ms;
}

/** Leaves out what is the same for whole days and minutes. */
function shortTime(text: string): string {
  return text.replace(/(?:\.0+)?(?: ?UTC|Z)?$/, '').replace(/[ T]00:00(?::00)?$/, '').replace(/(:\d\d):00$/, '$1');
}

function nameOf(cell: Cell): string {
  return cell === null ? 'NULL' : String(cell);
}
