import { expect, test } from 'vitest';
import type { TableInfo } from '../src/api';
import { examples } from '../src/sql_examples';
import { columnsOf } from '../src/sql_words';

const TABLES: TableInfo = {
  table: 'hits',
  columns: [
    { name: 'page', type: 'varchar', comment: 'The path' },
    { name: 'event', type: 'varchar' },
  ],
  views: [
    { name: 'unique_hits', columns: [{ name: 'page', type: 'varchar' }, { name: 'source', type: 'varchar' }] },
    { name: 'visits', columns: [{ name: 'entry_page', type: 'varchar' }] },
  ],
};

const names = (text: string) => columnsOf(text, TABLES).map(({ name }) => name);

test('the columns of the tables that a statement names are completed, each once', () => {
  expect(names('SELECT ')).toEqual(['page', 'event']);
  expect(names('SELECT FROM Visits')).toEqual(['entry_page']);
  expect(names('SELECT FROM hits JOIN unique_hits')).toEqual(['page', 'event', 'source']);
  expect(names('SELECT FROM unique_hits')).toEqual(['page', 'source']);
});

test('examples name the tables that there are, and the month of today', () => {
  const now_ms = Date.parse('2027-01-31T23:30Z');
  const all = examples(TABLES, now_ms);
  expect(all.every(({ sql }) => /FROM (hits|unique_hits|visits)\b/.test(sql))).toBe(true);
  expect(all[0]!.sql).toContain('year = 2027 AND month = 1');
  expect(examples({ table: 'x_hits', columns: [] }, now_ms).every(({ sql }) => sql.includes('FROM x_hits'))).toBe(true);
  expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
});
