// Periods: which stretch of time is looked at, what came before it, and the bars it is drawn in.

import { addDays, addMonths, dayStart, nextHour, QUARTER_MS, startOfDay, wallAt } from './zone';

export const PRESETS = ['today', '7d', '30d', '90d', '12m'] as const;
export type Preset = (typeof PRESETS)[number];

export type Period =
  | { kind: 'preset'; preset: Preset }
  /** Both days included, `yyyy-mm-dd`. */
  | { kind: 'days'; from: string; to: string }
  | { kind: 'instants'; from_ms: number; to_ms: number };

export const DEFAULT_PERIOD: Period = { kind: 'preset', preset: '7d' };

/** From the first instant to the one after the last. */
export interface Span {
  from_ms: number;
  to_ms: number;
}

export const BARS = ['quarter', 'hour', 'day', 'month'] as const;
export type Bars = (typeof BARS)[number];

/** More bars than this can't be told apart; a wider period takes wider bars. */
export const MOST_BARS = 800;

const PRESET_DAYS: Record<Exclude<Preset, '12m'>, number> = { today: 1, '7d': 7, '30d': 30, '90d': 90 };

/** A preset ends with today, which is still going on. */
export function spanOf(period: Period, zone: string, now_ms: number): Span {
  if (period.kind === 'instants') return { from_ms: period.from_ms, to_ms: period.to_ms };
  if (period.kind === 'days') {
    const [year, month, day] = parseDay(period.to);
    return { from_ms: dayStart(zone, ...parseDay(period.from)), to_ms: dayStart(zone, year, month, day + 1) };
  }
  const to_ms = addDays(zone, now_ms, 1);
  if (period.preset !== '12m') return { from_ms: addDays(zone, now_ms, 1 - PRESET_DAYS[period.preset]), to_ms };
  const { year, month, day } = wallAt(zone, now_ms);
  // A day that the month a year ago lacks (29 February) is the next one's first.
  return { from_ms: dayStart(zone, year - 1, month, day + 1), to_ms };
}

/**
 * As long a stretch right before. Of a period that is still going on, only as much as has passed of it is compared,
 * up to the next quarter of an hour, so that a morning isn't held against a whole day.
 */
export function spanBefore(period: Period, zone: string, now_ms: number): Span {
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

export function daysBetween(zone: string, span: Span): number {
  const [from, to] = [wallAt(zone, span.from_ms), wallAt(zone, span.to_ms)];
  return (Date.UTC(to.year, to.month - 1, to.day) - Date.UTC(from.year, from.month - 1, from.day)) / 86_400_000;
}

/** The width of bars that shows a span best. */
export function fittingBars(span: Span): Bars {
  const hours = (span.to_ms - span.from_ms) / 3_600_000;
  if (hours <= 4) return 'quarter';
  if (hours <= 49) return 'hour';
  if (hours <= 24 * 185) return 'day';
  return 'month';
}

/** The widths a reader may choose from: those that make more than one bar. */
export function possibleBars(span: Span): Bars[] {
  const hours = (span.to_ms - span.from_ms) / 3_600_000;
  const counts: Record<Bars, number> = { quarter: hours * 4, hour: hours, day: hours / 24, month: hours / 24 / 30 };
  const possible = BARS.filter((bars) => counts[bars] <= MOST_BARS && counts[bars] > 1.5 && bars !== 'quarter');
  return possible.length > 0 ? possible : [fittingBars(span)];
}

/** The bars of a span, without a gap; the first and the last may be cut by the span. */
export function binsOf(span: Span, bars: Bars, zone: string): Span[] {
  const bins: Span[] = [];
  let from_ms = span.from_ms;
  while (from_ms < span.to_ms) {
    const to_ms = Math.min(nextBin(from_ms, bars, zone), span.to_ms);
    bins.push({ from_ms, to_ms });
    from_ms = to_ms;
  }
  return bins;
}

function nextBin(at_ms: number, bars: Bars, zone: string): number {
  switch (bars) {
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
 * Counts of quarters, summed into bars; `quarters` in any order. What is counted of a quarter that the first bar begins
 * within lies in that bar.
 */
export function sumIntoBins(bins: Span[], quarters: { at_ms: number; views: number }[]): number[] {
  const sums = bins.map(() => 0);
  const first_ms = bins[0]?.from_ms ?? 0;
  for (const quarter of quarters) {
    const holds_first = quarter.at_ms < first_ms && first_ms < quarter.at_ms + QUARTER_MS;
    const index = binAt(bins, holds_first ? first_ms : quarter.at_ms);
    if (index !== undefined) sums[index]! += quarter.views;
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

/** The period that a click on a bar leads to; none narrower than an hour. */
export function periodOfBin(bin: Span, bars: Bars, zone: string): Period | undefined {
  if (bars === 'quarter') return undefined;
  if (bars === 'hour') return { kind: 'instants', ...bin };
  return { kind: 'days', from: dayText(zone, bin.from_ms), to: dayText(zone, bin.to_ms - 1) };
}

/** The day that a zone shows at an instant, as `yyyy-mm-dd`. */
export function dayText(zone: string, at_ms: number): string {
  const { year, month, day } = wallAt(zone, at_ms);
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

/** Whether a text is a day of the calendar, from 2000 to 2199. */
export function isDay(text: string): boolean {
  const found = /^(2[01]\d\d)-(\d\d)-(\d\d)$/.exec(text);
  if (found === null) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
}

function parseDay(text: string): [number, number, number] {
  const [year, month, day] = text.split('-').map(Number);
  return [year!, month!, day!];
}

/** A question's answer has at most 10,000 rows, and so many quarters of an hour are 104 days. */
export const SLICE_MS = 100 * 86_400_000;

export function slices(span: Span): Span[] {
  const found: Span[] = [];
  for (let from_ms = span.from_ms; from_ms < span.to_ms; from_ms += SLICE_MS) {
    found.push({ from_ms, to_ms: Math.min(from_ms + SLICE_MS, span.to_ms) });
  }
  return found;
}
