// Periods: the shown span of time, the previous one, and the intervals of the chart's bars.

import { addDays, addMonths, dayStart, nextHour, QUARTER_MS, startOfDay, localTimeAt } from './zone';

export const PRESETS = ['today', '7d', '30d', '90d', '12m'] as const;
export type Preset = (typeof PRESETS)[number];

export type Period =
  | { kind: 'preset'; preset: Preset }
  /** First and last day, both inclusive, as `yyyy-mm-dd`. */
  | { kind: 'days'; from: string; to: string }
  | { kind: 'instants'; from_ms: number; to_ms: number };

export const DEFAULT_PERIOD: Period = { kind: 'preset', preset: '7d' };

/** A half-open range of instants: `to_ms` is exclusive. */
export interface Span {
  from_ms: number;
  to_ms: number;
}

export const INTERVALS = ['quarter', 'hour', 'day', 'month'] as const;
export type Interval = (typeof INTERVALS)[number];

/** More bars would be indistinguishable; a longer period uses a longer interval. */
export const MAX_BARS = 800;

const PRESET_DAYS: Record<Exclude<Preset, '12m'>, number> = { today: 1, '7d': 7, '30d': 30, '90d': 90 };

/** Returns the span of a period. A preset ends with today, which isn't over yet. */
export function spanOf(period: Period, zone: string, now_ms: number): Span {
  if (period.kind === 'instants') return { from_ms: period.from_ms, to_ms: period.to_ms };
  if (period.kind === 'days') {
    const [year, month, day] = parseDay(period.to);
    return { from_ms: dayStart(zone, ...parseDay(period.from)), to_ms: dayStart(zone, year, month, day + 1) };
  }
  const to_ms = addDays(zone, now_ms, 1);
  if (period.preset !== '12m') return { from_ms: addDays(zone, now_ms, 1 - PRESET_DAYS[period.preset]), to_ms };
  const { year, month, day } = localTimeAt(zone, now_ms);
  // 29 February becomes 1 March of the year before.
  return { from_ms: dayStart(zone, year - 1, month, day + 1), to_ms };
}

/**
 * Returns the equally long span right before. An unfinished period is compared up to the same time of day, rounded up
 * to the next quarter of an hour, so that a morning isn't compared with a whole day.
 */
export function previousSpan(period: Period, zone: string, now_ms: number): Span {
  const span = spanOf(period, zone, now_ms);
  const next_quarter_ms = Math.ceil(now_ms / QUARTER_MS) * QUARTER_MS;
  const passed_to_ms = Math.max(span.from_ms + QUARTER_MS, Math.min(span.to_ms, next_quarter_ms));
  if (period.kind === 'instants') {
    const length_ms = span.to_ms - span.from_ms;
    return { from_ms: span.from_ms - length_ms, to_ms: passed_to_ms - length_ms };
  }
  const days = daysBetween(zone, span);
  const from_ms = addDays(zone, span.from_ms, -days);
  if (passed_to_ms === span.to_ms) return { from_ms, to_ms: span.from_ms };
  const into_day_ms = passed_to_ms - startOfDay(zone, passed_to_ms);
  return { from_ms, to_ms: Math.min(addDays(zone, passed_to_ms, -days) + into_day_ms, span.from_ms) };
}

/** Returns the number of calendar days between the ends of a span. */
export function daysBetween(zone: string, span: Span): number {
  const [from, to] = [localTimeAt(zone, span.from_ms), localTimeAt(zone, span.to_ms)];
  return (Date.UTC(to.year, to.month - 1, to.day) - Date.UTC(from.year, from.month - 1, from.day)) / 86_400_000;
}

/** Returns the interval that suits a span best. */
export function defaultInterval(span: Span): Interval {
  const hours = (span.to_ms - span.from_ms) / 3_600_000;
  if (hours <= 4) return 'quarter';
  if (hours <= 49) return 'hour';
  if (hours <= 24 * 185) return 'day';
  return 'month';
}

