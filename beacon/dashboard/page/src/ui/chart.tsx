// Visitors or views over time, as a bar chart and as a table.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { QueryResult } from '../api';
import { parseTimestamp } from '../format';
import { metricOf } from '../metric';
import { PER_QUARTER, type PanelQuery } from '../panel_queries';
import { availableIntervals, binsIn, defaultInterval, periodOfBin, sumIntoBins, type Interval, type Span } from '../period';
import { cellReader } from '../pivot';
import type { Metric } from '../view';
import { localTimeAt } from '../zone';
import { BarChart, barPosition, neededWidth, ValueAxis, type Bar } from './bar_chart';
import { useDashboard, type DashboardContext } from './context';
import { Panel } from './panel';

const QUERY: PanelQuery = { question: PER_QUARTER, period: 'current' };

const NAMES: Record<Interval, string> = { quarter: 'quarter of an hour', hour: 'hour', day: 'day', week: 'week', month: 'month' };

export function ChartPanel() {
  const dashboard = useDashboard();
  const available = availableIntervals(dashboard.span);
  const interval = available.find((known) => known === dashboard.view.interval) ?? defaultInterval(dashboard.span);
  const choices = available.length > 1 && (
    <div class="segments" role="group" aria-label="Interval">
      {available.map((choice) => (
        <button key={choice} type="button" aria-pressed={choice === interval} onClick={() => dashboard.navigate({ interval: choice })}>
          {choice.charAt(0).toUpperCase() + choice.slice(1)}
        </button>
      ))}
    </div>
  );
  const metric = metricOf(dashboard);
  return (
    <Panel query={QUERY} title={`${METRIC_NAMES[metric]} per ${NAMES[interval]}`} class="wide" tools={choices} skeleton="chart">
      {(result) => <Chart result={result} metric={metric} interval={interval} dashboard={dashboard} />}
    </Panel>
  );
}

const METRIC_NAMES: Record<Metric, string> = {
  visitors: 'Visitors',
  visits: 'Visits',
  views: 'Views',
  opens: 'Opens',
  conversions: 'Conversions',
};

interface ChartProps {
  result: QueryResult;
  metric: Metric;
  interval: Interval;
  dashboard: DashboardContext;
}

function Chart({ result, metric, interval, dashboard }: ChartProps) {
  const { span, view, format } = dashboard;
  const box = useRef<HTMLDivElement>(null);
  const box_width = useWidth(box);
  const [pointed, setPointed] = useState<number | null>(null);
  const clickable = dashboard.api !== null && interval !== 'quarter';
  const bins = useMemo(() => binsIn(span, interval, view.zone), [span.from_ms, span.to_ms, interval, view.zone]);
  const counts = useMemo(() => countsOf(bins, result), [bins, result]);
  const values = (metric === 'visitors' ? counts.visitors : null) ?? counts.views;
  const bars = useMemo(
    (): Bar[] =>
      bins.map((bin, index) => ({
        at_ms: bin.from_ms,
        value: values[index]!,
        tick: tickOf(dashboard, bin, interval),
        hour: hourOf(dashboard, bin, interval),
        label: `${format.bin(bin, interval)}: ${format.counted(values[index]!, values[index]!, metric)}`,
      })),
    [bins, values, format],
  );
  const width = Math.max(box_width, neededWidth(bins.length));

  function choose(index: number) {
    const period = periodOfBin(bins[index]!, interval, view.zone);
    if (period !== undefined) dashboard.navigate({ period, interval: null });
  }

  // Where not all bars fit, the latest are shown first.
  useLayoutEffect(() => {
    if (box.current !== null) box.current.scrollLeft = box.current.scrollWidth;
  }, [bins, box_width]);

  const bin = pointed === null ? undefined : bins[pointed];
  const hint = `Arrow keys move between them${clickable ? ', Enter selects the period' : ''}`;
  return (
    <>
      <div class="chart-frame">
        <ValueAxis bars={bars} format={format.axis} />
        <div class="chart-scroll" ref={box}>
          <div class="chart">
            {box_width > 0 && (
              <BarChart
                bars={bars}
                width={width}
                name={`${METRIC_NAMES[metric]} per ${NAMES[interval]}, ${bins.length} bars. ${hint}.`}
                clickable={clickable}
                onPoint={setPointed}
                onChoose={choose}
              />
            )}
            {bin && (
              <div class="tip" aria-hidden="true" style={tipStyle(barPosition(bars, width, pointed!), width)}>
                <strong>{format.counted(values[pointed!]!, values[pointed!]!, metric)}</strong>
                <span>{format.bin(bin, interval)}</span>
                {bin.from_ms <= dashboard.now_ms && dashboard.now_ms < bin.to_ms && <span>so far</span>}
              </div>
            )}
          </div>
        </div>
      </div>
      <ChartTable bins={bins} counts={counts} metric={metric} interval={interval} dashboard={dashboard} />
    </>
  );
}

/** The counts of each bar; visitors are null in a result that doesn't count them. */
interface Counts {
  visitors: number[] | null;
  views: number[];
}

function countsOf(bins: Span[], result: QueryResult): Counts {
  const read = cellReader(result);
  const column = result.columns?.find(({ type }) => type === 'timestamp')?.name ?? 'quarter';
  const sums = (metric: 'visitors' | 'views') =>
    sumIntoBins(
      bins,
      (result.rows ?? []).map((row) => ({
        at_ms: parseTimestamp(String(read(row, column))) ?? Number.NaN,
        count: Number(read(row, metric) ?? 0),
      })),
    );
  const has_visitors = (result.columns ?? []).some(({ name }) => name === 'visitors');
  return { visitors: has_visitors ? sums('visitors') : null, views: sums('views') };
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
  const lift = y < 76 ? '8px' : 'calc(-100% - 8px)';
  return { left: `${x}px`, top: `${y}px`, transform: `translate(${shift}, ${lift})` };
}

interface ChartTableProps {
  bins: Span[];
  counts: Counts;
  metric: Metric;
  interval: Interval;
  dashboard: DashboardContext;
}

function ChartTable({ bins, counts, metric, interval, dashboard }: ChartTableProps) {
  const { format } = dashboard;
  const { visitors, views } = counts;
  const [open, setOpen] = useState(false);
  const name = NAMES[interval];
  return (
    <details class="as-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Show as table</summary>
      {open && (
        <div class="table-scroll tall" tabIndex={0} role="region" aria-label={`${METRIC_NAMES[metric]} per ${name}, as a table`}>
          <table>
            <thead>
              <tr>
                <th scope="col">{name.charAt(0).toUpperCase() + name.slice(1)}</th>
                {visitors && (
                  <th scope="col" class="number">
                    Visitors
                  </th>
                )}
                <th scope="col" class="number">
                  Views
                </th>
              </tr>
            </thead>
            <tbody>
              {bins.map((bin, index) => (
                <tr key={bin.from_ms}>
                  <th scope="row">{format.bin(bin, interval)}</th>
                  {visitors && <td class="number">{format.number(visitors[index]!)}</td>}
                  <td class="number">{format.number(views[index]!)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}

function useWidth(box: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const measure = () => setWidth(Math.floor(box.current?.clientWidth ?? 0));
    const observer = new ResizeObserver(measure);
    observer.observe(box.current!);
    measure();
    return () => observer.disconnect();
  }, []);
  return width;
}
