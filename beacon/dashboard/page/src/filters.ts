// Filters: which columns have one, and how rows and filters translate into each other.

import type { About } from './api';
import type { Condition, View } from './view';

/** The filters that the page knows, in the order of its chips, with their display names. */
const LABELS: Record<string, string> = {
  site: 'Site',
  page: 'Page',
  entry_page: 'Entry page',
  exit_page: 'Exit page',
  event: 'Event',
  channel: 'Channel',
  source: 'Source',
  referrer: 'Referrer',
  utm_source: 'UTM source',
  utm_medium: 'UTM medium',
  utm_campaign: 'UTM campaign',
  utm_term: 'UTM term',
  utm_content: 'UTM content',
  browser: 'Browser',
  os: 'System',
  device: 'Device',
  country: 'Country',
  language: 'Language',
};

export const FILTER_NAMES = Object.keys(LABELS);

/** What an API filters by that doesn't list its filters. */
const FIRST_FILTERS = ['site', 'page', 'event', 'referrer', 'utm_source', 'utm_medium', 'utm_campaign'];

/** Returns the names of the filters that page and API have in common. */
export function availableFilters({ filters = FIRST_FILTERS }: About): string[] {
  return FILTER_NAMES.filter((name) => filters.includes(name));
}

export const filterLabel = (column: string): string => LABELS[column] ?? column;

/** Returns the name of the filter for a result column, or undefined if the API has none. */
export function filterForColumn(column: string, about: About): string | undefined {
  const name = column === 'referrer_host' ? 'referrer' : column;
  return availableFilters(about).find((known) => known === name);
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

/** Returns the change that removes a condition from a view. */
export function withoutCondition(view: View, { column }: Condition): Partial<View> {
  const change: Partial<View> = { filters: view.filters.filter((known) => known.column !== column) };
  if (column === 'site' || column === 'page') change[column] = null;
  if (column === view.column?.name) change.column = null;
  return change;
}

/** Returns the event that is filtered by, or null where views are counted. */
export function filteredEvent(view: View): string | null {
  const event = view.filters.find(({ column }) => column === 'event')?.value ?? null;
  return event === 'view' ? null : event;
}
