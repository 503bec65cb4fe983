// The metric that the chart draws.

import type { About } from './api';
import { total, totalRange } from './count_columns';
import type { DataSource } from './data_source';
import { countsConversions } from './filters';
import { mergedResult } from './merged_result';
import { CHART_QUESTIONS, VISIT_TOTALS } from './panel_queries';
import type { Metric, View } from './view';

const METRIC_NAMES: Record<Metric, string> = {
  visitors: 'Visitors',
  visits: 'Visits',
  views: 'Views',
  opens: 'Opens',
  conversions: 'Conversions',
};

/** Returns the name of a metric: with a condition on event, visitors are those who converted. */
export function metricName(view: View, metric: Metric): string {
  return metric === 'visitors' && countsConversions(view) ? 'Converted visitors' : METRIC_NAMES[metric];
}

interface Shown {
  view: View;
  data: DataSource;
  about: About;
}

/** Returns the metrics of the view, in the order of their tiles: the first is drawn unless another one was chosen. */
export function metricsOf({ view, data, about }: Shown): Metric[] {
  const known = new Set(about.questions.map(({ name }) => name));
  const totals = mergedResult(data.states({ question: 'totals', period: 'current' }));
  const without_visitors = totals !== null && total(totals, 'visitors') === 0 && total(totals, 'views') > 0;
  if (countsConversions(view)) return ['conversions', 'visitors'];
  const has_opens = totals !== null && totalRange(totals, 'opens')[1] > 0;
  const has_views = totals === null || total(totals, 'views') > 0;
  const metrics: Metric[] = [];
  if (has_opens && !has_views && known.has(CHART_QUESTIONS.opens)) metrics.push('opens');
  if (without_visitors) metrics.push('views');
  metrics.push('visitors');
  if (known.has(VISIT_TOTALS) && known.has(CHART_QUESTIONS.visits)) metrics.push('visits');
  metrics.push('views');
  if (has_opens && known.has(CHART_QUESTIONS.opens)) metrics.push('opens');
  return [...new Set(metrics)];
}

/** Returns the chosen metric; without one, visitors, views where no hit has a visitor, or opens where there are no views. */
export function metricOf(shown: Shown): Metric {
  const metrics = metricsOf(shown);
  const is_known = mergedResult(shown.data.states({ question: 'totals', period: 'current' })) !== null;
  // Until the totals say whether there are opens, the choice stands.
  if (!is_known && shown.view.metric === 'opens' && !countsConversions(shown.view)) return 'opens';
  return metrics.find((name) => name === shown.view.metric) ?? metrics[0]!;
}
