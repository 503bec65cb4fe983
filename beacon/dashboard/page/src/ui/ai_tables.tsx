// AI: the visits that AI services sent, beside their agents that asked for pages.

import { useState } from 'preact/hooks';
import { countsByRule } from '../agent_counts';
import { isAi } from '../agent_rule';
import { AI_CHANNEL, AI_SOURCES } from '../ai_sources';
import type { QueryResult } from '../api';
import { countRange, shownColumns } from '../count_columns';
import { countsConversions } from '../filters';
import { heading } from '../format';
import { mergedResult } from '../merged_result';
import type { PanelQuery } from '../panel_queries';
import { cellReader } from '../pivot';
import type { Measure, Order, Table } from '../table_rows';
import { useDashboard } from './context';
import { DataTable } from './data_table';
import { Nothing } from './panel_states';

const SOURCES: PanelQuery = { question: 'sources', period: 'current' };
const CHANNELS: PanelQuery = { question: 'channels', period: 'current' };

/** The queries whose results the tables read beside the agents. */
export const AI_QUERIES = [SOURCES, CHANNELS];

export function AiTables({ agents }: { agents: QueryResult }) {
  return (
    <div class="ai">
      <section>
        <h3>Visits from AI</h3>
        <Visits />
      </section>
      <section>
        <h3>AI agents seen</h3>
        <p class="note">
          Only agents that load images or run scripts are seen here, and those that obey robots.txt ask for nothing. Most
          AI crawlers do neither.
        </p>
        <SortedTable name="AI agents seen" table={agentTable(agents)} />
      </section>
    </div>
  );
}

/** The sources that are AI services, under what their channel has in all. */
function Visits() {
  const { data, format, view } = useDashboard();
  const is_conversions = countsConversions(view);
  const [sources, channels] = [SOURCES, CHANNELS].map((query) => mergedResult(data.states(query)));
  if (!sources) return null;
  const channel = channels?.rows?.find((row) => cellReader(channels)(row, 'channel') === AI_CHANNEL);
  return (
    <>
      <SortedTable name="Visits from AI" table={visitTable(sources, is_conversions)} />
      {channel && (
        <p class="note">
          Channel {AI_CHANNEL}:{' '}
          {shownColumns(channels!)
            .filter(({ type }) => type === 'bigint')
            .map(({ name }) => format.counted(...countRange(channels!, channel, name), countName(name, is_conversions).toLowerCase()))
            .join(', ')}
        </p>
      )}
    </>
  );
}

function visitTable(sources: QueryResult, is_conversions: boolean): Table {
  const counts = shownColumns(sources).filter(({ type }) => type === 'bigint');
  const read = cellReader(sources);
  const rows = (sources.rows ?? []).flatMap((row) => {
    const name = String(read(row, 'source'));
    if (!AI_SOURCES.includes(name)) return [];
    return [{ ...plainRow(name, name), values: counts.map((count) => Number(read(row, count.name) ?? 0)) }];
  });
  return {
    heading: 'Source',
    measures: counts.map(({ name }) => ({ name: countName(name, is_conversions), kind: 'count' })),
    rows,
    row_count: rows.length,
  };
}

/** Returns the name of a count: with a condition on event, views are conversions. */
function countName(column: string, is_conversions: boolean): string {
  if (is_conversions && column === 'views') return 'Conversions';
  return is_conversions && column === 'visitors' ? 'Converted visitors' : heading(column);
}

function agentTable(agents: QueryResult): Table {
  const rules = countsByRule(agents).filter(isAi);
  const measures: Measure[] = [
    { name: 'Operator', kind: 'text' },
    { name: 'Purpose', kind: 'text' },
    { name: 'Hits', kind: 'count' },
  ];
  return {
    heading: 'Agent',
    measures,
    order: { by: measures.length - 1, descending: true },
    rows: rules.map(({ agent, rule, name, operator, purpose, hits }) => ({
      ...plainRow(`${agent} ${rule}`, name),
      title: `Rule ${rule}`,
      values: [operator ?? 'Others', purpose, hits],
    })),
    row_count: rules.length,
  };
}

/** A row that doesn't filter. */
function plainRow(key: string, label: string) {
  return { key, label, is_missing: false, context: null, title: null, filters: [], link: null };
}

/** All rows of a table, with an order of its own. */
function SortedTable({ table, name }: { table: Table; name: string }) {
  const [order, setOrder] = useState<Order | null>(null);
  if (table.rows.length === 0) return <Nothing />;
  return <DataTable table={table} name={name} limit={table.rows.length} order={order} onOrder={setOrder} />;
}
