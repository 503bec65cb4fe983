// Who sent the hits: by agent class, by agent, and what AI services ask for and send.

import { countsByClass, countsByRule, type Counts } from '../agent_counts';
import { agentLabel, treatmentOf } from '../agents';
import type { QueryResult } from '../api';
import { AGENT, chosenAgents } from '../filters';
import { mergedResult } from '../merged_result';
import { AGENTS } from '../panel_queries';
import { AiTables } from './ai_tables';
import { useDashboard } from './context';
import { clickRow, FilterButton, rowClass, rowFilter } from './row_filter';
import { Rows } from './rows';
import { TabbedPanel } from './tabbed_panel';

/** The id of the panel's element. */
export const MACHINES_ID = 'machines';

/** The panel; nothing where no agent has sent a hit. */
export function MachinesPanel() {
  const { about, data } = useDashboard();
  if (!about.questions.some(({ name }) => name === AGENTS)) return null;
  const states = data.states({ question: AGENTS, period: 'current' });
  const result = mergedResult(states);
  if (result === null ? !states.some(({ error }) => error !== null) : (result.rows ?? []).length === 0) return null;
  const tabs = [
    { title: 'Classes', content: (agents: QueryResult) => <Classes agents={agents} /> },
    { title: 'Agents', content: (agents: QueryResult) => <Agents agents={agents} /> },
    { title: 'AI', content: (agents: QueryResult) => <AiTables agents={agents} /> },
  ];
  return (
    <TabbedPanel
      title="Machines"
      class="wide"
      section_id={MACHINES_ID}
      tabs={tabs.map((tab) => ({ ...tab, question: AGENTS }))}
    />
  );
}

const TREATMENTS = { counted: 'Yes', perhaps: 'Opens only, as the upper bound', 'left out': 'No' };

function Classes({ agents }: { agents: QueryResult }) {
  const dashboard = useDashboard();
  const chosen = chosenAgents(dashboard.view);
  return (
    <Rows
      rows={countsByClass(agents)}
      name="Classes"
      head={
        <tr>
          <th scope="col">Class</th>
          <th scope="col">Counted</th>
          <CountHeads />
        </tr>
      }
      row={(counts) => {
        const filter = rowFilter(dashboard, [{ column: AGENT, value: counts.agent }]);
        const label = agentLabel(counts.agent);
        return (
          <tr key={counts.agent} class={rowClass(filter)} onClick={(event) => clickRow(event, dashboard, filter)}>
            <th scope="row" class="named">
              {filter === null ? label : <FilterButton filter={filter}>{label}</FilterButton>}
            </th>
            <td>{TREATMENTS[treatmentOf(counts.agent, chosen)]}</td>
            <CountCells counts={counts} />
          </tr>
        );
      }}
    />
  );
}

/** Lists the agents and the rule that decided each; a person's browser is no agent to name. */
function Agents({ agents }: { agents: QueryResult }) {
  return (
    <Rows
      rows={countsByRule(agents).filter(({ rule, agent }) => !(agent === 'human' && rule === 'browser'))}
      name="Agents"
      head={
        <tr>
          <th scope="col">Agent</th>
          <th scope="col">Operator</th>
          <th scope="col">Purpose</th>
          <th scope="col">Class</th>
          <CountHeads />
        </tr>
      }
      row={({ agent, rule, name, operator, purpose, ...counts }) => (
        <tr key={`${agent} ${rule}`}>
          <th scope="row" class="named">
            <span title={`Rule ${rule || '(none)'}`}>{name}</span>
          </th>
          <td>{operator}</td>
          <td>{purpose}</td>
          <td>{agentLabel(agent)}</td>
          <CountCells counts={counts} />
        </tr>
      )}
    />
  );
}

function CountHeads() {
  return (
    <>
      {['Views', 'Opens', 'Hits'].map((name) => (
        <th key={name} scope="col" class="number">
          {name}
        </th>
      ))}
    </>
  );
}

function CountCells({ counts }: { counts: Counts }) {
  const { format } = useDashboard();
  return (
    <>
      {[counts.views, counts.opens, counts.hits].map((count, place) => (
        <td key={place} class="number">
          {format.number(count)}
        </td>
      ))}
    </>
  );
}
