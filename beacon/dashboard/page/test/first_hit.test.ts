import { expect, test } from 'vitest';
import type { Cell, QueryResult } from '../src/api';
import { judged, nearbySite } from '../src/first_hit';

function agents(...rows: [agent: string, rule: string, hits: number][]): QueryResult {
  const names = ['agent', 'agent_rule', 'views', 'opens', 'hits'];
  return result(names, rows.map(([agent, rule, hits]) => [agent, rule, hits, 0, hits]));
}

function result(names: string[], rows: Cell[][]): QueryResult {
  const columns = names.map((name) => ({ name, type: 'varchar' as const }));
  return { id: '1', question: '', state: 'succeeded', columns, rows };
}

test('a hit of a person or an unclear agent is counted', () => {
  expect(judged(agents())).toEqual({ kind: 'waiting' });
  expect(judged(agents(['human', '2026.11/browser', 1]))).toEqual({ kind: 'counted' });
  expect(judged(agents(['bot', '2026.11/library.curl', 5], ['unknown', '2026.11/app', 1]))).toEqual({ kind: 'counted' });
});

test('a hit of a machine is told with its name', () => {
  const found = judged(agents(['bot', '2026.11/ai.training.gptbot', 2]));
  expect(found).toMatchObject({ kind: 'not counted', reason: expect.stringContaining('by GPTBot, one of the bots') });
  expect(judged(agents(['prefetch', '2026.11/prefetch.purpose', 1]))).toMatchObject({ kind: 'not counted' });
});

test('a hit for another name of the site is found', () => {
  const sites = (...names: (string | null)[]) => result(['site', 'views'], names.map((name) => [name, 1]));
  expect(nearbySite(sites('shop.example'), 'blog.example', ['shop.example'])).toBeNull();
  expect(nearbySite(sites('shop.example'), 'blog.example', [])).toBe('shop.example');
  expect(nearbySite(sites(null, 'www.blog.example'), 'blog.example', ['www.blog.example'])).toBe('www.blog.example');
  expect(nearbySite(sites('blog.example'), 'www.blog.example', ['blog.example'])).toBe('blog.example');
  expect(nearbySite(sites('blog.example'), 'blog.example', [])).toBeNull();
});
