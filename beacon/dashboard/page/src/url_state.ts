// Stores the view in the URL's query string. Defaults are omitted.

import { AGENT, hasUnknownAgents, isWithoutValue, MAX_VALUE_LENGTH, MAX_VALUES, operatorsOf, PROPERTY_PREFIX, withCondition, type Known } from './filters';
import { CHOSEN_INTERVALS, COMPARISONS, DEFAULT_PERIOD, isCalendarDay, PRESETS, type Period } from './period';
import { METRICS, type Condition, type Operator, type View } from './view';
import { isKnownZone } from './zone';

/** How a parameter's name ends, by the operator that it stands for. */
const ENDINGS: Record<Operator, string> = {
  is: '',
  is_not: '.not',
  contains: '.contains',
  starts_with: '.starts',
  is_empty: '.empty',
  is_not_empty: '.empty',
};

/** The most characters of a parameter's name in hits, as beacon stores it. */
const MAX_PROPERTY_LENGTH = 256;

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
  if (view.compare !== 'before') query.set('compare', view.compare);
  if (view.interval !== null) query.set('bars', view.interval);
  if (view.metric !== null) query.set('metric', view.metric);
  addFilters(query, view);
  if (query.size > 0 || view.zone !== browserZone) query.set('zone', view.zone);
  return searchOf(query);
}

/** Returns the query string of a view's filters and site alone. */
export function filterSearch(view: View): string {
  const query = new URLSearchParams();
  addFilters(query, view);
  return searchOf(query);
}

function addFilters(query: URLSearchParams, { site, conditions }: View): void {
  if (site !== null) query.set('site', site);
  for (const { column, op, values } of conditions) {
    const name = `${column}${ENDINGS[op]}`;
    if (isWithoutValue(op)) query.append(name, op === 'is_empty' ? 'yes' : 'no');
    for (const value of values) query.append(name, value);
  }
}

function searchOf(query: URLSearchParams): string {
  // Slashes and colons are legal in a query string, and people read URLs.
  const text = query.toString().replaceAll('%2F', '/').replaceAll('%3A', ':');
  return text === '' ? '' : `?${text}`;
}

/** A view, and the unknown parts of the URL; if there are any, no numbers may be shown. */
export interface ParsedUrl {
  view: View;
  unknown: string[];
}

/** Parses the view out of a query string. */
export function fromSearch(search: string, browserZone: string, known: Known): ParsedUrl {
  const query = new URLSearchParams(search);
  const unknown: string[] = [];
  const taken = new Set<string>();
  const all = (name: string) => {
    taken.add(name);
    return query.getAll(name).filter((text) => text !== '');
  };
  const refuse = (name: string) => unknown.push(...query.getAll(name).map((text) => `${name}=${text}`));
  const oneOf = <Name extends string>(name: string, names: readonly Name[]): Name | null => {
    const text = one(name);
    const found = names.find((known) => known === text) ?? null;
    if (text !== null && found === null) refuse(name);
    return found;
  };
  function one(name: string): string | null {
    const texts = all(name);
    if (texts.length > 1) unknown.push(`${name} more than once`);
    return texts[0] ?? null;
  }

  const zone = one('zone');
  if (zone !== null && !isKnownZone(zone)) refuse('zone');
  const interval = oneOf('bars', CHOSEN_INTERVALS);
  const metric = oneOf('metric', METRICS);
  const compare = oneOf('compare', COMPARISONS) ?? 'before';
  const period = periodFrom(one('period'), one('from'), one('to'));
  if (period === null) ['period', 'from', 'to'].forEach(refuse);

  let site: string | null = null;
  let conditions: Condition[] = [];
  const add = (condition: Condition) => (conditions = withCondition(conditions, condition));
  for (const column of columnsOf(query, known)) {
    for (const op of operatorsOf(column)) {
      if (isWithoutValue(op)) continue;
      const name = `${column}${ENDINGS[op]}`;
      const values = all(name).filter((value) => value !== '*');
      if (values.length > MAX_VALUES || values.some((value) => value.length > MAX_VALUE_LENGTH)) refuse(name);
      else if (column === 'site' && op === 'is' && values.length === 1) site = values[0]!;
      else if (values.length > 0) add({ column, op, values });
    }
    if (!operatorsOf(column).includes('is_empty')) continue;
    const empty = oneOf(`${column}.empty`, ['yes', 'no']);
    if (empty !== null) add({ column, op: empty === 'yes' ? 'is_empty' : 'is_not_empty', values: [] });
  }
  readFormerColumn(one('column'), one('value'), known, add, refuse);

  const view: View = {
    period: period ?? DEFAULT_PERIOD,
    compare,
    site,
    conditions,
    interval,
    metric,
    zone: zone !== null && isKnownZone(zone) ? zone : browserZone,
  };
  if (hasUnknownAgents(view)) {
    [AGENT, `${AGENT}.not`].forEach(refuse);
    view.conditions = conditions.filter(({ column }) => column !== AGENT);
  }
  for (const name of new Set(query.keys())) if (!taken.has(name)) refuse(name);
  return { view, unknown };
}

/** Returns the columns that an address may name: those of the API, custom ones, and properties that it has. */
function columnsOf(query: URLSearchParams, { filters, custom_columns, has_properties }: Known): string[] {
  const properties = has_properties ? [...query.keys()].flatMap((name) => propertyOf(name) ?? []) : [];
  return [...new Set([...filters, ...custom_columns, ...properties, AGENT])];
}

/** Returns the column that a parameter such as `prop.plan.not` names; null if it is no property. */
function propertyOf(parameter: string): string | null {
  if (!parameter.startsWith(PROPERTY_PREFIX)) return null;
  const ending = Object.values(ENDINGS).find((ending) => ending !== '' && parameter.endsWith(ending)) ?? '';
  const column = parameter.slice(0, parameter.length - ending.length);
  const length = column.length - PROPERTY_PREFIX.length;
  return length > 0 && length <= MAX_PROPERTY_LENGTH ? column : null;
}

/** Reads `column=NAME&value=VALUE`, as addresses had it before custom columns were named like all others. */
function readFormerColumn(
  column: string | null,
  value: string | null,
  { custom_columns }: Known,
  add: (condition: Condition) => void,
  refuse: (name: string) => void,
): void {
  if (column !== null && value !== null && custom_columns.includes(column)) add({ column, op: 'is', values: [value] });
  else if (column !== null) refuse('column');
  else if (value !== null) refuse('value');
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
