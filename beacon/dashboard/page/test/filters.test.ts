import { expect, test } from 'vitest';
import type { About } from '../src/api';
import {
  areFiltered,
  availableFilters,
  chosenAgents,
  countsConversions,
  customColumns,
  editCondition,
  excludeValue,
  filterForColumn,
  filterLabel,
  hasUnknownAgents,
  isFiltered,
  removeCondition,
  toggleValue,
  toggleValues,
} from '../src/filters';
import type { Condition, View } from '../src/view';

const is = (column: string, ...values: string[]): Condition => ({ column, op: 'is', values });
const not = (column: string, ...values: string[]): Condition => ({ column, op: 'is_not', values });

const PLAIN: View = {
  period: { kind: 'preset', preset: '7d' },
  compare: 'before',
  site: null,
  conditions: [],
  interval: null,
  metric: null,
  zone: 'UTC',
};
const view = (...conditions: Condition[]): View => ({ ...PLAIN, conditions });

test('a click adds a value, a second one removes it', () => {
  const once = { ...PLAIN, ...toggleValue(PLAIN, 'device', 'phone') };
  expect(once.conditions).toEqual([is('device', 'phone')]);
  expect(isFiltered(once, 'device', 'phone')).toBe(true);
  expect(isFiltered(once, 'device', 'tablet')).toBe(false);
  const twice = { ...once, ...toggleValue(once, 'device', 'tablet') };
  expect(twice.conditions).toEqual([is('device', 'phone', 'tablet')]);
  expect({ ...twice, ...toggleValue(twice, 'device', 'phone') }.conditions).toEqual([is('device', 'tablet')]);
  expect({ ...once, ...toggleValue(once, 'device', 'phone') }).toEqual(PLAIN);
});

test('a missing value is filtered by, too', () => {
  const once = { ...PLAIN, ...toggleValue(PLAIN, 'country', null) };
  expect(once.conditions).toEqual([{ column: 'country', op: 'is_empty', values: [] }]);
  expect(isFiltered(once, 'country', null)).toBe(true);
  expect({ ...once, ...toggleValue(once, 'country', null) }).toEqual(PLAIN);
});

test('the site is one', () => {
  const once = { ...PLAIN, ...toggleValue(PLAIN, 'site', 'a.example') };
  expect(once).toEqual({ ...PLAIN, site: 'a.example' });
  expect({ ...once, ...toggleValue(once, 'site', 'b.example') }).toEqual({ ...PLAIN, site: 'b.example' });
  expect({ ...once, ...toggleValue(once, 'site', null) }).toMatchObject({ site: null, conditions: [{ op: 'is_empty' }] });
  expect({ ...once, ...removeCondition(once, is('site', 'a.example')) }).toEqual(PLAIN);
});

test('a row of several columns is filtered by all of them', () => {
  const row = [
    { column: 'site', value: 'a.example' },
    { column: 'page', value: null },
  ];
  const once = { ...PLAIN, ...toggleValues(PLAIN, row) };
  expect(once).toMatchObject({ site: 'a.example', conditions: [{ column: 'page', op: 'is_empty' }] });
  expect(areFiltered(once, row)).toBe(true);
  expect({ ...once, ...toggleValues(once, row) }).toEqual(PLAIN);
  const half = { ...PLAIN, site: 'a.example' };
  expect(areFiltered(half, row)).toBe(false);
  expect({ ...half, ...toggleValues(half, row) }).toEqual(once);
});

test('a value takes the place of what would exclude it, and of what is wider', () => {
  const wide = view(
    { column: 'page', op: 'contains', values: ['a'] },
    { column: 'page', op: 'starts_with', values: ['/'] },
    not('page', '/a', '/b'),
  );
  expect(toggleValue(wide, 'page', '/a').conditions).toEqual([is('page', '/a'), not('page', '/b')]);
});

test('an excluded value is no longer asked for', () => {
  const both = view(is('source', 'Google', 'Bing'));
  expect(excludeValue(both, 'source', 'Bing').conditions).toEqual([is('source', 'Google'), not('source', 'Bing')]);
  expect(excludeValue(PLAIN, 'source', null).conditions).toEqual([{ column: 'source', op: 'is_not_empty', values: [] }]);
  expect(excludeValue({ ...PLAIN, site: 'a.example' }, 'site', 'a.example')).toEqual({ site: null, conditions: [not('site', 'a.example')] });
});

test('a condition is edited, and merged into one that is there', () => {
  const known = view(is('source', 'Google'), not('device', 'phone'));
  expect(editCondition(known, not('device', 'phone'), is('source', 'Bing')).conditions).toEqual([is('source', 'Google', 'Bing')]);
  expect(editCondition(known, null, is('page', '/a')).conditions).toEqual([is('page', '/a'), is('source', 'Google'), not('device', 'phone')]);
  const sited = { ...known, site: 'a.example' };
  expect(editCondition(sited, is('site', 'a.example'), is('site', 'b.example'))).toEqual({ site: 'b.example', conditions: known.conditions });
  expect(editCondition(sited, is('site', 'a.example'), is('site', 'a.example', 'b.example'))).toMatchObject({ site: null });
});

test('any condition on an event counts conversions', () => {
  expect([PLAIN, view(is('page', '/a')), view(not('event', 'click')), view(is('event', 'signup'))].map(countsConversions)).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

test('conditions on agents are classes', () => {
  const classes = (...conditions: Condition[]) => chosenAgents(view(...conditions));
  expect(classes()).toEqual([]);
  expect(classes(is('agent', 'prefetch', 'bot'))).toEqual(['bot', 'prefetch']);
  expect(classes(not('agent', 'unknown'))).toEqual(['human']);
  expect(classes(not('agent', 'unknown', 'human'))).toEqual(['bot', 'scanner', 'prefetch', 'mail_proxy']);
  expect(classes(is('agent', 'bot', 'human'), not('agent', 'bot'))).toEqual(['human']);
  expect([view(is('agent', 'bot')), view(is('agent', 'Bot')), view(is('agent', 'bot'), not('agent', 'bot'))].map(hasUnknownAgents)).toEqual([
    false,
    true,
    true,
  ]);
});

test('a row filters where the API has a filter of its column', () => {
  const about = { filters: ['site', 'device', 'referrer', 'visitor'], custom_columns: ['userid'], access: { kind: 'open' } } as unknown as About;
  expect(availableFilters(about)).toEqual(['site', 'referrer', 'device']);
  expect(['device', 'page', 'visitor', 'referrer_host', 'userid'].map((name) => filterForColumn(name, about))).toEqual([
    'device',
    undefined,
    undefined,
    'referrer',
    'userid',
  ]);
  const guest = { ...about, access: { ...about.access, kind: 'share' as const } };
  expect([customColumns(guest), filterForColumn('userid', guest)]).toEqual([[], undefined]);
});

test('columns have names', () => {
  expect(['os', 'prop.plan', 'agent', 'userid'].map(filterLabel)).toEqual(['System', 'Property plan', 'Agent', 'userid']);
});
