// The only site: as long as no other one has had a hit, the dashboard shows it without being asked.

import type { QueryState } from './query_client';
import { cellReader } from './pivot';
import { remember, remembered } from './stored';

const NAME = 'only-site';

/** Returns the only site by the sites of all time: null if there is none or another one, undefined until it is known. */
export function onlySite(state: QueryState | undefined): string | null | undefined {
  const result = state?.result ?? null;
  if (result === null) return state?.error == null ? undefined : null;
  const [row, ...others] = result.rows ?? [];
  if (row === undefined || others.length > 0) return null;
  const site = cellReader(result)(row, 'site');
  return typeof site === 'string' ? site : null;
}

/** Returns true if there are several sites, which stays so: nothing need be asked again. */
export function areSeveral(state: QueryState | undefined): boolean {
  return (state?.result?.rows ?? []).length > 1;
}

/** Remembers the only site, so that the next visit of this browser needn't wait for it. */
export function rememberOnlySite(site: string | null): void {
  remember(NAME, site ?? '');
}

/** Returns the only site at the last visit of this browser: undefined if there was none. */
export function lastOnlySite(): string | null | undefined {
  const site = remembered(NAME);
  return site === null ? undefined : site || null;
}
