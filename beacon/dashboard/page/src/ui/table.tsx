// A table for any result: numbers are right-aligned, URLs are links, and a click on a row filters by it.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { QueryResult, Cell, Column } from '../api';
import { referrerName } from '../referrer_names';
import { alreadyFilters, filterForColumn, withConditions } from '../filters';
import { heading, parseTimestamp } from '../format';
import { hostUrl, pageUrl } from '../links';
import { cellReader } from '../pivot';
import type { Condition, View } from '../view';
import { useDashboard, type DashboardContext } from './context';

/** Rows shown at first and after the first "Show more"; from then on it adds a thousand at a time. */
const FIRST_LIMITS = [10, 100];
const STEP = 1_000;
/** Rows that a report shows at first. */
const REPORT_LIMIT = 25;

interface RowsProps<Row> {
  rows: Row[];
  /** The total, if `rows` holds only the first rows. */
  of?: number;
  name: string;
  head: ComponentChildren;
  row: (row: Row, index: number) => ComponentChildren;
}

/** Renders a limited number of rows, with buttons for more. */
export function Rows<Row>({ rows, of = rows.length, name, head, row }: RowsProps<Row>) {
  const { format, made_at_ms } = useDashboard();
  const first = made_at_ms === null ? FIRST_LIMITS[0]! : REPORT_LIMIT;
  const [limit, setLimit] = useState(first);
  if (rows.length === 0) return <p class="nothing">No data for this period.</p>;
  const shown = Math.min(limit, rows.length);
  const rest = rows.length - shown;
  const next = Math.min(rows.length, FIRST_LIMITS.find((step) => step > limit) ?? limit + STEP);
  const next_thousand = Math.min(rows.length, limit < STEP ? STEP : limit + STEP);
  return (
    <>
      <div class="table-scroll" tabIndex={0} role="region" aria-label={`${name}, table`}>
        <table>
          <thead>{head}</thead>
          <tbody>{rows.slice(0, limit).map(row)}</tbody>
        </table>
      </div>
      {(rest > 0 || of > shown || shown > first) && (
        <div class="more">
          {rest > 0 && next < next_thousand && (
            <button type="button" class="button" onClick={() => setLimit(next)}>
              Show {format.number(next - shown)} more
            </button>
          )}
          {rest > 0 && (
            <button type="button" class="button" onClick={() => setLimit(next_thousand)}>
              {next_thousand === of ? 'Show all' : `Show ${format.number(next_thousand - shown)} more`}
            </button>
          )}
          {shown > first && (
            <button type="button" class="quiet" onClick={() => setLimit(first)}>
              Show fewer
            </button>
          )}
          <span class="note">
            {shown < of ? `first ${format.number(shown)} of ${format.number(of)}` : `all ${format.number(of)}`}
            {shown === rows.length && shown < of && '; the CSV has all'}
          </span>
        </div>
      )}
    </>
  );
}

export function ResultTable({ result, name }: { result: QueryResult; name: string }) {
  const dashboard = useDashboard();
  const columns = result.columns ?? [];
  const first_number = columns.findIndex(isNumber);
  const max_value = Math.max(0, ...(result.rows ?? []).map((row) => Number(row[first_number] ?? 0)));
  const read = cellReader(result);
  return (
    <Rows
      rows={result.rows ?? []}
      of={totalRows(result)}
      name={name}
      head={
        <tr>
          {columns.map((column) => (
            <th key={column.name} scope="col" class={isNumber(column) ? 'number' : ''}>
              {heading(column.name)}
            </th>
          ))}
        </tr>
      }
      row={(row, index) => {
        const filter = filterOf(dashboard, row, columns);
        const share = first_number > 0 && max_value > 0 ? Number(row[first_number] ?? 0) / max_value : 0;
        return (
          <tr key={index} class={filter ? 'clickable' : ''} onClick={(event) => clickRow(event, dashboard, filter)}>
            {columns.map((column, place) => {
              const cell = row[place] ?? null;
              const content =
                place === 0 && filter ? (
                  <FilterButton filter={filter}>{cellContent(dashboard, cell, column)}</FilterButton>
                ) : (
                  cellContent(dashboard, cell, column)
                );
              const link = linkFor(row, column, read);
              const props = { key: column.name, class: isNumber(column) ? 'number' : place === 0 ? 'named' : '' };
              const inner = (
                <>
                  {content}
                  {link && <OutLink href={link} />}
                </>
              );
              return place === 0 ? (
                <th scope="row" {...props} style={{ '--share': `${share * 100}%` }}>
                  {inner}
                </th>
              ) : (
                <td {...props}>{inner}</td>
              );
            })}
          </tr>
        );
      }}
    />
  );
}

