// Display names of the values of columns: those that are codes, and those that are missing.

import { agentRule } from './agent_rule';
import { AGENT_CLASSES, agentLabel } from './agents';
import type { Format } from './format';
import { referrerName } from './referrer_names';

/** Display name of the source null. */
export const DIRECT = 'Direct / unknown';

const DEVICES: Record<string, string> = {
  phone: 'Phone',
  tablet: 'Tablet',
  desktop: 'Desktop',
  tv: 'TV',
  console: 'Console',
  wearable: 'Watch',
  car: 'Car',
};

/** Widths of the window, as the script reports them. */
const SIZES: Record<string, string> = {
  s: 'Under 640 px',
  m: '640–1023 px',
  l: '1024–1439 px',
  xl: '1440 px and more',
};

/** Display names of null, where `(none)` would be wrong. */
const MISSING: Record<string, string> = {
  site: 'Unknown site',
  page: 'Unknown page',
  entry_page: 'Unknown page',
  exit_page: 'Unknown page',
  source: DIRECT,
  channel: DIRECT,
  referrer_host: 'Unknown',
  program: 'Unknown',
  browser: 'Unknown',
  os: 'Unknown',
  device: 'Unknown',
  size: 'Unknown',
  country: 'Unknown',
  language: 'Unknown',
};

/** Returns the display name of a missing value in a column. */
export function missingName(column: string): string {
  return Object.hasOwn(MISSING, column) ? MISSING[column]! : '(none)';
}

/** Returns the display name of a value in a column, or of a filter's value. */
export function valueName(format: Format, column: string, value: string): string {
  switch (column) {
    case 'device':
      return Object.hasOwn(DEVICES, value) ? DEVICES[value]! : value;
    case 'size':
      return Object.hasOwn(SIZES, value) ? SIZES[value]! : value;
    case 'country':
      return format.country(value);
    case 'language':
      return format.language(value);
    case 'agent':
      return agentLabel(value);
    case 'program':
      return value.includes('.') ? agentRule(value).name : value;
    case 'referrer_host':
    case 'referrer':
    case 'source':
      return referrerName(value);
    default:
      return value;
  }
}

/** Returns all values of a column that has few; null for other columns. */
export function fixedValues(column: string): readonly string[] | null {
  if (column === 'device') return Object.keys(DEVICES);
  if (column === 'size') return Object.keys(SIZES);
  return column === 'agent' ? AGENT_CLASSES : null;
}

/** Columns whose values are names or codes: upper and lower case don't tell them apart. */
const NAMED_COLUMNS = ['site', 'channel', 'source', 'referrer', 'browser', 'os', 'device', 'size', 'country', 'language', 'agent'];

/**
 * Returns the value in a column whose stored form or display name this text is; any other text stays as it is. `known`
 * are values that the column has: of several with the same name, the first.
 */
export function storedValue(format: Format, column: string, text: string, known: readonly string[]): string {
  if (known.includes(text)) return text;
  const values = column === 'country' ? [...known, ...countryCodes()] : known;
  const exact = values.find((value) => value === text || valueName(format, column, value) === text);
  if (exact !== undefined || !NAMED_COLUMNS.includes(column)) return exact ?? text;
  const wanted = text.toLowerCase();
  const isWanted = (value: string) => value.toLowerCase() === wanted || valueName(format, column, value).toLowerCase() === wanted;
  return values.find(isWanted) ?? text;
}

/** Returns every text that looks like an ISO 3166 code, without those that another one has replaced. */
function countryCodes(): string[] {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const codes = letters.flatMap((first) => letters.map((second) => `${first}${second}`));
  return codes.filter((code) => Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`);
}
