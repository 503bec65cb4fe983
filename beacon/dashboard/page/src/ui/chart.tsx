// The drawn metric over time, as a bar chart and as a table.

import { useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { QueryResult } from '../api';
import { chartSeries, type BarCounts } from '../chart_series';
import { mergedResult } from '../merged_result';
import { metricName, metricOf } from '../metric';
import { CHART_QUESTIONS, type PanelQuery } from '../panel_queries';
import { availableIntervals, binsIn, CHOSEN_INTERVALS, defaultInterval, firstWeekday, periodOfBin, type Interval, type Span } from '../period';
import type { Metric } from '../view';
import { localTimeAt } from '../zone';
import { BarChart, barPosition, neededWidth, ValueAxis, type Bar } from './bar_chart';
import { ChartTable } from './chart_table';
import { useDashboard, type DashboardContext } from './context';
import { Panel } from './panel';
import { useWidth } from './width';

const INTERVAL_NAMES: Record<Interval, string> = {
  quarter: 'quarter of an hour',
  hour: 'hour',
  day: 'day',
  week: 'week',
  month: 'month',
};

/** Heights of the chart, by the width that it has. */
const HEIGHT = 240;
const NARROW_HEIGHT = 180;
const NARROW_PX = 480;

export function ChartPanel() {
  const dashboard = useDashboard();
  const { span, view } = dashboard;
  const [is_table, setTable] = useState(false);
  const metric = metricOf(dashboard);
  const available = availableIntervals(span);
  const interval = available.find((known) => known === view.interval) ?? defaultInterval(span);
  const query: PanelQuery = { question: CHART_QUESTIONS[metric], period: 'current' };
  const name = `${metricName(view, metric)} per ${INTERVAL_NAMES[interval]}`;
  const tools = (
    <div class="chart-tools">
      <button type="button" class="quiet" aria-expanded={is_table} onClick={() => setTable(!is_table)}>
        Show as table
      </button>
      <div class="segments" role="group" aria-label="Interval">
        {CHOSEN_INTERVALS.map((choice) => (
          <button
            key={choice}
            type="button"
            aria-pressed={choice === interval}
            disabled={!available.includes(choice)}
            title={available.includes(choice) ? undefined : 'Too many bars for this period'}
            onClick={() => dashboard.navigate({ interval: choice })}
          >
            {choice.charAt(0).toUpperCase() + choice.slice(1)}
          </button>
        ))}
      </div>
    </div>
  );
  return (
    <Panel query={query} also={[{ ...query, period: 'previous' }]} title="Chart" note={name} class="wide chart-panel" tools={tools} skeleton="chart">
      {(result) => <Chart name={name} result={result} metric={metric} interval={interval} is_table={is_table} />}
    </Panel>
  );
}

interface ChartProps {
  name: string;
  result: QueryResult;
  metric: Metric;
  interval: Interval;
  is_table: boolean;
}

function Chart({ name, result, metric, interval, is_table }: ChartProps) {
  const dashboard = useDashboard();
  const { span, previous_span, view, format, now_ms, data } = dashboard;
  const box = useRef<HTMLDivElement>(null);
  const box_width = useWidth(box);
  const hint_id = useId();
  const [pointed, setPointed] = useState<number | null>(null);
  const clickable = dashboard.api !== null && interval !== 'quarter';
  const first_weekday = firstWeekday(navigator.language);
  const bins = useMemo(
    () => binsIn(span, interval, view.zone, first_weekday),
    [span.from_ms, span.to_ms, interval, view.zone, first_weekday],
  );
  const earlier = mergedResult(data.states({ question: CHART_QUESTIONS[metric], period: 'previous' }));
  const compared = earlier === null || previous_span === null ? null : { result: earlier, span: previous_span };
  const counts = useMemo(
    () => chartSeries(bins, metric, result, compared, view),
    [bins, metric, result, earlier, previous_span?.from_ms, previous_span?.to_ms],
  );
  const noun = metricName(view, metric).toLowerCase();
  const said = ({ value, most }: BarCounts) => format.counted(value, most, noun);
  const bars = bins.map((bin, index): Bar => {
    const is_unfinished = bin.from_ms <= now_ms && now_ms < bin.to_ms;
    const so_far = is_unfinished ? ' so far' : '';
    return {
      ...counts[index]!,
      at_ms: bin.from_ms,
      tick: tickOf(dashboard, bin, interval),
      hour: hourOf(dashboard, bin, interval),
      label: `${format.bin(bin, interval)}: ${said(counts[index]!)}${so_far}`,
      is_unfinished,
    };
  });
  const height = box_width < NARROW_PX ? NARROW_HEIGHT : HEIGHT;
  const size = { width: Math.max(box_width, neededWidth(bins.length)), height };

  function choose(index: number) {
    const period = periodOfBin(bins[index]!, interval, view.zone);
    if (period !== undefined) dashboard.navigate({ period, interval: null });
  }

  // Where not all bars fit, the latest are shown first.
  useLayoutEffect(() => {
    if (box.current !== null) box.current.scrollLeft = box.current.scrollWidth;
  }, [bins, box_width]);

  const bar = pointed === null ? undefined : bars[pointed];
  return (
    <>
      <div class="chart-frame">
        <ValueAxis bars={bars} height={height} format={format.axis} />
        <div class="chart-scroll" ref={box}>
          <div class="chart">
            {box_width > 0 && (
              <BarChart
                bars={bars}
                size={size}
                name={name}
                hint_id={hint_id}
                clickable={clickable}
                onPoint={setPointed}
                onChoose={choose}
              />
            )}
            {bar && (
              <div class="tip" aria-hidden="true" style={tipStyle(barPosition(bars, size, pointed!), size.width)}>
                <strong>{said(bar)}</strong>
                <span>{format.bin(bins[pointed!]!, interval)}</span>
                {bar.is_unfinished && <span>so far</span>}
                {bar.before !== null && <span>{format.number(bar.before)} before</span>}
              </div>
            )}
          </div>
        </div>
      </div>
      <p id={hint_id} class="visually-hidden">
        {format.number(bins.length)} bars. Arrow keys move between them{clickable && ', Enter selects the period'}.
      </p>
      {is_table && <ChartTable name={name} head={metricName(view, metric)} bins={bins} counts={counts} interval={interval} />}
    </>
  );
}

function hourOf({ view, span }: DashboardContext, bin: Span, interval: Interval): number | null {
  const is_long = span.to_ms - span.from_ms > 26 * 3_600_000;
  return interval === 'hour' && is_long ? localTimeAt(view.zone, bin.from_ms).hour : null;
}

/** Returns the label below a bar; at midnight, hours show the day instead. */
function tickOf(dashboard: DashboardContext, bin: Span, interval: Interval): string {
  return dashboard.format.tick(bin, hourOf(dashboard, bin, interval) === 0 ? 'day' : interval);
}

function tipStyle({ x, y }: { x: number; y: number }, width: number) {
  const edge = x < 90 ? 'start' : x > width - 90 ? 'end' : 'middle';
  const shift = { start: '-16px', end: 'calc(-100% + 16px)', middle: '-50%' }[edge];
  // Above the bar, or over its upper end if there is no room.
  const lift = y < 96 ? '8px' : 'calc(-100% - 8px)';
  return { left: `${x}px`, top: `${y}px`, transform: `translate(${shift}, ${lift})` };
}