/** Returns the total number of rows; without one in the result, the number of rows it holds. */
export function totalRows({ rows, row_count }: QueryResult): number {
  return Math.max(row_count ?? 0, rows?.length ?? 0);
}

/** Makes the whole row clickable; the keyboard uses the button inside it. */
export function clickRow(event: MouseEvent, dashboard: DashboardContext, filter: Partial<View> | null): void {
  const is_control = event.target instanceof Element && event.target.closest('a, button') !== null;
  if (filter === null || is_control || getSelection()?.toString() !== '') return;
  dashboard.navigate(filter);
}

export function FilterButton({ filter, children }: { filter: Partial<View>; children: ComponentChildren }) {
  const { navigate } = useDashboard();
  return (
    <button type="button" class="filter-button" title="Filter by this" onClick={() => navigate(filter)}>
      {children}
    </button>
  );
}

export function OutLink({ href }: { href: string }) {
  return (
    <a class="out-link" href={href} target="_blank" rel="noopener noreferrer" title={href} aria-label={`Open ${href}`}>
      <svg viewBox="0 0 12 12" width="11" height="11" aria-hidden="true">
        <path d="M4 2H2v8h8V8M6.5 1.5h4v4M10 2 5.5 6.5" fill="none" stroke="currentColor" stroke-width="1.3" />
      </svg>
    </a>
  );
}

/**
 * Returns the filters that a click on the row adds: one per text column, except those that the view already has. Null
 * if none is left, or if a column has no filter, since the others alone would match more than this row.
 */
function filterOf(dashboard: DashboardContext, row: Cell[], columns: Column[]): Partial<View> | null {
  if (dashboard.api === null) return null;
  const { about } = dashboard;
  const conditions: Condition[] = [];
  for (const [place, { name, type }] of columns.entries()) {
    if (type !== 'varchar') continue;
    const cell = row[place] ?? null;
    const is_custom = about.custom_columns.includes(name);
    const column = is_custom ? name : filterForColumn(name);
    if (column === undefined || (is_custom && cell === null)) return null;
    conditions.push({ column, value: text(cell) });
  }
  return filterChange(dashboard, conditions);
}

/** Returns the change that adds these conditions, or null if the view has them all; a share link always has its site. */
export function filterChange({ view, about }: DashboardContext, conditions: Condition[]): Partial<View> | null {
  const is_shared = about.access.kind === 'share';
  const missing = conditions.filter(
    (condition) => !(is_shared && condition.column === 'site') && !alreadyFilters(view, condition),
  );
  return missing.length > 0 ? withConditions(view, missing, about.custom_columns) : null;
}

function linkFor(row: Cell[], column: Column, read: ReturnType<typeof cellReader>): string | null {
  const cell = read(row, column.name);
  if (typeof cell !== 'string') return null;
  if (column.name === 'page' || column.name === 'url') return pageUrl(text(read(row, 'site')), cell);
  return column.name === 'referrer_host' ? hostUrl(cell) : null;
}

function text(cell: Cell): string | null {
  return cell === null ? null : String(cell);
}

/** Display names of null, where `(none)` would be wrong. */
const UNKNOWN: Record<string, string> = {
  site: 'unknown site',
  page: 'unknown page',
  source: 'unknown',
  referrer_host: 'unknown',
};

function isNumber(column: Column): boolean {
  return column.type === 'bigint' || column.type === 'double';
}

function cellContent({ format }: DashboardContext, cell: Cell, column: Column): ComponentChildren {
  if (cell === null) return <span class="missing">{UNKNOWN[column.name] ?? '(none)'}</span>;
  if (typeof cell === 'number') return format.number(cell);
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  if (column.name === 'referrer_host') return <span title={cell}>{referrerName(cell)}</span>;
  const at_ms = column.type === 'timestamp' ? parseTimestamp(cell) : null;
  if (at_ms === null) return cell;
  // SQL returns a day as midnight in UTC: show that day in every zone.
  return at_ms % 86_400_000 === 0 ? format.utcDay(at_ms) : format.precise(at_ms);
}
