// The most viewed pages, with a column for each of the top sources.

import type { QueryResult } from '../api';
import { total } from '../count_columns';
import { countsConversions } from '../filters';
import { mergedResult } from '../merged_result';
import { pivot, type PageRow } from '../pivot';
import { PAGES } from '../panel_tabs';
import { canFilter } from '../question_tab';
import { referrerName } from '../referrer_names';
import { namedRows, type Measure, type Table } from '../table_rows';
import { DIRECT } from '../value_names';
import type { DashboardContext } from './context';
import type { Tab } from './tabbed_panel';

export function bySourceTab(dashboard: DashboardContext): Tab {
  return {
    title: 'By source',
    query: { question: 'top_pages_by_source', period: 'current' },
    table: (result) => tableBySource(dashboard, result),
  };
}

function tableBySource(dashboard: DashboardContext, result: QueryResult): Table {
  const { view, format, about } = dashboard;
  const { sources, has_other, pages, is_complete } = pivot(result);
  const count = (name: string): Measure => ({ name, kind: 'count' });
  const measures = [
    count(countsConversions(view) ? 'Conversions' : 'Views'),
    ...sources.map((source) => count(source === null ? DIRECT : referrerName(source))),
    ...(has_other ? [count('Other')] : []),
  ];
  const valuesOf = ({ views, by_source, other }: PageRow) => [views, ...by_source, ...(has_other ? [other] : [])];
  const rows = namedRows(asResult(result, pages), PAGES, format, (column) => canFilter(column, about));
  return {
    heading: PAGES.heading,
    measures,
    rows: rows.map(({ cells: _, ...row }, place) => ({ ...row, values: valuesOf(pages[place]!) })),
    row_count: is_complete ? pages.length : Math.max(pages.length, totalPages(dashboard)),
  };
}

/** Returns the pages as a result of their own, which is as complete as the one that they are of. */
function asResult(result: QueryResult, pages: PageRow[]): QueryResult {
  return {
    ...result,
    columns: ['site', 'page'].map((name) => ({ name, type: 'varchar' as const })),
    rows: pages.map(({ site, page }) => [site, page]),
  };
}

/** Returns the total number of pages, which a truncated result doesn't tell. */
function totalPages({ data }: DashboardContext): number {
  const result = mergedResult(data.states({ question: 'totals', period: 'current' }));
  return result === null ? 0 : total(result, 'pages');
}
