// The most viewed pages, with a column for each of the top sources.

import type { QueryResult } from '../api';
import { total } from '../count_columns';
import { mergedResult } from '../merged_result';
import { referrerName } from '../referrer_names';
import { pageUrl } from '../links';
import { pivot } from '../pivot';
import { DIRECT } from '../value_names';
import { useDashboard, type DashboardContext } from './context';
import { clickRow, FilterButton, rowClass, rowFilter } from './row_filter';
import { Rows } from './rows';
import { tableTab, TabbedPanel } from './tabbed_panel';
import { OutLink } from './table';

export function TopPagesPanel() {
  const { about } = useDashboard();
  const by_source = {
    title: 'By source',
    heading: 'Top pages',
    question: 'top_pages_by_source',
    note: 'By views, with their sources',
    content: (result: QueryResult) => <BySource result={result} />,
  };
  const visitors = about.questions.some(({ name }) => name === 'top_pages') ? [{ ...tableTab('Visitors', 'top_pages'), heading: 'Top pages' }] : [];
  return <TabbedPanel title="Top pages" class="wide" tabs={[by_source, ...visitors]} />;
}

function BySource({ result }: { result: QueryResult }) {
  const dashboard = useDashboard();
  const { format } = dashboard;
  const { sources, has_other, pages, is_complete } = pivot(result);
  const max_views = pages[0]?.views ?? 0;
  const shows_site = new Set(pages.map(({ site }) => site)).size > 1;
  return (
    <Rows
      rows={pages}
      of={is_complete ? pages.length : Math.max(pages.length, totalPages(dashboard))}
      name="Top pages"
      head={
        <tr>
          <th scope="col" class="number rank">
            <span class="visually-hidden">Rank</span>
          </th>
          <th scope="col">Page</th>
          <th scope="col" class="number">
            Views
          </th>
          {sources.map((source) => (
            <th key={source} scope="col" class="number source" title={source ?? DIRECT}>
              {source === null ? DIRECT : referrerName(source)}
            </th>
          ))}
          {has_other && (
            <th scope="col" class="number source">
              Other
            </th>
          )}
        </tr>
      }
      row={(row, index) => {
        const filter = rowFilter(dashboard, [
          { column: 'site', value: row.site },
          { column: 'page', value: row.page },
        ]);
        const address = pageUrl(row.site, row.page);
        const name = (
          <>
            {shows_site && <span class="site">{row.site ?? 'unknown site'}</span>}
            {shows_site && (row.page?.startsWith('/') ? <wbr /> : ' ')}
            {row.page ?? <span class="missing">unknown page</span>}
          </>
        );
        return (
          <tr
            key={JSON.stringify([row.site, row.page])}
            class={rowClass(filter)}
            onClick={(event) => clickRow(event, dashboard, filter)}
          >
            <td class="number rank">{format.number(index + 1)}</td>
            <th scope="row" class="named" style={{ '--share': `${(row.views / max_views) * 100}%` }}>
              {filter ? <FilterButton filter={filter}>{name}</FilterButton> : name}
              {address && <OutLink href={address} />}
            </th>
            <td class="number strong">{format.number(row.views)}</td>
            {row.by_source.map((views, place) => (
              <td key={place} class={`number ${views === 0 ? 'zero' : ''}`}>
                {format.number(views)}
              </td>
            ))}
            {has_other && <td class={`number ${row.other === 0 ? 'zero' : ''}`}>{format.number(row.other)}</td>}
          </tr>
        );
      }}
    />
  );
}

/** Returns the total number of pages, which a truncated result doesn't tell. */
function totalPages({ data }: DashboardContext): number {
  const result = mergedResult(data.states({ question: 'totals', period: 'current' }));
  return result === null ? 0 : total(result, 'pages');
}
