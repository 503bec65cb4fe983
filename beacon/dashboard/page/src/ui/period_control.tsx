// Chooses the period: a preset, the days of one's own choice, or the period before or after.

import { useEffect, useId, useState } from 'preact/hooks';
import { isCalendarDay, isoDay, PRESETS, steppedPeriod, type Period, type Preset } from '../period';
import { useDashboard } from './context';
import { Field } from './field';
import { useNarrow } from './narrow';

const NAMES: Record<Preset, string> = {
  today: 'Today',
  '7d': '7 days',
  '30d': '30 days',
  '90d': '90 days',
  '12m': '12 months',
  yesterday: 'Yesterday',
  month: 'This month',
  'last-month': 'Last month',
  year: 'This year',
  all: 'All time',
};

/** Those that have a button; the others are in a menu. */
const BUTTONS: readonly Preset[] = ['today', '7d', '30d', '90d', '12m'];
const CUSTOM = 'custom';

export function PeriodControl() {
  const { view, navigate, span, now_ms, format } = useDashboard();
  const { period, zone } = view;
  const chosen = period.kind === 'preset' ? period.preset : CUSTOM;
  const [is_open, setOpen] = useState(false);
  const id = useId();
  const in_menu = PRESETS.filter((preset) => !BUTTONS.includes(preset));
  const shown = is_open ? CUSTOM : chosen;
  const has_button = BUTTONS.some((name) => name === shown);
  const is_narrow = useNarrow();

  function choose(value: string): void {
    setOpen(value === CUSTOM);
    const preset = PRESETS.find((name) => name === value);
    if (preset !== undefined) navigate({ period: { kind: 'preset', preset }, interval: null });
  }

  const options = (names: readonly Preset[]) =>
    names.map((name) => (
      <option key={name} value={name}>
        {NAMES[name]}
      </option>
    ));

  return (
    <>
      <div class="period">
        <StepButton name="Previous period" sign="‹" period={steppedPeriod(period, -1, zone, now_ms)} />
        {is_narrow ? (
          <select aria-label="Period" value={shown} onChange={(event) => choose(event.currentTarget.value)}>
            {options([...BUTTONS, ...in_menu])}
            <option value={CUSTOM}>Custom</option>
          </select>
        ) : (
          <>
            <div class="segments" role="group" aria-label="Period">
              {BUTTONS.map((preset) => (
                <button key={preset} type="button" aria-pressed={chosen === preset} onClick={() => choose(preset)}>
                  {NAMES[preset]}
                </button>
              ))}
            </div>
            <select
              class={`more-periods ${has_button ? '' : 'chosen'}`}
              aria-label="More periods"
              value={has_button ? '' : shown}
              onChange={(event) => choose(event.currentTarget.value)}
            >
              <option value="" hidden>
                More
              </option>
              {options(in_menu)}
              <option value={CUSTOM}>Custom</option>
            </select>
          </>
        )}
        <button
          type="button"
          class="quiet period-days"
          aria-expanded={is_open}
          aria-controls={id}
          title="Choose the days"
          onClick={() => setOpen(!is_open)}
        >
          {format.days(span, now_ms)}
        </button>
        <StepButton name="Next period" sign="›" period={steppedPeriod(period, 1, zone, now_ms)} />
      </div>
      <div id={id} class="custom" hidden={!is_open}>
        {is_open && <CustomPeriod />}
      </div>
    </>
  );
}

function StepButton({ name, sign, period }: { name: string; sign: string; period: Period | null }) {
  const { navigate } = useDashboard();
  return (
    <button
      type="button"
      class="quiet step"
      aria-label={name}
      title={name}
      disabled={period === null}
      onClick={() => period !== null && navigate({ period })}
    >
      <span aria-hidden="true">{sign}</span>
    </button>
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
          <input id={id} type="date" value={from} max={today} required onInput={(event) => setFrom(event.currentTarget.value)} />
        )}
      </Field>
      <Field label="Last day">
        {(id) => <input id={id} type="date" value={to} required onInput={(event) => setTo(event.currentTarget.value)} />}
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
