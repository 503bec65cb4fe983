// A table of any answer: numbers to the right, addresses linked, a row's own place as a filter.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Answer, Cell, Column } from '../api';
import type { View } from '../address';
import { heading, instantOf } from '../format';
import { hostAddress, pageAddress } from '../links';
import { reader } from '../pivot';
import { useModel, type Model } from './model';

/** Rows at first, and with each further step. */
const FIRST = 10;
const STEP = 100;

interface RowsProps<Row> {
  rows: Row[];
  name: string;
  head: ComponentChildren;
  row: (row: Row, index: number) => ComponentChildren;
}

/** However many rows there are, only so many are in the document until more are asked for. */
export function Rows<Row>({ rows, name, head, row }: RowsProps<Row>) {
  const { format, made_at_ms } = useModel();
  const [limit, setLimit] = useState(made_at_ms === null ? FIRST : 25);
  if (rows.length === 0) return <p class="nothing">Nothing counted here.</p>;
  const rest = rows.length - limit;
  return (
    <>
      <div class="table-scroll" tabIndex={0} role="region" aria-label={`${name}, table`}>
        <table>
          <thead>{head}</thead>
          <tbody>{rows.slice(0, limit).map(row)}</tbody>
        </table>
      </div>
      {(rest > 0 || limit > FIRST) && (
        <div class="more">
          {rest > 0 && (
            <button type="button" class="button" onClick={() => setLimit(limit + STEP)}>
              Show {format.number(Math.min(rest, STEP))} more
            </button>
          )}
          {limit > FIRST && made_at_ms === null && (
            <button type="button" class="quiet" onClick={() => setLimit(FIRST)}>
              Show fewer
            </button>
          )}
          <span class="note">
            {format.number(Math.min(limit, rows.length))} of {format.number(rows.length)} rows
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
        const filter = filterOf(model, row, columns, read);
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

/** The whole row is a target for the mouse; the keyboard has the button in it. */
export function clickRow(event: MouseEvent, model: Model, filter: Partial<View> | null): void {
  const is_control = event.target instanceof Element && event.target.closest('a, button') !== null;
  if (filter === null || is_control || getSelection()?.toString() !== '') return;
  model.go(filter);
}

export function FilterButton({ filter, children }: { filter: Partial<View>; children: ComponentChildren }) {
  const { go } = useModel();
  return (
    <button type="button" class="filter-button" title="Look at this only" onClick={() => go(filter)}>
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

/** What a click on the row looks at: its site, page or own column; null where the view shows just that already. */
function filterOf(model: Model, row: Cell[], columns: Column[], read: ReturnType<typeof reader>): Partial<View> | null {
  if (model.api === null) return null;
  const { view, about } = model;
  const filter: Partial<View> = {};
  const site = read(row, 'site');
  const page = read(row, 'page');
  if (typeof site === 'string' && site !== view.site && about.access.kind !== 'share') filter.site = site;
  if (typeof page === 'string' && page !== view.page) filter.page = page;
  const own = columns.find(({ name }) => about.own_columns.includes(name));
  const value = own && read(row, own.name);
  if (own && typeof value === 'string' && value !== view.column?.value) filter.column = { name: own.name, value };
  return Object.keys(filter).length > 0 ? filter : null;
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

function isNumber(column: Column): boolean {
  return column.type === 'bigint' || column.type === 'double';
}

function show({ format }: Model, cell: Cell, column: Column): ComponentChildren {
  if (cell === null) return <span class="untold">not told</span>;
  if (typeof cell === 'number') return format.number(cell);
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  const at_ms = column.type === 'timestamp' ? instantOf(cell) : null;
  if (at_ms === null) return cell;
  // Midnight of UTC is what SQL makes of a day, which is the same day in every zone.
  return at_ms % 86_400_000 === 0 ? format.utcDay(at_ms) : format.precise(at_ms);
}
