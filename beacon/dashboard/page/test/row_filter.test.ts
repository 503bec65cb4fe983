import { expect, test } from 'vitest';
import { CUSTOM_EVENTS } from '../src/events';
import type { TableRow } from '../src/table_rows';
import type { DashboardContext } from '../src/ui/context';
import { rowFilter } from '../src/ui/row_filter';
import type { Condition, View } from '../src/view';

const is = (column: string, ...values: string[]): Condition => ({ column, op: 'is', values });
const VIEW: View = {
  period: { kind: 'preset', preset: '7d' },
  compare: 'before',
  site: null,
  conditions: [],
  interval: null,
  metric: null,
  zone: 'UTC',
};

function filterOf(view: Partial<View>, row: Pick<TableRow, 'filters' | 'scope'>) {
  const dashboard = { view: { ...VIEW, ...view }, about: { access: { kind: 'open' } }, api: {} } as unknown as DashboardContext;
  return rowFilter(dashboard, row as TableRow)!;
}

test('a second click on a row leaves what it is within', () => {
  const row = { filters: [{ column: 'site', value: 'b.example' }, { column: 'page', value: '/' }] };
  const first = filterOf({}, row);
  expect(first).toMatchObject({ is_set: false, change: { site: 'b.example', conditions: [is('page', '/')] } });
  const second = filterOf(first.change, row);
  expect(second).toMatchObject({ is_set: true, change: { site: 'b.example', conditions: [] } });
});

test('a row that needs several columns can’t be excluded by one', () => {
  const [site, page] = [{ column: 'site', value: 'b.example' }, { column: 'page', value: '/' }];
  expect(filterOf({}, { filters: [site, page] }).exclude).toBeNull();
  expect(filterOf({}, { filters: [page] }).exclude!.conditions).toEqual([{ column: 'page', op: 'is_not', values: ['/'] }]);
});

test('a property’s row filters by the events that it counts', () => {
  const row = { filters: [{ column: 'prop.plan', value: 'pro' }], scope: CUSTOM_EVENTS };
  const first = filterOf({}, row);
  expect(first.change.conditions).toEqual([CUSTOM_EVENTS, is('prop.plan', 'pro')]);
  expect(filterOf(first.change, row).change.conditions).toEqual([]);
  const signup = [is('event', 'signup')];
  const under = filterOf({ conditions: signup }, row);
  expect(under.change.conditions).toEqual([...signup, is('prop.plan', 'pro')]);
  expect(filterOf(under.change, row).change.conditions).toEqual(signup);
});
