import { expect, test } from 'vitest';
import { createFormat, heading, parseTimestamp, pointsBetween } from '../src/format';

const berlin = createFormat(['en-GB'], 'Europe/Berlin');
const german = createFormat(['de-DE'], 'Europe/Berlin');
const at = (iso: string) => Date.parse(iso);
const span = (from: string, to: string) => ({ from_ms: at(from), to_ms: at(to) });
// Intl's texts differ a little between versions of its data: in the width of spaces, in commas, in `1.2M` or `1.2m`.
const plain = (text: string) =>
  text
    .replace(/\s/g, ' ')
    .replace(/(?<=\D),/g, '')
    .replace('secs', 'sec')
    .replace(/\b0(?=\d:)/g, '')
    .toLowerCase();

test('numbers follow the locale', () => {
  expect(berlin.number(1_234_567)).toBe('1,234,567');
  expect(german.number(1_234_567)).toBe('1.234.567');
  expect(berlin.short(999_999)).toBe('999,999');
  expect(plain(berlin.short(1_234_567))).toBe('1.2m');
});

test('bytes and durations have suitable units', () => {
  expect([0, 512, 1_290, 999_499, 999_600, 13_100_000, 5e12].map((value) => plain(berlin.bytes(value)))).toEqual([
    '0 bytes',
    '512 bytes',
    '1.29 kb',
    '999 kb',
    '1 mb',
    '13.1 mb',
    '5 tb',
  ]);
  expect([0, 45, 999, 1_240, 61_000].map((ms) => plain(berlin.duration(ms)))).toEqual([
    '0 ms',
    '45 ms',
    '999 ms',
    '1.2 sec',
    '61 sec',
  ]);
});

test('a change has no sign, and is null without a previous value', () => {
  expect(berlin.change(120, 100)).toBe('20%');
  expect(berlin.change(93, 100)).toBe('7%');
  expect(berlin.change(1_003, 1_000)).toBe('0.3%');
  expect(berlin.change(5, 5)).toBe('0%');
  expect(berlin.change(5, 0)).toBeNull();
});

test('a span shows its days, or its hours', () => {
  expect(plain(berlin.span(span('2026-11-14T23:00Z', '2026-11-21T23:00Z'))).replace('–', '-')).toBe('15 - 21 nov 2026');
  expect(plain(berlin.span(span('2026-11-20T23:00Z', '2026-11-21T23:00Z')))).toBe('21 nov 2026');
  expect(plain(berlin.span(span('2026-11-21T13:00Z', '2026-11-21T14:00Z')))).toContain('14:00');
});

test('bars have names; a repeated hour shows its offset', () => {
  expect(plain(berlin.bin(span('2026-11-20T23:00Z', '2026-11-21T23:00Z'), 'day'))).toBe('sat 21 nov 2026');
  expect(plain(berlin.bin(span('2026-11-21T13:00Z', '2026-11-21T14:00Z'), 'hour'))).toBe('sat 21 nov 14:00 – 15:00');
  const twice = [span('2026-10-25T00:00Z', '2026-10-25T01:00Z'), span('2026-10-25T01:00Z', '2026-10-25T02:00Z')];
  expect(twice.map((bin) => plain(berlin.bin(bin, 'hour')))).toEqual([
    'sun 25 oct 2:00 – 2:00 (gmt+2)',
    'sun 25 oct 2:00 – 3:00 (gmt+1)',
  ]);
});

test('an age uses the largest unit of which it has two', () => {
  expect([90, 119, 120, 7_199, 7_200, 172_799, 172_800].map((seconds) => berlin.age(seconds))).toEqual([
    '90 seconds',
    '119 seconds',
    '2 minutes',
    '119 minutes',
    '2 hours',
    '47 hours',
    '2 days',
  ]);
});

