// CSV made by the page (of a report, which has no server to ask), and downloads.

import type { Answer, Cell } from './api';
import { dayText, type Span } from './period';
import { startOfDay, wallAt } from './zone';

/** RFC 4180. What a spreadsheet would run as a formula gets a quote in front, as the API's CSV does. */
export function toCsv(answer: Answer): string {
  const head = (answer.columns ?? []).map((column) => field(column.name));
  const rows = (answer.rows ?? []).map((row) => row.map(field).join(','));
  return `${[head.join(','), ...rows].join('\r\n')}\r\n`;
}

function field(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  // An empty text is not NULL, and blanks at the ends are a part of it.
  const is_plain = text !== '' && text.trim() === text && !/[",\r\n]/.test(text);
  return is_plain ? text : `"${text.replaceAll('"', '""')}"`;
}

/** A span in a file's name: its first and last day in the zone, with the time where it isn't made of whole days. */
export function fileSpan({ from_ms, to_ms }: Span, zone: string): string {
  const is_whole = startOfDay(zone, from_ms) === from_ms && startOfDay(zone, to_ms) === to_ms;
  if (is_whole) return `${dayText(zone, from_ms)}-${dayText(zone, to_ms - 1)}`;
  return `${momentText(zone, from_ms)}-${momentText(zone, to_ms)}`;
}

function momentText(zone: string, at_ms: number): string {
  const { hour, minute } = wallAt(zone, at_ms);
  return `${dayText(zone, at_ms)}T${String(hour).padStart(2, '0')}${String(minute).padStart(2, '0')}`;
}

/** The rows of several answers to one question under one head. */
export function joinCsv(texts: string[]): string {
  return texts.map((text, index) => (index === 0 ? text : text.slice(text.indexOf('\n') + 1))).join('');
}

export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the blob after this task.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
