// Formats numbers, dates and names in the reader's locale and the chosen time zone.

import type { QueryResult } from './api';
import type { Interval, Span } from './period';
import { addDays, localTimeAt, offsetAt, startOfDay } from './zone';

export type Format = ReturnType<typeof createFormat>;

/** Creates the formatters of a locale and a time zone. */
export function createFormat(locales: readonly string[], zone: string) {
  const plain = new Intl.NumberFormat(locales as string[]);
  const short = new Intl.NumberFormat(locales as string[], { notation: 'compact', maximumFractionDigits: 1 });
  const date = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locales as string[], { timeZone: zone, ...options });
  const day = date({ day: 'numeric', month: 'short', year: 'numeric' });
  const weekday = date({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
  const tick_day = date({ day: 'numeric', month: 'short' });
  const tick_month = date({ month: 'short', year: '2-digit' });
  const month = date({ month: 'long', year: 'numeric' });
  const time = date({ hour: 'numeric', minute: '2-digit' });
  const clock = date({ hour: 'numeric', minute: '2-digit', second: '2-digit' });
  const day_and_time = date({ weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' });
  const moment = date({ dateStyle: 'medium', timeStyle: 'short' });
  const zone_name = date({ timeZoneName: 'shortOffset' });
  const regions = new Intl.DisplayNames(locales as string[], { type: 'region' });
  const languages = new Intl.DisplayNames(locales as string[], { type: 'language', languageDisplay: 'standard' });

  function offsetName(at_ms: number): string {
    return zone_name.formatToParts(at_ms).find((part) => part.type === 'timeZoneName')?.value ?? '';
  }

  /** Describes which part of its day a bar covers, if the period begins or ends within that day. */
  function partOfDay({ from_ms, to_ms }: Span): string {
    const has_begin = startOfDay(zone, from_ms) === from_ms;
    const has_end = addDays(zone, from_ms, 1) === to_ms;
    const from = has_begin ? '' : ` from ${time.format(from_ms)}`;
    return `${from}${has_end ? '' : ` until ${time.format(to_ms)}`}`;
  }

  return {
    number: (value: number) => plain.format(value),
    /** For tiles: 1.2M instead of seven digits. */
    short: (value: number) => (Math.abs(value) < 1_000_000 ? plain.format(value) : short.format(value)),
    axis: (value: number) => (Math.abs(value) < 10_000 ? plain.format(value) : short.format(value)),
    bytes: (value: number) => bytes(locales, value),
    /** A range from lowest to highest; one number if they are equal. */
    range: (low: number, high: number) =>
      low === high ? plain.format(low) : `${plain.format(low)}–${plain.format(high)}`,
    /** A count or a range with what it counts, whose plural ends with s: "1 view", "12–32 opens". */
    counted: (low: number, high: number, plural: string) => {
      const number = low === high ? plain.format(low) : `${plain.format(low)}–${plain.format(high)}`;
      return `${number} ${low === 1 && high === 1 ? plural.slice(0, -1) : plural}`;
    },
    duration: (ms: number) => duration(locales, ms),
    /** How long a visit lasted: `45s`, `1m 48s`, `1h 05m`. */
    visitDuration,
    /** A duration in the largest unit of which it has at least two. */
    age: (seconds: number) => age(locales, seconds),
    change: (now: number, before: number) => change(locales, now, before),
    share: (share: number) => shareText(locales, share),
    /** A change with its sign: "+12%", "−8%". */
    signedShare: (share: number) => {
      const sign = share > 0 ? '+' : share < 0 ? '\u2212' : '';
      return `${sign}${relative(locales, share)}`;
    },
    /** The name of a country by its ISO 3166 code; any other text unchanged. */
    country: (code: string) => nameOf(regions, code),
    /** The name of a language by its tag; any other text unchanged. */
    language: (tag: string) => nameOf(languages, tag),
    day: (at_ms: number) => day.format(at_ms),
    clock: (at_ms: number) => clock.format(at_ms),
    hourAndMinute: (at_ms: number) => time.format(at_ms),
    moment: (at_ms: number) => moment.format(at_ms),
    offsetName,

    /** First and last day of a span, or its first and last instant if it is shorter than a day. */
    span: ({ from_ms, to_ms }: Span): string => {
      if (to_ms - from_ms < 20 * 3_600_000) return day_and_time.formatRange(from_ms, to_ms);
      return day.formatRange(from_ms, to_ms - 1);
    },

    /** First and last day of a span, without the year if both lie in that of `now_ms`. */
    days: ({ from_ms, to_ms }: Span, now_ms: number): string => {
      if (to_ms - from_ms < 20 * 3_600_000) return day_and_time.formatRange(from_ms, to_ms);
      const years = [from_ms, to_ms - 1, now_ms].map((at_ms) => localTimeAt(zone, at_ms).year);
      const named = new Set(years).size === 1 ? tick_day : day;
      return named.formatRange(from_ms, to_ms - 1);
    },

    tick: (bin: Span, interval: Interval): string => {
      if (interval === 'month') return tick_month.format(bin.from_ms);
      return interval === 'day' || interval === 'week' ? tick_day.format(bin.from_ms) : time.format(bin.from_ms);
    },

    /** The full name of a bar: with the offset near a clock change, and with times if the period cuts the day. */
    bin: (bin: Span, interval: Interval): string => {
      if (interval === 'month') return month.format(bin.from_ms);
      if (interval === 'week') return day.formatRange(bin.from_ms, bin.to_ms - 1);
      if (interval === 'day') return `${weekday.format(bin.from_ms).replace(/^(\p{L}+\.?),/u, '$1')}${partOfDay(bin)}`;
      const name = `${day_and_time.format(bin.from_ms)} – ${time.format(bin.to_ms)}`;
      const changes = offsetAt(zone, bin.from_ms - 3 * 3_600_000) !== offsetAt(zone, bin.to_ms + 3 * 3_600_000);
      return changes ? `${name} (${offsetName(bin.from_ms)})` : name;
    },
  };
}

/** Returns how much an answer read, how long it took, and whether it came from the cache. */
export function costParts(format: Format, { statistics }: QueryResult): string[] {
  const parts: string[] = [];
  if (typeof statistics?.bytes_scanned === 'number') parts.push(`${format.bytes(statistics.bytes_scanned)} scanned`);
  if (typeof statistics?.took_ms === 'number') parts.push(format.duration(statistics.took_ms));
  if (statistics?.reused) parts.push('cached');
  return parts;
}

function bytes(locales: readonly string[], value: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  let [scaled, index] = [value, 0];
  while (scaled >= 999.5 && index < units.length - 1) {
    scaled /= 1000;
    index += 1;
  }
  return new Intl.NumberFormat(locales as string[], {
    style: 'unit',
    unit: units[index]!,
    unitDisplay: index === 0 ? 'long' : 'short',
    maximumSignificantDigits: 3,
  }).format(scaled);
}

function duration(locales: readonly string[], ms: number): string {
  const in_seconds = ms >= 1000;
  return new Intl.NumberFormat(locales as string[], {
    style: 'unit',
    unit: in_seconds ? 'second' : 'millisecond',
    unitDisplay: 'short',
    maximumFractionDigits: in_seconds ? 1 : 0,
  }).format(in_seconds ? ms / 1000 : ms);
}

function visitDuration(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60];
  const padded = (part: number) => String(part).padStart(2, '0');
  if (hours > 0) return `${hours}h ${padded(minutes)}m`;
  return minutes > 0 ? `${minutes}m ${padded(whole % 60)}s` : `${whole}s`;
}

function age(locales: readonly string[], seconds: number): string {
  const units = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const;
  const [unit, length] = units.find(([, length]) => seconds >= 2 * length) ?? (['second', 1] as const);
  const number = new Intl.NumberFormat(locales as string[], { style: 'unit', unit, unitDisplay: 'long' });
  return number.format(Math.floor(seconds / length));
}

/** Formats the relative change without a sign; null if there is nothing to compare with. */
function change(locales: readonly string[], now: number, before: number): string | null {
  if (before === 0) return null;
  return relative(locales, (now - before) / before);
}

/** Formats a relative change without a sign, with at most one decimal below 10%. */
function relative(locales: readonly string[], change: number): string {
  return new Intl.NumberFormat(locales as string[], {
    style: 'percent',
    signDisplay: 'never',
    maximumFractionDigits: hasDecimal(change) ? 1 : 0,
  }).format(change);
}

/** Formats a share with one decimal below 10%, without any from there on. */
function shareText(locales: readonly string[], share: number): string {
  const digits = share > 0 && hasDecimal(share) ? 1 : 0;
  const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(locales as string[], { style: 'percent', ...fraction }).format(share);
}

/** Returns true for shares that round to less than 10%. */
function hasDecimal(share: number): boolean {
  return Math.abs(share) < 0.0995;
}

/** Returns how many points lie between two shares, as they are shown. */
export function pointsBetween(a: number, b: number): number {
  const shown = (share: number) => (hasDecimal(share) ? Math.round(share * 1_000) / 10 : Math.round(share * 100));
  return Math.round(Math.abs(shown(a) - shown(b)) * 10) / 10;
}

function nameOf(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    // A browser or an old file sent something else.
    return code;
  }
}

/** Turns a column name into a heading: `referrer_host` becomes "Referrer host". */
export function heading(name: string): string {
  if (name === 'os') return 'System';
  const words = name.replaceAll('_', ' ').replace(/^utm /, '');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Parses a timestamp of the API, which is in UTC; null if it isn't one. */
export function parseTimestamp(timestamp: string): number | null {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/.test(timestamp)) return null;
  const at_ms = Date.parse(`${timestamp.replace(' ', 'T')}Z`);
  return Number.isNaN(at_ms) ? null : at_ms;
}
