// A panel of tables in tabs: each has a question of its own, and only that of the shown tab is asked.

import type { ComponentChildren } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import type { QueryResult } from '../api';
import { mergedResult } from '../merged_result';
import type { PanelQuery } from '../panel_queries';
import { found } from '../table_order';
import type { Order, Table, TableRow } from '../table_rows';
import { useDashboard } from './context';
import { DataTable } from './data_table';
import { useNarrow } from './narrow';
import { Panel } from './panel';
import { Nothing } from './panel_states';
import { useRemembered } from './remembered';
import type { RowFilter } from './row_filter';
import { TabList } from './tab_list';

/** Rows shown at first, in a report, and once all are asked for. */
const FIRST_ROWS = 10;
const REPORT_ROWS = 25;
const MOST_ROWS = 1_000;

export interface Tab {
  title: string;
  query: PanelQuery;
  /** Further queries, whose results the table reads. */
  also?: PanelQuery[];
  table?: (result: QueryResult) => Table;
  /** Stands in the place of a table, or below it. */
  content?: (result: QueryResult) => ComponentChildren;
  filterOf?: (row: TableRow) => RowFilter | null;
  /** Stands behind the name of a row. */
  toolOf?: (row: TableRow) => ComponentChildren;
  /** Stands in the place of a table without rows, where that doesn't mean that there is no data. */
  nothing?: ComponentChildren;
  /** A menu beside the tabs. */
  choice?: ComponentChildren;
}

interface Props {
  title: string;
  /** Returns the tabs, at least one; `is_expanded` once all rows were asked for. */
  tabs: (is_expanded: boolean) => Tab[];
  /** The tab that is shown at first, if it isn't the first one. */
  first?: string;
  class?: string;
  section_id?: string;
}

export function TabbedPanel({ title, tabs: tabsOf, first, class: kind = '', section_id }: Props) {
  const { data, made_at_ms } = useDashboard();
  const id = useId();
  const is_narrow = useNarrow();
  const [chosen, choose] = useRemembered(`tab-${title}`);
  const [is_expanded, setExpanded] = useState(false);
  const [search, setSearch] = useState('');
  const [order, setOrder] = useState<Order | null>(null);
  const tabs = tabsOf(is_expanded);
  // A filter may take the chosen tab away, and a report may lack it.
  const shown = tabs.find((tab) => tab.title === chosen) ?? tabs.find((tab) => tab.title === first) ?? tabs[0]!;
  const query = JSON.stringify([shown.query.question, shown.query.by]);
  // Another table has other columns.
  useEffect(() => {
    setExpanded(false);
    setSearch('');
    setOrder(null);
  }, [query]);
  const result = mergedResult(data.states(shown.query));
  const table = result === null || shown.table === undefined ? null : shown.table(result);
  const matching = table === null ? [] : found(table.rows, is_expanded ? search : '');
  const limit = is_expanded ? MOST_ROWS : made_at_ms === null ? FIRST_ROWS : REPORT_ROWS;
  const has_tabs = tabs.length > 1 || shown.title !== title;
  const tabId = (name: string) => `${id}-${name.replaceAll(' ', '-')}`;
  const panel_id = `${id}-panel`;
  return (
    <Panel
      query={shown.query}
      also={shown.also}
      title={title}
      class={`${kind} table-panel ${is_expanded ? 'wide expanded' : ''}`}
      section_id={section_id}
      tab={{ id: has_tabs && !is_narrow ? tabId(shown.title) : undefined, panel_id, title: shown.title }}
      tools={
        <div class="panel-tools">
          {has_tabs && (
            <TabList
              name={title}
              titles={tabs.map((tab) => tab.title)}
              shown={shown.title}
              tabId={tabId}
              panel_id={panel_id}
              onChoose={choose}
            />
          )}
          {shown.choice}
        </div>
      }
      foot={
        table !== null &&
        table.rows.length > 0 && (
          <Foot
            table={table}
            matches={matching.length}
            limit={limit}
            is_expanded={is_expanded}
            search={search}
            onExpand={setExpanded}
            onSearch={setSearch}
          />
        )
      }
    >
      {(answer) => (
        <div key={shown.title}>
          {table !== null &&
            (table.rows.length === 0 ? (
              (shown.nothing ?? <Nothing />)
            ) : (
              <DataTable
                table={{ ...table, rows: matching }}
                name={shown.title}
                limit={limit}
                is_expanded={is_expanded}
                order={order}
                onOrder={setOrder}
                filterOf={shown.filterOf}
                toolOf={shown.toolOf}
              />
            ))}
          {shown.content?.(answer)}
        </div>
      )}
    </Panel>
  );
}

interface FootProps {
  table: Table;
  /** Rows that the search finds; all of them without a search. */
  matches: number;
  limit: number;
  is_expanded: boolean;
  search: string;
  onExpand: (is_expanded: boolean) => void;
  onSearch: (search: string) => void;
}

function Foot({ table, matches, limit, is_expanded, search, onExpand, onSearch }: FootProps) {
  const { format } = useDashboard();
  return (
    <div class="more">
      <button type="button" class="quiet" aria-expanded={is_expanded} onClick={() => onExpand(!is_expanded)}>
        {is_expanded ? 'Show fewer' : 'Show all'}
      </button>
      {is_expanded && (
        <input
          type="search"
          class="search"
          aria-label="Search"
          placeholder="Search"
          value={search}
          spellcheck={false}
          onInput={(event) => onSearch(event.currentTarget.value)}
        />
      )}
      <span class="note">{countText()}</span>
    </div>
  );

  function countText(): string {
    if (is_expanded && search.trim() !== '') {
      const shown = Math.min(matches, limit);
      return shown < matches ? `first ${format.number(shown)} of ${format.number(matches)} that match` : `${format.number(matches)} of ${format.number(table.row_count)} match`;
    }
    const shown = Math.min(table.rows.length, limit);
    if (shown === table.row_count) return is_expanded ? `all ${format.number(shown)}` : '';
    const is_cut = is_expanded ? '; the CSV has all' : '';
    return `first ${format.number(shown)} of ${format.number(table.row_count)}${is_cut}`;
  }
}
