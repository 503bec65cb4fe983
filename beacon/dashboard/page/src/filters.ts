// Filters: which columns have one, and how rows and filters translate into each other.

import type { Condition, View } from './view';

/** Maps result columns to the names of the API's filters. */
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

/** Display names of the filters. */
const LABELS: Record<string, string> = {
  site: 'Site',
  page: 'Page',
  event: 'Event',
  referrer: 'Referrer',
  utm_source: 'UTM source',
  utm_medium: 'UTM medium',
  utm_campaign: 'UTM campaign',
};

export const filterLabel = (column: string): string => LABELS[column] ?? column;

/** Returns the name of the filter for a result column, or undefined if the API has none. */
export function filterForColumn(column: string): string | undefined {
  return FILTER_OF_COLUMN[column];
}

/** Returns true if the view is already limited to this value. */
export function alreadyFilters(view: View, { column, value }: Condition): boolean {
  if (column === 'site' && value !== null) return view.site === value;
  if (column === 'page' && value !== null) return view.page === value;
  if (view.column !== null && column === view.column.name) return view.column.value === value;
  return view.filters.some((known) => known.column === column && known.value === value);
}

/** Returns the change that adds these conditions to a view; each replaces any condition on the same column. */
export function withConditions(view: View, conditions: Condition[], custom_columns: string[]): Partial<View> {
  const change: Partial<View> = {};
  let filters = view.filters;
  for (const condition of conditions) {
    const { column, value } = condition;
    filters = filters.filter((known) => known.column !== column);
    if (custom_columns.includes(column)) {
      if (value !== null) change.column = { name: column, value };
      continue;
    }
    const is_field = column === 'site' || column === 'page';
    if (is_field) change[column] = value;
    if (!is_field || value === null) filters = [...filters, condition];
  }
  return { ...change, filters };
}

/** Returns the event that is filtered by, or null where views are counted. */
export function filteredEvent(view: View): string | null {
  const event = view.filters.find(({ column }) => column === 'event')?.value ?? null;
  return event === 'view' ? null : event;
}
