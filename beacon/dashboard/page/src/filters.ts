// Filters: which columns have one, and how clicks on values change them.

import { AGENT_CLASSES, agentClass, COUNTED, type AgentClass } from './agents';
import type { About } from './api';
import { OPERATORS, type ColumnValue, type Condition, type Operator, type View } from './view';

/** The filters that the page knows, in the order of its chips, with their display names. */
const LABELS: Record<string, string> = {
  site: 'Site',
  page: 'Page',
  entry_page: 'Entry page',
  exit_page: 'Exit page',
  event: 'Event',
  channel: 'Channel',
  source: 'Source',
  referrer: 'Referrer',
  utm_source: 'UTM source',
  utm_medium: 'UTM medium',
  utm_campaign: 'UTM campaign',
  utm_term: 'UTM term',
  utm_content: 'UTM content',
  browser: 'Browser',
  os: 'System',
  device: 'Device',
  size: 'Size',
  country: 'Country',
  language: 'Language',
};

export const FILTER_NAMES = Object.keys(LABELS);

/** The filter on agent classes. A request names the classes that count instead. */
export const AGENT = 'agent';

/** How a filter on a parameter of hits begins; the parameter's name follows. */
export const PROPERTY_PREFIX = 'prop.';

/** The most values of a condition that the API takes, and how long each may be. */
export const MAX_VALUES = 20;
export const MAX_VALUE_LENGTH = 1022;

/** Returns the names of the filters that page and API have in common, without custom columns and properties. */
export function availableFilters({ filters }: About): string[] {
  return FILTER_NAMES.filter((name) => filters.includes(name));
}

/** Returns the custom columns that the reader may filter by; guests by none. */
export function customColumns({ access, custom_columns }: About): string[] {
  return access.kind === 'share' ? [] : custom_columns;
}

/** The filters that an address may have: other names are refused. */
export interface Known {
  custom_columns: string[];
  filters: string[];
  /** False for guests, who may not filter by parameters of hits. */
  has_properties: boolean;
}

/** Returns what the reader may filter by. */
export function knownFilters(about: About): Known {
  return {
    custom_columns: customColumns(about),
    filters: availableFilters(about),
    has_properties: about.access.kind !== 'share',
  };
}

/** Returns the display name of a column. */
export function filterLabel(column: string): string {
  if (column === AGENT) return 'Agent';
  if (column.startsWith(PROPERTY_PREFIX)) return `Property ${column.slice(PROPERTY_PREFIX.length)}`;
  return Object.hasOwn(LABELS, column) ? LABELS[column]! : column;
}

/** Returns the name of the filter for a result column, or undefined if the API has none. */
export function filterForColumn(column: string, about: About): string | undefined {
  const name = column === 'referrer_host' ? 'referrer' : column;
  return [...availableFilters(about), ...customColumns(about)].find((known) => known === name);
}

/** Returns the operators that a column takes. */
export function operatorsOf(column: string): readonly Operator[] {
  return column === AGENT ? ['is', 'is_not'] : OPERATORS;
}

/** Returns true for operators that stand without a value. */
export function isWithoutValue(op: Operator): boolean {
  return op === 'is_empty' || op === 'is_not_empty';
}

/** Returns true if the view has "is" for this value; null asks for "is empty". */
export function isFiltered(view: View, column: string, value: string | null): boolean {
  if (value === null) return find(view.conditions, column, 'is_empty') !== undefined;
  if (column === 'site' && view.site === value) return true;
  return find(view.conditions, column, 'is')?.values.includes(value) ?? false;
}

/** Returns true if the view has "is" for each of these values. */
export function areFiltered(view: View, wanted: ColumnValue[]): boolean {
  return wanted.every(({ column, value }) => isFiltered(view, column, value));
}

/** Returns the change that adds "is" for a value, or removes it where the view has it. */
export function toggleValue(view: View, column: string, value: string | null): Partial<View> {
  return toggleValues(view, [{ column, value }]);
}

/** Returns the change that adds "is" for each of these values, or removes them where the view has all of them. */
export function toggleValues(view: View, wanted: ColumnValue[]): Partial<View> {
  const is_set = areFiltered(view, wanted);
  let changed = view;
  for (const { column, value } of wanted) {
    changed = is_set ? withoutValue(changed, column, value) : withValue(changed, column, value);
  }
  return { site: changed.site, conditions: changed.conditions };
}

/** Returns the change that shows one site in the place of every filter on sites; null stands for hits without one. */
export function onlyOf(view: View, site: string | null): Partial<View> {
  return toggleValue({ ...view, ...ofAllSites(view) }, 'site', site);
}

/** Returns the change that removes every filter on sites. */
export function ofAllSites({ conditions }: View): Pick<View, 'site' | 'conditions'> {
  return { site: null, conditions: conditions.filter(({ column }) => column !== 'site') };
}

/** Returns the change that leaves a value out; a filter that asks for it is removed. */
export function excludeValue(view: View, column: string, value: string | null): Partial<View> {
  const without = withoutValue(view, column, value);
  const excluded: Condition =
    value === null ? { column, op: 'is_not_empty', values: [] } : { column, op: 'is_not', values: [value] };
  return { site: without.site, conditions: withCondition(without.conditions, excluded) };
}

/** Returns the change that puts a condition into the place of another, or adds it where there is none. */
export function editCondition(view: View, old: Condition | null, edited: Condition): Partial<View> {
  const without = old === null ? {} : removeCondition(view, old);
  const changed = { ...view, ...without };
  const is_one_site = edited.column === 'site' && edited.op === 'is' && edited.values.length === 1;
  if (is_one_site) return toggleValue({ ...changed, site: null }, 'site', edited.values[0]!);
  return { site: changed.site, conditions: withCondition(changed.conditions, edited) };
}

