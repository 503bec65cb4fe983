// Views over time, as a bar chart and as a table.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { QueryResult } from '../api';
import { parseTimestamp } from '../format';
import { PER_QUARTER, type PanelQuery } from '../panel_queries';
import { availableIntervals, binsIn, defaultInterval, periodOfBin, sumIntoBins, type Interval, type Span } from '../period';
import { cellReader } from '../pivot';
import { localTimeAt } from '../zone';
import { BarChart, barPosition, neededWidth, ValueAxis, type Bar } from './bar_chart';
import { useDashboard, type DashboardContext } from './context';
import { Panel } from './panel';

const QUERY: PanelQuery = { question: PER_QUARTER, period: 'current' };

const NAMES: Record<Interval, string> = { quarter: 'quarter of an hour', hour: 'hour', day: 'day', month: 'month' };

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
  return (
    <Panel query={QUERY} title={`Views per ${NAMES[interval]}`} class="wide" tools={choices} skeleton="chart">
      {(result) => <Chart result={result} interval={interval} dashboard={dashboard} />}
    </Panel>
  );
}

interface ChartProps {
  result: QueryResult;
  interval: Interval;
  dashboard: DashboardContext;
}

function Chart({ result, interval, dashboard }: ChartProps) {
  const { span, view, format } = dashboard;
  const box = useRef<HTMLDivElement>(null);
  const box_width = useWidth(box);
  const [pointed, setPointed] = useState<number | null>(null);
  const clickable = dashboard.api !== null && interval !== 'quarter';
  const bins = useMemo(() => binsIn(span, interval, view.zone), [span.from_ms, span.to_ms, interval, view.zone]);
  const views = useMemo(() => sumIntoBins(bins, quartersOf(result)), [bins, result]);
  const bars = useMemo(
    (): Bar[] =>
      bins.map((bin, index) => ({
        at_ms: bin.from_ms,
        views: views[index]!,
        tick: tickOf(dashboard, bin, interval),
        hour: hourOf(dashboard, bin, interval),
        label: `${format.bin(bin, interval)}: ${viewCount(dashboard, views[index]!)}`,
      })),
    [bins, views, format],
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
                name={`Views per ${NAMES[interval]}, ${bins.length} bars. ${hint}.`}
                clickable={clickable}
                onPoint={setPointed}
                onChoose={choose}
              />
            )}
            {bin && (
              <div class="tip" aria-hidden="true" style={tipStyle(barPosition(bars, width, pointed!), width)}>
                <strong>{viewCount(dashboard, views[pointed!]!)}</strong>
                <span>{format.bin(bin, interval)}</span>
                {bin.from_ms <= dashboard.now_ms && dashboard.now_ms < bin.to_ms && <span>so far</span>}
              </div>
            )}
          </div>
        </div>
      </div>
      <ChartTable bins={bins} views={views} interval={interval} dashboard={dashboard} />
    </>
  );
}

function quartersOf(result: QueryResult): { at_ms: number; views: number }[] {
  const read = cellReader(result);
  const column = result.columns?.find(({ type }) => type === 'timestamp')?.name ?? 'quarter';
  return (result.rows ?? []).map((row) => ({
    at_ms: parseTimestamp(String(read(row, column))) ?? Number.NaN,
    views: Number(read(row, 'views') ?? 0),
  }));
}

function hourOf({ view, span }: DashboardContext, bin: Span, interval: Interval): number | null {
  const is_long = span.to_ms - span.from_ms > 26 * 3_600_000;
  return interval === 'hour' && is_long ? localTimeAt(view.zone, bin.from_ms).hour : null;
}

/** Returns the label below a bar; at midnight, hours show the day instead. */
function tickOf(dashboard: DashboardContext, bin: Span, interval: Interval): string {
  return dashboard.format.tick(bin, hourOf(dashboard, bin, interval) === 0 ? 'day' : interval);
}

function viewCount({ format }: DashboardContext, views: number): string {
  return views === 1 ? '1 view' : `${format.number(views)} views`;
}

function tipStyle({ x, y }: { x: number; y: number }, width: number) {
  const edge = x < 90 ? 'start' : x > width - 90 ? 'end' : 'middle';
  const shift = { start: '-16px', end: 'calc(-100% + 16px)', middle: '-50%' }[edge];
  // Above the bar, or over its upper end if there is no room.
  const lift = y < 76 ? '8px' : 'calc(-100% - 8px)';
  return { left: `${x}px`, top: `${y}px`, transform: `translate(${shift}, ${lift})` };
}

function ChartTable({ bins, views, interval, dashboard }: { bins: Span[]; views: number[]; interval: Interval; dashboard: DashboardContext }) {
  const [open, setOpen] = useState(false);
  const name = NAMES[interval];
  return (
    <details class="as-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Show as table</summary>
      {open && (
        <div class="table-scroll tall" tabIndex={0} role="region" aria-label={`Views per ${name}, as a table`}>
          <table>
            <thead>
              <tr>
                <th scope="col">{name.charAt(0).toUpperCase() + name.slice(1)}</th>
                <th scope="col" class="number">
                  Views
                </th>
              </tr>
            </thead>
            <tbody>
              {bins.map((bin, index) => (
                <tr key={bin.from_ms}>
                  <th scope="row">{dashboard.format.bin(bin, interval)}</th>
                  <td class="number">{dashboard.format.number(views[index]!)}</td>
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
