// The words that the SQL editor knows: those that Athena and the local engine share, and the tables' columns.

import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { SQLDialect } from '@codemirror/lang-sql';
import { syntaxTree } from '@codemirror/language';
import type { TableColumn, TableInfo } from './api';

/** The words of a statement that reads. */
const KEYWORDS =
  'all and any as asc between by case cross current_date current_timestamp desc distinct else end escape except exists extract filter first following for from full group grouping having in inner intersect interval is join last lateral left like limit natural not null nulls offset on or order outer over partition preceding range right rollup row rows select sets some table then to unbounded union unnest using values when where window with year month day hour minute second';

const TYPES = 'bigint boolean date decimal double integer map timestamp varchar';

/** Functions that both engines have, with how they are called. */
export const FUNCTIONS: Record<string, string> = {
  abs: 'abs(number)',
  avg: 'avg(number)',
  cast: 'cast(value AS type)',
  ceil: 'ceil(number)',
  coalesce: 'coalesce(value, value, …)',
  concat: 'concat(text, text, …)',
  count: 'count(*) or count(DISTINCT value)',
  date_trunc: "date_trunc('day', time)",
  element_at: "element_at(params, 'name')",
  first_value: 'first_value(value) OVER (…)',
  floor: 'floor(number)',
  lag: 'lag(value) OVER (ORDER BY …)',
  last_value: 'last_value(value) OVER (…)',
  lead: 'lead(value) OVER (ORDER BY …)',
  length: 'length(text)',
  lower: 'lower(text)',
  max: 'max(value)',
  min: 'min(value)',
  nullif: 'nullif(value, value)',
  rank: 'rank() OVER (ORDER BY …)',
  regexp_like: "regexp_like(text, 'pattern')",
  regexp_replace: "regexp_replace(text, 'pattern', 'text')",
  replace: 'replace(text, search, text)',
  round: 'round(number)',
  row_number: 'row_number() OVER (ORDER BY …)',
  split_part: "split_part(text, '/', 2)",
  starts_with: 'starts_with(text, prefix)',
  strpos: 'strpos(text, part)',
  substr: 'substr(text, start, length)',
  sum: 'sum(number)',
  trim: 'trim(text)',
  try_cast: 'try_cast(value AS type)',
  upper: 'upper(text)',
};

export const BEACON_SQL = SQLDialect.define({
  keywords: KEYWORDS,
  types: TYPES,
  builtin: Object.keys(FUNCTIONS).join(' '),
});

/** Where nothing is to be completed. */
const TEXTS = ['String', 'LineComment', 'BlockComment', 'QuotedIdentifier'];

/** Completes a word: the columns of the tables that the statement names, tables, functions and keywords. */
export function completionsOf(context: CompletionContext, tables: TableInfo): CompletionResult | null {
  const word = context.matchBefore(/\w+/);
  const is_behind_dot = context.state.sliceDoc(0, word?.from ?? context.pos).endsWith('.');
  if (word === null && !context.explicit && !is_behind_dot) return null;
  if (TEXTS.includes(syntaxTree(context.state).resolveInner(context.pos, -1).name)) return null;
  const text = context.state.doc.toString();
  const columns = columnsOf(text, tables).map(columnCompletion);
  const from = word?.from ?? context.pos;
  // Behind a dot stands a column; a number isn't completed.
  if (is_behind_dot) return { from, options: columns, validFor: /^\w*$/ };
  if (word !== null && /^\d/.test(word.text)) return null;
  return { from, options: [...columns, ...tableCompletions(tables), ...FUNCTION_COMPLETIONS, ...KEYWORD_COMPLETIONS], validFor: /^\w*$/ };
}

/** Returns the columns of the tables that a statement names, each name once; those of the table where it names none. */
export function columnsOf(text: string, { table, columns, views = [] }: TableInfo): TableColumn[] {
  const words = new Set(text.toLowerCase().match(/\w+/g) ?? []);
  const all = [{ name: table, columns }, ...views];
  const named = all.filter(({ name }) => words.has(name.toLowerCase()));
  const found = new Map<string, TableColumn>();
  for (const source of named.length > 0 ? named : all.slice(0, 1)) {
    for (const column of source.columns) if (!found.has(column.name)) found.set(column.name, column);
  }
  return [...found.values()];
}

function columnCompletion({ name, type, comment }: TableColumn): Completion {
  return { label: name, type: 'property', detail: type, info: comment || undefined, boost: 2 };
}

function tableCompletions({ table, views = [] }: TableInfo): Completion[] {
  return [table, ...views.map(({ name }) => name)].map((label) => ({ label, type: 'type', detail: 'table', boost: 1 }));
}

const FUNCTION_COMPLETIONS: Completion[] = Object.entries(FUNCTIONS).map(([label, info]) => ({ label, type: 'function', info }));

const KEYWORD_COMPLETIONS: Completion[] = KEYWORDS.split(' ').map((word) => ({
  label: word.toUpperCase(),
  type: 'keyword',
  boost: -1,
}));
