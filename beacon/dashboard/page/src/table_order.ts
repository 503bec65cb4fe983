// The order of a table's rows, and those that a search finds.

import type { Order, Table, TableRow, Value } from './table_rows';

/** Returns the order that a table has until somebody sorts it: the greatest first. */
export function firstOrder({ order }: Table): Order {
  return order ?? { by: 0, descending: true };
}

/** Returns the order after a click on a header: numbers begin with the greatest, texts with the first. */
export function nextOrder(order: Order, by: number, is_text: boolean): Order {
  if (order.by !== by) return { by, descending: !is_text };
  return { by, descending: !order.descending };
}

/** Sorts rows; those without a value come last, and equal ones stay in their order. */
export function sorted(rows: TableRow[], { by, descending }: Order, locales: readonly string[]): TableRow[] {
  const collator = new Intl.Collator(locales as string[], { numeric: true });
  const valueOf = (row: TableRow): Value => (by < 0 ? row.label : (row.values[by] ?? null));
  return rows.toSorted((a, b) => {
    const [first, second] = [valueOf(a), valueOf(b)];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    const difference = compare(first, second, collator);
    return descending ? -difference : difference;
  });
}

function compare(first: NonNullable<Value>, second: NonNullable<Value>, collator: Intl.Collator): number {
  if (typeof first === 'string' || typeof second === 'string') return collator.compare(String(first), String(second));
  const [[low, high], [other_low, other_high]] = [bounds(first), bounds(second)];
  // Infinities, which stand for changes from nothing, have no difference.
  return order(low, other_low) || order(high, other_high);
}

const order = (a: number, b: number) => (a < b ? -1 : a > b ? 1 : 0);

function bounds(value: number | [number, number]): [number, number] {
  return typeof value === 'number' ? [value, value] : value;
}

/** Returns the rows whose label, context or stored value contains a text, whatever its case. */
export function found(rows: TableRow[], search: string): TableRow[] {
  const wanted = search.trim().toLowerCase();
  if (wanted === '') return rows;
  return rows.filter(({ label, context, title }) =>
    [label, context, title].some((part) => part !== null && part.toLowerCase().includes(wanted)),
  );
}
