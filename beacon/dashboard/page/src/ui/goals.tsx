// Goals: filters on an event that have a name, each with how often it was reached.

import { useState } from 'preact/hooks';
import type { Goal, QueryResult } from '../api';
import { total } from '../count_columns';
import { countsConversions } from '../filters';
import { goalFilter } from '../goal_filter';
import { mergedResult } from '../merged_result';
import type { PanelQuery } from '../panel_queries';
import { rate } from '../table_counts';
import type { Table } from '../table_rows';
import type { Condition } from '../view';
import { useDashboard, type DashboardContext } from './context';
import type { Tab } from './tabbed_panel';

/** Longer names are refused by the API. */
const MAX_NAME_LENGTH = 100;

const VISITORS: PanelQuery = { question: 'totals', period: 'current', without: 'event' };

export interface Goals {
  list: Goal[];
  /** Changes the stored goals; rejects with what is wrong. */
  change: (edit: (goals: Goal[]) => Goal[]) => Promise<void>;
}

/** Returns the goals, which the reader may change here. */
export function useGoals(): Goals {
  const { about, api } = useDashboard();
  const [list, setList] = useState(about.goals ?? []);
  async function change(edit: (goals: Goal[]) => Goal[]): Promise<void> {
    // Somebody else may have changed them since this page was loaded.
    const goals = edit((await api!.about()).goals ?? []);
    await api!.saveGoals(goals);
    setList(goals);
  }
  return { list, change };
}

export function goalsTab(dashboard: DashboardContext, goals: Goals): Tab {
  const may_change = dashboard.api !== null && dashboard.about.access.kind !== 'share';
  const { view } = dashboard;
  return {
    title: 'Goals',
    query: VISITORS,
    also: goals.list.map(queryOf),
    table: (totals) => goalTable(dashboard, goals.list, totals),
    filterOf: (row) => (dashboard.api === null ? null : { ...goalFilter(view, goals.list.find(({ name }) => name === row.label)!), exclude: null }),
    toolOf: (row) => may_change && <DeleteGoal name={row.label} goals={goals} />,
    nothing: <p>{may_change ? 'No goals yet. Filter by an event, and save the filters as a goal here.' : 'No goals yet.'}</p>,
    content: () => may_change && countsConversions(view) && <SaveGoal goals={goals} conditions={view.conditions} />,
  };
}

/** Counts a goal under the view's other filters. */
function queryOf({ filters }: Goal): PanelQuery {
  return { ...VISITORS, conditions: filters };
}

function goalTable({ data }: DashboardContext, goals: Goal[], totals: QueryResult): Table {
  const visitors = total(totals, 'visitors');
  return {
    heading: 'Goal',
    measures: [
      { name: 'Times', kind: 'count' },
      { name: 'Visitors', kind: 'count' },
      { name: 'Rate', kind: 'percent', title: 'Visitors who reached the goal ÷ visitors' },
    ],
    rows: goals.map((goal) => {
      const result = mergedResult(data.states(queryOf(goal)));
      const converted = result === null ? null : total(result, 'visitors');
      return {
        key: goal.name,
        label: goal.name,
        is_missing: false,
        context: null,
        title: null,
        filters: [],
        link: null,
        values: [result === null ? null : total(result, 'views'), converted, rate(converted, visitors)],
      };
    }),
    row_count: goals.length,
  };
}

function SaveGoal({ goals, conditions }: { goals: Goals; conditions: Condition[] }) {
  const [name, setName] = useState('');
  const [error, setError] = useState<string | null>(null);
  async function save(event: SubmitEvent) {
    event.preventDefault();
    const goal = { name: name.trim(), filters: conditions };
    setError(null);
    try {
      await goals.change((known) => [...known.filter((other) => other.name !== goal.name), goal]);
      setName('');
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
  }
  return (
    <form class="goal-form" onSubmit={save}>
      <input
        aria-label="Name of the goal"
        placeholder="Name of the goal"
        value={name}
        maxLength={MAX_NAME_LENGTH}
        required
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <button type="submit" class="button" disabled={name.trim() === ''}>
        Save as goal
      </button>
      {error !== null && (
        <p class="error-text" role="alert">
          Couldn’t save the goal: {error}.
        </p>
      )}
    </form>
  );
}

function DeleteGoal({ name, goals }: { name: string; goals: Goals }) {
  const [error, setError] = useState<string | null>(null);
  async function remove() {
    try {
      await goals.change((known) => known.filter((other) => other.name !== name));
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
  }
  return (
    <>
      <button type="button" class="exclude-button" title="Delete" aria-label={`Delete goal ${name}`} onClick={remove}>
        ✕
      </button>
      {error !== null && (
        <span class="error-text" role="alert">
          Couldn’t delete it: {error}.
        </span>
      )}
    </>
  );
}
