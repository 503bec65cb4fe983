// Tabs whose table is the result of a question: which queries they need, and how the results become the table.

import type { About, QueryResult } from './api';
import { total } from './count_columns';
import type { DataSource } from './data_source';
import { countsConversions, filterForColumn, PROPERTY_PREFIX } from './filters';
import type { Format } from './format';
import { mergedResult } from './merged_result';
import type { PanelQuery } from './panel_queries';
import { countedTable, type Counting } from './table_counts';
import { namedRows, type Naming, type Table } from './table_rows';
import type { View } from './view';

export interface QuestionTab extends Naming {
  title: string;
  question: string;
  /** The field `by` of the query. */
  by?: string;
  counting: Counting;
  /** Shows the change against the other period without being asked. */
  compares?: boolean;
}

interface Dashboard {
  about: About;
  view: View;
  data: DataSource;
  format: Format;
}

/** Returns the queries of a tab: the first is that of its rows. */
export function queriesOf(tab: QuestionTab, { view, data }: Dashboard, is_expanded: boolean) {
  const { question, by } = tab;
  const query: PanelQuery = { question, period: 'current', ...(by === undefined ? {} : { by }) };
  const is_conversions = countsConversions(view);
  const also: PanelQuery[] = [];
  if (is_conversions && (tab.counting === 'views' || tab.counting === 'visits')) also.push({ ...query, without: 'event' });
  if (is_conversions && tab.counting === 'events') also.push(VISITORS_WITHOUT_EVENT);
  const previous: PanelQuery = { ...query, period: 'previous' };
  // Nothing is asked where the view is compared with nothing, and a report has the earlier results of few questions.
  const compares = (is_expanded || tab.compares === true) && data.states(previous).length > 0;
  if (compares) also.push(previous);
  return { query, also };
}

const TOTALS: PanelQuery = { question: 'totals', period: 'current' };
const VISITORS_WITHOUT_EVENT: PanelQuery = { question: 'totals', period: 'current', without: 'event' };

/** Makes the table of a tab's result. */
export function tableOf(tab: QuestionTab, dashboard: Dashboard, result: QueryResult, is_expanded: boolean): Table {
  const { view, data, format, about } = dashboard;
  const { query, also } = queriesOf(tab, dashboard, is_expanded);
  const resultOf = (one: PanelQuery | undefined) => (one === undefined ? null : mergedResult(data.states(one)));
  const name = (answer: QueryResult) => namedRows(answer, tab, format, (column) => canFilter(column, about));
  const byKey = (answer: QueryResult) => new Map(name(answer).map(({ key, cells }) => [key, cells]));

  const whole_query = also.find((one) => one.question === query.question && one.without === 'event');
  const whole = resultOf(whole_query);
  const whole_rows = whole === null ? null : byKey(whole);
  const visitors_at = whole?.columns?.findIndex((column) => column.name === 'visitors') ?? -1;

  const before_query = also.find(({ period }) => period === 'previous');
  const before = resultOf(before_query);
  const before_rows = before === null ? null : byKey(before);

  const is_conversions = countsConversions(view);
  const totals = resultOf(TOTALS);
  const all = is_conversions ? resultOf(VISITORS_WITHOUT_EVENT) : totals;
  return countedTable(result, tab.heading, name(result), tab.counting, {
    totals,
    is_conversions,
    visitorsWithoutEvent: (key) => {
      const cells = whole_rows?.get(key);
      return cells === undefined || visitors_at < 0 ? null : Number(cells[visitors_at] ?? 0);
    },
    visitors_without_event: all === null ? null : total(all, 'visitors'),
    before: before_query === undefined ? null : (key) => before_rows?.get(key),
    before_result: before,
  });
}

/** Returns true if the reader may filter by a column; guests may not by properties. */
export function canFilter(column: string, about: About): boolean {
  if (column.startsWith(PROPERTY_PREFIX)) return about.access.kind !== 'share';
  return filterForColumn(column, about) !== undefined;
}
