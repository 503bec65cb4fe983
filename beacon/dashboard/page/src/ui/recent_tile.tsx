// The last 30 minutes, whatever the period.

import { useRef } from 'preact/hooks';
import type { QueryResult } from '../api';
import { total } from '../count_columns';
import { countsConversions } from '../filters';
import { mergedResult } from '../merged_result';
import { recentSpan } from '../moments';
import { useDashboard } from './context';

export function RecentTile() {
  const { data, format, view, about, now_ms } = useDashboard();
  const result = mergedResult(data.states({ question: 'totals', period: 'recent' }));
  // Each minute is another query: the last number stays until the next one is there.
  const scope = JSON.stringify([view.site, view.conditions]);
  const last = useRef<{ scope: string; result: QueryResult } | null>(null);
  if (result !== null) last.current = { scope, result };
  const shown = result ?? (last.current?.scope === scope ? last.current.result : null);
  const [first, second] = countsConversions(view) ? ['conversions', 'converted visitors'] : ['views', 'visitors'];
  const counted = (column: string, plural: string) => {
    const count = total(shown!, column);
    return format.counted(count, count, plural);
  };
  const as_of = about.freshness.live ? null : recentSpan(now_ms, about.freshness).to_ms;
  return (
    <div class="tile recent">
      <span class="tile-name">Last 30 minutes</span>{' '}
      <span class="recent-counts">
        {shown !== null && (
          <>
            {counted('views', first!)}, {counted('visitors', second!)}
          </>
        )}
      </span>
      {as_of !== null && <span class="tile-aside">as of {format.hourAndMinute(as_of)}</span>}
    </div>
  );
}
