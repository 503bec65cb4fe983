// Which queries each panel needs.

import { AGENT_CLASSES } from './agents';
import type { About, QueryRequest } from './api';
import { chosenAgents, countsConversions, withConditions } from './filters';
import { ORIGIN_MS, queryChunks, type Span } from './period';
import type { Condition, Metric, View } from './view';

/**
 * A query for the shown period, the one it is compared with, the last 30 minutes, or all time (with the filter on the
 * site alone); for all sites in the shown period (without filters, for the site menu) or in all time.
 */
export interface PanelQuery {
  question: string;
  period: 'current' | 'previous' | 'recent' | 'ever' | 'all_sites' | 'ever_all_sites';
  /** The subject of a question of values, such as the name of a property. */
  by?: string;
  /** The column whose conditions don't apply: a rate's denominator is asked without that on events. */
  without?: string;
  /** Conditions in the place of those of the view on the same columns, such as a goal's. */
  conditions?: Condition[];
}

/** The spans of a view. `previous` is null if it is compared with nothing. */
export interface Spans {
  current: Span;
  previous: Span | null;
  /** The last 30 minutes. */
  recent: Span;
}

/** Views and visitors per quarter of an hour. */
const PER_QUARTER = 'views_per_quarter';

/** The question whose quarters of an hour the chart of a metric adds up. */
export const CHART_QUESTIONS: Record<Metric, string> = {
  visitors: PER_QUARTER,
  visits: 'visits_per_quarter',
  views: PER_QUARTER,
  opens: 'opens_per_quarter',
  conversions: PER_QUARTER,
};

/** The counts of all time, with the first hit. */
export const EVER: PanelQuery = { question: 'totals', period: 'ever' };

/** The sites that ever had hits. */
export const EVER_SITES: PanelQuery = { question: 'sites', period: 'ever_all_sites' };

/** Counts over all agent classes, by class and rule. */
export const AGENTS = 'agents';

/** Visits, single-page visits and their duration. */
export const VISIT_TOTALS = 'visit_totals';

/** The queries of every view, whatever has been scrolled to. */
export function initialQueries(about: About, view: View): PanelQuery[] {
  const known = new Set(about.questions.map(({ name }) => name));
  const is_conversions = countsConversions(view);
  const chart = is_conversions ? PER_QUARTER : CHART_QUESTIONS[view.metric ?? 'visitors'];
  const queries: PanelQuery[] = [
    { question: 'totals', period: 'current' },
    { question: chart, period: 'current' },
    ...withPrevious(is_conversions ? { question: 'totals', without: 'event' } : { question: VISIT_TOTALS }),
    { question: 'totals', period: 'previous' },
    { question: 'totals', period: 'recent' },
    { question: chart, period: 'previous' },
    { question: AGENTS, period: 'current' },
  ];
  if (about.access.kind !== 'share') queries.push({ question: 'sites', period: 'all_sites' });
  return queries.filter(({ question }) => known.has(question));
}

function withPrevious(query: Omit<PanelQuery, 'period'>): PanelQuery[] {
  return [
    { ...query, period: 'current' },
    { ...query, period: 'previous' },
  ];
}

/**
 * Translates a panel's query into API requests: several if it is split into chunks, none if the view is compared with
 * nothing.
 */
export function requestsFor(query: PanelQuery, shown: View, spans: Spans): QueryRequest[] {
  const { question, by, without, conditions = [] } = query;
  if (query.period === 'all_sites') {
    // A site that only machines have found so far can be chosen too.
    return [{ question, ...spans.current, site: '*', agents: [...AGENT_CLASSES] }];
  }
  if (query.period === 'ever_all_sites') return [{ question, from_ms: ORIGIN_MS, to_ms: spans.current.to_ms, site: '*' }];
  const view = withConditions(shown, conditions);
  const site = view.site ?? '*';
  if (query.period === 'ever') return [{ question, from_ms: ORIGIN_MS, to_ms: spans.current.to_ms, site }];
  const span = spans[query.period];
  if (span === null) return [];
  const classes = chosenAgents(view);
  const filters = view.conditions.filter(({ column }) => column !== 'agent' && column !== without);
  const scope = {
    site,
    ...(filters.length > 0 ? { filters } : {}),
    // The agents are those of all classes, so that a filter on them needs no other result.
    ...(classes.length > 0 && question !== AGENTS && without !== 'agent' ? { agents: classes } : {}),
    ...(by === undefined ? {} : { by }),
  };
  const is_chunked = Object.values(CHART_QUESTIONS).includes(question);
  return (is_chunked ? queryChunks(span) : [span]).map((chunk) => ({ question, ...chunk, ...scope }));
}
