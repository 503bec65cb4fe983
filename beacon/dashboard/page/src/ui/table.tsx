// A table of any answer: numbers to the right, addresses linked, a row's own place as a filter.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Answer, Cell, Column } from '../api';
import type { View } from '../address';
import { referrerName } from '../apps';
import { filterOfColumn, holds, limitedTo, type Condition } from '../filters';
import { heading, instantOf } from '../format';
import { hostAddress, pageAddress } from '../links';
import { reader } from '../pivot';
import { useModel, type Model } from './model';

/** Rows at first, then as many more as make a hundred, then all of them, a thousand at a time. */
const STEPS = [10, 100];
const STEP = 1_000;

interface RowsProps<Row> {
  rows: Row[];
  /** How many there are in all, where `rows` are only the first. */
  of?: number;
  name: string;
  head: ComponentChildren;
  row: (row: Row, index: number) => ComponentChildren;
}

/** However many rows there are, only so many are in the document until more are asked for. */
export function Rows<Row>({ rows, of = rows.length, name, head, row }: RowsProps<Row>) {
  const { format, made_at_ms } = useModel();
  const first = made_at_ms === null ? STEPS[0]! : 25;
  const [limit, setLimit] = useState(first);
  if (rows.length === 0) return <p class="nothing">No data for this period.</p>;
  const shown = Math.min(limit, rows.length);
  const rest = rows.length - shown;
  const next = Math.min(rows.length, STEPS.find((step) => step > limit) ?? limit + STEP);
  const most = Math.min(rows.length, limit < STEP ? STEP : limit + STEP);
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
          {rest > 0 && next < most && (
            <button type="button" class="button" onClick={() => setLimit(next)}>
              Show {format.number(next - shown)} more
            </button>
          )}
          {rest > 0 && (
            <button type="button" class="button" onClick={() => setLimit(most)}>
              {most === of ? 'Show all' : `Show ${format.number(most - shown)} more`}
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

export function AnswerTable({ answer, name }: { answer: Answer; name: string }) {
  const model = useModel();
  const columns = answer.columns ?? [];
  const first_number = columns.findIndex(isNumber);
  const most = Math.max(0, ...(answer.rows ?? []).map((row) => Number(row[first_number] ?? 0)));
  const read = reader(answer);
  return (
    <Rows
      rows={answer.rows ?? []}
      of={rowCount(answer)}
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
        const filter = filterOf(model, row, columns);
        const share = first_number > 0 && most > 0 ? Number(row[first_number] ?? 0) / most : 0;
        return (
          <tr key={index} class={filter ? 'clickable' : ''} onClick={(event) => clickRow(event, model, filter)}>
            {columns.map((column, place) => {
              const cell = row[place] ?? null;
              const content =
                place === 0 && filter ? (
                  <FilterButton filter={filter}>{show(model, cell, column)}</FilterButton>
                ) : (
                  show(model, cell, column)
                );
              const link = addressOf(row, column, read);
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

/** How many rows there are in all; what the API leaves unsaid is what it sent. */
export function rowCount({ rows, row_count }: Answer): number {
  return Math.max(row_count ?? 0, rows?.length ?? 0);
}

/** The whole row is a target for the mouse; the keyboard has the button in it. */
export function clickRow(event: MouseEvent, model: Model, filter: Partial<View> | null): void {
  const is_control = event.target instanceof Element && event.target.closest('a, button') !== null;
  if (filter === null || is_control || getSelection()?.toString() !== '') return;
  model.go(filter);
}

export function FilterButton({ filter, children }: { filter: Partial<View>; children: ComponentChildren }) {
  const { go } = useModel();
  return (
    <button type="button" class="filter-button" title="Filter by this" onClick={() => go(filter)}>
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
 * What a click on the row looks at: all that the row is about, of what the view doesn't show just that already. Null
 * where nothing of it is left, and where the API has no filter for a part of it: the rest would be something else.
 */
function filterOf(model: Model, row: Cell[], columns: Column[]): Partial<View> | null {
  if (model.api === null) return null;
  const { about } = model;
  const conditions: Condition[] = [];
  for (const [place, { name, type }] of columns.entries()) {
    if (type !== 'varchar') continue;
    const cell = row[place] ?? null;
    const is_own = about.own_columns.includes(name);
    const column = is_own ? name : filterOfColumn(name);
    if (column === undefined || (is_own && cell === null)) return null;
    conditions.push({ column, value: text(cell) });
  }
  return changeOf(model, conditions);
}

/** The change to the view that a row with these conditions makes, if any. A share link has its site already. */
export function changeOf({ view, about }: Model, conditions: Condition[]): Partial<View> | null {
  const is_shared = about.access.kind === 'share';
  const further = conditions.filter(
    (condition) => !(is_shared && condition.column === 'site') && !holds(view, condition),
  );
  return further.length > 0 ? limitedTo(view, further, about.own_columns) : null;
}

function addressOf(row: Cell[], column: Column, read: ReturnType<typeof reader>): string | null {
  const cell = read(row, column.name);
  if (typeof cell !== 'string') return null;
  if (column.name === 'page' || column.name === 'url') return pageAddress(text(read(row, 'site')), cell);
  return column.name === 'referrer_host' ? hostAddress(cell) : null;
}

function text(cell: Cell): string | null {
  return cell === null ? null : String(cell);
}

/** What a reader calls a value that nobody told, where it is more than missing. */
const UNKNOWN: Record<string, string> = {
  site: 'unknown site',
  page: 'unknown page',
  source: 'unknown',
  referrer_host: 'unknown',
};

function isNumber(column: Column): boolean {
  return column.type === 'bigint' || column.type === 'double';
}

function show({ format }: Model, cell: Cell, column: Column): ComponentChildren {
  if (cell === null) return <span class="untold">{UNKNOWN[column.name] ?? '(none)'}</span>;
  if (typeof cell === 'number') return format.number(cell);
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  if (column.name === 'referrer_host') return <span title={cell}>{referrerName(cell)}</span>;
  const at_ms = column.type === 'timestamp' ? instantOf(cell) : null;
  if (at_ms === null) return cell;
  // Midnight of UTC is what SQL makes of a day, which is the same day in every zone.
  return at_ms % 86_400_000 === 0 ? format.utcDay(at_ms) : format.precise(at_ms);
}
