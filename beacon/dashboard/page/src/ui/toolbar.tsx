// What is looked at: period, site, page, own column, time zone.

import { useEffect, useId, useMemo, useState } from 'preact/hooks';
import { joined } from '../answers';
import { holds, limitedTo, type Condition } from '../filters';
import { dayText, isDay, PRESETS, type Preset } from '../period';
import { reader } from '../pivot';
import { zones } from '../zone';
import { Field } from './field';
import { useModel } from './model';
import { hasHitsWithoutSite, knownSites } from './share';

const PRESET_NAMES: Record<Preset, string> = {
  today: 'Today',
  '7d': '7 days',
  '30d': '30 days',
  '90d': '90 days',
  '12m': '12 months',
};

export function Toolbar() {
  const { api, about } = useModel();
  return (
    <section class="toolbar" aria-label="Period and filters">
      {api !== null && <PeriodControl />}
      <div class="filters">
        {api !== null && (
          <>
            {about.access.kind !== 'share' && <SiteFilter />}
            <PageFilter />
            {about.own_columns.length > 0 && <ColumnFilter />}
          </>
        )}
        <ZoneChoice />
      </div>
    </section>
  );
}

function PeriodControl() {
  const { view, go } = useModel();
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
            onClick={() => go({ period: { kind: 'preset', preset }, bars: null })}
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
          From – to
        </button>
      </div>
      <div id={id} hidden={!open}>
        {open && <CustomPeriod />}
      </div>
    </div>
  );
}

function CustomPeriod() {
  const { view, go, now, now_ms } = useModel();
  const [from, setFrom] = useState(dayText(view.zone, now.from_ms));
  const [to, setTo] = useState(dayText(view.zone, now.to_ms - 1));
  useEffect(() => {
    setFrom(dayText(view.zone, now.from_ms));
    setTo(dayText(view.zone, now.to_ms - 1));
  }, [now.from_ms, now.to_ms, view.zone]);
  const today = dayText(view.zone, now_ms);
  const is_possible = isDay(from) && isDay(to) && from <= to;
  const error = isDay(from) && isDay(to) && from > to ? 'The first day is after the last.' : null;

  function apply(event: SubmitEvent) {
    event.preventDefault();
    if (is_possible) go({ period: { kind: 'days', from, to }, bars: null });
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
  const model = useModel();
  const { view, go } = model;
  const sites = knownSites(model);
  const shown = view.site === null || sites.includes(view.site) ? sites : [view.site, ...sites];
  const is_without = holds(view, WITHOUT_SITE);
  function choose(value: string) {
    const filters = view.filters.filter(({ column }) => column !== 'site');
    if (value === '') go({ site: null, filters });
    else go(limitedTo(view, [value === UNKNOWN ? WITHOUT_SITE : { column: 'site', value }], []));
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
          {(is_without || hasHitsWithoutSite(model)) && <option value={UNKNOWN}>Unknown site</option>}
        </select>
      )}
    </Field>
  );
}

function PageFilter() {
  const { view, go, answers } = useModel();
  const answer = joined(answers.slots({ question: 'top_pages_by_source', span: 'now' }));
  const pages = useMemo(() => {
    if (answer === null) return [];
    const read = reader(answer);
    return [...new Set((answer.rows ?? []).map((row) => String(read(row, 'page') ?? '')))].filter(Boolean);
  }, [answer]);
  const [text, setText] = useState(view.page ?? '');
  useEffect(() => setText(view.page ?? ''), [view.page]);
  function apply() {
    const value = text.trim();
    if (value === (view.page ?? '')) return;
    go(value === '' ? { page: null } : limitedTo(view, [{ column: 'page', value }], []));
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
  const { view, go, about } = useModel();
  const [name, setName] = useState(view.column?.name ?? about.own_columns[0]!);
  const [value, setValue] = useState(view.column?.value ?? '');
  useEffect(() => {
    if (view.column !== null) setName(view.column.name);
    setValue(view.column?.value ?? '');
  }, [view.column?.name, view.column?.value]);
  function apply(name: string) {
    const column = value === '' ? null : { name, value };
    if (column?.value !== view.column?.value || column?.name !== view.column?.name) go({ column });
  }
  function choose(name: string) {
    setName(name);
    apply(name);
  }
  return (
    <form class="field-form pair" onSubmit={(event) => (event.preventDefault(), apply(name))}>
      <Field label="Own column">
        {(id) => (
          <select id={id} value={name} onChange={(event) => choose(event.currentTarget.value)}>
            {about.own_columns.map((column) => (
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
  const { view, go, own_zone, format, now } = useModel();
  const names = useMemo(zones, []);
  return (
    <Field label={<>Time zone ({format.offsetName(now.to_ms)})</>}>
      {(id) => (
        <select id={id} value={view.zone} onChange={(event) => go({ zone: event.currentTarget.value })}>
          <optgroup label="Suggested">
            <option value={own_zone}>{own_zone.replaceAll('_', ' ')}</option>
            {own_zone !== 'UTC' && <option value="UTC">UTC</option>}
          </optgroup>
          <optgroup label="All">
            {[...names, ...(names.includes(view.zone) ? [] : [view.zone])]
              .filter((name) => name !== own_zone && name !== 'UTC')
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
