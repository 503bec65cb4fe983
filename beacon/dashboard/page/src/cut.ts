// Long labels in two parts. The first gives way where there is no room: the end of a path says the most.

const TAIL_LENGTH = 12;
const MIN_CUT_LENGTH = 24;

// Within a character that is two code units or has marks, and beside a blank, which ends of parts would lose.
const NO_PLACE = /[\uD800-\uDBFF\s]$|^[\uDC00-\uDFFF\p{M}\u200D\s]|\u200D$/u;

/** Returns the beginning and the end of a label; the end is empty where the label is short. */
export function cutLabel(label: string): [string, string] {
  if (label.length < MIN_CUT_LENGTH) return [label, ''];
  let place = label.length - TAIL_LENGTH;
  while (place > 0 && (NO_PLACE.test(label.slice(0, place)) || NO_PLACE.test(label.slice(place)))) place -= 1;
  return place === 0 ? [label, ''] : [label.slice(0, place), label.slice(place)];
}
