// Stores the view in the URL's query string. Defaults are omitted.

import { agentClass, AGENT_CLASSES } from './agents';
import { FILTER_NAMES } from './filters';
import { DEFAULT_PERIOD, INTERVALS, isCalendarDay, PRESETS, type Period } from './period';
import { METRICS, type Condition, type View } from './view';
import { isKnownZone } from './zone';

/**
 * Returns the query string for a view. Unless it is empty it includes the time zone, so that the recipient of a link
 * sees the same days as its sender.
 */
export function toSearch(view: View, browserZone: string): string {
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
  if (view.interval !== null) query.set('bars', view.interval);
  if (view.metric !== null) query.set('metric', view.metric);
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
  for (const name of view.agents) query.append('agent', name);
  if (query.size > 0 || view.zone !== browserZone) query.set('zone', view.zone);
  // Slashes and colons are legal in a query string, and people read URLs.
  const text = query.toString().replaceAll('%2F', '/').replaceAll('%3A', ':');
  return text === '' ? '' : `?${text}`;
}

/** A view, and the unknown parts of the URL; if there are any, no numbers may be shown. */
export interface ParsedUrl {
  view: View;
  unknown: string[];
}

/** What the API filters by: names that it doesn't know are refused. */
export interface Known {
  custom_columns: string[];
  filters: string[];
}

/** Parses the view out of a query string. */
export function fromSearch(search: string, browserZone: string, known: Known): ParsedUrl {
  const query = new URLSearchParams(search);
  const unknown: string[] = [];
  const taken = new Set<string>();
  const text = (name: string) => {
    taken.add(name);
    return query.get(name) || null;
  };
  const refuse = (name: string) => unknown.push(`${name}=${query.get(name)}`);

  const zone = text('zone');
  if (zone !== null && !isKnownZone(zone)) refuse('zone');
  const bars = text('bars');
  const interval = INTERVALS.find((known) => known === bars) ?? null;
  if (bars !== null && interval === null) refuse('bars');
  const drawn = text('metric');
  const metric = METRICS.find((name) => name === drawn) ?? null;
  if (drawn !== null && metric === null) refuse('metric');
  const [site, page] = [filterText(text('site')), filterText(text('page'))];
  const [name, value] = [text('column'), text('value')];
  const is_pair = name !== null && value !== null && known.custom_columns.includes(name);
  if (name !== null && !is_pair) refuse('column');
  if (name === null && value !== null) refuse('value');
  const filters: Condition[] = [];
  for (const column of known.filters) {
    if (column !== 'site' && column !== 'page') {
      const wanted = filterText(text(column));
      if (wanted !== null) filters.push({ column, value: wanted });
    }
    const empty = text(`${column}.empty`);
    const is_contradicted = { site, page }[column] ?? filters.some((other) => other.column === column);
    if (empty === 'yes' && !is_contradicted) filters.push({ column, value: null });
    else if (empty !== null) refuse(`${column}.empty`);
  }
  taken.add('agent');
  const named = query.getAll('agent').filter((name) => filterText(name) !== null);
  const agents = AGENT_CLASSES.filter((name) => named.includes(name));
  unknown.push(...named.filter((name) => agentClass(name) === undefined).map((name) => `agent=${name}`));
  const period = periodFrom(text('period'), text('from'), text('to'));
  if (period === null) unknown.push(...['period', 'from', 'to'].filter((key) => query.get(key)).map((key) => `${key}=${query.get(key)}`));

  const keys = [...query.keys()];
  for (const key of new Set(keys)) {
    const is_repeated = keys.indexOf(key) !== keys.lastIndexOf(key);
    if (!taken.has(key)) refuse(key);
    else if (is_repeated && key !== 'agent') unknown.push(`${key} more than once`);
  }
  const view = {
    period: period ?? DEFAULT_PERIOD,
    site,
    page,
    column: is_pair ? { name, value } : null,
    filters,
    agents,
    interval,
    metric,
    zone: zone !== null && isKnownZone(zone) ? zone : browserZone,
  };
  return { view, unknown };
}

/** Returns null if these parameters don't make a period. */
function periodFrom(name: string | null, from: string | null, to: string | null): Period | null {
  if (from === null && to === null) {
    if (name === null) return DEFAULT_PERIOD;
    const preset = PRESETS.find((known) => known === name);
    return preset === undefined ? null : { kind: 'preset', preset };
  }
  if (name !== null || from === null || to === null) return null;
  if (isCalendarDay(from) && isCalendarDay(to)) return from <= to ? { kind: 'days', from, to } : null;
  const [from_ms, to_ms] = [instantFrom(from), instantFrom(to)];
  if (from_ms !== null && to_ms !== null && from_ms < to_ms) return { kind: 'instants', from_ms, to_ms };
  return null;
}

/** In the API `*` stands for all. */
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

/** Returns the token in the fragment of a share link. */
export function shareToken(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, '')).get('share') || null;
}
