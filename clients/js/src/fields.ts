import { withoutClickIds } from './page.js';
import type { Fields } from './settings.js';

/** Longer strings are truncated: the record keeps 2,048 bytes of most fields. */
const MAX_TEXT_LENGTH = 2000;

/** Maximum characters of a hit. In UTF-8 that stays below the 64 KiB that browsers allow for keepalive requests. */
const MAX_HIT_LENGTH = 16_000;

/**
 * Merges the parts into the fields of a hit, as JSON represents them. Later parts override earlier ones, except for the
 * names of `first`. Truncates long strings, and takes the values of click ids out of all; drops fields that exceed the size of a hit and values that are no data:
 * functions, cycles, elements, `NaN`, getters that throw.
 */
export function sanitize(first: Fields, ...more: (object | null | undefined)[]): Fields {
  const kept: Fields = {};
  let room = MAX_HIT_LENGTH;
  for (const part of [first, ...more]) {
    for (const name of names(part)) {
      if (part !== first && name in first) continue;
      try {
        const json = JSON.stringify(truncate((part as Fields)[name]), represent);
        // `{}` is what JSON makes of elements, maps, sets and errors.
        if (!json || /^(null|{}|\[])$/.test(json)) continue;
        const size = name.length + json.length;
        if (size > room) continue;
        // Truncated again, because toJSON may return a long string.
        kept[name] = truncate(JSON.parse(json));
        room -= size;
      } catch {
        // Only this field is lost.
      }
    }
  }
  return kept;
}

function represent(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : typeof value === 'string' ? withoutClickIds(value) : value;
}

function names(part: object | null | undefined): string[] {
  try {
    return Object.keys(part || {});
  } catch {
    // A proxy may throw.
    return [];
  }
}

function truncate(value: unknown): unknown {
  // Half of a surrogate pair is not a character.
  return typeof value === 'string' && value.length > MAX_TEXT_LENGTH ? value.slice(0, MAX_TEXT_LENGTH).replace(/[\ud800-\udbff]$/, '') : value;
}
