// The values that the filter dialog suggests: those of a small set, or those that the period has.

import { useEffect } from 'preact/hooks';
import { PROPERTY_PREFIX } from '../filters';
import type { Format } from '../format';
import { mergedResult } from '../merged_result';
import type { PanelQuery } from '../panel_queries';
import { cellReader } from '../pivot';
import { fixedValues, valueName } from '../value_names';
import type { Condition } from '../view';
import { useDashboard } from './context';

interface Suggestion {
  value: string;
  /** The display name, which is what is typed. */
  label: string;
}

/** The question whose rows are the values of a column, and the column of its result if it has another name. */
const QUESTIONS: Record<string, { question: string; result_column?: string }> = {
  site: { question: 'sites' },
  page: { question: 'top_pages' },
  entry_page: { question: 'entry_pages' },
  exit_page: { question: 'exit_pages' },
  event: { question: 'events' },
  channel: { question: 'channels' },
  source: { question: 'sources' },
  referrer: { question: 'referrers', result_column: 'referrer_host' },
  browser: { question: 'browsers' },
  os: { question: 'systems' },
  country: { question: 'countries' },
  language: { question: 'languages' },
};

/** Returns the values to suggest for a column, most frequent first. The column's own conditions don't limit them. */
export function useSuggestions(column: string): Suggestion[] {
  const { format } = useDashboard();
  const fixed = fixedValues(column);
  const { question, by, result_column = column } = questionOf(column);
  const values = useValues(question, column, result_column, by);
  return [...new Set(fixed ?? values)].map((value) => ({ value, label: valueName(format, column, value) }));
}

/** Returns the columns of the properties that hits have. */
export function usePropertyColumns(): string[] {
  const { about } = useDashboard();
  const question = about.access.kind === 'share' ? null : 'property_names';
  return useValues(question, 'event', 'property').map((name) => `${PROPERTY_PREFIX}${name}`);
}

/** Returns a condition's value as the dialog shows it. */
export function displayedValue(format: Format, { column, op }: Condition, value: string): string {
  return op === 'is' || op === 'is_not' ? valueName(format, column, value) : value;
}

function questionOf(column: string): { question: string | null; by?: string; result_column?: string } {
  if (column.startsWith(PROPERTY_PREFIX)) {
    return { question: 'properties', by: column.slice(PROPERTY_PREFIX.length), result_column: 'value' };
  }
  if (column.startsWith('utm_')) return { question: 'campaign_tags', by: column, result_column: 'value' };
  return Object.hasOwn(QUESTIONS, column) ? QUESTIONS[column]! : { question: null };
}

/** Returns the values in one column of a question's result; none without a question, and until it is answered. */
function useValues(question: string | null, without: string, result_column: string, by?: string): string[] {
  const { about, data, activate } = useDashboard();
  const is_known = about.questions.some(({ name }) => name === question);
  const query: PanelQuery = { question: question ?? '', period: 'current', without, ...(by === undefined ? {} : { by }) };
  useEffect(() => (is_known ? activate(query) : undefined), [is_known, JSON.stringify(query)]);
  const result = is_known ? mergedResult(data.states(query)) : null;
  if (result === null) return [];
  const read = cellReader(result);
  return (result.rows ?? []).map((row) => read(row, result_column)).filter((cell) => typeof cell === 'string');
}
