// The state of the page, and how the address bar holds it. What the defaults say is left out.

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
  if (query.size > 0 || view.zone !== ownZone) query.set('zone', view.zone);
  // Slashes and colons are legal in a query, and an address is read by people.
  const text = query.toString().replaceAll('%2F', '/').replaceAll('%3A', ':');
  return text === '' ? '' : `?${text}`;
}

/** The view that an address asks for; what it says wrongly counts as not said. */
export function fromQuery(search: string, ownZone: string): View {
  const query = new URLSearchParams(search);
  const zone = query.get('zone');
  const bars = query.get('bars');
  const name = query.get('column');
  const value = query.get('value');
  return {
    period: periodFrom(query),
    site: filterText(query.get('site')),
    page: filterText(query.get('page')),
    column: name && value ? { name, value } : null,
    bars: BARS.find((known) => known === bars) ?? null,
    zone: zone !== null && isZone(zone) ? zone : ownZone,
  };
}

function periodFrom(query: URLSearchParams): Period {
  const preset = PRESETS.find((known) => known === query.get('period'));
  if (preset !== undefined) return { kind: 'preset', preset };
  const [from, to] = [query.get('from') ?? '', query.get('to') ?? ''];
  if (isDay(from) && isDay(to) && from <= to) return { kind: 'days', from, to };
  const [from_ms, to_ms] = [instantFrom(from), instantFrom(to)];
  if (from_ms !== null && to_ms !== null && from_ms < to_ms) return { kind: 'instants', from_ms, to_ms };
  return DEFAULT_PERIOD;
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
