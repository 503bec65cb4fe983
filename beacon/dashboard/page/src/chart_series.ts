// The numbers of the chart: per bar, of the period and of what it is compared with.

import type { QueryResult } from './api';
import { comparedBins } from './comparison';
import { parseTimestamp } from './format';
import { sumIntoBins, type Span } from './period';
import { cellReader } from './pivot';
import type { Metric, View } from './view';

/** The numbers of one bar. */
export interface BarCounts {
  value: number;
  /** The upper bound of a range that begins with the value. */
  most: number;
  /** The number of the compared period; null where nothing stands beside the bar. */
  before: number | null;
}

/** The columns of the results that a metric's bars add up. */
const COLUMNS: Record<Metric, string> = {
  visitors: 'visitors',
  visits: 'visits',
  views: 'views',
  opens: 'opens',
  conversions: 'views',
};

/** Adds up quarters of an hour into bars. `earlier` are those of the compared span; null without one. */
export function chartSeries(
  bins: Span[],
  metric: Metric,
  result: QueryResult,
  compared: { result: QueryResult; span: Span } | null,
  { period, compare, zone }: View,
): BarCounts[] {
  const column = COLUMNS[metric];
  const values = sums(bins, result, column);
  const most = sums(bins, result, `${column}_at_most`);
  const parts = compared === null ? [] : comparedBins(bins, compared.span, period, compare, zone);
  const before = compared === null ? [] : sums(parts, compared.result, column);
  return bins.map((_, index) => {
    const part = parts[index];
    return {
      value: values[index]!,
      most: Math.max(values[index]!, most[index]!),
      before: part === undefined || part.from_ms >= part.to_ms ? null : before[index]!,
    };
  });
}

/** Returns the sums of a column; zeros where the result lacks it. */
function sums(bins: Span[], result: QueryResult, column: string): number[] {
  const read = cellReader(result);
  const quarter = result.columns?.find(({ type }) => type === 'timestamp')?.name ?? 'quarter';
  const quarters = (result.rows ?? []).map((row) => ({
    at_ms: parseTimestamp(String(read(row, quarter))) ?? Number.NaN,
    count: Number(read(row, column) ?? 0),
  }));
  return sumIntoBins(bins, quarters);
}
