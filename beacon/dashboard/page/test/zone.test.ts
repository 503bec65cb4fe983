import { expect, test } from 'vitest';
import { addDays, addMonths, dayStart, isKnownZone, nextHour, offsetAt, localTimeAt, zones } from '../src/zone';

const at = (iso: string) => Date.parse(iso);
const HOUR_MS = 3_600_000;

test.each([
  ['UTC', '2026-11-21T12:00:00Z', 0],
  ['Europe/Berlin', '2026-11-21T12:00:00Z', 60],
  ['Europe/Berlin', '2026-07-01T12:00:00Z', 120],
  ['America/St_Johns', '2026-11-21T12:00:00Z', -210],
  ['America/St_Johns', '2026-07-01T12:00:00Z', -150],
  ['Asia/Kathmandu', '2026-11-21T12:00:00Z', 345],
  ['Pacific/Chatham', '2026-12-21T12:00:00Z', 825],
])('%s is so far ahead of UTC at %s: %i minutes', (zone, instant, minutes) => {
  expect(offsetAt(zone, at(instant))).toBe(minutes * 60_000);
});

test.each([
  // Clocks go forward, or back, later on the day.
  ['Europe/Berlin', [2026, 3, 29], '2026-03-28T23:00:00Z', 23],
  ['Europe/Berlin', [2026, 10, 25], '2026-10-24T22:00:00Z', 25],
  ['America/St_Johns', [2026, 3, 8], '2026-03-08T03:30:00Z', 23],
  ['America/St_Johns', [2026, 11, 1], '2026-11-01T02:30:00Z', 25],
  ['Asia/Kathmandu', [2026, 11, 1], '2026-10-31T18:15:00Z', 24],
  // Half an hour's summer time.
  ['Australia/Lord_Howe', [2026, 4, 5], '2026-04-04T13:00:00Z', 24.5],
  // Forward at midnight: the day begins at one o'clock.
  ['America/Santiago', [2026, 9, 6], '2026-09-06T04:00:00Z', 23],
  ['Africa/Cairo', [2026, 4, 24], '2026-04-23T22:00:00Z', 23],
  // Back at midnight: the day before has its last hour twice.
  ['America/Santiago', [2026, 4, 4], '2026-04-04T03:00:00Z', 25],
  ['America/Havana', [2026, 11, 1], '2026-11-01T04:00:00Z', 25],
  // A day that never was: it has no length, and the next starts where it would have.
  ['Pacific/Apia', [2011, 12, 31], '2011-12-30T10:00:00Z', 24],
] as const)('%s: the day %j begins at %s and has %f hours', (zone, [year, month, day], instant, hours) => {
  const start_ms = dayStart(zone, year, month, day);
  expect(new Date(start_ms).toISOString()).toBe(new Date(instant).toISOString());
  expect((addDays(zone, start_ms, 1) - start_ms) / HOUR_MS).toBe(hours);
});

test('every day of a decade follows the previous one, in every kind of zone', () => {
  for (const zone of [
    'Europe/Berlin',
    'America/St_Johns',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'America/Santiago',
  ]) {
    let start_ms = dayStart(zone, 2020, 1, 1);
    for (let index = 0; index < 3_653; index += 1) {
      const next_ms = addDays(zone, start_ms, 1);
      const before = localTimeAt(zone, next_ms - 60_000);
      expect(dayStart(zone, before.year, before.month, before.day)).toBe(start_ms);
      start_ms = next_ms;
    }
    expect(start_ms).toBe(dayStart(zone, 2030, 1, 1));
  }
});

test('months overflow into years', () => {
  expect(addMonths('Europe/Berlin', at('2026-11-21T12:00:00Z'), 2)).toBe(at('2026-12-31T23:00:00Z'));
});

test('hours are local hours', () => {
  expect(nextHour('Asia/Kathmandu', at('2026-11-21T12:00:00Z'))).toBe(at('2026-11-21T12:15:00Z'));
  expect(nextHour('America/St_Johns', at('2026-11-21T12:30:00Z'))).toBe(at('2026-11-21T13:30:00Z'));
});

test('zones are listed by name, including UTC', () => {
  expect(isKnownZone('Europe/Berlin')).toBe(true);
  expect(isKnownZone('Mars/Olympus')).toBe(false);
  expect(zones()).toEqual(expect.arrayContaining(['UTC', 'Asia/Kathmandu', 'Europe/Kyiv']));
});
