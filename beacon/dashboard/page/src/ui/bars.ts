// The bar chart, drawn by d3 into an SVG: attributes only, so that it needs no inline style and prints as it looks.

import { axisBottom, axisLeft, type AxisScale } from 'd3-axis';
import { scaleBand, scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';

export interface Bar {
  /** The bar's first instant. */
  at_ms: number;
  views: number;
  tick: string;
  /** The hour of the day that it begins at, where bars are hours of several days. */
  hour: number | null;
  /** What a screen cellReader says: the bar's full name and its value. */
  label: string;
}

export interface Drawing {
  bars: Bar[];
  width: number;
  /** What the bars stand for: it names the chart. */
  name: string;
  axisNumber: (value: number) => string;
  /** Whether a click on a bar leads anywhere. */
  clickable: boolean;
  point: (index: number | null) => void;
  choose: (index: number) => void;
}

export const HEIGHT = 240;
/** Of the numbers beside the bars, which stay when the bars scroll. */
export const NUMBERS_WIDTH = 48;
const TOP = 12;
const BOTTOM = 28;
const EDGE = 4;
const LEAST_BAR_WIDTH = 3;
/** Between two labels below the bars. */
const LABEL_GAP = 4;

/** The width that so many bars need, which may be more than there is. */
export function neededWidth(count: number): number {
  return 2 * EDGE + count * LEAST_BAR_WIDTH;
}

/** Where a bar's middle and top are. */
export type Place = (index: number) => { x: number; y: number };

export function draw(svg: SVGSVGElement, numbers: SVGSVGElement, drawing: Drawing): Place {
  const { bars, width, clickable } = drawing;
  const x = scaleBand<number>()
    .domain(bars.map((_, index) => index))
    .range([EDGE, width - EDGE])
    .paddingInner(bars.length > 120 ? 0.12 : 0.22)
    .paddingOuter(0.1);
  const y = scaleLinear()
    .domain([0, Math.max(4, ...bars.map(({ views }) => views))])
    .nice(4)
    .range([HEIGHT - BOTTOM, TOP]);

  const root = select(svg)
    .attr('viewBox', `0 0 ${width} ${HEIGHT}`)
    .attr('width', width)
    .attr('height', HEIGHT)
    .attr('aria-label', drawing.name);

  const levels = y.ticks(4).filter(Number.isInteger);
  const scale = y as unknown as AxisScale<number>;
  const beside = axisLeft(scale)
    .tickValues(levels)
    .tickFormat((value) => drawing.axisNumber(value))
    .tickSize(0)
    .tickPadding(10);
  select(numbers).select<SVGGElement>('.axis').attr('transform', `translate(${NUMBERS_WIDTH},0)`).call(beside);
  const lines = axisLeft(scale)
    .tickValues(levels)
    .tickFormat(() => '')
    .tickSize(-width);
  root.select<SVGGElement>('.axis-y').call(lines);

  const bottom = axisBottom(x)
    .tickValues(ticks(bars, x.step()))
    .tickFormat((index) => bars[index]!.tick)
    .tickSize(0)
    .tickPadding(10);
  root
    .select<SVGGElement>('.axis-x')
    .attr('transform', `translate(0,${HEIGHT - BOTTOM})`)
    .call(bottom)
    .call((axis) => keepInside(axis.selectAll<SVGTextElement, number>('text').nodes(), (index) => x(index)! + x.bandwidth() / 2, width));

  const groups = root
    .select('.bars')
    .selectAll<SVGGElement, Bar>('g')
    .data(bars, (bar) => bar.at_ms)
    .join((enter) => {
      const group = enter.append('g').attr('class', 'bar');
      group.append('rect').attr('class', 'bar-hit');
      group.append('rect').attr('class', 'bar-views');
      return group;
    })
    .order();

  const active = Math.max(
    0,
    groups.nodes().findIndex((node) => node === document.activeElement),
  );
  groups
    .attr('role', clickable ? 'button' : 'img')
    .attr('tabindex', (_, index) => (index === active ? 0 : -1))
    .attr('aria-label', (bar) => bar.label)
    .classed('clickable', clickable)
    .on('pointerenter', (_, bar) => drawing.point(bars.indexOf(bar)))
    .on('pointerleave', () => drawing.point(null))
    .on('focus', (_, bar) => drawing.point(bars.indexOf(bar)))
    .on('blur', () => drawing.point(null))
    .on('click', (_, bar) => clickable && drawing.choose(bars.indexOf(bar)))
    .on('keydown', (event: KeyboardEvent, bar) => onKey(event, groups.nodes(), bars.indexOf(bar), drawing));

  groups
    .select('.bar-hit')
    .attr('x', (_, index) => x(index)! - (x.step() - x.bandwidth()) / 2)
    .attr('width', x.step())
    .attr('y', TOP)
    .attr('height', HEIGHT - BOTTOM - TOP);
  groups
    .select('.bar-views')
    .attr('x', (_, index) => x(index)!)
    .attr('width', x.bandwidth())
    .attr('rx', Math.min(3, x.bandwidth() / 4))
    .attr('y', ({ views }) => y(views))
    .attr('height', ({ views }) => Math.max(0, y(0) - y(views)));

  return (index) => ({ x: x(index)! + x.bandwidth() / 2, y: y(bars[index]!.views) });
}

/** One bar is in the order of the tab key; arrows move among them. */
function onKey(event: KeyboardEvent, nodes: SVGGElement[], index: number, drawing: Drawing): void {
  if (event.key === 'Escape') return drawing.point(null);
  const last = nodes.length - 1;
  const targets: Record<string, number> = {
    ArrowRight: Math.min(last, index + 1),
    ArrowLeft: Math.max(0, index - 1),
    Home: 0,
    End: last,
  };
  const target = targets[event.key];
  if (target !== undefined) {
    nodes[index]!.setAttribute('tabindex', '-1');
    nodes[target]!.setAttribute('tabindex', '0');
    nodes[target]!.focus();
    event.preventDefault();
  } else if ((event.key === 'Enter' || event.key === ' ') && drawing.clickable) {
    event.preventDefault();
    drawing.choose(index);
  }
}

/** Moves labels that the chart's edges would cut, and hides one that such a label then runs into. */
function keepInside(labels: SVGTextElement[], middleOf: (index: number) => number, width: number): void {
  let taken_to = -LABEL_GAP;
  for (const label of labels) {
    const middle = middleOf(select<SVGTextElement, number>(label).datum());
    const half = label.getComputedTextLength() / 2;
    const shown_at = Math.max(half, Math.min(middle, width - half));
    const is_free = shown_at - half >= taken_to + LABEL_GAP;
    label.setAttribute('dx', String(shown_at - middle));
    label.setAttribute('visibility', is_free ? 'visible' : 'hidden');
    if (is_free) taken_to = shown_at + half;
  }
}

/** The bars that have a label: no closer together than the labels are wide, and at round hours or midnights. */
function ticks(bars: Bar[], step_px: number): number[] {
  const widest = Math.max(1, ...bars.map(({ tick }) => tick.length)) * 7 + 14;
  const every = (count: number, from: number[]) => from.filter((_, place) => place % count === 0);
  const all = bars.map((_, index) => index);
  if (bars[0]?.hour == null) return every(Math.ceil(widest / step_px), all);
  const hours = [1, 2, 3, 6, 12].find((count) => count * step_px >= widest);
  if (hours !== undefined) return all.filter((index) => bars[index]!.hour! % hours === 0);
  const midnights = all.filter((index) => bars[index]!.hour === 0);
  return every(Math.ceil(widest / (24 * step_px)), midnights);
}
