// Controls for the view: period, site, page, custom column and time zone.

import { useEffect, useId, useMemo, useState } from 'preact/hooks';
import { mergedResult } from '../merged_result';
import { alreadyFilters, withConditions } from '../filters';
import { isoDay, isCalendarDay, PRESETS, type Preset } from '../period';
import { cellReader } from '../pivot';
import type { Condition } from '../view';
import { zones } from '../zone';
import { Field } from './field';
import { useDashboard } from './context';
import { hasHitsWithoutSite, knownSites } from './share_dialog';

const PRESET_NAMES: Record<Preset, string> = {
  today: 'Today',
  '7d': '7 days',
  '30d': '30 days',
  '90d': '90 days',
  '12m': '12 months',
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
            <PageFilter />
            {about.custom_columns.length > 0 && <ColumnFilter />}
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

const WITHOUT_SITE: Condition = { column: 'site', value: null };
/** No host: the menu's value for hits without a site. */
const UNKNOWN = '?';

function SiteFilter() {
  const dashboard = useDashboard();
  const { view, navigate } = dashboard;
  const sites = knownSites(dashboard);
  const shown = view.site === null || sites.includes(view.site) ? sites : [view.site, ...sites];
  const is_without = alreadyFilters(view, WITHOUT_SITE);
  function choose(value: string) {
    const filters = view.filters.filter(({ column }) => column !== 'site');
    if (value === '') navigate({ site: null, filters });
    else navigate(withConditions(view, [value === UNKNOWN ? WITHOUT_SITE : { column: 'site', value }], []));
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

function PageFilter() {
  const { view, navigate, data } = useDashboard();
  const result = mergedResult(data.states({ question: 'top_pages_by_source', period: 'current' }));
  const pages = useMemo(() => {
    if (result === null) return [];
    const read = cellReader(result);
    return [...new Set((result.rows ?? []).map((row) => String(read(row, 'page') ?? '')))].filter(Boolean);
  }, [result]);
  const [text, setText] = useState(view.page ?? '');
  useEffect(() => setText(view.page ?? ''), [view.page]);
  function apply() {
    const value = text.trim();
    if (value === (view.page ?? '')) return;
    navigate(value === '' ? { page: null } : withConditions(view, [{ column: 'page', value }], []));
  }
  return (
    <form class="field-form" onSubmit={(event) => (event.preventDefault(), apply())}>
      <Field label="Page">
        {(id) => (
          <input
            id={id}
            type="text"
            list="pages"
            value={text}
            placeholder="All pages"
            maxLength={1024}
            spellcheck={false}
            onInput={(event) => setText(event.currentTarget.value)}
            onChange={apply}
          />
        )}
      </Field>
      <datalist id="pages">
        {pages.map((page) => (
          <option key={page} value={page} />
        ))}
      </datalist>
    </form>
  );
}

function ColumnFilter() {
  const { view, navigate, about } = useDashboard();
  const [name, setName] = useState(view.column?.name ?? about.custom_columns[0]!);
  const [value, setValue] = useState(view.column?.value ?? '');
  useEffect(() => {
    if (view.column !== null) setName(view.column.name);
    setValue(view.column?.value ?? '');
  }, [view.column?.name, view.column?.value]);
  function apply(name: string) {
    const column = value === '' ? null : { name, value };
    if (column?.value !== view.column?.value || column?.name !== view.column?.name) navigate({ column });
  }
  function choose(name: string) {
    setName(name);
    apply(name);
  }
  return (
    <form class="field-form pair" onSubmit={(event) => (event.preventDefault(), apply(name))}>
      <Field label="Custom column">
        {(id) => (
          <select id={id} value={name} onChange={(event) => choose(event.currentTarget.value)}>
            {about.custom_columns.map((column) => (
              <option key={column} value={column}>
                {column}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Value">
        {(id) => (
          <input
            id={id}
            type="text"
            value={value}
            placeholder="Any"
            maxLength={1024}
            spellcheck={false}
            onInput={(event) => setValue(event.currentTarget.value)}
            onChange={() => apply(name)}
          />
        )}
      </Field>
    </form>
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
