// What a view is limited to: conditions on columns, as rows give them and as the address and the API say them.

import type { View } from './address';

/** A column and the value that it must have; null stands for a column that is empty. */
export interface Condition {
  column: string;
  value: string | null;
}

/** The columns of rows that the API filters by, and the names that the API has for them. */
const FILTER_OF_COLUMN: Record<string, string> = {
  site: 'site',
  page: 'page',
  event: 'event',
  referrer_host: 'referrer',
  utm_source: 'utm_source',
  utm_medium: 'utm_medium',
  utm_campaign: 'utm_campaign',
};

export const FILTER_NAMES = Object.values(FILTER_OF_COLUMN);

/** The names that a reader knows the filters by. */
const LABELS: Record<string, string> = {
  site: 'Site',
  page: 'Page',
  event: 'Event',
  referrer: 'Referrer',
  utm_source: 'UTM source',
  utm_medium: 'UTM medium',
  utm_campaign: 'UTM campaign',
};

export const labelOf = (column: string): string => LABELS[column] ?? column;

/** The filter that a row's column is found by; undefined where the API has none. */
export function filterOfColumn(column: string): string | undefined {
  return FILTER_OF_COLUMN[column];
}

/** Whether a view shows nothing but what has this value already. */
export function holds(view: View, { column, value }: Condition): boolean {
  if (column === 'site' && value !== null) return view.site === value;
  if (column === 'page' && value !== null) return view.page === value;
  if (view.column !== null && column === view.column.name) return view.column.value === value;
  return view.filters.some((known) => known.column === column && known.value === value);
}

/** The change to a view that limits it to these conditions; each replaces what the view said of its column. */
export function limitedTo(view: View, conditions: Condition[], own_columns: string[]): Partial<View> {
  const change: Partial<View> = {};
  let filters = view.filters;
  for (const condition of conditions) {
    const { column, value } = condition;
    filters = filters.filter((known) => known.column !== column);
    if (own_columns.includes(column)) {
      if (value !== null) change.column = { name: column, value };
      continue;
    }
    const is_field = column === 'site' || column === 'page';
    if (is_field) change[column] = value;
    if (!is_field || value === null) filters = [...filters, condition];
  }
  return { ...change, filters };
}

/** The one event that is looked at; null where views are counted. */
export function eventOf(view: View): string | null {
  const event = view.filters.find(({ column }) => column === 'event')?.value ?? null;
  return event === 'view' ? null : event;
}
