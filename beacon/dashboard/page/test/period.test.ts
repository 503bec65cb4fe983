import { expect, test } from 'vitest';
import {
  binsIn,
  isoDay,
  defaultInterval,
  isCalendarDay,
  periodOfBin,
  availableIntervals,
  queryChunks,
  firstWeekday,
  spanOf,
  steppedPeriod,
  sumIntoBins,
  type Period,
  type Preset,
  type Span,
} from '../src/period';

const at = (iso: string) => Date.parse(iso);
const span = (from: string, to: string): Span => ({ from_ms: at(from), to_ms: at(to) });
const preset = (name: Preset): Period => ({ kind: 'preset', preset: name });
const NOW_MS = at('2026-11-21T10:20:00Z');

test.each([
  ['today', 'Europe/Berlin', '2026-11-20T23:00Z', '2026-11-21T23:00Z'],
  ['7d', 'Europe/Berlin', '2026-11-14T23:00Z', '2026-11-21T23:00Z'],
  ['30d', 'Europe/Berlin', '2026-10-22T22:00Z', '2026-11-21T23:00Z'],
  ['90d', 'America/St_Johns', '2026-08-24T02:30Z', '2026-11-22T03:30Z'],
  ['yesterday', 'Europe/Berlin', '2026-11-19T23:00Z', '2026-11-20T23:00Z'],
  ['month', 'Europe/Berlin', '2026-10-31T23:00Z', '2026-11-21T23:00Z'],
  ['last-month', 'Europe/Berlin', '2026-09-30T22:00Z', '2026-10-31T23:00Z'],
  ['year', 'Europe/Berlin', '2025-12-31T23:00Z', '2026-11-21T23:00Z'],
  // This calendar month and the eleven before.
  ['12m', 'Asia/Kathmandu', '2025-11-30T18:15Z', '2026-11-21T18:15Z'],
] as const)('%s in %s is from %s to %s', (name, zone, from, to) => {
  expect(spanOf(preset(name), zone, NOW_MS)).toEqual(span(from, to));
});

test('a day depends on the time zone', () => {
  const late_ms = at('2026-11-21T20:00:00Z');
  expect(isoDay('Asia/Kathmandu', late_ms)).toBe('2026-11-22');
  expect(isoDay('America/St_Johns', late_ms)).toBe('2026-11-21');
});

test('a custom period includes both its days, whatever their length', () => {
  const period: Period = { kind: 'days', from: '2026-03-28', to: '2026-03-29' };
  expect(spanOf(period, 'Europe/Berlin', NOW_MS)).toEqual(span('2026-03-27T23:00Z', '2026-03-29T22:00Z'));
});

test('all time begins with the day of the first hit', () => {
  const first_ms = at('2026-02-03T23:30Z');
  expect(spanOf(preset('all'), 'Europe/Berlin', NOW_MS, first_ms)).toEqual(span('2026-02-03T23:00Z', '2026-11-21T23:00Z'));
  expect(spanOf(preset('all'), 'Europe/Berlin', NOW_MS, null)).toEqual(span('2026-11-20T23:00Z', '2026-11-21T23:00Z'));
});

