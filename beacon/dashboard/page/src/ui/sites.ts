// The sites to choose from: those of the period, whoever came to them.

import type { Cell } from '../api';
import { mergedResult } from '../merged_result';
import { cellReader } from '../pivot';
import type { DashboardContext } from './context';

/** Returns the sites, in the order of the answer. */
export function knownSites(dashboard: DashboardContext): string[] {
  return listedSites(dashboard).filter((site) => typeof site === 'string');
}

/** Returns true if there are hits without a site. */
export function hasHitsWithoutSite(dashboard: DashboardContext): boolean {
  return listedSites(dashboard).includes(null);
}

function listedSites({ data }: DashboardContext): Cell[] {
  const result = mergedResult(data.states({ question: 'sites', period: 'all_sites' }));
  if (result === null) return [];
  const read = cellReader(result);
  return (result.rows ?? []).map((row) => read(row, 'site'));
}