/** Returns the intervals to choose from: those that make more than one bar. */
export function availableIntervals(span: Span): Interval[] {
  const hours = (span.to_ms - span.from_ms) / 3_600_000;
  const counts: Record<Interval, number> = { quarter: hours * 4, hour: hours, day: hours / 24, month: hours / 24 / 30 };
  const possible = INTERVALS.filter((interval) => counts[interval] <= MAX_BARS && counts[interval] > 1.5 && interval !== 'quarter');
  return possible.length > 0 ? possible : [defaultInterval(span)];
}

/** Splits a span into bins without gaps; the span may cut the first and the last. */
export function binsIn(span: Span, interval: Interval, zone: string): Span[] {
  const bins: Span[] = [];
  let from_ms = span.from_ms;
  while (from_ms < span.to_ms) {
    const to_ms = Math.min(nextBin(from_ms, interval, zone), span.to_ms);
    bins.push({ from_ms, to_ms });
    from_ms = to_ms;
  }
  return bins;
}

function nextBin(at_ms: number, interval: Interval, zone: string): number {
  switch (interval) {
    case 'quarter':
      return (Math.floor(at_ms / QUARTER_MS) + 1) * QUARTER_MS;
    case 'hour':
      return nextHour(zone, at_ms);
    case 'day':
      return addDays(zone, at_ms, 1);
    case 'month':
      return addMonths(zone, at_ms, 1);
  }
}

/**
 * Sums counts per quarter of an hour into bins; `quarters` may be in any order. A quarter that the first bin begins
 * within belongs to that bin.
 */
export function sumIntoBins(bins: Span[], quarters: { at_ms: number; count: number }[]): number[] {
  const sums = bins.map(() => 0);
  const first_ms = bins[0]?.from_ms ?? 0;
  for (const quarter of quarters) {
    const holds_first = quarter.at_ms < first_ms && first_ms < quarter.at_ms + QUARTER_MS;
    const index = binAt(bins, holds_first ? first_ms : quarter.at_ms);
    if (index !== undefined) sums[index]! += quarter.count;
  }
  return sums;
}

function binAt(bins: Span[], at_ms: number): number | undefined {
  let [low, high] = [0, bins.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const bin = bins[middle]!;
    if (at_ms < bin.from_ms) high = middle - 1;
    else if (at_ms >= bin.to_ms) low = middle + 1;
    else return middle;
  }
  return undefined;
}

/** Returns the period that a click on a bar selects; undefined for bars shorter than an hour. */
export function periodOfBin(bin: Span, interval: Interval, zone: string): Period | undefined {
  if (interval === 'quarter') return undefined;
  if (interval === 'hour') return { kind: 'instants', ...bin };
  return { kind: 'days', from: isoDay(zone, bin.from_ms), to: isoDay(zone, bin.to_ms - 1) };
}

/** Formats the day of an instant in a zone as `yyyy-mm-dd`. */
export function isoDay(zone: string, at_ms: number): string {
  const { year, month, day } = localTimeAt(zone, at_ms);
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

/** Returns true for a valid calendar day `yyyy-mm-dd` from 2000 to 2199. */
export function isCalendarDay(text: string): boolean {
  const found = /^(2[01]\d\d)-(\d\d)-(\d\d)$/.exec(text);
  if (found === null) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
}

function parseDay(text: string): [number, number, number] {
  const [year, month, day] = text.split('-').map(Number);
  return [year!, month!, day!];
}

/** A result has at most 10,000 rows, which is 104 days of quarters of an hour. */
export const CHUNK_MS = 100 * 86_400_000;

/** Splits a span into chunks, each of which fits into one result. */
export function queryChunks(span: Span): Span[] {
  const chunks: Span[] = [];
  for (let from_ms = span.from_ms; from_ms < span.to_ms; from_ms += CHUNK_MS) {
    chunks.push({ from_ms, to_ms: Math.min(from_ms + CHUNK_MS, span.to_ms) });
  }
  return chunks;
}