test.each([
  [preset('today'), -1, preset('yesterday')],
  [preset('yesterday'), 1, preset('today')],
  [preset('today'), 1, null],
  [preset('7d'), -1, { kind: 'days', from: '2026-11-08', to: '2026-11-14' }],
  [{ kind: 'days', from: '2026-11-08', to: '2026-11-14' }, 1, preset('7d')],
  // Months step by months, whatever their length.
  [preset('month'), -1, preset('last-month')],
  [preset('last-month'), -1, { kind: 'days', from: '2026-09-01', to: '2026-09-30' }],
  [{ kind: 'days', from: '2026-02-01', to: '2026-02-28' }, 1, { kind: 'days', from: '2026-03-01', to: '2026-03-31' }],
  [preset('last-month'), 1, preset('month')],
  [preset('year'), -1, { kind: 'days', from: '2025-01-01', to: '2025-12-31' }],
  [{ kind: 'days', from: '2025-01-01', to: '2025-12-31' }, 1, preset('year')],
  [preset('12m'), -1, { kind: 'days', from: '2024-12-01', to: '2025-11-30' }],
  [preset('12m'), 1, null],
  [preset('all'), -1, null],
  [{ kind: 'days', from: '2026-03-28', to: '2026-03-29' }, -1, { kind: 'days', from: '2026-03-26', to: '2026-03-27' }],
  [
    { kind: 'instants', from_ms: at('2026-11-21T09:00Z'), to_ms: at('2026-11-21T10:00Z') },
    1,
    { kind: 'instants', from_ms: at('2026-11-21T10:00Z'), to_ms: at('2026-11-21T11:00Z') },
  ],
  [{ kind: 'instants', from_ms: at('2026-11-21T10:00Z'), to_ms: at('2026-11-21T11:00Z') }, 1, null],
] as [Period, number, Period | null][])('%j stepped by %i is %j', (period, steps, expected) => {
  expect(steppedPeriod(period, steps, 'Europe/Berlin', NOW_MS)).toEqual(expected);
});

test.each([
  ['2026-11-01T10:00Z', preset('last-month'), preset('month')],
  ['2026-11-07T10:00Z', preset('last-month'), preset('month')],
  ['2026-11-30T10:00Z', preset('last-month'), preset('month')],
  ['2026-11-01T10:00Z', preset('yesterday'), preset('today')],
  ['2026-11-07T10:00Z', { kind: 'days', from: '2026-10-25', to: '2026-10-31' }, preset('7d')],
  ['2026-11-30T10:00Z', { kind: 'days', from: '2026-10-02', to: '2026-10-31' }, preset('30d')],
] as [string, Period, Period][])('at %s, %j stepped forwards keeps its unit', (now, period, expected) => {
  expect(steppedPeriod(period, 1, 'Europe/Berlin', at(now))).toEqual(expected);
});

test.each([
  ['Europe/Berlin', '2026-03-28T23:00Z', '2026-03-29T22:00Z', 'hour', 23],
  ['Europe/Berlin', '2026-10-24T22:00Z', '2026-10-25T23:00Z', 'hour', 25],
  ['Asia/Kathmandu', '2026-11-20T18:15Z', '2026-11-21T18:15Z', 'hour', 24],
  ['America/St_Johns', '2026-10-25T02:30Z', '2026-11-04T03:30Z', 'day', 10],
  ['Europe/Berlin', '2025-11-21T23:00Z', '2026-11-21T23:00Z', 'month', 13],
  // From Sunday, 15 November: a week of one day, and one of six.
  ['Europe/Berlin', '2026-11-14T23:00Z', '2026-11-21T23:00Z', 'week', 2],
  ['America/St_Johns', '2026-10-26T02:30Z', '2026-11-09T03:30Z', 'week', 2],
  ['UTC', '2026-11-21T10:00Z', '2026-11-21T11:00Z', 'quarter', 4],
] as const)('%s, %s to %s by %s: %i bars, without a gap', (zone, from, to, bars, count) => {
  const whole = span(from, to);
  const bins = binsIn(whole, bars, zone);
  expect(bins).toHaveLength(count);
  expect(bins[0]!.from_ms).toBe(whole.from_ms);
  expect(bins.at(-1)!.to_ms).toBe(whole.to_ms);
  bins.slice(1).forEach((bin, index) => expect(bin.from_ms).toBe(bins[index]!.to_ms));
});

