// What the panels need to know, as questions to the API.

import type { About, Request } from './api';
import type { View } from './address';
import { eventOf } from './filters';
import { slices, type Span } from './period';

/** `before` is the period before, to compare with; `sites` is asked without filters, for the list to choose from. */
export type Need = { question: string; span: 'now' | 'before' } | { question: 'sites'; span: 'list' };

/** A question whose rows are quarters of an hour, and which is therefore asked in slices. */
export const PER_QUARTER = 'views_per_quarter';

/** Shown by panels of their own. */
const DESIGNED = ['totals', PER_QUARTER, 'sources', 'top_pages_by_source', 'referrers', 'campaigns'];

/** What those panels show too: the chart by day and hour, the pages without their sources. */
const CONTAINED = ['views_per_day', 'views_per_hour', 'top_pages'];

/** Questions that count views alone: where another event is looked at, they have nothing to say. */
const OF_VIEWS = [
  PER_QUARTER,
  'views_per_day',
  'views_per_hour',
  'sources',
  'top_pages',
  'top_pages_by_source',
  'referrers',
];

export function isAsked(question: string, view: View): boolean {
  return eventOf(view) === null || !OF_VIEWS.includes(question);
}

/** What every view asks, whatever is scrolled into sight. */
export function firstNeeds(about: About, view: View): Need[] {
  const known = new Set(about.questions.map(({ name }) => name));
  const sources = known.has('sources') ? 'sources' : 'top_pages_by_source';
  const needs: Need[] = [
    { question: 'totals', span: 'now' },
    { question: PER_QUARTER, span: 'now' },
    { question: 'top_pages_by_source', span: 'now' },
    { question: 'totals', span: 'before' },
    { question: sources, span: 'now' },
    { question: sources, span: 'before' },
  ];
  if (about.access.kind !== 'share') needs.push({ question: 'sites', span: 'list' });
  return needs.filter(({ question }) => known.has(question) && isAsked(question, view));
}

/** One panel for each further question, in the API’s order. */
export function furtherQuestions(about: About, view: View): About['questions'] {
  const shown = [...DESIGNED, ...CONTAINED];
  return about.questions.filter(({ name }) => !shown.includes(name) && isAsked(name, view));
}

export function requestsOf(need: Need, view: View, now: Span, before: Span): Request[] {
  if (need.span === 'list') return [{ question: need.question, ...now, site: '*', page: '*', column: null }];
  const span = need.span === 'now' ? now : before;
  const filters = {
    site: view.site ?? '*',
    page: view.page ?? '*',
    column: view.column,
    ...(view.filters.length > 0 ? { filters: view.filters } : {}),
  };
  const spans = need.question === PER_QUARTER ? slices(span) : [span];
  return spans.map((slice) => ({ question: need.question, ...slice, ...filters }));
}
