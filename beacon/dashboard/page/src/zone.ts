// Wall clocks of time zones, from Intl alone: what a zone's clock shows at an instant, and when it shows a time.
// Instants are Unix milliseconds. Zones are IANA names; their offsets change only at whole quarters of an hour.

export const QUARTER_MS = 15 * 60_000;

/** What a wall clock shows. Months count from 1. */
export interface Wall {
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

export function wallAt(zone: string, at_ms: number): Wall {
  const wall: Record<string, number> = {};
  for (const part of clock(zone).formatToParts(at_ms)) wall[part.type] = Number(part.value);
  return { year: wall.year!, month: wall.month!, day: wall.day!, hour: wall.hour!, minute: wall.minute! };
}

/** How far the zone's clock is ahead of UTC at an instant. */
export function offsetAt(zone: string, at_ms: number): number {
  const wall = wallAt(zone, at_ms);
  const shown_ms = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);
  return shown_ms - Math.floor(at_ms / 60_000) * 60_000;
}

/**
 * The first instant of a day. Where clocks jump over midnight that is the jump, where they fall back to the day
 * before it is the earlier midnight.
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
    const quarter_before = wallAt(zone, candidate - QUARTER_MS);
    const wall = wallAt(zone, candidate);
    const is_first = dayNumber(quarter_before.year, quarter_before.month, quarter_before.day) < target;
    if (dayNumber(wall.year, wall.month, wall.day) === target && is_first) return candidate;
  }
  // No instant shows 00:00 on that day: the day begins where the clock jumps, in the quarters after the earliest.
  let instant = candidates[0]!;
  for (let step = 0; step < 8 * 24; step += 1) {
    const wall = wallAt(zone, instant);
    if (dayNumber(wall.year, wall.month, wall.day) >= target) return instant;
    instant += QUARTER_MS;
  }
  return instant;
}

/** The first instant of the day that the zone shows at an instant. */
export function startOfDay(zone: string, at_ms: number): number {
  const { year, month, day } = wallAt(zone, at_ms);
  return dayStart(zone, year, month, day);
}

/** The first instant of the day `days` later. */
export function addDays(zone: string, at_ms: number, days: number): number {
  const { year, month, day } = wallAt(zone, at_ms);
  return dayStart(zone, year, month, day + days);
}

/** The first instant of the month `months` later. */
export function addMonths(zone: string, at_ms: number, months: number): number {
  const { year, month } = wallAt(zone, at_ms);
  return dayStart(zone, year, month + months, 1);
}

/** The next instant at which the zone's clock shows a full hour, or jumps. */
export function nextHour(zone: string, at_ms: number): number {
  const minute = wallAt(zone, at_ms).minute;
  return Math.floor(at_ms / 60_000) * 60_000 + (60 - minute) * 60_000;
}

/** Days since 1970; days and months may overflow as in Date.UTC. */
function dayNumber(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / 86_400_000;
}

/** Whether this browser knows a zone by that name. */
export function isZone(name: string): boolean {
  try {
    clock(name);
    return true;
  } catch {
    return false;
  }
}

/** Cities that some browsers still list by a name of the past. */
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

function todaysName(zone: string): string {
  const renamed = RENAMED[zone];
  return renamed !== undefined && isZone(renamed) ? renamed : zone;
}

export function ownZone(): string {
  return todaysName(new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC');
}

/** Every zone by name; UTC among them, which some browsers leave out. */
export function zones(): string[] {
  return [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone').map(todaysName)])].sort();
}
