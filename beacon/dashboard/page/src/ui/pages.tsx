// The most viewed pages, ranked, with a column for each source that brought them views.

import { pageAddress } from '../links';
import type { Need } from '../needs';
import { pivot, type PageRow } from '../pivot';
import { UNTOLD, useModel, type Model } from './model';
import { Panel } from './panel';
import { clickRow, FilterButton, OutLink, Rows } from './table';

const NEED: Need = { question: 'top_pages_by_source', span: 'now' };

export function PagesPanel() {
  const model = useModel();
  const { format, view } = model;
  return (
    <Panel need={NEED} title="Top pages" class="wide" note="By views, and where those came from">
      {(answer) => {
        const { sources, has_other, pages } = pivot(answer);
        const most = pages[0]?.views ?? 0;
        const shows_site = new Set(pages.map(({ site }) => site)).size > 1;
        return (
          <Rows
            rows={pages}
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
                  <th key={source} scope="col" class="number source" title={source ?? UNTOLD}>
                    {source ?? UNTOLD}
                  </th>
                ))}
                {has_other && (
                  <th scope="col" class="number source">
                    Others
                  </th>
                )}
              </tr>
            }
            row={(row, index) => {
              const filter = filterOf(model, row);
              const address = pageAddress(row.site, row.page);
              const name = (
                <>
                  {shows_site && <span class="site">{row.site ?? 'site not told'}</span>}
                  {shows_site && (row.page?.startsWith('/') ? <wbr /> : ' ')}
                  {row.page ?? <span class="untold">page not told</span>}
                </>
              );
              return (
                <tr
                  key={JSON.stringify([row.site, row.page])}
                  class={filter ? 'clickable' : ''}
                  onClick={(event) => clickRow(event, model, filter)}
                >
                  <td class="number rank">{format.number(index + 1)}</td>
                  <th scope="row" class="named" style={{ '--share': `${(row.views / most) * 100}%` }}>
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
      }}
    </Panel>
  );

  function filterOf({ api, about }: Model, row: PageRow) {
    const is_shown = row.page === view.page && (row.site === view.site || row.site === null);
    if (api === null || row.page === null || is_shown) return null;
    const site = about.access.kind === 'share' || row.site === null ? {} : { site: row.site };
    return { page: row.page, ...site };
  }
}
