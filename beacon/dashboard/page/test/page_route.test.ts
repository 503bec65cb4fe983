import { expect, test } from 'vitest';
import { hashOf, pageOf, statementOf } from '../src/page_route';
import { shareToken } from '../src/url_state';

test('a fragment opens the dashboard or the SQL page', () => {
  for (const [hash, page] of [
    ['', 'dashboard'],
    ['#', 'dashboard'],
    ['#share=token', 'dashboard'],
    ['#sqlite', 'dashboard'],
    ['#sql', 'sql'],
    ['#sql=', 'sql'],
    ['#sql=SELECT%201', 'sql'],
  ] as const) {
    expect(pageOf(hash), hash).toBe(page);
  }
});

test.each(['SELECT 1 + 1 AS "a&b=c" -- 100% #1\n\tFROM hits; SELECT \'ü%20\'', '+', '&share=token', '%'])('a fragment holds the statement %j', (sql) => {
  expect(statementOf(hashOf(sql))).toBe(sql);
  expect(pageOf(hashOf(sql))).toBe('sql');
  expect(shareToken(hashOf(sql))).toBeNull();
});

test('without a statement there is none', () => {
  expect(hashOf('')).toBe('#sql');
  expect(statementOf('#sql')).toBeNull();
  expect(statementOf('#share=token')).toBeNull();
  // As somebody may write it by hand.
  expect(statementOf('#sql=SELECT 1+1')).toBe('SELECT 1+1');
});