test('quarters are summed into local days; days without views are 0, quarters outside the span are ignored', () => {
  const bins = binsIn(span('2026-11-18T18:15Z', '2026-11-21T18:15Z'), 'day', 'Asia/Kathmandu');
  const quarters = [
    { at_ms: at('2026-11-18T18:00Z'), count: 100 },
    { at_ms: at('2026-11-18T18:15Z'), count: 1 },
    { at_ms: at('2026-11-19T18:00Z'), count: 2 },
    { at_ms: at('2026-11-20T18:15Z'), count: 4 },
    { at_ms: at('2026-11-21T18:15Z'), count: 100 },
  ];
  expect(sumIntoBins(bins, quarters)).toEqual([3, 0, 4]);
});

test('a quarter that the span begins within belongs to the first bin', () => {
  const bins = binsIn(span('2026-11-20T18:40Z', '2026-11-20T20:00Z'), 'hour', 'UTC');
  const quarters = [
    { at_ms: at('2026-11-20T18:15Z'), count: 100 },
    { at_ms: at('2026-11-20T18:30Z'), count: 1 },
    { at_ms: at('2026-11-20T18:45Z'), count: 2 },
    { at_ms: at('2026-11-20T19:45Z'), count: 4 },
  ];
  expect(sumIntoBins(bins, quarters)).toEqual([3, 4]);
});

test('the default interval suits the period', () => {
  const days = (count: number) =>
    span('2026-01-01T00:00Z', new Date(at('2026-01-01T00:00Z') + count * 864e5).toISOString());
  expect([1 / 24, 1, 2, 7, 90, 365].map((count) => defaultInterval(days(count)))).toEqual([
    'quarter',
    'hour',
    'hour',
    'day',
    'day',
    'month',
  ]);
  expect(availableIntervals(days(7))).toEqual(['hour', 'day', 'week', 'month']);
  expect(availableIntervals(days(365))).toEqual(['day', 'week', 'month']);
});

test('weeks begin on the weekday of the locale', () => {
  const week = span('2026-11-14T23:00Z', '2026-11-21T23:00Z');
  expect(binsIn(week, 'week', 'Europe/Berlin', 7)).toEqual([week]);
  expect(firstWeekday('de-DE')).toBe(1);
  expect(firstWeekday(undefined)).toBe(1);
  expect(firstWeekday('no locale')).toBe(1);
});

test('a bar selects its period', () => {
  const zone = 'Europe/Berlin';
  const month = span('2026-10-31T23:00Z', '2026-11-30T23:00Z');
  expect(periodOfBin(month, 'month', zone)).toEqual({ kind: 'days', from: '2026-11-01', to: '2026-11-30' });
  const day = span('2026-10-24T22:00Z', '2026-10-25T23:00Z');
  expect(periodOfBin(day, 'day', zone)).toEqual({ kind: 'days', from: '2026-10-25', to: '2026-10-25' });
  const hour = span('2026-10-25T01:00Z', '2026-10-25T02:00Z');
  expect(periodOfBin(hour, 'hour', zone)).toEqual({ kind: 'instants', ...hour });
  expect(periodOfBin(hour, 'quarter', zone)).toBeUndefined();
});

test('only calendar days are valid', () => {
  expect(['2026-02-28', '2028-02-29'].map(isCalendarDay)).toEqual([true, true]);
  expect(['2026-02-29', '2026-13-01', '1999-01-01', '26-1-1', ''].some(isCalendarDay)).toBe(false);
});

test('chunks cover a span, and their quarters fit into a result', () => {
  const year = span('2025-11-22T00:00Z', '2026-11-22T00:00Z');
  const parts = queryChunks(year);
  expect(parts).toHaveLength(4);
  expect(parts[0]!.from_ms).toBe(year.from_ms);
  expect(parts.at(-1)!.to_ms).toBe(year.to_ms);
  parts.slice(1).forEach((part, index) => expect(part.from_ms).toBe(parts[index]!.to_ms));
  for (const part of parts) expect((part.to_ms - part.from_ms) / 900_000).toBeLessThanOrEqual(10_000);
});
