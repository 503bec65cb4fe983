import { expect, test } from 'vitest';
import { conditionText } from '../src/condition_text';
import { createFormat } from '../src/format';
import { fixedValues, storedValue } from '../src/value_names';
import type { Condition } from '../src/view';

const FORMAT = createFormat(['en-GB'], 'UTC');

test.each([
  [{ column: 'source', op: 'is', values: ['Hacker News'] }, 'Source is Hacker News'],
  [{ column: 'device', op: 'is_not', values: ['phone', 'tablet'] }, 'Device is not Phone or Tablet'],
  [{ column: 'country', op: 'is', values: ['DE'] }, 'Country is Germany'],
  [{ column: 'country', op: 'starts_with', values: ['D'] }, 'Country starts with D'],
  [{ column: 'page', op: 'contains', values: ['talk'] }, 'Page contains talk'],
  [{ column: 'prop.plan', op: 'is_empty', values: [] }, 'Property plan is empty'],
  [{ column: 'os', op: 'is_not_empty', values: [] }, 'System is not empty'],
  [{ column: 'size', op: 'is', values: ['xl'] }, 'Size is 1440 px and more'],
  [{ column: 'agent', op: 'is', values: ['bot'] }, 'Agent is Bots'],
] as [Condition, string][])('%j is %s', (condition, text) => {
  expect(conditionText(FORMAT, condition)).toBe(text);
});

test('what is typed may be the name or the stored value', () => {
  const stored = (column: string, text: string, known: readonly string[] = fixedValues(column) ?? []) => storedValue(FORMAT, column, text, known);
  expect([stored('device', 'Phone'), stored('device', 'phone'), stored('device', 'fridge')]).toEqual(['phone', 'phone', 'fridge']);
  expect([stored('country', 'Germany'), stored('country', 'de'), stored('country', 'Atlantis')]).toEqual(['DE', 'DE', 'Atlantis']);
  expect(stored('agent', 'people')).toBe('human');
  expect(stored('source', 'hacker news', ['Hacker News'])).toBe('Hacker News');
});

test('a stored value stays what it is, whatever else has its letters or its name', () => {
  const stored = (column: string, text: string, ...known: string[]) => storedValue(FORMAT, column, text, known);
  expect([stored('page', '/About', '/about'), stored('page', '/About', '/about', '/About')]).toEqual(['/About', '/About']);
  expect([stored('event', 'Signup', 'signup'), stored('prop.plan', 'PRO', 'pro')]).toEqual(['Signup', 'PRO']);
  expect(stored('browser', 'chrome', 'Chrome', 'chrome')).toBe('chrome');
});
