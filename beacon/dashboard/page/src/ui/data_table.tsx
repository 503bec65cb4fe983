// A table: sorted by its headers, and filtering by its rows.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { cutLabel } from '../cut';
import { firstOrder, nextOrder, sorted } from '../table_order';
import type { Measure, Order, Table, TableRow, Value } from '../table_rows';
import { useDashboard } from './context';
import { Count } from './count';
import { useNarrow } from './narrow';
import { clickRow, ExcludeButton, FilterButton, rowClass, rowFilter, type RowFilter } from './row_filter';
import { Trend } from './trend';

interface Props {
  table: Table;
  name: string;
  /** Rows shown at most. */
  limit: number;
  is_expanded?: boolean;
  /** Null until somebody sorts it. */
  order: Order | null;
  onOrder: (order: Order) => void;
  /** Returns the change by a click on a row, where that isn't a filter by its values. */
  filterOf?: (row: TableRow) => RowFilter | null;
  /** Stands behind a row's name. */
  toolOf?: (row: TableRow) => ComponentChildren;
}

export function DataTable({ table, name, limit, is_expanded = false, order, onOrder, filterOf, toolOf }: Props) {
  const dashboard = useDashboard();
  const is_narrow = useNarrow();
  const [opened, setOpened] = useState<string | null>(null);
  const { heading, measures, rows } = table;
  const first = firstOrder(table);
  // The chosen column may belong to another result.
  const known = order !== null && order.by < measures.length ? order : first;
  const main = known.by < 0 ? first.by : known.by;
  const shown = sorted(rows, known, navigator.languages).slice(0, limit);
  const bars = measures.findIndex(({ kind }) => kind === 'count');
  const most = Math.max(0, ...rows.map(({ values }) => barLength(values[bars])));
  return (
    <div class={is_expanded ? 'table-scroll tall' : 'table-scroll short'}>
      <table aria-label={name}>
        <thead>
          <tr>
            <Header by={-1} name={heading} order={known} onOrder={onOrder} is_text />
            {measures.map((measure, by) => (
              <Header
                key={measure.name}
                by={by}
                {...measure}
                is_main={by === main}
                order={known}
                onOrder={onOrder}
                is_text={measure.kind === 'text'}
              />
            ))}
            {is_narrow && (
              <th scope="col">
                <span class="visually-hidden">Details</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => {
            const filter = filterOf === undefined ? rowFilter(dashboard, row) : filterOf(row);
            const is_open = opened === row.key;
            const share = most > 0 ? barLength(row.values[bars]) / most : 0;
            return (
              <tr
                key={row.key}
                class={`${rowClass(filter)} ${is_open ? 'opened' : ''}`}
                onClick={(event) => clickRow(event, dashboard, filter)}
              >
                <th scope="row" class="named" style={{ '--share': `${share * 100}%` }}>
                  <RowName row={row} filter={filter} tool={toolOf?.(row)} />
                  {is_narrow && is_open && <Details table={table} row={row} />}
                </th>
                {measures.map((measure, place) => (
                  <td key={measure.name} class={cellClass(measure, place === main)}>
                    <Cell value={row.values[place] ?? null} measure={measure} />
                  </td>
                ))}
                {is_narrow && (
                  <td class="row-tools">
                    <button
                      type="button"
                      class="quiet"
                      aria-label={`Details of ${row.label}`}
                      aria-expanded={is_open}
                      onClick={() => setOpened(is_open ? null : row.key)}
                    >
                      ⋯
                    </button>
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** On a narrow page a row has room for one number: that of the order, or the first. */
function cellClass({ kind }: Measure, is_main: boolean): string {
  return `${kind === 'text' ? 'text' : 'number'} ${is_main ? 'main' : ''}`;
}

function barLength(value: Value | undefined): number {
  if (Array.isArray(value)) return value[1];
  return typeof value === 'number' ? value : 0;
}

interface HeaderProps {
  by: number;
  name: string;
  title?: string;
  is_main?: boolean;
  order: Order;
  onOrder: (order: Order) => void;
  is_text: boolean;
}

function Header({ by, name, title, is_main = false, order, onOrder, is_text }: HeaderProps) {
  const direction = order.by !== by ? undefined : order.descending ? 'descending' : 'ascending';
  const kind = by < 0 ? '' : is_text ? 'text' : 'number';
  return (
    <th scope="col" class={`${kind} ${is_main ? 'main' : ''}`} title={title} aria-sort={direction}>
      <button type="button" class="sort" onClick={() => onOrder(nextOrder(order, by, is_text))}>
        {name}
      </button>
    </th>
  );
}

function RowName({ row, filter, tool }: { row: TableRow; filter: RowFilter | null; tool: ComponentChildren }) {
  const { label, context, is_missing, title, link, trend } = row;
  const text: ComponentChildren = is_missing ? <span class="missing">{label}</span> : <Cut text={label} />;
  return (
    <div class="row-name">
      {context && (
        <span class="site" title={context}>
          {context}
        </span>
      )}
      {filter === null ? (
        <span class="row-label" title={title ?? label}>
          {text}
        </span>
      ) : (
        <FilterButton filter={filter} label={label} title={title}>
          {text}
        </FilterButton>
      )}
      {trend && <Trend values={trend} />}
      {link && <OutLink href={link} />}
      {filter?.exclude && <ExcludeButton label={label} exclude={filter.exclude} />}
      {tool}
    </div>
  );
}

/** All numbers of an opened row, where the table has room for one. */
function Details({ table, row }: { table: Table; row: TableRow }) {
  return (
    <dl class="row-numbers">
      {table.measures.map((measure, place) => (
        <div key={measure.name}>
          <dt>{measure.name}</dt>
          <dd>
            <Cell value={row.values[place] ?? null} measure={measure} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A label whose end stays visible. */
function Cut({ text }: { text: string }) {
  const [head, tail] = cutLabel(text);
  return (
    <>
      <span class="cut-head">{head}</span>
      {tail !== '' && <span class="cut-tail">{tail}</span>}
    </>
  );
}

function OutLink({ href }: { href: string }) {
  return (
    <a class="out-link" href={href} target="_blank" rel="noopener noreferrer" title={href} aria-label={`Open ${href}`}>
      <svg viewBox="0 0 12 12" width="11" height="11" aria-hidden="true">
        <path d="M4 2H2v8h8V8M6.5 1.5h4v4M10 2 5.5 6.5" fill="none" stroke="currentColor" stroke-width="1.3" />
      </svg>
    </a>
  );
}

function Cell({ value, measure }: { value: Value; measure: Measure }) {
  const { format } = useDashboard();
  if (value === null) return null;
  if (typeof value === 'string') return <>{value}</>;
  if (Array.isArray(value)) return <>{format.range(...value)}</>;
  if (measure.kind === 'percent') return <>{format.share(value)}</>;
  if (measure.kind === 'change') return <>{value === Number.POSITIVE_INFINITY ? 'new' : format.signedShare(value)}</>;
  return <Count value={value} />;
}
