// Clicks on goals, which change the filters.

import type { Goal } from './api';
import { areFiltered, withConditions, withoutValues } from './filters';
import type { Condition, View } from './view';

/**
 * A click on a goal puts its conditions into the place of the view's on the same columns, which is how its number is
 * counted. Where the view has all of them, it removes their values.
 */
export function goalFilter(view: View, { filters }: Goal): { change: Partial<View>; is_set: boolean } {
  const is_set = filters.every((condition) => hasCondition(view, condition));
  const change = is_set ? filters.reduce(withoutValues, view) : withConditions(view, filters);
  return { change: { site: change.site, conditions: change.conditions }, is_set };
}

function hasCondition(view: View, { column, op, values }: Condition): boolean {
  if (op === 'is') return areFiltered(view, values.map((value) => ({ column, value })));
  const known = view.conditions.find((condition) => condition.column === column && condition.op === op);
  return known !== undefined && values.every((value) => known.values.includes(value));
}
