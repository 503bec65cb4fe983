// Choices of the view that are a menu each: its site, what it is compared with, and the time zone.

import { useMemo } from 'preact/hooks';
import { isFiltered, ofAllSites, onlyOf } from '../filters';
import { COMPARISONS, type Comparison } from '../period';
import { remember } from '../stored';
import { zones } from '../zone';
import { useDashboard } from './context';
import { hasHitsWithoutSite, knownSites } from './sites';

/** No host: the menu's value for hits without a site. */
const UNKNOWN = '?';

/** The menu of sites; for guests, the name of theirs. */
export function SiteChoice() {
  const dashboard = useDashboard();
  const { view, navigate, about, api, only_site } = dashboard;
  if (api === null || about.access.kind === 'share') return <strong class="site-name">{view.site ?? 'All sites'}</strong>;
  const sites = knownSites(dashboard);
  const shown = view.site === null || sites.includes(view.site) ? sites : [view.site, ...sites];
  const is_without = isFiltered(view, 'site', null);
  const has_unknown = is_without || hasHitsWithoutSite(dashboard);
  function choose(value: string): void {
    if (value === '') navigate(ofAllSites(view));
    else navigate(onlyOf(view, value === UNKNOWN ? null : value));
  }
  return (
    <select
      class="site-choice"
      aria-label="Site"
      value={is_without ? UNKNOWN : (view.site ?? '')}
      onChange={(event) => choose(event.currentTarget.value)}
    >
      {only_site === null && <option value="">All sites</option>}
      {shown.map((site) => (
        <option key={site} value={site}>
          {site}
        </option>
      ))}
      {has_unknown && <option value={UNKNOWN}>Unknown site</option>}
    </select>
  );
}

const COMPARISON_NAMES: Record<Comparison, string> = { before: 'Period before', year: 'Year before', none: 'Nothing' };

/** The menu of what the period is compared with. */
export function CompareChoice() {
  const { view, navigate } = useDashboard();
  return (
    <select aria-label="Compare with" value={view.compare} onChange={(event) => navigate({ compare: event.currentTarget.value as Comparison })}>
      {COMPARISONS.map((name) => (
        <option key={name} value={name}>
          {COMPARISON_NAMES[name]}
        </option>
      ))}
    </select>
  );
}

/** The menu of time zones. */
export function ZoneChoice() {
  const { view, navigate, browser_zone } = useDashboard();
  const names = useMemo(zones, []);
  function choose(zone: string): void {
    remember('zone', zone);
    navigate({ zone });
  }
  return (
    <select aria-label="Time zone" value={view.zone} onChange={(event) => choose(event.currentTarget.value)}>
      <optgroup label="Suggested">
        <option value={browser_zone}>{browser_zone.replaceAll('_', ' ')}</option>
        {browser_zone !== 'UTC' && <option value="UTC">UTC</option>}
      </optgroup>
      <optgroup label="All">
        {[...names, ...(names.includes(view.zone) ? [] : [view.zone])]
          .filter((name) => name !== browser_zone && name !== 'UTC')
          .map((name) => (
            <option key={name} value={name}>
              {name.replaceAll('_', ' ')}
            </option>
          ))}
      </optgroup>
    </select>
  );
}
