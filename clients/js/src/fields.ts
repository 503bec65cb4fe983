import type { Fields } from './settings.js';

/** Longer texts are cut: the record keeps 2,048 bytes of most. */
const LONGEST_TEXT = 2000;

/** Characters of a whole hit. In UTF-8 they stay below the 64 KiB that browsers give to what outlives its page. */
const LONGEST_HIT = 16_000;

/**
 * Returns the fields that a hit can carry, as JSON reads them: of a name the last value, but always the first part's.
 * A text that is too long is cut. Left out is what has no more room, and what is no data: a function, a cycle, an
 * element, `NaN`, a getter that throws.
 */
export function sendable(first: Fields, ...more: (object | null | undefined)[]): Fields {
  const kept: Fields = {};
  let room = LONGEST_HIT;
  for (const part of [first, ...more]) {
    for (const name of names(part)) {
      if (part !== first && name in first) continue;
      try {
        const json = JSON.stringify(cut((part as Fields)[name]), (_, value) => (typeof value === 'bigint' ? `${value}` : value));
        // `{}` is what JSON makes of elements, maps, sets and errors.
        if (!json || /^(null|{}|\[])$/.test(json)) continue;
        const size = name.length + json.length;
        if (size > room) continue;
        // Again: an object may write itself as a long text.
        kept[name] = cut(JSON.parse(json));
        room -= size;
      } catch {
        // This field alone is lost.
      }
    }
  }
  return kept;
}

function names(part: object | null | undefined): string[] {
  try {
    return Object.keys(part || {});
  } catch {
    // A proxy may refuse.
    return [];
  }
}

function cut(value: unknown): unknown {
  // The half of a pair that is left is no character.
  return typeof value === 'string' && value.length > LONGEST_TEXT ? value.slice(0, LONGEST_TEXT).replace(/[\ud800-\udbff]$/, '') : value;
}
