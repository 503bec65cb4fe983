// Says what the numbers leave out: hits by agents that aren't counted, and where to see them.

import { useRef } from 'preact/hooks';
import { countsByRule, leftOut } from '../agent_counts';
import { agentWords, treatmentOf } from '../agents';
import { chosenAgents } from '../filters';
import { mergedResult } from '../merged_result';
import { AGENTS, type PanelQuery } from '../panel_queries';
import { isLoading } from '../query_client';
import { useDashboard, type DashboardContext } from './context';
import { MACHINES_ID } from './machines';

/** How many agents a sentence names. */
const MAX_NAMES = 2;

const QUERY: PanelQuery = { question: AGENTS, period: 'current' };

export function NotCounted() {
  const dashboard = useDashboard();
  const { view, format } = dashboard;
  const result = agentsResult(dashboard);
  const counts = result === null ? null : leftOut(result, view);
  // Until it is known again, it takes its place: the panels below don't move.
  const is_placed = useRef(true);
  if (counts !== null) is_placed.current = counts.classes.length > 0;
  if (counts === null) return is_placed.current && isAsked(dashboard) ? <Placeholder /> : null;
  const { unit, classes } = counts;
  if (classes.length === 0) return null;
  const parts = classes.map(({ agent, count }, place) => {
    const counted = place > 0 ? format.number(count) : format.counted(count, count, unit);
    return `${counted} by ${agentWords(agent)}`;
  });
  return (
    <div class="not-counted wide">
      {/* Not announced: the numbers change all the time. */}
      <p role="status" aria-live="off">
        Not counted: {parts.join(', ')}.
      </p>
      <ShowMachines />
    </div>
  );
}

/** Says that machines alone sent hits, where a reader waits for the first one. Nothing where no hit was left out. */
export function OnlyMachines() {
  const dashboard = useDashboard();
  const result = agentsResult(dashboard);
  if (result === null) return null;
  const chosen = chosenAgents(dashboard.view);
  const rules = countsByRule(result).filter(({ agent }) => treatmentOf(agent, chosen) !== 'counted');
  const hits = rules.reduce((sum, counts) => sum + counts.hits, 0);
  if (hits === 0) return null;
  const all = [...new Set(rules.map(({ name, is_named, agent }) => (is_named ? name : agentWords(agent))))];
  const names = all.slice(0, MAX_NAMES);
  const others = all.length - names.length;
  if (others > 0) names.push(others === 1 ? 'one more' : `${dashboard.format.number(others)} more`);
  const listed = names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : names[0];
  return (
    <p>
      {dashboard.format.counted(hits, hits, 'hits')} came, by {listed}.{' '}
      {chosen.length > 0 ? 'The filter on Agent leaves them out.' : 'Machines are not counted.'}{' '}
      <button type="button" class="button" onClick={showMachines}>
        Show what was left out
      </button>
    </p>
  );
}

function Placeholder() {
  return (
    <div class="not-counted placeholder wide" aria-busy="true">
      <p>Not counted:</p>
      <ShowMachines />
    </div>
  );
}

function ShowMachines() {
  return (
    <button type="button" class="quiet" onClick={showMachines}>
      Show what was left out
    </button>
  );
}

function showMachines(): void {
  const section = document.getElementById(MACHINES_ID);
  section?.scrollIntoView();
  section?.focus({ preventScroll: true });
}

function isAsked({ data }: DashboardContext): boolean {
  return data.states(QUERY).some(isLoading);
}

function agentsResult({ data, about }: DashboardContext) {
  if (!about.questions.some(({ name }) => name === AGENTS)) return null;
  return mergedResult(data.states(QUERY));
}
