// Draws one column of numbers of a result: bars or a line over time, bars for names.

import { scaleLinear } from 'd3-scale';
import { useRef, useState } from 'preact/hooks';
import type { QueryResult } from '../api';
import type { Format } from '../format';
import { MAX_NAMES, pointsOf, type Point, type Series } from '../sql_series';
import { useWidth } from './width';

const HEIGHT = 280;
const LEFT = 56;
const TOP = 10;
const BOTTOM = 26;
/** Distance between two labels below the axis. */
const LABEL_WIDTH = 110;

interface Props {
  result: QueryResult;
  series: Series;
  format: Format;
}

export function SqlChart({ result, series, format }: Props) {
  const [place, setPlace] = useState(0);
  const [kind, setKind] = useState<'Bars' | 'Line'>(series.is_time ? 'Line' : 'Bars');
  const value = series.values[place]!;
  const points = pointsOf(result, series, value);
  const name = `${value.name} by ${series.along.name}`;
  const count = result.rows?.length ?? 0;
  return (
    <>
      <div class="sql-chart-bar">
        {series.values.length > 1 && (
          <label class="compact-field">
            <span>Value</span>
            <select value={place} onChange={(event) => setPlace(Number(event.currentTarget.value))}>
              {series.values.map((column, index) => (
                <option key={index} value={index}>
                  {column.name}
                </option>
              ))}
            </select>
          </label>
        )}
        {series.is_time && (
          <div class="segments" role="group" aria-label="Kind">
            {(['Line', 'Bars'] as const).map((known) => (
              <button key={known} type="button" aria-pressed={known === kind} onClick={() => setKind(known)}>
                {known}
              </button>
            ))}
          </div>
        )}
      </div>
      {points.length === 0 && <p class="nothing">No row has a value to draw.</p>}
      {points.length > 0 &&
        (series.is_time ? (
          <TimeChart points={points} name={name} kind={kind} format={format} />
        ) : (
          <NameChart points={points} name={name} format={format} />
        ))}
      {!series.is_time && count > MAX_NAMES && (
        <p class="note">
          First {MAX_NAMES} of {format.number(count)} rows.
        </p>
      )}
    </>
  );
}

interface ChartProps {
  points: Point[];
  name: string;
  format: Format;
}

function TimeChart({ points, name, kind, format }: ChartProps & { kind: 'Bars' | 'Line' }) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [first, last] = [points[0]!.at_ms!, points.at(-1)!.at_ms!];
  const y = scaleLinear()
    .domain([Math.min(0, ...points.map((point) => point.value)), Math.max(1, ...points.map((point) => point.value))])
    .nice(4)
    .range([HEIGHT - BOTTOM, TOP]);
  const step = gapOf(points, first, last);
  // A bar stands on its time and reaches to the next one.
  const x = scaleLinear()
    .domain([first, kind === 'Bars' ? last + step : Math.max(last, first + 1)])
    .range([LEFT, Math.max(LEFT + 1, width - 8)]);
  const bar_width = Math.max(1, (x(first + step) - x(first)) * 0.8);
  const line = points.map(({ at_ms, value }, index) => `${index === 0 ? 'M' : 'L'}${x(at_ms!)},${y(value)}`).join('');
  return (
    <div ref={box}>
      {width > 0 && (
        <svg class="sql-chart" role="img" aria-label={spoken(name, points, format)} viewBox={`0 0 ${width} ${HEIGHT}`} width={width} height={HEIGHT}>
          {y.ticks(4).map((level) => (
            <g key={level} class="axis">
              <line x1={LEFT} x2={width} y1={y(level)} y2={y(level)} />
              <text x={LEFT - 8} y={y(level)} dy="0.32em" text-anchor="end">
                {format.axis(level)}
              </text>
            </g>
          ))}
          {labelled(points, width).map((index) => (
            <text
              key={index}
              class="sql-chart-tick"
              x={x(points[index]!.at_ms!)}
              y={HEIGHT - BOTTOM + 18}
              text-anchor={index === 0 ? 'start' : index === points.length - 1 ? 'end' : 'middle'}
            >
              {points[index]!.label}
            </text>
          ))}
          {kind === 'Line' ? (
            <path class="sql-chart-line" d={line} fill="none" />
          ) : (
            points.map(({ at_ms, value, label }, index) => (
              <rect key={index} class="sql-fill" x={x(at_ms!)} width={bar_width} y={Math.min(y(value), y(0))} height={Math.abs(y(0) - y(value))}>
                <title>{`${label}: ${format.number(value)}`}</title>
              </rect>
            ))
          )}
          {kind === 'Line' &&
            points.map(({ at_ms, value, label }, index) => (
              <circle key={index} class="sql-chart-point" cx={x(at_ms!)} cy={y(value)} r={points.length > 60 ? 1.5 : 3}>
                <title>{`${label}: ${format.number(value)}`}</title>
              </circle>
            ))}
        </svg>
      )}
    </div>
  );
}

/** Bars that lie: names are longer than bars are wide. */
function NameChart({ points, name, format }: ChartProps) {
  const longest = Math.max(0, ...points.map((point) => point.value));
  return (
    <div class="sql-bars" role="img" aria-label={spoken(name, points, format)}>
      {points.map(({ label, value }, index) => (
        <div key={index} class="sql-bar-row">
          <span class="sql-bar-name" title={label}>
            {label}
          </span>
          <svg class="sql-bar-value" viewBox="0 0 100 10" preserveAspectRatio="none">
            <rect class="sql-fill" width={longest > 0 ? Math.max(0, (value / longest) * 100) : 0} height="10" />
          </svg>
          <span class="number">{format.number(value)}</span>
        </div>
      ))}
    </div>
  );
}

/** A chart in words; the table has each value. */
function spoken(name: string, points: Point[], format: Format): string {
  const highest = points.reduce((most, point) => (point.value > most.value ? point : most));
  const range = `${points[0]!.label} to ${points.at(-1)!.label}`;
  return `${name}, ${format.counted(points.length, points.length, 'values')}, ${range}; highest: ${highest.label} with ${format.number(highest.value)}`;
}

/** The shortest time between two points; a day where there is one point. */
function gapOf(points: Point[], first: number, last: number): number {
  if (first === last) return 86_400_000;
  let gap = last - first;
  for (let index = 1; index < points.length; index += 1) {
    const between = points[index]!.at_ms! - points[index - 1]!.at_ms!;
    if (between > 0) gap = Math.min(gap, between);
  }
  return gap;
}

/** The points with a label: first, last, and as many between as have room. */
function labelled(points: Point[], width: number): number[] {
  const room = Math.max(1, Math.floor((width - LEFT) / LABEL_WIDTH));
  if (points.length <= room) return points.map((_, index) => index);
  if (room < 2) return [0];
  return Array.from({ length: room }, (_, index) => Math.round((index * (points.length - 1)) / (room - 1)));
}
