// AI: the visits that AI services sent, beside their agents that asked for pages.

import { useEffect } from 'preact/hooks';
import { countsByRule } from '../agent_counts';
import { isAi } from '../agent_rule';
import { AI_CHANNEL, byAiService } from '../ai_sources';
import type { QueryResult } from '../api';
import { countRange, shownColumns } from '../count_columns';
import { mergedResult } from '../merged_result';
import type { PanelQuery } from '../panel_queries';
import { cellReader } from '../pivot';
import { heading } from '../format';
import { useDashboard } from './context';
import { Rows } from './rows';

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
        <Agents agents={agents} />
      </section>
    </div>
  );
}

/** The sources that are AI services, under what their channel has in all. */
function Visits() {
  const dashboard = useDashboard();
  const { data, format } = dashboard;
  const sources = useResult('sources');
  const channels = useResult('channels');
  if (sources === null) {
    const error = data.states({ question: 'sources', period: 'current' })[0]?.error ?? null;
    return <p class="nothing">{error === null ? 'Loading…' : 'Couldn’t load the sources.'}</p>;
  }
  const counts = shownColumns(sources).filter(({ type }) => type === 'bigint');
  const read = cellReader(sources);
  const rows = byAiService(
    (sources.rows ?? []).map((row) => ({
      source: String(read(row, 'source') ?? ''),
      counts: counts.map(({ name }) => Number(read(row, name) ?? 0)),
    })),
  );
  const channel = channels?.rows?.find((row) => cellReader(channels)(row, 'channel') === AI_CHANNEL);
  return (
    <>
      <Rows
        rows={rows}
        name="Visits from AI"
        head={
          <tr>
            <th scope="col">Source</th>
            {counts.map(({ name }) => (
              <th key={name} scope="col" class="number">
                {heading(name)}
              </th>
            ))}
          </tr>
        }
        row={(row) => (
          <tr key={row.name}>
            <th scope="row" class="named">
              {row.name}
            </th>
            {row.counts.map((count, place) => (
              <td key={place} class="number">
                {format.number(count)}
              </td>
            ))}
          </tr>
        )}
      />
      {channel && (
        <p class="note">
          Channel {AI_CHANNEL}:{' '}
          {shownColumns(channels!)
            .filter(({ type }) => type === 'bigint')
            .map(({ name }) => format.counted(...countRange(channels!, channel, name), name))
            .join(', ')}
        </p>
      )}
    </>
  );
}

function Agents({ agents }: { agents: QueryResult }) {
  const { format } = useDashboard();
  return (
    <Rows
      rows={countsByRule(agents).filter(isAi)}
      name="AI agents seen"
      head={
        <tr>
          <th scope="col">Operator</th>
          <th scope="col">Agent</th>
          <th scope="col">Purpose</th>
          <th scope="col" class="number">
            Hits
          </th>
        </tr>
      }
      row={({ agent, rule, name, operator, purpose, hits }) => (
        <tr key={`${agent} ${rule}`}>
          <td>{operator ?? 'Others'}</td>
          <th scope="row">
            <span title={`Rule ${rule}`}>{name}</span>
          </th>
          <td>{purpose}</td>
          <td class="number">{format.number(hits)}</td>
        </tr>
      )}
    />
  );
}

/** Returns the result of a further question, which is asked while it is shown; null without one. */
function useResult(question: string): QueryResult | null {
  const { about, data, activate } = useDashboard();
  const is_known = about.questions.some(({ name }) => name === question);
  const query: PanelQuery = { question, period: 'current' };
  useEffect(() => (is_known ? activate(query) : undefined), [question, is_known]);
  return is_known ? mergedResult(data.states(query)) : null;
}
