// Which queries each panel needs.

import { AGENT_CLASSES } from './agents';
import type { About, QueryRequest } from './api';
import { filteredEvent } from './filters';
import { queryChunks, type Span } from './period';
import type { View } from './view';

/** A query for the shown period, the previous one, or for all sites (without filters, for the site menu). */
export type PanelQuery = { question: string; period: 'current' | 'previous' } | { question: 'sites'; period: 'all_sites' };

/** Returns one row per quarter of an hour, so it is split into chunks. */
export const PER_QUARTER = 'views_per_quarter';

/** Counts over all agent classes, by class and rule. */
export const AGENTS = 'agents';

/** Questions that have panels of their own. */
const CUSTOM_PANELS = [
  'totals',
  PER_QUARTER,
  'top_pages_by_source',
  'sources',
  'channels',
  'referrers',
  'campaigns',
  'countries',
  'languages',
  'devices',
  'browsers',
  'systems',
  AGENTS,
];

/** Questions that those panels already cover: the chart by day and hour, the pages without their sources. */
const COVERED = ['views_per_day', 'views_per_hour', 'top_pages'];

/** Questions that count only views: with a filter on another event they have no rows. */
const VIEWS_ONLY = [
  PER_QUARTER,
  'views_per_day',
  'views_per_hour',
  'sources',
  'top_pages',
  'top_pages_by_source',
  'channels',
  'referrers',
  'countries',
  'languages',
  'devices',
  'browsers',
  'systems',
];

/** Returns false if a filter on an event leaves the question without rows. */
export function appliesTo(question: string, view: View): boolean {
  return filteredEvent(view) === null || !VIEWS_ONLY.includes(question);
}

/** The queries of every view, whatever has been scrolled to. */
export function initialQueries(about: About, view: View): PanelQuery[] {
  const known = new Set(about.questions.map(({ name }) => name));
  const sources = known.has('sources') ? 'sources' : 'top_pages_by_source';
  const queries: PanelQuery[] = [
    { question: 'totals', period: 'current' },
    { question: PER_QUARTER, period: 'current' },
    { question: 'top_pages_by_source', period: 'current' },
    { question: 'totals', period: 'previous' },
    { question: sources, period: 'current' },
    { question: sources, period: 'previous' },
    { question: AGENTS, period: 'current' },
  ];
  if (about.access.kind !== 'share') queries.push({ question: 'sites', period: 'all_sites' });
  return queries.filter(({ question }) => known.has(question) && appliesTo(question, view));
}

/** The questions that get a generic panel each, in the API’s order. */
export function otherQuestions(about: About, view: View): About['questions'] {
  const shown = [...CUSTOM_PANELS, ...COVERED];
  return about.questions.filter(({ name }) => !shown.includes(name) && appliesTo(name, view));
}

/** Translates a panel's query into API requests: several if it is split into chunks. */
export function requestsFor(query: PanelQuery, view: View, current: Span, previous: Span): QueryRequest[] {
  // The agents are those of all classes, so that a filter on them needs no other result.
  const agents = view.agents.length > 0 && query.question !== AGENTS ? { agents: view.agents } : {};
  if (query.period === 'all_sites') {
    // A site that only machines have found so far can be chosen too.
    return [{ question: query.question, ...current, site: '*', page: '*', column: null, agents: [...AGENT_CLASSES] }];
  }
  const span = query.period === 'current' ? current : previous;
  const filters = {
    site: view.site ?? '*',
    page: view.page ?? '*',
    column: view.column,
    ...(view.filters.length > 0 ? { filters: view.filters } : {}),
    ...agents,
  };
  const spans = query.question === PER_QUARTER ? queryChunks(span) : [span];
  return spans.map((chunk) => ({ question: query.question, ...chunk, ...filters }));
}
