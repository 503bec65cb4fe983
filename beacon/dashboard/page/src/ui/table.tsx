// A table for any result: numbers are right-aligned, URLs are links, and a click on a row filters by it.

import type { ComponentChildren } from 'preact';
import type { QueryResult, Cell, Column } from '../api';
import { countRange, shownColumns, total } from '../count_columns';
import { filterForColumn } from '../filters';
import { heading, parseTimestamp } from '../format';
import { hostUrl, pageUrl } from '../links';
import { mergedResult } from '../merged_result';
import { cellReader } from '../pivot';
import { missingName, valueName } from '../value_names';
import type { ColumnValue } from '../view';
import { useDashboard, type DashboardContext } from './context';
import { clickRow, FilterButton, rowClass, rowFilter, type RowFilter } from './row_filter';
import { Rows } from './rows';

interface Props {
  result: QueryResult;
  name: string;
  /** Adds a column with each row's share of the total. */
  shares?: boolean;
}

/** Stands for the column of shares among those of the result. */
const SHARE: Column = { name: 'share', type: 'double' };

export function ResultTable({ result, name, shares = false }: Props) {
  const dashboard = useDashboard();
  const { format } = dashboard;
  const columns = shownColumns(result);
  const read = cellReader(result);
  const count = (row: Cell[], column: string) => Number(read(row, column) ?? 0);
  const bar = columns.find((column, place) => place > 0 && isNumber(column));
  const max_value = bar ? Math.max(0, ...(result.rows ?? []).map((row) => count(row, bar.name))) : 0;
  const whole = shares ? shareBase(dashboard, columns) : null;
  const shown = columns.flatMap((column) => (column.name === whole?.after ? [column, SHARE] : [column]));

  function cellOf(row: Cell[], column: Column): ComponentChildren {
    if (column === SHARE) return whole!.value > 0 && format.share(count(row, whole!.metric) / whole!.value);
    const cell = read(row, column.name);
    if (typeof cell === 'number') return format.range(...countRange(result, row, column.name));
    return cellContent(format, cell, column);
  }

  return (
    <Rows
      rows={result.rows ?? []}
      of={totalRows(result)}
      name={name}
      head={
        <tr>
          {shown.map((column) => (
            <th
              key={column.name}
              scope="col"
              class={isNumber(column) ? 'number' : ''}
              title={column === SHARE ? `Share of ${whole!.metric}` : undefined}
            >
              {heading(column.name)}
            </th>
          ))}
        </tr>
      }
      row={(row, index) => {
        const filter = filterOf(dashboard, row, columns, read);
        const bar_share = bar && max_value > 0 ? count(row, bar.name) / max_value : 0;
        return (
          <tr key={index} class={rowClass(filter)} onClick={(event) => clickRow(event, dashboard, filter)}>
            {shown.map((column, place) => {
              const content = cellOf(row, column);
              const link = linkFor(row, column, read);
              const is_name = place === 0;
              const props = { key: column.name, class: isNumber(column) ? 'number' : is_name ? 'named' : '' };
              const inner = (
                <>
                  {is_name && filter ? <FilterButton filter={filter}>{content}</FilterButton> : content}
                  {link && <OutLink href={link} />}
                </>
              );
              return is_name ? (
                <th scope="row" {...props} style={{ '--share': `${bar_share * 100}%` }}>
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

/** Returns what shares are shares of, and the column that they stand behind; null if the result counts neither. */
function shareBase({ data }: DashboardContext, columns: Column[]) {
  const totals = mergedResult(data.states({ question: 'totals', period: 'current' }));
  const has = (name: string) => columns.some((column) => column.name === name);
  const visitors = totals === null ? 0 : total(totals, 'visitors');
  const metric = has('visitors') && visitors > 0 ? 'visitors' : 'views';
  const after = has('views') ? 'views' : metric;
  if (!has(after)) return null;
  return { metric, after, value: totals === null ? 0 : total(totals, metric) };
}

/** Returns the total number of rows; without one in the result, the number of rows it holds. */
export function totalRows({ rows, row_count }: QueryResult): number {
  return Math.max(row_count ?? 0, rows?.length ?? 0);
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
 * Returns the filter of a row: a condition for each text column. Null if a column has no filter, since the others alone
 * would match more than this row.
 */
function filterOf(
  dashboard: DashboardContext,
  row: Cell[],
  columns: Column[],
  read: ReturnType<typeof cellReader>,
): RowFilter | null {
  const { about } = dashboard;
  const conditions: ColumnValue[] = [];
  for (const { name, type } of columns) {
    if (type !== 'varchar') continue;
    const cell = read(row, name);
    const column = filterForColumn(name, about);
    if (column === undefined) return null;
    conditions.push({ column, value: text(cell) });
  }
  return rowFilter(dashboard, conditions);
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

function isNumber(column: Column): boolean {
  return column.type === 'bigint' || column.type === 'double';
}

function cellContent(format: DashboardContext['format'], cell: Cell, column: Column): ComponentChildren {
  if (cell === null) return <span class="missing">{missingName(column.name)}</span>;
  if (typeof cell === 'number') return format.number(cell);
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  const at_ms = column.type === 'timestamp' ? parseTimestamp(cell) : null;
  // SQL returns a day as midnight in UTC: show that day in every zone.
  if (at_ms !== null) return at_ms % 86_400_000 === 0 ? format.utcDay(at_ms) : format.precise(at_ms);
  const name = valueName(format, column.name, cell);
  // The value itself where the name is another, and for what a column cuts.
  return name === cell && column.name !== 'referrer_host' ? name : <span title={cell}>{name}</span>;
}
