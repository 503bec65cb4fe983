// Conditions in words, as chips and the filter dialog show them.

import { filterLabel } from './filters';
import type { Format } from './format';
import { valueName } from './value_names';
import type { Condition, Operator } from './view';

/** The names of operators. */
export const OPERATOR_NAMES: Record<Operator, string> = {
  is: 'is',
  is_not: 'is not',
  contains: 'contains',
  starts_with: 'starts with',
  is_empty: 'is empty',
  is_not_empty: 'is not empty',
};

/** Returns a condition's values as one text, such as `Phone or Tablet`; empty for those without a value. */
export function valuesText(format: Format, { column, op, values }: Condition): string {
  // A part of a value has no name.
  const is_whole = op === 'is' || op === 'is_not';
  return values.map((value) => (is_whole ? valueName(format, column, value) : value)).join(' or ');
}

/** Returns a condition as a sentence, such as `Source is Hacker News`. */
export function conditionText(format: Format, condition: Condition): string {
  const { column, op } = condition;
  return `${filterLabel(column)} ${OPERATOR_NAMES[op]} ${valuesText(format, condition)}`.trimEnd();
}
