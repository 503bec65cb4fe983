// The bar chart as SVG. It uses attributes only, so that it needs no inline style and prints as it looks.

import { scaleBand, scaleLinear } from 'd3-scale';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { BarCounts } from '../chart_series';

export interface Bar extends BarCounts {
  /** The bar's first instant. */
  at_ms: number;
  tick: string;
  /** The hour of the day that the bar begins at, if bars are hours of several days. */
  hour: number | null;
  /** The accessible name: the bar's full name and its value. */
  label: string;
  /** Its end is still to come. */
  is_unfinished: boolean;
}

/** In pixels. */
export interface Size {
  width: number;
  height: number;
}

interface Props {
  bars: Bar[];
  size: Size;
  /** The accessible name of the chart. */
  name: string;
  /** The id of the text that says how to use it. */
  hint_id: string;
  clickable: boolean;
  /** Called when the pointer or the focus reaches a bar, and with null when it leaves. */
  onPoint: (index: number | null) => void;
  onChoose: (index: number) => void;
}

/** Width of the axis labels, which stay in place when the bars scroll. */
const AXIS_WIDTH = 48;
const TOP = 12;
const BOTTOM = 28;
const EDGE = 4;
const MIN_BAR_WIDTH = 3;
/** Minimum distance between two labels below the bars. */
const LABEL_GAP = 4;
/** Distance between an axis and its labels. */
const LABEL_PADDING = 10;

/** Returns the width that this many bars need. */
export function neededWidth(count: number): number {
  return 2 * EDGE + count * MIN_BAR_WIDTH;
}

/** Returns the middle and the top of a bar. */
export function barPosition(bars: Bar[], { width, height }: Size, index: number): { x: number; y: number } {
  const x = xScale(bars, width);
  return { x: x(index)! + x.bandwidth() / 2, y: yScale(bars, height)(bars[index]!.most) };
}

function xScale(bars: Bar[], width: number) {
  return scaleBand<number>()
    .domain(bars.map((_, index) => index))
    .range([EDGE, width - EDGE])
    .paddingInner(bars.length > 120 ? 0.12 : 0.22)
    .paddingOuter(0.1);
}

function yScale(bars: Bar[], height: number) {
  return scaleLinear()
    .domain([0, Math.max(4, ...bars.map(({ most, before }) => Math.max(most, before ?? 0)))])
    .nice(4)
    .range([height - BOTTOM, TOP]);
}

const levels = (y: ReturnType<typeof yScale>) => y.ticks(4).filter(Number.isInteger);

/** The labels of the vertical axis, in an SVG of their own. */
export function ValueAxis({ bars, height, format }: { bars: Bar[]; height: number; format: (value: number) => string }) {
  const y = yScale(bars, height);
  return (
    <svg width={AXIS_WIDTH} height={height} aria-hidden="true">
      <g class="axis" text-anchor="end" transform={`translate(${AXIS_WIDTH},0)`}>
        {levels(y).map((level) => (
          <text key={level} x={-LABEL_PADDING} y={y(level) + 0.5} dy="0.32em">
            {format(level)}
          </text>
        ))}
      </g>
    </svg>
  );
}

