import { expect, test } from 'vitest';
import type { View } from '../src/view';
import type { About } from '../src/api';
import { alreadyFilters, availableFilters, filteredEvent, filterForColumn, withConditions, withoutCondition } from '../src/filters';

const PLAIN: View = {
  period: { kind: 'preset', preset: '7d' },
  site: null,
  page: null,
  column: null,
  filters: [],
  agents: [],
  interval: null,
  metric: null,
  zone: 'UTC',
};

test('a row’s conditions become fields and filters', () => {
  const row = [
    { column: 'event', value: 'open' },
    { column: 'site', value: 'a.example' },
    { column: 'page', value: null },
  ];
  const change = withConditions(PLAIN, row, []);
  expect(change).toEqual({ site: 'a.example', page: null, filters: [row[0], row[2]] });
  const view = { ...PLAIN, ...change };
  expect(row.every((condition) => alreadyFilters(view, condition))).toBe(true);
  expect(filteredEvent(view)).toBe('open');
});

test('a new condition replaces any other on its column', () => {
  const view = { ...PLAIN, page: '/a', filters: [{ column: 'event', value: 'open' }] };
  const without_page = { ...view, ...withConditions(view, [{ column: 'page', value: null }], []) };
  expect(without_page).toMatchObject({ page: null, filters: [view.filters[0], { column: 'page', value: null }] });
  const again = { ...view, ...withConditions(without_page, [{ column: 'page', value: '/b' }], []) };
  expect(again).toMatchObject({ page: '/b', filters: [view.filters[0]] });
  expect(withConditions(view, [{ column: 'event', value: 'click' }], []).filters).toEqual([
    { column: 'event', value: 'click' },
  ]);
});

test('a custom column has a separate filter', () => {
  const change = withConditions(PLAIN, [{ column: 'userid', value: 'u1' }], ['userid']);
  expect(change).toEqual({ column: { name: 'userid', value: 'u1' }, filters: [] });
  expect(alreadyFilters({ ...PLAIN, ...change }, { column: 'userid', value: 'u1' })).toBe(true);
  expect(alreadyFilters({ ...PLAIN, ...change }, { column: 'userid', value: 'u2' })).toBe(false);
});

test('views are counted unless another event is filtered by', () => {
  const looked = (value: string | null) => filteredEvent({ ...PLAIN, filters: [{ column: 'event', value }] });
  expect([filteredEvent(PLAIN), looked('view'), looked(null), looked('signup')]).toEqual([null, null, null, 'signup']);
});

test('a condition is removed where it was added', () => {
  const view = { ...PLAIN, page: '/a', column: { name: 'userid', value: 'u1' }, filters: [{ column: 'device', value: 'phone' }] };
  expect({ ...view, ...withoutCondition(view, { column: 'device', value: 'phone' }) }).toEqual({ ...view, filters: [] });
  expect({ ...view, ...withoutCondition(view, { column: 'page', value: '/a' }) }).toEqual({ ...view, page: null });
  expect({ ...view, ...withoutCondition(view, { column: 'userid', value: 'u1' }) }).toEqual({ ...view, column: null });
});

test('a row filters where the API has a filter of its column', () => {
  const old = {} as About;
  expect(availableFilters(old)).toEqual(['site', 'page', 'event', 'referrer', 'utm_source', 'utm_medium', 'utm_campaign']);
  expect([filterForColumn('referrer_host', old), filterForColumn('device', old)]).toEqual(['referrer', undefined]);
  const about = { filters: ['site', 'device', 'visitor'] } as About;
  expect(availableFilters(about)).toEqual(['site', 'device']);
  expect([filterForColumn('device', about), filterForColumn('page', about), filterForColumn('visitor', about)]).toEqual(['device', undefined, undefined]);
});
