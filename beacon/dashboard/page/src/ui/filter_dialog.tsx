// The dialog that adds or changes a filter: a column, a condition, and its values.

import { useState } from 'preact/hooks';
import { OPERATOR_NAMES } from '../condition_text';
import { AGENT, availableFilters, customColumns, editCondition, filterLabel, isWithoutValue, MAX_VALUE_LENGTH, MAX_VALUES, operatorsOf } from '../filters';
import { storedValue } from '../value_names';
import type { Condition, Operator } from '../view';
import { useDashboard } from './context';
import { Dialog } from './dialog';
import { Field } from './field';
import { maySave, SavedFilterList } from './saved_filters';
import { displayedValue, usePropertyColumns, useSuggestions } from './suggestions';

/** The column of a new filter. */
const FIRST_COLUMN = 'source';

interface Props {
  /** The condition to change; null for a new one. */
  condition: Condition | null;
  close: () => void;
}

export function FilterDialog({ condition, close }: Props) {
  const { view, navigate, format, about } = useDashboard();
  const columns = useColumns(condition);
  const first = columns.includes(FIRST_COLUMN) ? FIRST_COLUMN : columns[0]!;
  const [column, setColumn] = useState(condition?.column ?? first);
  const [op, setOp] = useState<Operator>(condition?.op ?? 'is');
  const [texts, setTexts] = useState(condition === null ? [''] : displayedTexts());
  const suggestions = useSuggestions(column);
  // The condition's own values, which the period may lack, stay what they are.
  const own = condition !== null && condition.column === column ? condition.values : [];
  const known = [...own, ...suggestions.map(({ value }) => value)];
  const needs_value = !isWithoutValue(op);

  function displayedTexts(): string[] {
    const texts = condition!.values.map((value) => displayedValue(format, condition!, value));
    return texts.length === 0 ? [''] : texts;
  }

  function chooseColumn(name: string): void {
    setColumn(name);
    setTexts(['']);
    if (!operatorsOf(name).includes(op)) setOp('is');
  }

  function apply(event: SubmitEvent): void {
    event.preventDefault();
    const typed = texts.map((text) => text.trim()).filter((text) => text !== '');
    if (needs_value && typed.length === 0) return;
    const is_whole = op === 'is' || op === 'is_not';
    const values = typed.map((text) => (is_whole ? stored(text) : text));
    navigate(editCondition(view, condition, { column, op, values: needs_value ? [...new Set(values)] : [] }));
    close();
  }

  function stored(text: string): string {
    const unchanged = own.find((value) => displayedValue(format, condition!, value) === text);
    return unchanged ?? storedValue(format, column, text, known);
  }

  const wrong = needs_value && column === AGENT ? texts.find((text) => text.trim() !== '' && !isSuggested(text)) : undefined;
  function isSuggested(text: string): boolean {
    return suggestions.some(({ value }) => value === stored(text.trim()));
  }

  return (
    <Dialog title="Filter" close={close}>
      {condition === null && maySave(about) && <SavedFilterList close={close} />}
      <form class="filter-form" onSubmit={apply}>
        <Field label="Column">
          {(id) => (
            <select id={id} value={column} onChange={(event) => chooseColumn(event.currentTarget.value)}>
              {columns.map((name) => (
                <option key={name} value={name}>
                  {filterLabel(name)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Condition">
          {(id) => (
            <select id={id} value={op} onChange={(event) => setOp(event.currentTarget.value as Operator)}>
              {operatorsOf(column).map((name) => (
                <option key={name} value={name}>
                  {OPERATOR_NAMES[name]}
                </option>
              ))}
            </select>
          )}
        </Field>
        {needs_value &&
          texts.map((text, place) => (
            <Field key={place} label={place === 0 ? 'Value' : `Value ${place + 1}`}>
              {(id) => (
                <input
                  id={id}
                  type="text"
                  list="filter-values"
                  value={text}
                  required={place === 0}
                  maxLength={MAX_VALUE_LENGTH}
                  autocomplete="off"
                  spellcheck={false}
                  onInput={(event) => setTexts(texts.with(place, event.currentTarget.value))}
                />
              )}
            </Field>
          ))}
        <datalist id="filter-values">
          {suggestions.map(({ value, label }) => (
            <option key={value} value={label} />
          ))}
        </datalist>
        <p class="error-text" role="alert">
          {wrong !== undefined && `There is no class “${wrong}”: choose ${suggestions.map(({ label }) => label).join(', ')}.`}
        </p>
        <div class="filter-actions">
          {needs_value && texts.length < MAX_VALUES && (
            <button type="button" class="quiet" onClick={() => setTexts([...texts, ''])}>
              Or another value
            </button>
          )}
          <button type="submit" class="button primary" disabled={wrong !== undefined}>
            Apply
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Returns the columns to choose from: those of the API, custom columns, and properties that hits have. */
function useColumns(condition: Condition | null): string[] {
  const { about } = useDashboard();
  const properties = usePropertyColumns();
  const own = condition === null ? [] : [condition.column];
  return [...new Set([...availableFilters(about), AGENT, ...customColumns(about), ...properties, ...own])];
}