export function BarChart({ bars, size, name, hint_id, clickable, onPoint, onChoose }: Props) {
  const { width, height } = size;
  const hatch_id = useId();
  const svg = useRef<SVGSVGElement>(null);
  // One bar is in the tab order; arrow keys move among them.
  const [current, setCurrent] = useState(0);
  const x = xScale(bars, width);
  const y = yScale(bars, height);
  const gap = x.step() - x.bandwidth();
  const before = beforeLine(bars, size);
  const tab_stop = Math.min(current, bars.length - 1);

  function onKey(event: KeyboardEvent, index: number): void {
    if (event.key === 'Escape') return onPoint(null);
    const target = keyTarget(event.key, index, bars.length);
    if (target !== undefined) {
      event.preventDefault();
      setCurrent(target);
      svg.current!.querySelectorAll<SVGGElement>('.bar')[target]!.focus();
    } else if ((event.key === 'Enter' || event.key === ' ') && clickable) {
      event.preventDefault();
      onChoose(index);
    }
  }

  return (
    <svg
      ref={svg}
      role="group"
      aria-label={name}
      aria-describedby={hint_id}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
    >
      <defs>
        <pattern id={hatch_id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect class="hatch-ground" width="6" height="6" />
          <rect class="hatch-line" width="3" height="6" />
        </pattern>
      </defs>
      <g class="axis axis-y" aria-hidden="true">
        {levels(y).map((level) => (
          <line key={level} x2={width} y1={y(level) + 0.5} y2={y(level) + 0.5} />
        ))}
      </g>
      <TimeAxis bars={bars} size={size} />
      <g class="bars">
        {bars.map((bar, index) => (
          <g
            key={bar.at_ms}
            class={clickable ? 'bar clickable' : 'bar'}
            role={clickable ? 'button' : 'img'}
            tabIndex={index === tab_stop ? 0 : -1}
            aria-label={bar.label}
            onPointerEnter={() => onPoint(index)}
            onPointerLeave={() => onPoint(null)}
            onFocus={() => (setCurrent(index), onPoint(index))}
            onBlur={() => onPoint(null)}
            onClick={() => clickable && onChoose(index)}
            onKeyDown={(event) => onKey(event, index)}
          >
            <rect class="bar-hit" x={x(index)! - gap / 2} width={x.step()} y={TOP} height={height - BOTTOM - TOP} />
            {bar.most > bar.value && (
              <rect class="bar-most" x={x(index)!} width={x.bandwidth()} y={y(bar.most)} height={y(bar.value) - y(bar.most)} />
            )}
            <rect
              class={bar.is_unfinished ? 'bar-value so-far' : 'bar-value'}
              fill={bar.is_unfinished ? `url(#${hatch_id})` : undefined}
              x={x(index)!}
              width={x.bandwidth()}
              rx={Math.min(3, x.bandwidth() / 4)}
              y={y(bar.value)}
              height={Math.max(0, y(0) - y(bar.value))}
            />
          </g>
        ))}
      </g>
      <g class="before" fill="none" aria-hidden="true">
        <path class="before-halo" d={before} />
        <path class="before-line" d={before} />
      </g>
    </svg>
  );
}

/** Returns the line through the numbers of the compared period. */
function beforeLine(bars: Bar[], { width, height }: Size): string {
  const x = xScale(bars, width);
  const y = yScale(bars, height);
  const points = bars.flatMap(({ before }, index) =>
    before === null ? [] : [`${(x(index)! + x.bandwidth() / 2).toFixed(1)},${y(before).toFixed(1)}`],
  );
  return points.length > 1 ? `M${points.join('L')}` : '';
}

/** Returns the bar that a key moves to from a bar, or undefined for other keys. */
function keyTarget(key: string, index: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return Math.min(count - 1, index + 1);
    case 'ArrowLeft':
      return Math.max(0, index - 1);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

/** The horizontal axis with its labels. */
function TimeAxis({ bars, size: { width, height } }: { bars: Bar[]; size: Size }) {
  const axis = useRef<SVGGElement>(null);
  const x = xScale(bars, width);
  useLayoutEffect(() => placeLabels(axis.current!, width), [bars, width]);
  return (
    <g class="axis axis-x" ref={axis} text-anchor="middle" transform={`translate(0,${height - BOTTOM})`} aria-hidden="true">
      <path class="domain" fill="none" d={`M${EDGE + 0.5},0.5H${width - EDGE + 0.5}`} />
      {labelledBars(bars, x.step()).map((index) => (
        <text key={bars[index]!.at_ms} x={x(index)! + x.bandwidth() / 2} y={LABEL_PADDING} dy="0.71em">
          {bars[index]!.tick}
        </text>
      ))}
    </g>
  );
}

/** Moves labels that the chart's edges would cut, and hides any that would then overlap. Needs their measured width. */
function placeLabels(axis: SVGGElement, width: number): void {
  let taken_to = -LABEL_GAP;
  for (const label of axis.querySelectorAll('text')) {
    const middle = Number(label.getAttribute('x'));
    const half = label.getComputedTextLength() / 2;
    const shown_at = Math.max(half, Math.min(middle, width - half));
    const is_free = shown_at - half >= taken_to + LABEL_GAP;
    label.setAttribute('dx', String(shown_at - middle));
    label.setAttribute('visibility', is_free ? 'visible' : 'hidden');
    if (is_free) taken_to = shown_at + half;
  }
}

/** Returns the bars that get a label: no closer than labels are wide, and preferably at round hours or midnights. */
function labelledBars(bars: Bar[], step_px: number): number[] {
  const widest_px = Math.max(1, ...bars.map(({ tick }) => tick.length)) * 7 + 14;
  const every = (count: number, from: number[]) => from.filter((_, place) => place % count === 0);
  const all = bars.map((_, index) => index);
  if (bars[0]?.hour == null) return every(Math.ceil(widest_px / step_px), all);
  const hours = [1, 2, 3, 6, 12].find((count) => count * step_px >= widest_px);
  if (hours !== undefined) return all.filter((index) => bars[index]!.hour! % hours === 0);
  const midnights = all.filter((index) => bars[index]!.hour === 0);
  return every(Math.ceil(widest_px / (24 * step_px)), midnights);
}
