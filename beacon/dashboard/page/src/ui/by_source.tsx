// The most viewed pages, with a column for each of the top sources.

import type { QueryResult } from '../api';
import { total } from '../count_columns';
import { countsConversions } from '../filters';
import { pageUrl } from '../links';
import { mergedResult } from '../merged_result';
import { pivot, type PageRow } from '../pivot';
import { referrerName } from '../referrer_names';
import type { Measure, Table, TableRow } from '../table_rows';
import { DIRECT, missingName } from '../value_names';
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
  const { sources, has_other, pages, is_complete } = pivot(result);
  const count = (name: string): Measure => ({ name, kind: 'count' });
  const measures = [
    count(countsConversions(dashboard.view) ? 'Conversions' : 'Views'),
    ...sources.map((source) => count(source === null ? DIRECT : referrerName(source))),
    ...(has_other ? [count('Other')] : []),
  ];
  const several_sites = new Set(pages.map(({ site }) => site)).size > 1;
  return {
    heading: 'Page',
    measures,
    rows: pages.map((page) => rowOf(page, several_sites, has_other)),
    row_count: is_complete ? pages.length : Math.max(pages.length, totalPages(dashboard)),
  };
}

function rowOf({ site, page, views, by_source, other }: PageRow, several_sites: boolean, has_other: boolean): TableRow {
  const own = { column: 'page', value: page };
  return {
    key: JSON.stringify([page, site]),
    label: page ?? missingName('page'),
    is_missing: page === null,
    context: several_sites ? (site ?? missingName('site')) : null,
    title: null,
    filters: several_sites ? [{ column: 'site', value: site }, own] : [own],
    link: pageUrl(site, page),
    values: [views, ...by_source, ...(has_other ? [other] : [])],
  };
}

/** Returns the total number of pages, which a truncated result doesn't tell. */
function totalPages({ data }: DashboardContext): number {
  const result = mergedResult(data.states({ question: 'totals', period: 'current' }));
  return result === null ? 0 : total(result, 'pages');
}
