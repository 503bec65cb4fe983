// Counts by agent: summed by class and by rule, and what a view leaves out.

import { agentClass, AGENT_CLASSES, treatmentOf, type AgentClass } from './agents';
import { agentRule, type AgentRule } from './agent_rule';
import type { QueryResult } from './api';
import { chosenAgents, countsConversions } from './filters';
import { cellReader } from './pivot';
import type { View } from './view';

export interface Counts {
  views: number;
  opens: number;
  hits: number;
}

export interface ClassCounts extends Counts {
  agent: AgentClass;
}

export interface RuleCounts extends ClassCounts, AgentRule {}

/** Returns the counts by class and rule, whatever the version of the rule, most hits first. */
export function countsByRule(result: QueryResult): RuleCounts[] {
  const read = cellReader(result);
  const found = new Map<string, RuleCounts>();
  for (const row of result.rows ?? []) {
    // A hit from before there were classes is as unclear as one that no rule fits.
    const agent = agentClass(String(read(row, 'agent'))) ?? 'unknown';
    const rule = read(row, 'agent_rule');
    const described = agentRule(rule === null ? null : String(rule));
    const key = `${agent} ${described.rule}`;
    const counts = found.get(key) ?? { agent, ...described, views: 0, opens: 0, hits: 0 };
    for (const name of ['views', 'opens', 'hits'] as const) counts[name] += Number(read(row, name) ?? 0);
    found.set(key, counts);
  }
  return [...found.values()].sort((a, b) => b.hits - a.hits || (a.name < b.name ? -1 : 1));
}

/** Returns the counts of the classes that have any, in the order of `AGENT_CLASSES`. */
export function countsByClass(result: QueryResult): ClassCounts[] {
  const rules = countsByRule(result);
  const sum = (agent: AgentClass, name: keyof Counts) =>
    rules.reduce((total, counts) => total + (counts.agent === agent ? counts[name] : 0), 0);
  const all = AGENT_CLASSES.map((agent) => ({
    agent,
    views: sum(agent, 'views'),
    opens: sum(agent, 'opens'),
    hits: sum(agent, 'hits'),
  }));
  return all.filter(({ hits }) => hits > 0);
}

/** How many hits of which kind a view leaves out, by class. */
export interface LeftOut {
  unit: keyof Counts;
  classes: { agent: AgentClass; count: number }[];
}

/** Returns what the view leaves out: views; where there are none, opens; else hits. Conversions are hits of any event. */
export function leftOut(result: QueryResult, view: View): LeftOut {
  const classes = countsByClass(result);
  const chosen = chosenAgents(view);
  const units = ['views', 'opens', 'hits'] as const;
  for (const unit of countsConversions(view) ? (['hits'] as const) : units) {
    const counted = classes
      .map((counts) => ({ agent: counts.agent, count: leftOutOf(counts, unit, chosen) }))
      .filter(({ count }) => count > 0);
    if (counted.length > 0) return { unit, classes: counted };
  }
  return { unit: 'views', classes: [] };
}

/** Returns how many hits of a class a view leaves out; an open that the upper bound includes isn't among them. */
function leftOutOf(counts: ClassCounts, unit: keyof Counts, chosen: AgentClass[]): number {
  const treatment = treatmentOf(counts.agent, chosen);
  if (treatment === 'counted') return 0;
  if (treatment === 'left out' || unit === 'views') return counts[unit];
  return unit === 'hits' ? counts.hits - counts.opens : 0;
}
