// Views over time: bars to look at, to point at and to choose from, and the same numbers as a table.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Answer } from '../api';
import { instantOf } from '../format';
import { PER_QUARTER, type Need } from '../needs';
import { binsOf, fittingBars, periodOfBin, possibleBars, sumIntoBins, type Bars, type Span } from '../period';
import { reader } from '../pivot';
import { wallAt } from '../zone';
import { draw, HEIGHT, neededWidth, NUMBERS_WIDTH, type Bar, type Place } from './bars';
import { useModel, type Model } from './model';
import { Panel } from './panel';

const NEED: Need = { question: PER_QUARTER, span: 'now' };

const NAMES: Record<Bars, string> = { quarter: 'quarter of an hour', hour: 'hour', day: 'day', month: 'month' };

export function ChartPanel() {
  const model = useModel();
  const possible = possibleBars(model.now);
  const bars = possible.find((known) => known === model.view.bars) ?? fittingBars(model.now);
  const choice = possible.length > 1 && (
    <div class="segments" role="group" aria-label="Width of the bars">
      {possible.map((width) => (
        <button key={width} type="button" aria-pressed={width === bars} onClick={() => model.go({ bars: width })}>
          {width.charAt(0).toUpperCase() + width.slice(1)}
        </button>
      ))}
    </div>
  );
  return (
    <Panel need={NEED} title={`Views per ${NAMES[bars]}`} class="wide" tools={choice} skeleton="chart">
      {(answer) => <Chart answer={answer} bars={bars} model={model} />}
    </Panel>
  );
}

interface ChartProps {
  answer: Answer;
  bars: Bars;
  model: Model;
}

function Chart({ answer, bars, model }: ChartProps) {
  const { now, view, format } = model;
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const numbers = useRef<SVGSVGElement>(null);
  const place = useRef<Place | null>(null);
  const width = useWidth(box);
  const [pointed, setPointed] = useState<number | null>(null);
  const clickable = model.api !== null && bars !== 'quarter';
  const bins = useMemo(() => binsOf(now, bars, view.zone), [now.from_ms, now.to_ms, bars, view.zone]);
  const views = useMemo(() => sumIntoBins(bins, quartersOf(answer)), [bins, answer]);
  const drawn = useMemo(
    (): Bar[] =>
      bins.map((bin, index) => ({
        at_ms: bin.from_ms,
        views: views[index]!,
        tick: tickOf(model, bin, bars),
        hour: hourOf(model, bin, bars),
        label: `${format.bin(bin, bars)}: ${count(model, views[index]!)}`,
      })),
    [bins, views, format],
  );
  const choose = useRef((_: number) => {});
  choose.current = (index) => {
    const period = periodOfBin(bins[index]!, bars, view.zone);
    if (period !== undefined) model.go({ period, bars: null });
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
                <strong>{count(model, views[pointed!]!)}</strong>
                <span>{format.bin(bin, bars)}</span>
                {bin.from_ms <= model.now_ms && model.now_ms < bin.to_ms && <span>so far</span>}
              </div>
            )}
          </div>
        </div>
      </div>
      <ChartTable bins={bins} views={views} bars={bars} model={model} />
    </>
  );
}

function quartersOf(answer: Answer): { at_ms: number; views: number }[] {
  const read = reader(answer);
  const column = answer.columns?.find(({ type }) => type === 'timestamp')?.name ?? 'quarter';
  return (answer.rows ?? []).map((row) => ({
    at_ms: instantOf(String(read(row, column))) ?? Number.NaN,
    views: Number(read(row, 'views') ?? 0),
  }));
}

function hourOf({ view, now }: Model, bin: Span, bars: Bars): number | null {
  const is_long = now.to_ms - now.from_ms > 26 * 3_600_000;
  return bars === 'hour' && is_long ? wallAt(view.zone, bin.from_ms).hour : null;
}

/** At midnight hours show the day instead. */
function tickOf(model: Model, bin: Span, bars: Bars): string {
  return model.format.tick(bin, hourOf(model, bin, bars) === 0 ? 'day' : bars);
}

function count({ format }: Model, views: number): string {
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

function ChartTable({ bins, views, bars, model }: { bins: Span[]; views: number[]; bars: Bars; model: Model }) {
  const [open, setOpen] = useState(false);
  const name = NAMES[bars];
  return (
    <details class="as-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The same as a table</summary>
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
                  <th scope="row">{model.format.bin(bin, bars)}</th>
                  <td class="number">{model.format.number(views[index]!)}</td>
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
