// Rows that filter: a click on a row, or on the button inside it, limits the view to its values.

import type { ComponentChildren } from 'preact';
import { isFiltered, toggleValues } from '../filters';
import type { ColumnValue, View } from '../view';
import { useDashboard, type DashboardContext } from './context';

/** A click on a row: what it changes, and whether the view has the row's filter, which it then removes. */
export interface RowFilter {
  change: Partial<View>;
  is_set: boolean;
}

/**
 * Returns what a click on a row with these conditions does, or null if it does nothing. A row of one condition adds or
 * removes it; a row of several adds those that are missing. A share link always has its site.
 */
export function rowFilter({ view, about, api }: DashboardContext, conditions: ColumnValue[]): RowFilter | null {
  // A report has no server to ask.
  if (api === null) return null;
  const free = conditions.filter(({ column }) => !(about.access.kind === 'share' && column === 'site'));
  const missing = free.filter(({ column, value }) => !isFiltered(view, column, value));
  if (missing.length > 0) return { change: toggleValues(view, missing), is_set: false };
  return free.length === 1 ? { change: toggleValues(view, free), is_set: true } : null;
}

/** Makes the whole row clickable; the keyboard uses the button inside it. */
export function clickRow(event: MouseEvent, dashboard: DashboardContext, filter: RowFilter | null): void {
  const is_control = event.target instanceof Element && event.target.closest('a, button') !== null;
  if (filter === null || is_control || getSelection()?.toString() !== '') return;
  dashboard.navigate(filter.change);
}

/** Returns the class of a row. */
export function rowClass(filter: RowFilter | null): string {
  if (filter === null) return '';
  return filter.is_set ? 'clickable filtered' : 'clickable';
}

export function FilterButton({ filter, children }: { filter: RowFilter; children: ComponentChildren }) {
  const { navigate } = useDashboard();
  return (
    <button
      type="button"
      class="filter-button"
      title={filter.is_set ? 'Remove this filter' : 'Filter by this'}
      aria-pressed={filter.is_set}
      onClick={() => navigate(filter.change)}
    >
      {children}
    </button>
  );
}
