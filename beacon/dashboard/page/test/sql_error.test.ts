import { expect, test } from 'vitest';
import { offsetsOf, sqlMistake } from '../src/sql_error';

test('the local engine puts the place below its message', () => {
  const text = 'there is no column "foo"\n  line 3, column 8:\n    \tWHERE foo = 1\n    \t      ^^^\n  there are: hit_id,\n  page';
  expect(sqlMistake(text)).toEqual({
    message: 'there is no column "foo"',
    place: { line: 3, column: 8, width: 3 },
    help: 'there are: hit_id, page',
  });
});

test('Athena puts the place into its message', () => {
  expect(sqlMistake("COLUMN_NOT_FOUND: line 1:8: Column 'pge' cannot be resolved")).toEqual({
    message: "COLUMN_NOT_FOUND: Column 'pge' cannot be resolved",
    place: { line: 1, column: 8, width: 1 },
    help: null,
  });
});

test('a message without a place stays whole', () => {
  expect(sqlMistake('scan limit of 10 GB reached')).toEqual({ message: 'scan limit of 10 GB reached', place: null, help: null });
  expect(sqlMistake('two statements\n  one at a time')).toEqual({ message: 'two statements', place: null, help: 'one at a time' });
  // "line" in the words of a message is no place of the engine's.
  expect(sqlMistake('unexpected line 7 in the file').place).toBeNull();
});

test('a place becomes offsets in the text', () => {
  const sql = 'SELECT page\nFROM hitz\nWHERE x';
  const at = (line: number, column: number, width = 1) => {
    const { from, to } = offsetsOf(sql, { line, column, width });
    return sql.slice(from, to);
  };
  expect(at(1, 8)).toBe('page');
  expect(at(2, 6)).toBe('hitz');
  expect(at(2, 6, 2)).toBe('hi');
  expect(at(3, 99)).toBe('');
  expect(offsetsOf(sql, { line: 9, column: 1, width: 1 })).toEqual({ from: sql.length, to: sql.length });
});
