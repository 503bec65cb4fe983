// Goals: filters on an event that have a name, each with how often it was reached.

import { useState } from 'preact/hooks';
import { failureText, type Goal } from '../api';
import { total } from '../count_columns';
import { countsConversions } from '../filters';
import { goalFilter } from '../goal_filter';
import { mergedResult } from '../merged_result';
import type { PanelQuery } from '../panel_queries';
import { rate } from '../table_counts';
import type { Table } from '../table_rows';
import type { Condition } from '../view';
import type { DashboardContext } from './context';
import { MAX_NAME_LENGTH, type StoredList } from './stored_list';
import type { Tab } from './tabbed_panel';

const TOTALS: PanelQuery = { question: 'totals', period: 'current' };

type Goals = StoredList<Goal>;

export function goalsTab(dashboard: DashboardContext, goals: Goals): Tab {
  const may_change = dashboard.api !== null && dashboard.about.access.kind !== 'share';
  const { view } = dashboard;
  return {
    title: 'Goals',
    query: TOTALS,
    also: goals.list.flatMap((goal) => [reached(goal), visitorsOf(goal)]),
    table: () => goalTable(dashboard, goals.list),
    filterOf: (row) => (dashboard.api === null ? null : { ...goalFilter(view, goals.list.find(({ name }) => name === row.label)!), exclude: null }),
    toolOf: (row) => may_change && <DeleteGoal name={row.label} goals={goals} />,
    nothing: <p>{may_change ? 'No goals yet. Filter by an event, and save the filters as a goal here.' : 'No goals yet.'}</p>,
    content: () => may_change && countsConversions(view) && <SaveGoal goals={goals} conditions={view.conditions} />,
  };
}

/** Counts how often a goal was reached, as the view counts after a click on it. */
function reached({ filters }: Goal): PanelQuery {
  return { ...TOTALS, conditions: filters };
}

/** Counts the visitors that a goal's rate divides by: under the same conditions without that on event. */
function visitorsOf(goal: Goal): PanelQuery {
  return { ...reached(goal), without: 'event' };
}

function goalTable({ data }: DashboardContext, goals: Goal[]): Table {
  return {
    heading: 'Goal',
    measures: [
      { name: 'Times', kind: 'count' },
      { name: 'Visitors', kind: 'count' },
      { name: 'Rate', kind: 'percent', title: 'Visitors who reached the goal ÷ visitors under its other conditions' },
    ],
    rows: goals.map((goal) => {
      const [result, all] = [reached(goal), visitorsOf(goal)].map((query) => mergedResult(data.states(query)));
      const times = result ? total(result, 'views') : null;
      const converted = result ? total(result, 'visitors') : null;
      return {
        key: goal.name,
        label: goal.name,
        is_missing: false,
        context: null,
        title: null,
        filters: [],
        link: null,
        values: [times, converted, rate(converted, times, all ? total(all, 'visitors') : null)],
      };
    }),
    row_count: goals.length,
  };
}

function SaveGoal({ goals, conditions }: { goals: Goals; conditions: Condition[] }) {
  const [name, setName] = useState('');
  const [error, setError] = useState<string | null>(null);
  const goal = { name: name.trim(), filters: conditions };
  const is_taken = goals.list.some((other) => other.name === goal.name);
  async function save(event: SubmitEvent) {
    event.preventDefault();
    setError(null);
    try {
      await goals.change((known) => [...known.filter((other) => other.name !== goal.name), goal]);
      setName('');
    } catch (failure) {
      setError(failureText(failure));
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
      <button type="submit" class="button" disabled={goal.name === ''}>
        Save as goal
      </button>
      {is_taken && <p class="note">This replaces the goal “{goal.name}”.</p>}
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
      setError(failureText(failure));
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
