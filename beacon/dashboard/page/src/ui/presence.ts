// Which panels have had a value: without events or emails, their panels aren't shown.

import { total, totalRange } from '../count_columns';
import { countsConversions } from '../filters';
import { mergedResult } from '../merged_result';
import type { PanelQuery } from '../panel_queries';
import type { QueryResult } from '../api';
import { remember, remembered } from '../stored';
import type { DashboardContext } from './context';

/** Events that emails send. */
const EMAIL_EVENTS = ['open', 'click'];

export type Kind = 'events' | 'emails';

/**
 * Returns true if there are events or emails in the period or the one before, if there were some at an earlier visit of
 * this browser, or if a filter asks for them.
 */
export function hasHad(dashboard: DashboardContext, kind: Kind): boolean {
  const { view, data } = dashboard;
  const name = `has-${kind}-${view.site ?? '*'}`;
  const is_conversions = countsConversions(view);
  const periods = ['current', 'previous'] as const;
  const has = periods.some((period) => {
    const query: PanelQuery = { question: 'totals', period, ...(is_conversions ? { without: 'event' } : {}) };
    const result = mergedResult(data.states(query));
    return result !== null && countOf(kind, result) > 0;
  });
  if (has) remember(name, 'yes');
  return has || remembered(name) !== null || isAskedFor(dashboard, kind);
}

function countOf(kind: Kind, totals: QueryResult): number {
  const [opens, opens_at_most] = totalRange(totals, 'opens');
  const clicks = total(totals, 'clicks');
  if (kind === 'emails') return opens_at_most + clicks;
  return total(totals, 'hits') - total(totals, 'views') - opens - clicks;
}

function isAskedFor({ view }: DashboardContext, kind: Kind): boolean {
  const events = view.conditions.filter(({ column }) => column === 'event');
  return events.some(({ values }) => values.some((value) => EMAIL_EVENTS.includes(value)) === (kind === 'emails'));
}
