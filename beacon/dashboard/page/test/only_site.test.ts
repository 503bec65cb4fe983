import { expect, test } from 'vitest';
import { areSeveral, onlySite } from '../src/only_site';
import type { QueryState } from '../src/query_client';

function state(sites: (string | null)[] | null, error: string | null = null): QueryState {
  const columns = [{ name: 'site', type: 'varchar' as const }];
  const rows = sites?.map((site) => [site]);
  const result = rows === undefined ? null : { id: 'a', question: 'sites', state: 'succeeded' as const, columns, rows };
  return { result, error, is_fetching: false, updated_at_ms: null };
}

test('the only site is known once the sites of all time are', () => {
  expect([onlySite(undefined), onlySite(state(null))]).toEqual([undefined, undefined]);
  expect(onlySite(state(null, 'no memory left'))).toBeNull();
  expect(onlySite(state(['a.example']))).toBe('a.example');
});

test('without hits, with another site and with hits without a site there is none', () => {
  for (const sites of [[], ['a.example', 'b.example'], [null], ['a.example', null]]) expect(onlySite(state(sites))).toBeNull();
  expect([areSeveral(state([])), areSeveral(state(['a.example'])), areSeveral(state(['a.example', null]))]).toEqual([false, false, true]);
});