/** Returns the change that removes a condition. */
export function removeCondition(view: View, { column, op }: Condition): Partial<View> {
  const site = column === 'site' && op === 'is' ? null : view.site;
  return { site, conditions: view.conditions.filter((known) => known.column !== column || known.op !== op) };
}

/** The change that removes all filters; the site stays, which has a menu of its own. */
export const UNFILTERED: Partial<View> = { conditions: [] };

/** Returns true if the view counts conversions: hits that match its conditions on events, instead of views. */
export function countsConversions({ conditions }: View): boolean {
  return conditions.some(({ column }) => column === 'event');
}

/**
 * Returns the agent classes that the view counts; none stands for those that count by default. Classes that are
 * excluded are taken from the default, or from all where nothing would be left.
 */
export function chosenAgents({ conditions }: View): AgentClass[] {
  const valuesOf = (op: Operator) => find(conditions, AGENT, op)?.values ?? [];
  const [wanted, excluded] = [valuesOf('is'), valuesOf('is_not')];
  if (wanted.length === 0 && excluded.length === 0) return [];
  const remaining = (classes: readonly AgentClass[]) => classes.filter((name) => !excluded.includes(name));
  if (wanted.length > 0) return remaining(AGENT_CLASSES.filter((name) => wanted.includes(name)));
  const counted = remaining(COUNTED);
  return counted.length > 0 ? counted : remaining(AGENT_CLASSES);
}

/** Returns true if no agent class is left, or one doesn't exist: there is nothing to count. */
export function hasUnknownAgents(view: View): boolean {
  const named = view.conditions.filter(({ column }) => column === AGENT);
  if (named.some(({ values }) => values.some((value) => agentClass(value) === undefined))) return true;
  return named.length > 0 && chosenAgents(view).length === 0;
}

/** Returns the view with these conditions in the place of its own on the same columns. */
export function withConditions(view: View, conditions: Condition[]): View {
  const replaced = new Set(conditions.map(({ column }) => column));
  const kept = view.conditions.filter(({ column }) => !replaced.has(column));
  return { ...view, conditions: conditions.reduce(withCondition, kept) };
}

/** Returns the view without the values of a condition, and without the condition where it has none of its own left. */
export function withoutValues(view: View, { column, op, values }: Condition): View {
  if (op === 'is_empty' || op === 'is_not_empty') return { ...view, ...removeCondition(view, { column, op, values }) };
  const site = column === 'site' && op === 'is' && view.site !== null && values.includes(view.site) ? null : view.site;
  const conditions = values.reduce((left, value) => withoutOne(left, column, op, value), view.conditions);
  return { ...view, site, conditions };
}

/** Merges a condition into others: one for each column and operator, in the order of columns and operators. */
export function withCondition(conditions: Condition[], { column, op, values }: Condition): Condition[] {
  const known = find(conditions, column, op)?.values ?? [];
  const merged: Condition = { column, op, values: [...new Set([...known, ...values])].slice(0, MAX_VALUES) };
  const others = conditions.filter((condition) => condition.column !== column || condition.op !== op);
  return [...others, merged].sort(byColumn);
}

function find(conditions: Condition[], column: string, op: Operator): Condition | undefined {
  return conditions.find((condition) => condition.column === column && condition.op === op);
}

function byColumn(a: Condition, b: Condition): number {
  return (
    rank(a.column) - rank(b.column) ||
    (a.column < b.column ? -1 : a.column > b.column ? 1 : OPERATORS.indexOf(a.op) - OPERATORS.indexOf(b.op))
  );
}

/** Known filters first, then custom columns, properties and agents. */
function rank(column: string): number {
  const place = FILTER_NAMES.indexOf(column);
  if (place !== -1) return place;
  const last = FILTER_NAMES.length;
  return column === AGENT ? last + 2 : column.startsWith(PROPERTY_PREFIX) ? last + 1 : last;
}

function withValue(view: View, column: string, value: string | null): View {
  if (column === 'site' && value !== null) {
    return { ...view, site: value, conditions: view.conditions.filter((known) => known.column !== 'site') };
  }
  const added: Condition = value === null ? { column, op: 'is_empty', values: [] } : { column, op: 'is', values: [value] };
  const kept = withoutWider(view.conditions, column, value);
  return { ...view, site: column === 'site' ? null : view.site, conditions: withCondition(kept, added) };
}

function withoutValue(view: View, column: string, value: string | null): View {
  const is_site = column === 'site' && view.site === value;
  const op = value === null ? 'is_empty' : 'is';
  return { ...view, site: is_site ? null : view.site, conditions: withoutOne(view.conditions, column, op, value) };
}

/** Drops what would exclude the value, and what would add further values to it: conditions of a column are joined by OR. */
function withoutWider(conditions: Condition[], column: string, value: string | null): Condition[] {
  const kept = withoutOne(conditions, column, value === null ? 'is_not_empty' : 'is_not', value);
  return kept.filter((known) => known.column !== column || (known.op !== 'contains' && known.op !== 'starts_with'));
}

/** Removes one value of a condition, and the condition with its last value. */
function withoutOne(conditions: Condition[], column: string, op: Operator, value: string | null): Condition[] {
  return conditions.flatMap((known) => {
    if (known.column !== column || known.op !== op) return [known];
    const values = known.values.filter((other) => other !== value);
    return values.length === 0 ? [] : [{ ...known, values }];
  });
}
