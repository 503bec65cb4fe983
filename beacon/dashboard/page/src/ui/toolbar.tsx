// Controls for the view: period, site, page, custom column and time zone.

import { useEffect, useId, useMemo, useState } from 'preact/hooks';
import { isFiltered, toggleValue } from '../filters';
import { isoDay, isCalendarDay, PRESETS, type Preset } from '../period';
import { zones } from '../zone';
import { Field } from './field';
import { useDashboard } from './context';
import { hasHitsWithoutSite, knownSites } from './share_dialog';

const PRESET_NAMES: Record<Preset, string> = {
  today: 'Today',
  yesterday: 'Yesterday',
  '7d': '7 days',
  '30d': '30 days',
  '90d': '90 days',
  month: 'This month',
  'last-month': 'Last month',
  year: 'This year',
  '12m': '12 months',
  all: 'All time',
};

export function Toolbar() {
  const { api, about } = useDashboard();
  return (
    <section class="toolbar" aria-label="Period and filters">
      {api !== null && <PeriodControl />}
      <div class="filters">
        {api !== null && (
          <>
            {about.access.kind !== 'share' && <SiteFilter />}
          </>
        )}
        <ZoneChoice />
      </div>
    </section>
  );
}

function PeriodControl() {
  const { view, navigate } = useDashboard();
  const is_custom = view.period.kind !== 'preset';
  const [open, setOpen] = useState(is_custom);
  useEffect(() => setOpen(is_custom), [is_custom]);
  const id = useId();
  return (
    <div class="period">
      <div class="segments" role="group" aria-label="Period">
        {PRESETS.map((preset) => (
          <button
            key={preset}
            type="button"
            aria-pressed={view.period.kind === 'preset' && view.period.preset === preset}
            onClick={() => navigate({ period: { kind: 'preset', preset }, interval: null })}
          >
            {PRESET_NAMES[preset]}
          </button>
        ))}
        <button
          type="button"
          aria-pressed={is_custom}
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          Custom
        </button>
      </div>
      <div id={id} hidden={!open}>
        {open && <CustomPeriod />}
      </div>
    </div>
  );
}

function CustomPeriod() {
  const { view, navigate, span, now_ms } = useDashboard();
  const [from, setFrom] = useState(isoDay(view.zone, span.from_ms));
  const [to, setTo] = useState(isoDay(view.zone, span.to_ms - 1));
  useEffect(() => {
    setFrom(isoDay(view.zone, span.from_ms));
    setTo(isoDay(view.zone, span.to_ms - 1));
  }, [span.from_ms, span.to_ms, view.zone]);
  const today = isoDay(view.zone, now_ms);
  const is_possible = isCalendarDay(from) && isCalendarDay(to) && from <= to;
  const error = isCalendarDay(from) && isCalendarDay(to) && from > to ? 'The first day is after the last day.' : null;

  function apply(event: SubmitEvent) {
    event.preventDefault();
    if (is_possible) navigate({ period: { kind: 'days', from, to }, interval: null });
  }

  return (
    <form class="custom-period" onSubmit={apply}>
      <Field label="First day">
        {(id) => (
          <input
            id={id}
            type="date"
            value={from}
            max={today}
            required
            onInput={(event) => setFrom(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label="Last day">
        {(id) => (
          <input id={id} type="date" value={to} required onInput={(event) => setTo(event.currentTarget.value)} />
        )}
      </Field>
      <button type="submit" class="button" disabled={!is_possible}>
        Show
      </button>
      <p class="error-text" role="alert">
        {error}
      </p>
    </form>
  );
}

/** No host: the menu's value for hits without a site. */
const UNKNOWN = '?';

function SiteFilter() {
  const dashboard = useDashboard();
  const { view, navigate } = dashboard;
  const sites = knownSites(dashboard);
  const shown = view.site === null || sites.includes(view.site) ? sites : [view.site, ...sites];
  const is_without = isFiltered(view, 'site', null);
  function choose(value: string) {
    const all_sites = { ...view, site: null, conditions: view.conditions.filter(({ column }) => column !== 'site') };
    if (value === '') navigate(all_sites);
    else navigate(toggleValue(all_sites, 'site', value === UNKNOWN ? null : value));
  }
  return (
    <Field label="Site">
      {(id) => (
        <select
          id={id}
          value={is_without ? UNKNOWN : (view.site ?? '')}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          <option value="">All sites</option>
          {shown.map((site) => (
            <option key={site} value={site}>
              {site}
            </option>
          ))}
          {(is_without || hasHitsWithoutSite(dashboard)) && <option value={UNKNOWN}>Unknown site</option>}
        </select>
      )}
    </Field>
  );
}

function ZoneChoice() {
  const { view, navigate, browser_zone, format, span } = useDashboard();
  const names = useMemo(zones, []);
  return (
    <Field label={<>Time zone ({format.offsetName(span.to_ms)})</>}>
      {(id) => (
        <select id={id} value={view.zone} onChange={(event) => navigate({ zone: event.currentTarget.value })}>
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
      )}
    </Field>
  );
}
