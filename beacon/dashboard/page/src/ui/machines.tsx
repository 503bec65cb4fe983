// Who sent the hits: by agent class, by agent, and what AI services ask for and send.

import { agentLabel, treatmentOf } from '../agents';
import { countsByClass, countsByRule, type Counts } from '../agent_counts';
import type { QueryResult } from '../api';
import { chosenAgents, countsConversions } from '../filters';
import { mergedResult } from '../merged_result';
import { AGENTS, type PanelQuery } from '../panel_queries';
import type { Measure, Table } from '../table_rows';
import { AI_QUERIES, AiTables } from './ai_tables';
import { useDashboard, type DashboardContext } from './context';
import { isKnown } from './question_panels';
import { TabbedPanel, type Tab } from './tabbed_panel';

/** The id of the panel's element. */
export const MACHINES_ID = 'machines';

const QUERY: PanelQuery = { question: AGENTS, period: 'current' };

/** The panel; nothing where no agent has sent a hit. */
export function MachinesPanel() {
  const dashboard = useDashboard();
  if (!isKnown(dashboard, AGENTS)) return null;
  const result = mergedResult(dashboard.data.states(QUERY));
  if (result !== null && (result.rows ?? []).length === 0) return null;
  const tabs: Tab[] = [
    { title: 'Classes', query: QUERY, table: (agents) => classes(dashboard, agents) },
    { title: 'Agents', query: QUERY, table: (agents) => agentTable(dashboard, agents) },
    {
      title: 'AI',
      query: QUERY,
      also: AI_QUERIES.filter(({ question }) => isKnown(dashboard, question)),
      content: (agents) => <AiTables agents={agents} />,
    },
  ];
  return <TabbedPanel title="Machines" class="wide" section_id={MACHINES_ID} tabs={() => tabs} />;
}

const TREATMENTS = { counted: 'Yes', perhaps: 'Opens only, as the upper bound', 'left out': 'No' };

function classes(dashboard: DashboardContext, agents: QueryResult): Table {
  const counts = countsByClass(agents);
  const chosen = chosenAgents(dashboard.view);
  return {
    heading: 'Class',
    measures: [...countMeasures(dashboard), { name: 'Counted', kind: 'text' }],
    rows: counts.map((row) => ({
      key: row.agent,
      label: agentLabel(row.agent),
      is_missing: false,
      context: null,
      title: null,
      filters: [{ column: 'agent', value: row.agent }],
      link: null,
      values: [...countValues(dashboard, row), TREATMENTS[treatmentOf(row.agent, chosen)]],
    })),
    row_count: counts.length,
  };
}

/** Lists the agents and the rule that decided each; a person's browser is no agent to name. */
function agentTable(dashboard: DashboardContext, agents: QueryResult): Table {
  const rules = countsByRule(agents).filter(({ rule, agent }) => !(agent === 'human' && rule === 'browser'));
  const texts: Measure[] = ['Operator', 'Purpose', 'Class'].map((name) => ({ name, kind: 'text' }));
  const counts = countMeasures(dashboard);
  return {
    heading: 'Agent',
    measures: [...texts, ...counts],
    order: { by: texts.length + counts.findIndex(({ name }) => name === mainCount(dashboard)), descending: true },
    rows: rules.map((row) => ({
      key: `${row.agent} ${row.rule}`,
      label: row.name,
      is_missing: false,
      context: null,
      title: `Rule ${row.rule || '(none)'}`,
      filters: [],
      link: null,
      values: [row.operator, row.purpose, agentLabel(row.agent), ...countValues(dashboard, row)],
    })),
    row_count: rules.length,
  };
}

/** The count of all hits: with a condition on event, every hit that meets it is a conversion. */
const mainCount = ({ view }: DashboardContext) => (countsConversions(view) ? 'Conversions' : 'Hits');

function countMeasures(dashboard: DashboardContext): Measure[] {
  const names = countsConversions(dashboard.view) ? ['Conversions', 'Opens'] : ['Views', 'Opens', 'Hits'];
  return names.map((name) => ({ name, kind: 'count' }));
}

function countValues({ view }: DashboardContext, { views, opens, hits }: Counts): number[] {
  return countsConversions(view) ? [hits, opens] : [views, opens, hits];
}
