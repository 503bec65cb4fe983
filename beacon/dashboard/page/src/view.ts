// The view that the dashboard shows: a period, what it is compared with, filters and a time zone.

import type { Comparison, Interval, Period } from './period';

export interface View {
  period: Period;
  compare: Comparison;
  /** A host; null for all sites. */
  site: string | null;
  /** One for each column and operator. */
  conditions: Condition[];
  /** The interval of the chart's bars; null for the one that suits the period. */
  interval: Interval | null;
  /** The metric of the chart; null for the one that suits the data. */
  metric: Metric | null;
  /** An IANA name. */
  zone: string;
}

export const METRICS = ['visitors', 'visits', 'views', 'opens', 'conversions'] as const;
export type Metric = (typeof METRICS)[number];

export const OPERATORS = ['is', 'is_not', 'contains', 'starts_with', 'is_empty', 'is_not_empty'] as const;
export type Operator = (typeof OPERATORS)[number];

/** A column and what its value must be; any of the values, and none of them for `is_not`. */
export interface Condition {
  column: string;
  op: Operator;
  /** Empty for `is_empty` and `is_not_empty`. */
  values: string[];
}

/** A column and one of its values; null where it is empty. */
export interface ColumnValue {
  column: string;
  value: string | null;
}
