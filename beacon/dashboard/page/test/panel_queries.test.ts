import { expect, test } from 'vitest';
import { initialQueries, requestsFor, type PanelQuery } from '../src/panel_queries';
import type { About } from '../src/api';
import type { Condition, View } from '../src/view';

const is = (column: string, ...values: string[]): Condition => ({ column, op: 'is', values });
const VIEW: View = {
  period: { kind: 'preset', preset: '7d' },
  compare: 'before',
  site: 'blog.example',
  conditions: [is('page', '/a'), is('event', 'signup'), is('agent', 'bot', 'scanner')],
  interval: null,
  metric: null,
  zone: 'UTC',
};
const SPANS = {
  current: { from_ms: 100, to_ms: 200 },
  previous: { from_ms: 0, to_ms: 100 },
  recent: { from_ms: 190, to_ms: 200 },
};
const request = (query: PanelQuery, view = VIEW) => requestsFor(query, view, SPANS)[0]!;

test('each request has the conditions, and the chosen classes instead of those on agents', () => {
  expect(request({ question: 'totals', period: 'current' })).toEqual({
    question: 'totals',
    ...SPANS.current,
    site: 'blog.example',
    filters: [is('page', '/a'), is('event', 'signup')],
    agents: ['bot', 'scanner'],
  });
  expect(request({ question: 'totals', period: 'recent' })).toMatchObject(SPANS.recent);
  expect(request({ question: 'totals', period: 'current' }, { ...VIEW, conditions: [], site: null })).toEqual({ question: 'totals', ...SPANS.current, site: '*' });
});

test('counts of all classes need no classes', () => {
  expect(request({ question: 'agents', period: 'current' }).agents).toBeUndefined();
  expect(request({ question: 'sites', period: 'all_sites' })).toEqual({
    question: 'sites',
    ...SPANS.current,
    site: '*',
    agents: ['human', 'unknown', 'bot', 'scanner', 'prefetch', 'mail_proxy'],
  });
});

test('the denominator of a rate is asked without the conditions on events', () => {
  expect(request({ question: 'totals', period: 'previous', without: 'event' })).toMatchObject({ ...SPANS.previous, filters: [is('page', '/a')] });
  expect(request({ question: 'properties', period: 'current', by: 'plan' }).by).toBe('plan');
});

test('the conditions of a query stand in the place of the view’s on the same columns', () => {
  const goal = [is('event', 'purchase'), is('agent', 'unknown')];
  const query: PanelQuery = { question: 'totals', period: 'current', conditions: goal };
  expect(request(query)).toMatchObject({ filters: [is('page', '/a'), is('event', 'purchase')], agents: ['unknown'] });
  expect(request({ ...query, without: 'event' })).toMatchObject({ filters: [is('page', '/a')], agents: ['unknown'] });
});

test('what is compared with nothing asks nothing', () => {
  expect(requestsFor({ question: 'totals', period: 'previous' }, VIEW, { ...SPANS, previous: null })).toEqual([]);
});

test('all time is asked for with the site alone', () => {
  expect(request({ question: 'totals', period: 'ever' })).toEqual({
    question: 'totals',
    from_ms: Date.UTC(2020, 0, 1),
    to_ms: 200,
    site: 'blog.example',
  });
});

test('quarters of an hour are asked for in chunks', () => {
  const year = { from_ms: 0, to_ms: 365 * 86_400_000 };
  const chunks = (question: string) => requestsFor({ question, period: 'current' }, VIEW, { ...SPANS, current: year }).length;
  expect(['views_per_quarter', 'visits_per_quarter', 'opens_per_quarter', 'totals'].map(chunks)).toEqual([4, 4, 4, 1]);
});

test('a view asks for its metric and what its tiles show', () => {
  const questions = ['totals', 'views_per_quarter', 'visits_per_quarter', 'visit_totals', 'sites', 'agents'];
  const about = { questions: questions.map((name) => ({ name })), access: { kind: 'open' } } as About;
  const names = (view: View) =>
    initialQueries(about, view).map(({ question, period, without = '' }) => `${question} ${period} ${without}`.trim());
  expect(names({ ...VIEW, conditions: [], metric: 'visits' })).toEqual([
    'totals current',
    'visits_per_quarter current',
    'visit_totals current',
    'visit_totals previous',
    'totals previous',
    'totals recent',
    'visits_per_quarter previous',
    'agents current',
    'sites all_sites',
  ]);
  const conversions = names({ ...VIEW, metric: 'visits' });
  expect(conversions).toContain('views_per_quarter current');
  expect(conversions).toContain('totals current event');
  expect(conversions).not.toContain('visit_totals current');
});
