// Views over time: bars to look at, to point at and to choose from, and the same numbers as a table.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { QueryResult } from '../api';
import { parseTimestamp } from '../format';
import { PER_QUARTER, type PanelQuery } from '../panel_queries';
import { binsIn, defaultInterval, periodOfBin, availableIntervals, sumIntoBins, type Interval, type Span } from '../period';
import { cellReader } from '../pivot';
import { localTimeAt } from '../zone';
import { draw, HEIGHT, neededWidth, NUMBERS_WIDTH, type Bar, type Place } from './bars';
import { useDashboard, type DashboardContext } from './context';
import { Panel } from './panel';

const QUERY: PanelQuery = { question: PER_QUARTER, period: 'current' };

const NAMES: Record<Interval, string> = { quarter: 'quarter of an hour', hour: 'hour', day: 'day', month: 'month' };

export function ChartPanel() {
  const dashboard = useDashboard();
  const possible = availableIntervals(dashboard.span);
  const bars = possible.find((known) => known === dashboard.view.interval) ?? defaultInterval(dashboard.span);
  const choice = possible.length > 1 && (
    <div class="segments" role="group" aria-label="Interval">
      {possible.map((width) => (
        <button key={width} type="button" aria-pressed={width === bars} onClick={() => dashboard.navigate({ interval: width })}>
          {width.charAt(0).toUpperCase() + width.slice(1)}
        </button>
      ))}
    </div>
  );
  return (
    <Panel query={QUERY} title={`Views per ${NAMES[bars]}`} class="wide" tools={choice} skeleton="chart">
      {(result) => <Chart result={result} bars={bars} dashboard={dashboard} />}
    </Panel>
  );
}

interface ChartProps {
  result: QueryResult;
  bars: Interval;
  dashboard: DashboardContext;
}

function Chart({ result, bars, dashboard }: ChartProps) {
  const { span, view, format } = dashboard;
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const numbers = useRef<SVGSVGElement>(null);
  const place = useRef<Place | null>(null);
  const width = useWidth(box);
  const [pointed, setPointed] = useState<number | null>(null);
  const clickable = dashboard.api !== null && bars !== 'quarter';
  const bins = useMemo(() => binsIn(span, bars, view.zone), [span.from_ms, span.to_ms, bars, view.zone]);
  const views = useMemo(() => sumIntoBins(bins, quartersOf(result)), [bins, result]);
  const drawn = useMemo(
    (): Bar[] =>
      bins.map((bin, index) => ({
        at_ms: bin.from_ms,
        views: views[index]!,
        tick: tickOf(dashboard, bin, bars),
        hour: hourOf(dashboard, bin, bars),
        label: `${format.bin(bin, bars)}: ${count(dashboard, views[index]!)}`,
      })),
    [bins, views, format],
  );
  const choose = useRef((_: number) => {});
  choose.current = (index) => {
    const period = periodOfBin(bins[index]!, bars, view.zone);
    if (period !== undefined) dashboard.navigate({ period, interval: null });
  };

  useLayoutEffect(() => {
    if (width === 0) return;
    place.current = draw(svg.current!, numbers.current!, {
      bars: drawn,
      width: Math.max(width, neededWidth(bins.length)),
      name: `Views per ${NAMES[bars]}, ${bins.length} bars. Arrow keys move between them${clickable ? ', Enter looks closer' : ''}.`,
      axisNumber: format.axis,
      clickable,
      point: setPointed,
      choose: (index) => choose.current(index),
    });
  }, [drawn, width, clickable]);

  // Where not all bars fit, the latest are seen first.
  useLayoutEffect(() => {
    if (box.current !== null) box.current.scrollLeft = box.current.scrollWidth;
  }, [bins, width]);

  const bin = pointed === null ? undefined : bins[pointed];
  return (
    <>
      <div class="chart-frame">
        <svg ref={numbers} width={NUMBERS_WIDTH} height={HEIGHT} aria-hidden="true">
          <g class="axis" />
        </svg>
        <div class="chart-scroll" ref={box}>
          <div class="chart">
            <svg ref={svg} role="group" height={HEIGHT}>
              <g class="axis axis-y" aria-hidden="true" />
              <g class="axis axis-x" aria-hidden="true" />
              <g class="bars" />
            </svg>
            {bin && place.current && (
              <div class="tip" aria-hidden="true" style={tipStyle(place.current(pointed!), svg.current!)}>
                <strong>{count(dashboard, views[pointed!]!)}</strong>
                <span>{format.bin(bin, bars)}</span>
                {bin.from_ms <= dashboard.now_ms && dashboard.now_ms < bin.to_ms && <span>so far</span>}
              </div>
            )}
          </div>
        </div>
      </div>
      <ChartTable bins={bins} views={views} bars={bars} dashboard={dashboard} />
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

function hourOf({ view, span }: DashboardContext, bin: Span, bars: Interval): number | null {
  const is_long = span.to_ms - span.from_ms > 26 * 3_600_000;
  return bars === 'hour' && is_long ? localTimeAt(view.zone, bin.from_ms).hour : null;
}

/** At midnight hours show the day instead. */
function tickOf(dashboard: DashboardContext, bin: Span, bars: Interval): string {
  return dashboard.format.tick(bin, hourOf(dashboard, bin, bars) === 0 ? 'day' : bars);
}

function count({ format }: DashboardContext, views: number): string {
  return views === 1 ? '1 view' : `${format.number(views)} views`;
}

function tipStyle({ x, y }: { x: number; y: number }, svg: SVGSVGElement) {
  const width = Number(svg.getAttribute('width'));
  const edge = x < 90 ? 'start' : x > width - 90 ? 'end' : 'middle';
  const shift = { start: '-16px', end: 'calc(-100% + 16px)', middle: '-50%' }[edge];
  // Above the bar, or, where there is no room, over its upper end.
  const lift = y < 76 ? '8px' : 'calc(-100% - 8px)';
  return { left: `${x}px`, top: `${y}px`, transform: `translate(${shift}, ${lift})` };
}

function ChartTable({ bins, views, bars, dashboard }: { bins: Span[]; views: number[]; bars: Interval; dashboard: DashboardContext }) {
  const [open, setOpen] = useState(false);
  const name = NAMES[bars];
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
                  <th scope="row">{dashboard.format.bin(bin, bars)}</th>
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
