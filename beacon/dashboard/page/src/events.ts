// Custom events: one row for each, without those of emails.

import type { Cell, QueryResult } from './api';
import { hasColumn } from './table_rows';
import { cellReader } from './pivot';

/** Events that belong to emails. */
const EMAIL_EVENTS = ['open', 'click'];

/** Adds up the rows of an event, which an older API has for each page, and drops those of emails. */
export function customEvents(result: QueryResult): QueryResult {
  if (!hasColumn(result, 'page')) return result;
  const read = cellReader(result);
  const times = new Map<Cell, number>();
  for (const row of result.rows ?? []) {
    const event = read(row, 'event');
    if (EMAIL_EVENTS.includes(String(event))) continue;
    times.set(event, (times.get(event) ?? 0) + Number(read(row, 'events') ?? 0));
  }
  const rows = [...times].sort((a, b) => b[1] - a[1]);
  return {
    ...result,
    columns: [{ name: 'event', type: 'varchar' }, { name: 'times', type: 'bigint' }],
    rows,
    row_count: rows.length,
  };
}
