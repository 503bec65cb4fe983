import { expect, test } from 'vitest';
import { agentRule, isAi } from '../src/agent_rule';

test.each([
  ['2026.11/ai.training.gptbot', 'GPTBot', 'OpenAI', 'AI training'],
  ['2026.11/ai.index.claude-searchbot', 'Claude-SearchBot', 'Anthropic', 'AI search'],
  ['2026.11/ai.agent.mistralai-user', 'MistralAI-User', 'Mistral', 'AI on request'],
  ['2026.11/ai.training.ai2bot', 'ai2bot', null, 'AI training'],
  ['2026.11/search.googlebot', 'Googlebot', 'Google', 'Search engines'],
  ['2026.11/library.curl', 'curl', null, 'HTTP libraries'],
  ['2026.11/server.myshop', 'myshop', null, 'Servers that report events'],
  ['2026.11/automation.playwright', 'playwright', null, 'Automated browsers'],
  ['2026.11/mail.gmail', 'Gmail’s image proxy', null, 'Email programs'],
])('%s is %s, by %s, for %s', (rule, name, operator, purpose) => {
  expect(agentRule(rule)).toEqual({ rule: rule.slice(8), name, is_named: true, operator, purpose });
});

test.each([
  ['2026.11/generic.bare', 'No user agent', 'Other bots'],
  ['2026.11/generic.crawler', '“crawler” in the user agent', 'Other bots'],
  ['2026.11/prefetch.prerender', 'Prerendered page', 'Prefetch'],
  ['2026.11/other', 'No known browser', 'Unclear'],
  ['2026.11/toString', 'toString', 'Unclear'],
  [null, 'Recorded before agents were told apart', 'Unclear'],
])('%s is described: %s', (rule, name, purpose) => {
  expect(agentRule(rule)).toMatchObject({ name, is_named: false, operator: null, purpose });
});

test('AI includes the search engines whose index it uses', () => {
  const rules = ['1/ai.agent.claude-user', '1/search.bingbot', '1/search.applebot', '1/search.googlebot', '1/airship', null];
  expect(rules.map((rule) => isAi(agentRule(rule)))).toEqual([true, true, true, false, false, false]);
});
