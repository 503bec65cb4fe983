import { expect, test } from 'vitest';
import type { QueryResult, Cell } from '../src/api';
import { fileSpan, joinCsv, toCsv } from '../src/csv';

function csv(...rows: Cell[][]): string {
  const columns = [
    { name: 'page', type: 'varchar' as const },
    { name: 'views', type: 'bigint' as const },
  ];
  const answer: QueryResult = { id: 'a', question: 'top_pages', state: 'succeeded', columns, rows };
  return toCsv(answer);
}

test('fields are quoted where necessary', () => {
  expect(csv(['/a', 1], ['a,b', 2], ['say "hi"', 3], ['two\nlines', 4], [null, 5])).toBe(
    'page,views\r\n/a,1\r\n"a,b",2\r\n"say ""hi""",3\r\n"two\nlines",4\r\n,5\r\n',
  );
});

test('an empty string differs from NULL, and surrounding spaces are kept', () => {
  expect(csv(['', 1], [null, 2], [' a', 3], ['b ', 4])).toBe('page,views\r\n"",1\r\n,2\r\n" a",3\r\n"b ",4\r\n');
});

test('no cell is a formula, and numbers stay numbers', () => {
  expect(csv(['=1+1', -1], ['+1', 0], ['-x', 0], ['@sum', 0], ['\tx', 0])).toBe(
    "page,views\r\n'=1+1,-1\r\n'+1,0\r\n'-x,0\r\n'@sum,0\r\n'\tx,0\r\n",
  );
});

test('several results have one header', () => {
  expect(joinCsv([csv(['/a', 1]), csv(['/b', 2]), csv()])).toBe('page,views\r\n/a,1\r\n/b,2\r\n');
});

test.each([
  ['Europe/Berlin', '2026-11-14T23:00Z', '2026-11-21T23:00Z', '2026-11-15-2026-11-21'],
  ['UTC', '2026-11-15T00:00Z', '2026-11-22T00:00Z', '2026-11-15-2026-11-21'],
  // Days of 25 and of 23 hours.
  ['Europe/Berlin', '2026-10-24T22:00Z', '2026-10-25T23:00Z', '2026-10-25-2026-10-25'],
  ['Europe/Berlin', '2026-03-28T23:00Z', '2026-03-29T22:00Z', '2026-03-29-2026-03-29'],
  ['Asia/Kathmandu', '2026-11-20T18:15Z', '2026-11-21T18:15Z', '2026-11-21-2026-11-21'],
  ['America/St_Johns', '2026-11-01T02:30Z', '2026-11-04T03:30Z', '2026-11-01-2026-11-03'],
  ['UTC', '2026-11-14T23:00Z', '2026-11-21T23:00Z', '2026-11-14T2300-2026-11-21T2300'],
  ['Europe/Berlin', '2026-11-20T13:00Z', '2026-11-20T14:00Z', '2026-11-20T1400-2026-11-20T1500'],
])('in %s, the file of %s to %s is named %s', (zone, from, to, name) => {
  expect(fileSpan({ from_ms: Date.parse(from), to_ms: Date.parse(to) }, zone)).toBe(name);
});
