// What the dashboard currently shows: a period, filters and a time zone.

import type { AgentClass } from './agents';
import type { Interval, Period } from './period';

export interface View {
  period: Period;
  site: string | null;
  page: string | null;
  /** A filter on a custom column. */
  column: ColumnFilter | null;
  /** Further conditions, each on a different column. */
  filters: Condition[];
  /** The agent classes that count; none for those that count by default. */
  agents: AgentClass[];
  /** The interval of the chart's bars; null for the one that suits the period. */
  interval: Interval | null;
  /** The metric of the chart; null for the one that suits the data. */
  metric: Metric | null;
  /** An IANA name. */
  zone: string;
}

export const METRICS = ['visitors', 'views'] as const;
export type Metric = (typeof METRICS)[number];

export interface ColumnFilter {
  name: string;
  value: string;
}

/** A column and the value that it must have; null requires an empty column. */
export interface Condition {
  column: string;
  value: string | null;
}
