// Rows that filter: a click on a row, or on the button inside it, limits the view to its values.

import type { ComponentChildren } from 'preact';
import { areFiltered, excludeValue, toggleValues, withCondition } from '../filters';
import type { TableRow } from '../table_rows';
import type { Condition, View } from '../view';
import { useDashboard, type DashboardContext } from './context';

/** A click on a row: what it changes, and whether the view has the row's filter, which it then removes. */
export interface RowFilter {
  change: Partial<View>;
  is_set: boolean;
  /** The change that leaves the row out. */
  exclude: Partial<View> | null;
}

/** Returns what clicks on a row do, or null if it has no filter. A share link always has its site. */
export function rowFilter({ view, about, api }: DashboardContext, { filters, scope }: TableRow): RowFilter | null {
  // A report has no server to ask.
  if (api === null) return null;
  const free = filters.filter(({ column }) => !(about.access.kind === 'share' && column === 'site'));
  const last = free.at(-1);
  if (last === undefined) return null;
  const is_set = areFiltered(view, free);
  return {
    // The site or tag that the row is within may have been set before.
    change: inScope({ ...view, ...toggleValues(view, is_set ? [last] : free) }, scope, is_set),
    is_set,
    // Without its own value alone, more than this row would be missing.
    exclude: free.length > 1 ? null : excludeValue(view, last.column, last.value),
  };
}

/** Adds the scope of a row to a view without a condition on its column, or takes it away with the row's value. */
function inScope(view: View, scope: Condition | undefined, is_removed: boolean): Partial<View> {
  const { site, conditions } = view;
  const known = conditions.filter(({ column }) => column === scope?.column);
  if (scope !== undefined && !is_removed && known.length === 0) return { site, conditions: withCondition(conditions, scope) };
  const is_own = known.length === 1 && JSON.stringify(known[0]) === JSON.stringify(scope);
  return { site, conditions: is_removed && is_own ? conditions.filter((condition) => condition !== known[0]) : conditions };
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

interface FilterButtonProps {
  filter: RowFilter;
  label: string;
  /** The stored value, where the label is another. */
  title: string | null;
  children: ComponentChildren;
}

export function FilterButton({ filter, label, title, children }: FilterButtonProps) {
  const { navigate } = useDashboard();
  const action = filter.is_set ? 'Remove this filter' : 'Filter by this';
  return (
    <button
      type="button"
      class="filter-button"
      title={`${title ?? label} – ${action}`}
      aria-label={label}
      aria-pressed={filter.is_set}
      onClick={() => navigate(filter.change)}
    >
      {children}
    </button>
  );
}

export function ExcludeButton({ label, exclude }: { label: string; exclude: Partial<View> }) {
  const { navigate } = useDashboard();
  return (
    <button
      type="button"
      class="exclude-button"
      title="Exclude"
      aria-label={`Exclude ${label}`}
      onClick={() => navigate(exclude)}
    >
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <path d="M6 1.2a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 0 0 0-9.6M2.7 2.7l6.6 6.6" fill="none" stroke="currentColor" stroke-width="1.3" />
      </svg>
    </button>
  );
}
