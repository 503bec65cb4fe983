import { expect, test } from 'vitest';
import type { Cell, QueryResult } from '../src/api';
import { customEvents } from '../src/events';

function answer(names: string[], rows: Cell[][]): QueryResult {
  const columns = names.map((name) => ({ name, type: 'varchar' as const }));
  return { id: 'a', question: 'events', state: 'succeeded', columns, rows };
}

test('an event of several pages is one row, and those of emails are none', () => {
  const by_page = answer(
    ['event', 'site', 'page', 'events', 'events_at_most'],
    [['open', 'a', '/m', 9, 9], ['signup', 'a', '/x', 1, 1], ['buy', 'a', '/', 2, 2], ['signup', 'a', '/y', 4, 4], ['click', 'a', '/', 3, 3]],
  );
  const { columns, rows, row_count } = customEvents(by_page);
  expect(columns!.map(({ name }) => name)).toEqual(['event', 'times']);
  expect([rows, row_count]).toEqual([[['signup', 5], ['buy', 2]], 2]);
});

test('a result by event stays as it is', () => {
  const by_event = answer(['event', 'times', 'visitors'], [['signup', 5, 4]]);
  expect(customEvents(by_event)).toBe(by_event);
});
