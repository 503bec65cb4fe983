import { expect, test } from 'vitest';
import { requestsFor } from '../src/panel_queries';
import type { View } from '../src/view';

const VIEW: View = {
  period: { kind: 'preset', preset: '7d' },
  site: 'blog.example',
  page: null,
  column: null,
  filters: [],
  agents: ['bot', 'scanner'],
  interval: null,
  metric: null,
  zone: 'UTC',
};
const [NOW, BEFORE] = [{ from_ms: 100, to_ms: 200 }, { from_ms: 0, to_ms: 100 }];

test('each request has the chosen classes, except that for all classes', () => {
  const agents = (question: string, view = VIEW) => requestsFor({ question, period: 'current' }, view, NOW, BEFORE)[0]!.agents;
  expect(agents('totals')).toEqual(['bot', 'scanner']);
  expect(agents('agents')).toBeUndefined();
  expect(agents('totals', { ...VIEW, agents: [] })).toBeUndefined();
  const [sites] = requestsFor({ question: 'sites', period: 'all_sites' }, VIEW, NOW, BEFORE);
  expect(sites).toMatchObject({ site: '*', agents: ['human', 'unknown', 'bot', 'scanner', 'prefetch', 'mail_proxy'] });
});
