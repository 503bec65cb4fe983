// The most viewed pages, ranked, with a column for each source that brought them views.

import { joined } from '../answers';
import { referrerName } from '../apps';
import { pageAddress } from '../links';
import type { Need } from '../needs';
import { pivot, type PageRow } from '../pivot';
import { UNTOLD, useModel, type Model } from './model';
import { Panel } from './panel';
import { changeOf, clickRow, FilterButton, OutLink, Rows } from './table';
import { total } from './tiles';

const NEED: Need = { question: 'top_pages_by_source', span: 'now' };

export function PagesPanel() {
  const model = useModel();
  const { format } = model;
  return (
    <Panel need={NEED} title="Top pages" class="wide" note="By views, and where those came from">
      {(answer) => {
        const { sources, has_other, pages, is_whole } = pivot(answer);
        const most = pages[0]?.views ?? 0;
        const shows_site = new Set(pages.map(({ site }) => site)).size > 1;
        return (
          <Rows
            rows={pages}
            of={is_whole ? pages.length : Math.max(pages.length, pagesInAll(model))}
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
                    {source === null ? UNTOLD : referrerName(source)}
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
                  {shows_site && <span class="site">{row.site ?? 'unknown site'}</span>}
                  {shows_site && (row.page?.startsWith('/') ? <wbr /> : ' ')}
                  {row.page ?? <span class="untold">unknown page</span>}
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
}

function filterOf(model: Model, { site, page }: PageRow) {
  if (model.api === null) return null;
  return changeOf(model, [
    { column: 'site', value: site },
    { column: 'page', value: page },
  ]);
}

/** The pages of the period; where the answer has only the first of them, the totals know how many there are. */
function pagesInAll({ answers }: Model): number {
  const answer = joined(answers.slots({ question: 'totals', span: 'now' }));
  return answer === null ? 0 : total(answer, 'pages');
}
