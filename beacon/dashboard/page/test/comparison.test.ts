import { expect, test } from 'vitest';
import { comparedBins, comparedSpan } from '../src/comparison';
import { binsIn, spanOf, type Comparison, type Interval, type Period, type Preset, type Span } from '../src/period';

const BERLIN = 'Europe/Berlin';
const NOW = '2026-11-21T10:20:00Z';
const at = (iso: string) => Date.parse(iso);
const span = (from: string, to: string): Span => ({ from_ms: at(from), to_ms: at(to) });
const preset = (name: Preset): Period => ({ kind: 'preset', preset: name });
const days = (from: string, to: string): Period => ({ kind: 'days', from, to });

function compared(period: Period, compare: Comparison, now = NOW, zone = BERLIN): Span | null {
  const now_ms = at(now);
  return comparedSpan(period, compare, zone, now_ms, spanOf(period, zone, now_ms));
}

test.each([
  // As many days before; of the last one as much as has passed today, to the next quarter.
  [preset('7d'), '2026-11-07T23:00Z', '2026-11-14T10:30Z'],
  [preset('today'), '2026-11-19T23:00Z', '2026-11-20T10:30Z'],
  [preset('yesterday'), '2026-11-18T23:00Z', '2026-11-19T23:00Z'],
  // Over a clock change the time of day stays.
  [preset('30d'), '2026-09-22T22:00Z', '2026-10-22T09:30Z'],
  [preset('month'), '2026-09-30T22:00Z', '2026-10-21T09:30Z'],
  [preset('last-month'), '2026-08-31T22:00Z', '2026-09-30T22:00Z'],
  [preset('year'), '2024-12-31T23:00Z', '2025-11-21T10:30Z'],
  [preset('12m'), '2024-11-30T23:00Z', '2025-11-21T10:30Z'],
  [days('2026-11-01', '2026-11-07'), '2026-10-24T22:00Z', '2026-10-31T23:00Z'],
  // A month of one's own choice has as many days before.
  [days('2026-10-01', '2026-10-31'), '2026-08-30T22:00Z', '2026-09-30T22:00Z'],
  [{ kind: 'instants', ...span('2026-11-20T10:00Z', '2026-11-20T11:00Z') }, '2026-11-20T09:00Z', '2026-11-20T10:00Z'],
] as [Period, string, string][])('before %j in Berlin comes %s to %s', (period, from, to) => {
  expect(compared(period, 'before')).toEqual(span(from, to));
});

test.each([
  [preset('7d'), '2025-11-14T23:00Z', '2025-11-21T10:30Z'],
  [preset('last-month'), '2025-09-30T22:00Z', '2025-10-31T23:00Z'],
  [preset('12m'), '2024-11-30T23:00Z', '2025-11-21T10:30Z'],
  // From winter time to summer time.
  [days('2026-03-29', '2026-03-30'), '2025-03-28T23:00Z', '2025-03-30T22:00Z'],
  // 29 February becomes 28.
  [days('2024-02-29', '2024-02-29'), '2023-02-27T23:00Z', '2023-02-28T23:00Z'],
  [days('2024-02-27', '2024-03-02'), '2023-02-26T23:00Z', '2023-03-02T23:00Z'],
  [{ kind: 'instants', ...span('2024-02-29T10:00Z', '2024-02-29T11:00Z') }, '2023-02-28T10:00Z', '2023-02-28T11:00Z'],
] as [Period, string, string][])('a year before %j in Berlin is %s to %s', (period, from, to) => {
  expect(compared(period, 'year')).toEqual(span(from, to));
});

test('where the month before is shorter, its last day stands for the days that it lacks', () => {
  expect(compared(preset('month'), 'before', '2027-03-31T10:20:00Z', 'UTC')).toEqual(span('2027-02-01T00:00Z', '2027-02-28T10:30Z'));
  expect(compared(preset('month'), 'before', '2027-03-30T23:50:00Z', 'UTC')).toEqual(span('2027-02-01T00:00Z', '2027-03-01T00:00Z'));
  expect(compared(preset('year'), 'before', '2028-02-29T10:20:00Z', 'UTC')).toEqual(span('2027-01-01T00:00Z', '2027-02-28T10:30Z'));
});

test('nothing, and nothing before all time', () => {
  expect(compared(preset('7d'), 'none')).toBeNull();
  expect(compared(preset('all'), 'before')).toBeNull();
  expect(compared(preset('all'), 'year')).toBeNull();
});

test('the compared period never overlaps the period', () => {
  for (const hour of Array.from({ length: 26 }, (_, index) => index)) {
    // The day after the clocks went back, which is an hour shorter than the one before.
    const now = new Date(at('2026-10-25T22:00Z') + hour * 3_600_000).toISOString();
    const before = compared(preset('today'), 'before', now)!;
    expect(before.to_ms).toBeLessThanOrEqual(spanOf(preset('today'), BERLIN, at(now)).from_ms);
    expect(before.from_ms).toBeLessThan(before.to_ms);
  }
});

function parts(period: Period, compare: Comparison, interval: Interval, now = NOW, zone = BERLIN): Span[] {
  const bins = binsIn(spanOf(period, zone, at(now)), interval, zone);
  return comparedBins(bins, compared(period, compare, now, zone)!, period, compare, zone);
}

test.each([
  ['7d', 'before', 'day'],
  ['7d', 'before', 'hour'],
  ['30d', 'before', 'week'],
  ['today', 'year', 'hour'],
  ['month', 'before', 'day'],
  ['year', 'before', 'day'],
  ['12m', 'year', 'month'],
  ['90d', 'year', 'day'],
] as [Preset, Comparison, Interval][])('the parts of %s, compared with %s, leave no gap by %s', (name, compare, interval) => {
  const whole = compared(preset(name), compare)!;
  const found = parts(preset(name), compare, interval);
  expect(found[0]!.from_ms).toBe(whole.from_ms);
  expect(found.at(-1)!.to_ms).toBe(whole.to_ms);
  found.slice(1).forEach((part, index) => expect(part.from_ms).toBe(found[index]!.to_ms));
  for (const part of found) expect(part.from_ms).toBeLessThanOrEqual(part.to_ms);
});

test('the same days stand beside each other', () => {
  // The last day is compared up to the same time of day.
  expect(parts(preset('7d'), 'before', 'day').slice(-2)).toEqual([
    span('2026-11-12T23:00Z', '2026-11-13T23:00Z'),
    span('2026-11-13T23:00Z', '2026-11-14T10:30Z'),
  ]);
  // A week of one day beside one day, whatever its weekday.
  expect(parts(preset('7d'), 'before', 'week')[0]).toEqual(span('2026-11-07T23:00Z', '2026-11-08T23:00Z'));
  expect(parts(preset('12m'), 'before', 'month')[2]).toEqual(span('2025-01-31T23:00Z', '2025-02-28T23:00Z'));
  const hours = parts(preset('today'), 'before', 'hour');
  expect(hours[0]).toEqual(span('2026-11-19T23:00Z', '2026-11-20T00:00Z'));
  // What is still to come has nothing beside it.
  expect(hours.at(-1)).toEqual(span('2026-11-20T10:30Z', '2026-11-20T10:30Z'));
});

test('days that the month before lacks have nothing beside them', () => {
  const found = parts(preset('month'), 'before', 'day', '2027-03-31T10:20:00Z', 'UTC');
  expect(found[27]).toEqual(span('2027-02-28T00:00Z', '2027-02-28T10:30Z'));
  for (const part of found.slice(28)) expect(part).toEqual(span('2027-02-28T10:30Z', '2027-02-28T10:30Z'));
});
