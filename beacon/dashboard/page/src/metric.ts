// The metric that the chart draws.

import { total } from './count_columns';
import type { DataSource } from './data_source';
import { mergedResult } from './merged_result';
import type { Metric, View } from './view';

/** Returns the chosen metric; without one, visitors, or views where no hit has a visitor. */
export function metricOf({ view, data }: { view: View; data: DataSource }): Metric {
  const totals = mergedResult(data.states({ question: 'totals', period: 'current' }));
  if (totals === null) return view.metric ?? 'visitors';
  const has_visitors = (totals.columns ?? []).some(({ name }) => name === 'visitors');
  if (!has_visitors) return 'views';
  return view.metric ?? (total(totals, 'visitors') > 0 || total(totals, 'views') === 0 ? 'visitors' : 'views');
}
