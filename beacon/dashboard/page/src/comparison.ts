// The span that a period is compared with, and the part of it that stands beside each bar.

import { daysBetween, monthsOf, type Comparison, type Period, type Span } from './period';
import { addDays, dayStart, daysInMonth, localTimeAt, QUARTER_MS, startOfDay } from './zone';

/** How far back the compared dates lie. */
type Distance = { days: number } | { months: number };

/**
 * Returns the span that a period is compared with; null if it is compared with nothing. An unfinished period is compared
 * up to the same time of day, rounded up to the next quarter of an hour, so that a morning isn't compared with a whole
 * day. Months are compared with months; where the earlier one is shorter, up to its last day.
 */
export function comparedSpan(period: Period, compare: Comparison, zone: string, now_ms: number, span: Span): Span | null {
  const is_all = period.kind === 'preset' && period.preset === 'all';
  if (compare === 'none' || is_all) return null;
  const next_quarter_ms = Math.ceil(now_ms / QUARTER_MS) * QUARTER_MS;
  const passed_to_ms = Math.max(span.from_ms + QUARTER_MS, Math.min(span.to_ms, next_quarter_ms));
  if (period.kind === 'instants' && compare === 'before') {
    const length_ms = span.to_ms - span.from_ms;
    return { from_ms: span.from_ms - length_ms, to_ms: passed_to_ms - length_ms };
  }
  const distance = distanceOf(period, compare, zone, span);
  const from_ms = earlierInstant(zone, span.from_ms, distance);
  const is_last_month = period.kind === 'preset' && period.preset === 'last-month';
  // A whole month, whatever its length.
  if (compare === 'before' && is_last_month) return { from_ms, to_ms: span.from_ms };
  const to_ms = earlierEnd(zone, passed_to_ms, distance);
  // A day before a change of the clocks may be shorter; the period itself is no part of what it is compared with.
  return { from_ms, to_ms: compare === 'before' ? Math.min(to_ms, span.from_ms) : to_ms };
}

/**
 * Returns the part of the compared span that stands beside each bin of the period: the same days of it. The parts leave
 * no gap, so they add up to the span; a day that the earlier month lacks has an empty part.
 */
export function comparedBins(bins: Span[], compared: Span, period: Period, compare: Comparison, zone: string): Span[] {
  const [first, last] = [bins[0], bins.at(-1)];
  if (first === undefined || last === undefined) return [];
  const distance = distanceOf(period, compare, zone, { from_ms: first.from_ms, to_ms: last.to_ms });
  const within = (at_ms: number) => Math.max(compared.from_ms, Math.min(at_ms, compared.to_ms));
  const edges = bins.map(({ from_ms }) => {
    if (period.kind === 'instants' && compare === 'before') return within(from_ms - (last.to_ms - first.from_ms));
    return within(earlierEdge(zone, from_ms, distance));
  });
  edges[0] = compared.from_ms;
  return edges.map((from_ms, index) => ({ from_ms, to_ms: edges[index + 1] ?? compared.to_ms }));
}

function distanceOf(period: Period, compare: Comparison, zone: string, span: Span): Distance {
  if (compare === 'year') return { months: 12 };
  const months = period.kind === 'preset' ? monthsOf(period) : null;
  return months === null ? { days: daysBetween(zone, span) } : { months };
}

/** Returns the same time of day on the earlier date; the last day of a month stands for days that it lacks. */
function earlierInstant(zone: string, at_ms: number, distance: Distance): number {
  const day_ms = earlierDay(zone, at_ms, distance);
  return Math.min(day_ms + (at_ms - startOfDay(zone, at_ms)), addDays(zone, day_ms, 1));
}

/** Returns the end of the earlier span, which includes the earlier of the last day that the span includes. */
function earlierEnd(zone: string, to_ms: number, distance: Distance): number {
  const last_day_ms = startOfDay(zone, to_ms - 1);
  const day_ms = earlierDay(zone, last_day_ms, distance);
  const next_day_ms = addDays(zone, day_ms, 1);
  const is_whole_day = to_ms === addDays(zone, last_day_ms, 1);
  return is_whole_day ? next_day_ms : Math.min(day_ms + (to_ms - last_day_ms), next_day_ms);
}

/** Returns the earlier instant between two bins; the end of a month stands for days that it lacks. */
function earlierEdge(zone: string, at_ms: number, distance: Distance): number {
  const { year, month, day } = localTimeAt(zone, at_ms);
  if ('months' in distance) {
    const { last_day, end_ms } = earlierMonth(zone, year, month - distance.months);
    if (day > last_day) return end_ms;
  }
  return earlierInstant(zone, at_ms, distance);
}

function earlierDay(zone: string, at_ms: number, distance: Distance): number {
  if ('days' in distance) return addDays(zone, at_ms, -distance.days);
  const { year, month, day } = localTimeAt(zone, at_ms);
  const { last_day } = earlierMonth(zone, year, month - distance.months);
  return dayStart(zone, year, month - distance.months, Math.min(day, last_day));
}

/** Returns the length of a month, which may be counted beyond its year, and its end. */
function earlierMonth(zone: string, year: number, month: number): { last_day: number; end_ms: number } {
  return { last_day: daysInMonth(year, month), end_ms: dayStart(zone, year, month + 1, 1) };
}
