// The state of the page, and how the address bar holds it. What the defaults say is left out.

import { FILTER_NAMES, type Condition } from './filters';
import { BARS, DEFAULT_PERIOD, isDay, PRESETS, type Bars, type Period } from './period';
import { isZone } from './zone';

export interface ColumnFilter {
  name: string;
  value: string;
}

export interface View {
  period: Period;
  site: string | null;
  page: string | null;
  column: ColumnFilter | null;
  /** Further conditions, each on another column. */
  filters: Condition[];
  /** How wide the bars are; without, what suits the period. */
  bars: Bars | null;
  zone: string;
}

/**
 * The query string of a view. Where it says anything it also says the time zone: who gets the link sees the same
 * days as who sent it.
 */
export function toQuery(view: View, ownZone: string): string {
  const query = new URLSearchParams();
  if (view.period.kind === 'preset') {
    if (view.period.preset !== '7d') query.set('period', view.period.preset);
  } else if (view.period.kind === 'days') {
    query.set('from', view.period.from);
    query.set('to', view.period.to);
  } else {
    query.set('from', minuteText(view.period.from_ms));
    query.set('to', minuteText(view.period.to_ms));
  }
  if (view.bars !== null) query.set('bars', view.bars);
  if (view.site !== null) query.set('site', view.site);
  if (view.page !== null) query.set('page', view.page);
  if (view.column !== null) {
    query.set('column', view.column.name);
    query.set('value', view.column.value);
  }
  for (const name of FILTER_NAMES) {
    const value = view.filters.find(({ column }) => column === name)?.value;
    if (value === null) query.set(`${name}.empty`, 'yes');
    else if (value !== undefined) query.set(name, value);
  }
  if (query.size > 0 || view.zone !== ownZone) query.set('zone', view.zone);
  // Slashes and colons are legal in a query, and an address is read by people.
  const text = query.toString().replaceAll('%2F', '/').replaceAll('%3A', ':');
  return text === '' ? '' : `?${text}`;
}

/** A view, and the parts of the address that say nothing that is known: where there are any, nothing may be shown. */
export interface Read {
  view: View;
  unknown: string[];
}

/** The view that an address asks for. */
export function fromQuery(search: string, ownZone: string, own_columns: string[] | null = null): Read {
  const query = new URLSearchParams(search);
  const unknown: string[] = [];
  const taken = new Set<string>();
  const text = (name: string) => {
    taken.add(name);
    return query.get(name) || null;
  };
  const refuse = (name: string) => unknown.push(`${name}=${query.get(name)}`);

  const zone = text('zone');
  if (zone !== null && !isZone(zone)) refuse('zone');
  const bars = text('bars');
  const known_bars = BARS.find((known) => known === bars) ?? null;
  if (bars !== null && known_bars === null) refuse('bars');
  const [site, page] = [filterText(text('site')), filterText(text('page'))];
  const [name, value] = [text('column'), text('value')];
  const is_pair = name !== null && value !== null && (own_columns === null || own_columns.includes(name));
  if (name !== null && !is_pair) refuse('column');
  if (name === null && value !== null) refuse('value');
  const filters: Condition[] = [];
  for (const column of FILTER_NAMES) {
    if (column !== 'site' && column !== 'page') {
      const wanted = filterText(text(column));
      if (wanted !== null) filters.push({ column, value: wanted });
    }
    const empty = text(`${column}.empty`);
    const is_contradicted = { site, page }[column] ?? filters.some((known) => known.column === column);
    if (empty === 'yes' && !is_contradicted) filters.push({ column, value: null });
    else if (empty !== null) refuse(`${column}.empty`);
  }
  const period = periodFrom(text('period'), text('from'), text('to'));
  if (period === null) unknown.push(...['period', 'from', 'to'].filter((key) => query.get(key)).map((key) => `${key}=${query.get(key)}`));

  const keys = [...query.keys()];
  for (const key of new Set(keys)) {
    const is_repeated = keys.indexOf(key) !== keys.lastIndexOf(key);
    if (!taken.has(key)) refuse(key);
    else if (is_repeated) unknown.push(`${key} more than once`);
  }
  const view = {
    period: period ?? DEFAULT_PERIOD,
    site,
    page,
    column: is_pair ? { name, value } : null,
    filters,
    bars: known_bars,
    zone: zone !== null && isZone(zone) ? zone : ownZone,
  };
  return { view, unknown };
}

/** Null for what is no period. */
function periodFrom(name: string | null, from: string | null, to: string | null): Period | null {
  if (from === null && to === null) {
    if (name === null) return DEFAULT_PERIOD;
    const preset = PRESETS.find((known) => known === name);
    return preset === undefined ? null : { kind: 'preset', preset };
  }
  if (name !== null || from === null || to === null) return null;
  if (isDay(from) && isDay(to)) return from <= to ? { kind: 'days', from, to } : null;
  const [from_ms, to_ms] = [instantFrom(from), instantFrom(to)];
  if (from_ms !== null && to_ms !== null && from_ms < to_ms) return { kind: 'instants', from_ms, to_ms };
  return null;
}

/** `*` is the API's word for all. */
function filterText(text: string | null): string | null {
  return text === null || text === '' || text === '*' ? null : text;
}

function minuteText(at_ms: number): string {
  return `${new Date(at_ms).toISOString().slice(0, 16)}Z`;
}

function instantFrom(text: string): number | null {
  if (!/^2[01]\d\d-\d\d-\d\dT\d\d:\d\dZ$/.test(text)) return null;
  const at_ms = Date.parse(text);
  return Number.isNaN(at_ms) ? null : at_ms;
}

/** The token in a share link's fragment. */
export function shareToken(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, '')).get('share') || null;
}
