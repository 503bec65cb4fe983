import { expect, test } from 'vitest';
import type { Goal } from '../src/api';
import { goalFilter } from '../src/goal_filter';
import type { View } from '../src/view';

const VIEW: View = {
  period: { kind: 'preset', preset: '7d' },
  compare: 'before',
  site: null,
  conditions: [],
  interval: null,
  metric: null,
  zone: 'UTC',
};

const GOAL: Goal = {
  name: 'Sign-ups from the blog',
  filters: [
    { column: 'page', op: 'starts_with', values: ['/posts'] },
    { column: 'event', op: 'is', values: ['signup'] },
  ],
};

test('a goal adds its conditions, and a second click removes them', () => {
  const phone = { column: 'device', op: 'is' as const, values: ['phone'] };
  const first = goalFilter({ ...VIEW, conditions: [phone] }, GOAL);
  expect(first.is_set).toBe(false);
  expect(first.change.conditions).toEqual([...GOAL.filters, phone]);
  const second = goalFilter({ ...VIEW, ...first.change }, GOAL);
  expect(second.is_set).toBe(true);
  expect(second.change.conditions).toEqual([phone]);
});

test('a goal is set only with all of its conditions', () => {
  const is_set = (conditions: View['conditions']) => goalFilter({ ...VIEW, conditions }, GOAL).is_set;
  expect(is_set([GOAL.filters[1]!])).toBe(false);
  expect(is_set([{ ...GOAL.filters[0]!, values: ['/posts', '/about'] }, GOAL.filters[1]!])).toBe(true);
});

test('a goal stands in the place of conditions on its columns', () => {
  const conditions = [{ column: 'page', op: 'is' as const, values: ['/about'] }];
  expect(goalFilter({ ...VIEW, conditions }, GOAL).change.conditions).toEqual(GOAL.filters);
});

test('a second click leaves values that aren’t the goal’s', () => {
  const more = { column: 'event', op: 'is' as const, values: ['signup', 'purchase'] };
  const { is_set, change } = goalFilter({ ...VIEW, conditions: [GOAL.filters[0]!, more] }, GOAL);
  expect(is_set).toBe(true);
  expect(change.conditions).toEqual([{ ...more, values: ['purchase'] }]);
});
