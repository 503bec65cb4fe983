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
