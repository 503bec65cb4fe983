import { expect, test } from 'vitest';
import type { About, QueryResult } from '../src/api';
import type { DataSource } from '../src/data_source';
import { metricName, metricOf, metricsOf } from '../src/metric';
import type { Metric, View } from '../src/view';

const VIEW: View = {
  period: { kind: 'preset', preset: '7d' },
  compare: 'before',
  site: null,
  conditions: [],
  interval: null,
  metric: null,
  zone: 'UTC',
};
const QUESTIONS = ['totals', 'views_per_quarter', 'visit_totals', 'visits_per_quarter', 'opens_per_quarter'];

function shown(counts: Record<string, number> | null, view: Partial<View> = {}, questions = QUESTIONS) {
  const names = Object.keys(counts ?? {});
  const result: QueryResult | null = counts && {
    id: 'a',
    question: 'totals',
    state: 'succeeded',
    columns: names.map((name) => ({ name, type: 'bigint' })),
    rows: [Object.values(counts)],
  };
  const data = { states: () => [{ result, error: null, is_fetching: false, updated_at_ms: null }] } as unknown as DataSource;
  const about = { questions: questions.map((name) => ({ name })) } as About;
  return { view: { ...VIEW, ...view }, data, about };
}

const COUNTS = { views: 5, visitors: 3, opens: 0, opens_at_most: 0 };
const MAIL = { views: 0, visitors: 0, opens: 2, opens_at_most: 9 };

test('visitors come first, views where no hit has a visitor, opens where there are no views', () => {
  expect(metricsOf(shown(COUNTS))).toEqual(['visitors', 'visits', 'views']);
  expect(metricsOf(shown({ ...COUNTS, opens_at_most: 4 }))).toEqual(['visitors', 'visits', 'views', 'opens']);
  expect(metricsOf(shown({ ...COUNTS, visitors: 0 }))).toEqual(['views', 'visitors', 'visits']);
  expect(metricsOf(shown(MAIL))).toEqual(['opens', 'visitors', 'visits', 'views']);
  expect(metricsOf(shown(null))).toEqual(['visitors', 'visits', 'views']);
});

test('what the API doesn’t count can’t be drawn', () => {
  expect(metricOf(shown(COUNTS, { metric: 'visits' }, ['totals', 'views_per_quarter']))).toBe('visitors');
});

test('the chosen metric is drawn if the view has it', () => {
  const drawn = (metric: Metric, counts: Record<string, number> | null = COUNTS) => metricOf(shown(counts, { metric }));
  expect([drawn('views'), drawn('opens'), drawn('conversions')]).toEqual(['views', 'visitors', 'visitors']);
  expect([drawn('opens', MAIL), drawn('opens', null)]).toEqual(['opens', 'opens']);
});

test('a condition on an event draws conversions', () => {
  const conditions = [{ column: 'event', op: 'is' as const, values: ['signup'] }];
  expect(metricsOf(shown(COUNTS, { conditions }))).toEqual(['conversions', 'visitors']);
  expect(metricOf(shown(COUNTS, { conditions, metric: 'visits' }))).toBe('conversions');
  expect(metricOf(shown(COUNTS, { conditions, metric: 'visitors' }))).toBe('visitors');
});

test('with a condition on event, visitors are those who converted', () => {
  const conditions = [{ column: 'event', op: 'is' as const, values: ['signup'] }];
  expect([metricName(VIEW, 'visitors'), metricName({ ...VIEW, conditions }, 'visitors')]).toEqual(['Visitors', 'Converted visitors']);
});
