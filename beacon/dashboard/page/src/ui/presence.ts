// Which panels have had a value: without events or emails, their panels aren't shown.

import { useEffect } from 'preact/hooks';
import { total, totalRange } from '../count_columns';
import { EMAIL_EVENTS } from '../events';
import { countsConversions } from '../filters';
import { mergedResult } from '../merged_result';
import { EVER, type PanelQuery } from '../panel_queries';
import type { QueryResult } from '../api';
import type { View } from '../view';
import { useDashboard } from './context';

type Kind = 'events' | 'emails';

/** Returns whether there were ever events and emails, or a filter asks for them. All time is asked where the period says no. */
export function usePresence(): Record<Kind, boolean> {
  const { view, data, api, activate } = useDashboard();
  const without = countsConversions(view) ? { without: 'event' } : {};
  const [now, before, ever] = [
    { question: 'totals', period: 'current', ...without } satisfies PanelQuery,
    { question: 'totals', period: 'previous', ...without } satisfies PanelQuery,
    EVER,
  ].map((query) => mergedResult(data.states(query)));
  const isIn = (result: QueryResult | null | undefined, kind: Kind) => !!result && countOf(kind, result) > 0;
  const isNear = (kind: Kind) => isIn(now, kind) || isIn(before, kind);
  // A report has no server to ask.
  const is_open = api !== null && !!now && !(isNear('events') && isNear('emails'));
  useEffect(() => (is_open ? activate(EVER) : undefined), [is_open]);
  const has = (kind: Kind) => isNear(kind) || (api !== null && isIn(ever, kind)) || isAskedFor(view, kind);
  return { events: has('events'), emails: has('emails') };
}

function countOf(kind: Kind, totals: QueryResult): number {
  const [opens, opens_at_most] = totalRange(totals, 'opens');
  const clicks = total(totals, 'clicks');
  if (kind === 'emails') return opens_at_most + clicks;
  return total(totals, 'hits') - total(totals, 'views') - opens - clicks;
}

function isAskedFor({ conditions }: View, kind: Kind): boolean {
  const asked = conditions.filter(({ column }) => column === 'event');
  const isEmail = ({ op, values }: { op: string; values: string[] }) => op === 'is' && values.some((value) => EMAIL_EVENTS.includes(value));
  return asked.some((condition) => isEmail(condition) === (kind === 'emails'));
}