test('a day that the period cuts shows its times', () => {
  const day = (from: string, to: string) => plain(berlin.bin(span(from, to), 'day'));
  expect(day('2026-11-20T23:00Z', '2026-11-21T23:00Z')).toBe('sat 21 nov 2026');
  expect(day('2026-10-24T22:00Z', '2026-10-25T23:00Z')).toBe('sun 25 oct 2026');
  expect(day('2026-11-21T00:00Z', '2026-11-21T23:00Z')).toBe('sat 21 nov 2026 from 1:00');
  expect(day('2026-11-20T23:00Z', '2026-11-21T00:00Z')).toBe('sat 21 nov 2026 until 1:00');
});

test('offsets follow the zone', () => {
  const kathmandu = createFormat(['en-GB'], 'Asia/Kathmandu');
  expect(kathmandu.offsetName(at('2026-11-21T00:00Z'))).toBe('GMT+5:45');
});

test('columns become headings', () => {
  expect(['referrer_host', 'utm_campaign', 'views'].map(heading)).toEqual(['Referrer host', 'Campaign', 'Views']);
});

test('timestamps are UTC', () => {
  expect(parseTimestamp('2026-11-21 10:15:00.000')).toBe(at('2026-11-21T10:15:00Z'));
  expect(parseTimestamp('soon')).toBeNull();
});

test('a range is one number where both ends are equal', () => {
  const format = createFormat(['en-GB'], 'UTC');
  expect([format.counted(1, 1, 'opens'), format.counted(0, 1, 'opens'), format.counted(2, 2, 'views')]).toEqual(['1 open', '0–1 opens', '2 views']);
  expect([format.range(12, 32), format.range(1_204, 1_204), format.range(0, 3)]).toEqual(['12–32', '1,204', '0–3']);
});

test('shares have a decimal below 10%', () => {
  const format = createFormat(['en-GB'], 'UTC');
  expect([0, 0.004, 0.05, 0.0949, 0.0996, 0.61, 1].map(format.share)).toEqual(['0%', '0.4%', '5.0%', '9.5%', '10%', '61%', '100%']);
  expect([0.12, -0.08, 0.004].map(format.signedShare)).toEqual(['+12%', '−8%', '+0.4%']);
});

test('points lie between shares as they are shown', () => {
  expect([pointsBetween(0.02, 0.024), pointsBetween(0.024, 0.02)]).toEqual([0.4, 0.4]);
  expect([pointsBetween(0.0201, 0.0204), pointsBetween(0.612, 0.614)]).toEqual([0, 0]);
  expect([pointsBetween(0.095, 0.12), pointsBetween(0.61, 0.63)]).toEqual([2.5, 2]);
});

test('countries and languages have names, and other texts stay', () => {
  const format = createFormat(['en-GB'], 'UTC');
  expect(['DE', 'US', 'nowhere', ''].map(format.country)).toEqual(['Germany', 'United States', 'nowhere', '']);
  expect(['de', 'en-US', 'not a language'].map(format.language)).toEqual(['German', 'English (United States)', 'not a language']);
  expect(createFormat(['de-DE'], 'UTC').country('DE')).toBe('Deutschland');
});

test('a visit lasts seconds, minutes or hours', () => {
  const { visitDuration } = createFormat(['en-GB'], 'UTC');
  expect([0, 45, 59.6, 108, 120, 3_599.5, 3_900].map(visitDuration)).toEqual(['0s', '45s', '1m 00s', '1m 48s', '2m 00s', '1h 00m', '1h 05m']);
});

test('days have their year unless all are in this one', () => {
  const { days } = createFormat(['en-GB'], 'UTC');
  const [from_ms, to_ms] = [Date.parse('2026-11-20T00:00Z'), Date.parse('2026-11-27T00:00Z')];
  expect(days({ from_ms, to_ms }, to_ms)).toMatch(/^20\s?–\s?26 Nov$/);
  expect(days({ from_ms, to_ms }, Date.parse('2027-01-01T00:00Z'))).toMatch(/^20\s?–\s?26 Nov 2026$/);
});
