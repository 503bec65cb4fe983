// Writes CSV in the browser, for reports, which have no server, and downloads files.

import type { QueryResult, Cell } from './api';
import { isoDay, type Span } from './period';
import { startOfDay, localTimeAt } from './zone';

/** Formats a result as CSV (RFC 4180). Like the API, it prefixes with a quote any text that a spreadsheet would evaluate. */
export function toCsv(result: QueryResult): string {
  const header = (result.columns ?? []).map((column) => field(column.name));
  const rows = (result.rows ?? []).map((row) => row.map(field).join(','));
  return `${[header.join(','), ...rows].join('\r\n')}\r\n`;
}

function field(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  // Quotes distinguish an empty string from NULL, and keep leading and trailing spaces.
  const is_plain = text !== '' && text.trim() === text && !/[",\r\n]/.test(text);
  return is_plain ? text : `"${text.replaceAll('"', '""')}"`;
}

/** Formats a span for a file name: first and last day in the zone, with times unless it consists of whole days. */
export function fileSpan({ from_ms, to_ms }: Span, zone: string): string {
  const is_whole = startOfDay(zone, from_ms) === from_ms && startOfDay(zone, to_ms) === to_ms;
  if (is_whole) return `${isoDay(zone, from_ms)}-${isoDay(zone, to_ms - 1)}`;
  return `${momentText(zone, from_ms)}-${momentText(zone, to_ms)}`;
}

function momentText(zone: string, at_ms: number): string {
  const { hour, minute } = localTimeAt(zone, at_ms);
  return `${isoDay(zone, at_ms)}T${String(hour).padStart(2, '0')}${String(minute).padStart(2, '0')}`;
}

/** Concatenates the CSV files of one query's chunks under one header. */
export function joinCsv(texts: string[]): string {
  return texts.map((text, index) => (index === 0 ? text : text.slice(text.indexOf('\n') + 1))).join('');
}

export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the blob only after this task.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
