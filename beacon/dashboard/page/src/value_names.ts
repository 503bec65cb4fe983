// Display names of the values of columns: those that are codes, and those that are missing.

import { agentLabel } from './agents';
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

/** Display names of null, where `(none)` would be wrong. */
const MISSING: Record<string, string> = {
  site: 'unknown site',
  page: 'unknown page',
  source: DIRECT,
  channel: DIRECT,
  referrer_host: 'unknown',
  browser: 'Unknown',
  os: 'Unknown',
  device: 'Unknown',
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
    case 'country':
      return format.country(value);
    case 'language':
      return format.language(value);
    case 'agent':
      return agentLabel(value);
    case 'referrer_host':
    case 'referrer':
    case 'source':
      return referrerName(value);
    default:
      return value;
  }
}
