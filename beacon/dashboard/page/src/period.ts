// Periods: the shown span of time, steps to the one before and after, and the intervals of the chart's bars.

import { addDays, addMonths, daysInMonth, dayStart, nextHour, QUARTER_MS, startOfDay, localTimeAt } from './zone';

export const PRESETS = [
  'today',
  'yesterday',
  '7d',
  '30d',
  '90d',
  'month',
  'last-month',
  'year',
  '12m',
  'all',
] as const;
export type Preset = (typeof PRESETS)[number];

export type Period =
  | { kind: 'preset'; preset: Preset }
  /** First and last day, both inclusive, as `yyyy-mm-dd`. */
  | { kind: 'days'; from: string; to: string }
  | { kind: 'instants'; from_ms: number; to_ms: number };

export const DEFAULT_PERIOD: Period = { kind: 'preset', preset: '7d' };

/** The comparison of a period: with the one before, the same dates a year earlier, or nothing. */
export const COMPARISONS = ['before', 'year', 'none'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** A half-open range of instants: `to_ms` is exclusive. */
export interface Span {
  from_ms: number;
  to_ms: number;
}

export const INTERVALS = ['quarter', 'hour', 'day', 'week', 'month'] as const;
export type Interval = (typeof INTERVALS)[number];

/** More bars would be indistinguishable; a longer period uses a longer interval. */
export const MAX_BARS = 800;

/** No beacon has counted before: "All time" looks for the first hit from here on. */
export const ORIGIN_MS = Date.UTC(2020, 0, 1);

const PRESET_DAYS: Partial<Record<Preset, number>> = { today: 1, '7d': 7, '30d': 30, '90d': 90 };
const PRESET_MONTHS: Partial<Record<Preset, number>> = { month: 1, 'last-month': 1, year: 12, '12m': 12 };

/**
 * Returns the span of a period. A preset ends with today, which isn't over yet, unless its name says otherwise. "All
 * time" begins with the day of `first_ms`, the first hit.
 */
export function spanOf(period: Period, zone: string, now_ms: number, first_ms: number | null = null): Span {
  if (period.kind === 'instants') return { from_ms: period.from_ms, to_ms: period.to_ms };
  if (period.kind === 'days') {
    const [year, month, day] = parseDay(period.to);
    return { from_ms: dayStart(zone, ...parseDay(period.from)), to_ms: dayStart(zone, year, month, day + 1) };
  }
  const to_ms = addDays(zone, now_ms, 1);
  switch (period.preset) {
    case 'yesterday':
      return { from_ms: addDays(zone, now_ms, -1), to_ms: startOfDay(zone, now_ms) };
    case 'month':
      return { from_ms: addMonths(zone, now_ms, 0), to_ms };
    case 'last-month':
      return { from_ms: addMonths(zone, now_ms, -1), to_ms: addMonths(zone, now_ms, 0) };
    case 'year':
      return { from_ms: dayStart(zone, localTimeAt(zone, now_ms).year, 1, 1), to_ms };
    case '12m':
      return { from_ms: addMonths(zone, now_ms, -11), to_ms };
    case 'all':
      return { from_ms: startOfDay(zone, Math.min(first_ms ?? now_ms, now_ms)), to_ms };
    default:
      return { from_ms: addDays(zone, now_ms, 1 - PRESET_DAYS[period.preset]!), to_ms };
  }
}

/** Returns the number of calendar days between the ends of a span. */
export function daysBetween(zone: string, span: Span): number {
  const [from, to] = [localTimeAt(zone, span.from_ms), localTimeAt(zone, span.to_ms)];
  return (Date.UTC(to.year, to.month - 1, to.day) - Date.UTC(from.year, from.month - 1, from.day)) / 86_400_000;
}

/** Returns the number of months that a period is made of, or null if it is made of days. */
export function monthsOf(period: Period): number | null {
  if (period.kind === 'preset') return PRESET_MONTHS[period.preset] ?? null;
  if (period.kind === 'instants') return null;
  const [from_year, from_month, from_day] = parseDay(period.from);
  const [year, month, day] = parseDay(period.to);
  if (from_day !== 1 || day !== daysInMonth(year, month)) return null;
  return (year - from_year) * 12 + (month - from_month) + 1;
}

/**
 * Returns the period that lies `steps` times its own length later, or earlier if that is negative; null where there is
 * none: "All time" has no neighbours, and nothing begins after now.
 */
export function steppedPeriod(period: Period, steps: number, zone: string, now_ms: number): Period | null {
  if (period.kind === 'preset' && period.preset === 'all') return null;
  const span = spanOf(period, zone, now_ms);
  if (period.kind === 'instants') {
    const shift_ms = steps * (span.to_ms - span.from_ms);
    if (span.from_ms + shift_ms > now_ms) return null;
    return { kind: 'instants', from_ms: span.from_ms + shift_ms, to_ms: span.to_ms + shift_ms };
  }
  const months = monthsOf(period);
  const days = daysBetween(zone, span);
  const from_ms =
    months === null ? addDays(zone, span.from_ms, steps * days) : addMonths(zone, span.from_ms, steps * months);
  if (from_ms > now_ms) return null;
  const to_ms = months === null ? addDays(zone, from_ms, days) : addMonths(zone, from_ms, months);
  const stepped: Period = { kind: 'days', from: isoDay(zone, from_ms), to: isoDay(zone, to_ms - 1) };
  // A step further must have the same length: on the 1st, this month is today, but steps by months.
  const isAlike = (name: Preset) => name !== 'all' && (PRESET_MONTHS[name] ?? null) === months;
  const preset = PRESETS.find((name) => isAlike(name) && isSameUntilNow(name, { from_ms, to_ms }, zone, now_ms));
  return preset === undefined ? stepped : { kind: 'preset', preset };
}

/** Returns true if a preset is the span, or all of it up to today. */
function isSameUntilNow(preset: Preset, span: Span, zone: string, now_ms: number): boolean {
  const known = spanOf({ kind: 'preset', preset }, zone, now_ms);
  const end_ms = Math.min(span.to_ms, addDays(zone, now_ms, 1));
  return known.from_ms === span.from_ms && known.to_ms === end_ms;
}

/** Returns the interval that suits a span best. */
export function defaultInterval(span: Span): Interval {
  const hours = (span.to_ms - span.from_ms) / 3_600_000;
  if (hours <= 4) return 'quarter';
  if (hours <= 49) return 'hour';
  if (hours <= 24 * 185) return 'day';
  return 'month';
}

/** The intervals to choose from; a quarter of an hour is only what the shortest periods begin with. */
export const CHOSEN_INTERVALS = ['hour', 'day', 'week', 'month'] as const;

/** Returns those of the intervals to choose from that don't make too many bars. */
export function availableIntervals(span: Span): Interval[] {
  const hours = (span.to_ms - span.from_ms) / 3_600_000;
  return CHOSEN_INTERVALS.filter((interval) => interval !== 'hour' || hours <= MAX_BARS);
}

/** The first day of a week, from 1 for Monday to 7 for Sunday. */
const MONDAY = 1;

/**
 * Splits a span into bins without gaps; the span may cut the first and the last. `first_weekday` is that of weeks, from
 * 1 for Monday to 7 for Sunday.
 */
export function binsIn(span: Span, interval: Interval, zone: string, first_weekday = MONDAY): Span[] {
  const bins: Span[] = [];
  let from_ms = span.from_ms;
  while (from_ms < span.to_ms) {
    const to_ms = Math.min(nextBin(from_ms, interval, zone, first_weekday), span.to_ms);
    bins.push({ from_ms, to_ms });
    from_ms = to_ms;
  }
  return bins;
}

function nextBin(at_ms: number, interval: Interval, zone: string, first_weekday: number): number {
  switch (interval) {
    case 'quarter':
      return (Math.floor(at_ms / QUARTER_MS) + 1) * QUARTER_MS;
    case 'hour':
      return nextHour(zone, at_ms);
    case 'day':
      return addDays(zone, at_ms, 1);
    case 'week': {
      const { year, month, day } = localTimeAt(zone, at_ms);
      const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
      return addDays(zone, at_ms, 7 - ((weekday - first_weekday + 7) % 7));
    }
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

/** Returns the first weekday of the reader's locale, from 1 for Monday to 7 for Sunday; Monday where browsers don't know. */
export function firstWeekday(locale: string | undefined): number {
  if (locale === undefined) return MONDAY;
  type WeekLocale = Intl.Locale & { getWeekInfo?: () => { firstDay: number } };
  try {
    return (new Intl.Locale(locale) as WeekLocale).getWeekInfo?.().firstDay ?? MONDAY;
  } catch {
    // The browser's language is no locale.
    return MONDAY;
  }
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

/** Returns year, month and day of a calendar day `yyyy-mm-dd`. */
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
