// Time zone arithmetic with Intl alone: converts between instants and the local time of a zone.
// Instants are Unix milliseconds. Zones are IANA names; their offsets change only at whole quarters of an hour.

export const QUARTER_MS = 15 * 60_000;

/** The local date and time in a zone. Months count from 1. */
export interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clock(zone: string): Intl.DateTimeFormat {
  let found = clocks.get(zone);
  if (found === undefined) {
    found = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
    clocks.set(zone, found);
  }
  return found;
}

/** Returns the local time of a zone at an instant. */
export function localTimeAt(zone: string, at_ms: number): LocalTime {
  const wall: Record<string, number> = {};
  for (const part of clock(zone).formatToParts(at_ms)) wall[part.type] = Number(part.value);
  return { year: wall.year!, month: wall.month!, day: wall.day!, hour: wall.hour!, minute: wall.minute! };
}

/** Returns the offset of a zone from UTC at an instant, in milliseconds. */
export function offsetAt(zone: string, at_ms: number): number {
  const wall = localTimeAt(zone, at_ms);
  const shown_ms = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);
  return shown_ms - Math.floor(at_ms / 60_000) * 60_000;
}

/**
 * Returns the first instant of a day. If clocks skip midnight, that is the moment they jump; if they fall back to the
 * day before, it is the earlier midnight.
 */
export function dayStart(zone: string, year: number, month: number, day: number): number {
  const midnight_ms = Date.UTC(year, month - 1, day);
  // The offsets around midnight are those of half a day before and after; the earlier fitting instant wins.
  const before = offsetAt(zone, midnight_ms - 12 * 3_600_000);
  const after = offsetAt(zone, midnight_ms + 36 * 3_600_000);
  if (before === after) return midnight_ms - before;
  const candidates = [midnight_ms - before, midnight_ms - after].sort((a, b) => a - b);
  const target = dayNumber(year, month, day);
  for (const candidate of candidates) {
    const quarter_before = localTimeAt(zone, candidate - QUARTER_MS);
    const wall = localTimeAt(zone, candidate);
    const is_first = dayNumber(quarter_before.year, quarter_before.month, quarter_before.day) < target;
    if (dayNumber(wall.year, wall.month, wall.day) === target && is_first) return candidate;
  }
  // 00:00 doesn't exist on that day: it begins where the clock jumps, within the quarters after the earliest candidate.
  let instant = candidates[0]!;
  for (let step = 0; step < 8 * 24; step += 1) {
    const wall = localTimeAt(zone, instant);
    if (dayNumber(wall.year, wall.month, wall.day) >= target) return instant;
    instant += QUARTER_MS;
  }
  return instant;
}

/** Returns the first instant of the local day that contains an instant. */
export function startOfDay(zone: string, at_ms: number): number {
  const { year, month, day } = localTimeAt(zone, at_ms);
  return dayStart(zone, year, month, day);
}

/** Returns the first instant of the local day `days` later. */
export function addDays(zone: string, at_ms: number, days: number): number {
  const { year, month, day } = localTimeAt(zone, at_ms);
  return dayStart(zone, year, month, day + days);
}

/** Returns the first instant of the local month `months` later. */
export function addMonths(zone: string, at_ms: number, months: number): number {
  const { year, month } = localTimeAt(zone, at_ms);
  return dayStart(zone, year, month + months, 1);
}

/** Returns the number of days of a month. */
export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Returns the next instant at which the local time is a full hour, or jumps. */
export function nextHour(zone: string, at_ms: number): number {
  const minute = localTimeAt(zone, at_ms).minute;
  return Math.floor(at_ms / 60_000) * 60_000 + (60 - minute) * 60_000;
}

/** Days since 1970; days and months may overflow as in Date.UTC. */
function dayNumber(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / 86_400_000;
}

/** Returns true if this browser knows the zone. */
export function isKnownZone(name: string): boolean {
  try {
    clock(name);
    return true;
  } catch {
    return false;
  }
}

/** Zones that some browsers still list by their former name. */
const RENAMED: Record<string, string> = {
  'America/Godthab': 'America/Nuuk',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
};

function currentName(zone: string): string {
  const renamed = RENAMED[zone];
  return renamed !== undefined && isKnownZone(renamed) ? renamed : zone;
}

/** Returns the time zone of the browser. */
export function browserZone(): string {
  return currentName(new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC');
}

/** Returns all zones by name, including UTC, which some browsers omit. */
export function zones(): string[] {
  return [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone').map(currentName)])].sort();
}
