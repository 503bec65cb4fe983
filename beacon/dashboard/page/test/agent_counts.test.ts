import { expect, test } from 'vitest';
import { countsByClass, countsByRule, leftOut } from '../src/agent_counts';
import type { Cell, QueryResult } from '../src/api';
import type { Condition, View } from '../src/view';

const columns = ['agent', 'agent_rule', 'views', 'opens', 'hits'].map((name) => ({ name, type: 'varchar' as const }));
const answer = (rows: Cell[][]): QueryResult => ({ id: 'a', question: 'agents', state: 'succeeded', columns, rows });

const VIEW: View = {
  period: { kind: 'preset', preset: '7d' },
  compare: 'before',
  site: null,
  conditions: [],
  interval: null,
  metric: null,
  zone: 'UTC',
};
const is = (column: string, ...values: string[]): Condition => ({ column, op: 'is', values });
const filtered = (...conditions: Condition[]): View => ({ ...VIEW, conditions });

const ALL = answer([
  ['human', '2026.11/browser', 100, 12, 115],
  [null, null, 5, 0, 5],
  ['bot', '2026.11/search.googlebot', 300, 0, 300],
  ['bot', '2026.10/search.googlebot', 10, 1, 12],
  ['mail_proxy', '2026.11/mail.gmail', 0, 20, 20],
  ['prefetch', '2026.11/prefetch.prerender', 22, 0, 22],
]);

test('versions of a rule are one agent, and a hit without a class is unclear', () => {
  const rules = countsByRule(ALL).map(({ agent, rule, views, opens, hits }) => [agent, rule, views, opens, hits]);
  expect(rules).toEqual([
    ['bot', 'search.googlebot', 310, 1, 312],
    ['human', 'browser', 100, 12, 115],
    ['prefetch', 'prefetch.prerender', 22, 0, 22],
    ['mail_proxy', 'mail.gmail', 0, 20, 20],
    ['unknown', '', 5, 0, 5],
  ]);
  expect(countsByClass(ALL).map(({ agent, hits }) => [agent, hits])).toEqual([
    ['human', 115],
    ['unknown', 5],
    ['bot', 312],
    ['prefetch', 22],
    ['mail_proxy', 20],
  ]);
});

test('views of classes that don’t count are left out', () => {
  expect(leftOut(ALL, VIEW)).toEqual({ unit: 'views', classes: [{ agent: 'bot', count: 310 }, { agent: 'prefetch', count: 22 }] });
  expect(leftOut(ALL, filtered(is('agent', 'bot', 'prefetch')))).toEqual({
    unit: 'views',
    classes: [{ agent: 'human', count: 100 }, { agent: 'unknown', count: 5 }],
  });
});

test('opens that the upper bound includes are not left out', () => {
  const opens = answer([['bot', '1/library.curl', 0, 1, 1], ['mail_proxy', '1/mail.gmail', 0, 20, 20]]);
  expect(leftOut(opens, filtered(is('event', 'open')))).toEqual({ unit: 'hits', classes: [{ agent: 'bot', count: 1 }] });
  const mail = answer([['human', '1/mail.outlook', 0, 3, 3], ['mail_proxy', '1/mail.gmail', 0, 20, 20]]);
  expect(leftOut(mail, VIEW).classes).toEqual([]);
  expect(leftOut(mail, filtered(is('agent', 'human'))).classes).toEqual([{ agent: 'mail_proxy', count: 20 }]);
});

test('without views and opens, other hits are left out', () => {
  const clicks = answer([['scanner', '1/scanner.proofpoint', 0, 0, 2]]);
  expect(leftOut(clicks, VIEW)).toEqual({ unit: 'hits', classes: [{ agent: 'scanner', count: 2 }] });
  expect(leftOut(clicks, filtered(is('event', 'signup')))).toEqual({ unit: 'hits', classes: [{ agent: 'scanner', count: 2 }] });
  expect(leftOut(answer([]), VIEW).classes).toEqual([]);
});
