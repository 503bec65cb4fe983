// What a click on a goal does to the filters.

import type { Goal } from './api';
import { areFiltered, removeCondition, withCondition } from './filters';
import type { Condition, View } from './view';

/** A click on a goal adds its conditions, or removes them where the view has all of them. */
export function goalFilter(view: View, { filters }: Goal): { change: Partial<View>; is_set: boolean } {
  const is_set = filters.every((condition) => hasCondition(view, condition));
  let changed = view;
  for (const condition of filters) {
    changed = is_set
      ? { ...changed, ...removeCondition(changed, condition) }
      : { ...changed, conditions: withCondition(changed.conditions, condition) };
  }
  return { change: { site: changed.site, conditions: changed.conditions }, is_set };
}

function hasCondition(view: View, { column, op, values }: Condition): boolean {
  if (op === 'is') return areFiltered(view, values.map((value) => ({ column, value })));
  const known = view.conditions.find((condition) => condition.column === column && condition.op === op);
  return known !== undefined && values.every((value) => known.values.includes(value));
}
