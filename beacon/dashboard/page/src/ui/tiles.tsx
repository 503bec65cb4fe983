// The tiles: totals and top sources, each compared with the previous period.

import type { ComponentChildren } from 'preact';
import type { QueryResult } from '../api';
import { total, totalRange } from '../count_columns';
import { countsConversions } from '../filters';
import type { Format } from '../format';
import { mergedResult } from '../merged_result';
import { metricOf } from '../metric';
import type { PanelQuery } from '../panel_queries';
import { sourceTotals } from '../pivot';
import { referrerName } from '../referrer_names';
import { DIRECT } from '../value_names';
import type { Metric } from '../view';
import { useDashboard } from './context';
import { Panel } from './panel';

const TOTALS: PanelQuery = { question: 'totals', period: 'current' };
const TOTALS_BEFORE: PanelQuery = { question: 'totals', period: 'previous' };

/** The number of tiles for the top sources. */
const MAX_SOURCES = 4;

export function Tiles() {
  const { data, format, previous_span, now_ms, span, made_at_ms, view } = useDashboard();
  const is_conversions = countsConversions(view);
  const earlier = mergedResult(data.states(TOTALS_BEFORE));
  const is_partial = now_ms < span.to_ms;
  const compared_with =
    previous_span && `${format.span(previous_span)}${is_partial ? ', up to the same time of day' : ''}`;
  // A report may lack the previous period.
  const is_compared = compared_with !== null && (made_at_ms === null || earlier !== null);
  return (
    <Panel
      query={TOTALS}
      title="Totals"
      class="wide totals"
      note={is_compared ? `Compared with ${compared_with}` : undefined}
      skeleton="rows"
    >
      {(result) => {
        const tileOf = (column: string) => ({ value: total(result, column), before: earlier && total(earlier, column) });
        const has_visitors = (result.columns ?? []).some(({ name }) => name === 'visitors');
        return (
          <div class="tiles">
            {!is_conversions ? (
              <>
                <div class="tile-group" role="group" aria-label="Metrics">
                  {has_visitors && <MetricTile metric="visitors" name="Visitors" {...tileOf('visitors')} />}
                  <MetricTile metric="views" name="Views" {...tileOf('views')}>
                    {emailCounts(result, format)}
                  </MetricTile>
                </div>
                <dl class="tile-group">
                  <Tile name="Pages" {...tileOf('pages')} />
                  <SourceTiles />
                </dl>
              </>
            ) : (
              <div class="tile-group" role="group" aria-label="Metrics">
                <MetricTile metric="conversions" name="Conversions" {...tileOf('views')} />
                {has_visitors && <MetricTile metric="visitors" name="Converted visitors" {...tileOf('visitors')} />}
              </div>
            )}
          </div>
        );
      }}
    </Panel>
  );
}

function SourceTiles() {
  const { about, data, format } = useDashboard();
  const has_sources = about.questions.some(({ name }) => name === 'sources');
  const question = has_sources ? 'sources' : 'top_pages_by_source';
  const result = mergedResult(data.states({ question, period: 'current' }));
  if (result === null) return null;
  const earlier = mergedResult(data.states({ question, period: 'previous' }));
  const before = new Map(earlier && sourceTotals(earlier).map(({ source, views }) => [source, views]));
  const totals = sourceTotals(result);
  const all = totals.reduce((sum, { views }) => sum + views, 0);
  return (
    <>
      {totals.slice(0, MAX_SOURCES).map(({ source, views }) => (
        <Tile
          key={source}
          name={source === null ? DIRECT : referrerName(source)}
          kind="Source"
          value={views}
          before={earlier && (before.get(source) ?? 0)}
        >
          {has_sources
            ? `${format.percent(views / all)} of views`
            : `${format.percent(views / all)} of the top pages’ views`}
        </Tile>
      ))}
    </>
  );
}

interface TileProps {
  name: string;
  kind?: string;
  value: number;
  /** The upper bound of a range that begins with the value. */
  most?: number;
  /** The value of the previous period; null until it is known. */
  before: number | null;
  children?: ComponentChildren;
}

/** A tile that draws its metric in the chart. */
function MetricTile({ metric, name, children, ...numbers }: TileProps & { metric: Metric }) {
  const dashboard = useDashboard();
  const is_drawn = metricOf(dashboard) === metric;
  return (
    <button type="button" class="tile" aria-pressed={is_drawn} onClick={() => dashboard.navigate({ metric })}>
      <span class="tile-name">{name}</span> <TileNumbers {...numbers} />
      {children && <span class="tile-aside">{children}</span>}
    </button>
  );
}

function Tile({ name, kind, children, ...numbers }: TileProps) {
  return (
    <div class="tile">
      <dt class="tile-name" title={name}>
        {kind && <span class="visually-hidden">{kind}: </span>}
        {name}
      </dt>
      <dd>
        <TileNumbers {...numbers} />
        {children && <span class="tile-aside">{children}</span>}
      </dd>
    </div>
  );
}

function TileNumbers({ value, most = value, before }: Pick<TileProps, 'value' | 'most' | 'before'>) {
  const { format } = useDashboard();
  const [whole, short] = [format.range(value, most), most > value ? format.range(value, most) : format.short(value)];
  return (
    <span class="tile-numbers">
      <span class="tile-value" title={whole}>
        {short === whole ? (
          whole
        ) : (
          <>
            <span aria-hidden="true">{short}</span>
            <span class="visually-hidden">{whole}</span>
          </>
        )}
      </span>
      {before !== null && <Change value={value} before={before} />}
    </span>
  );
}

function Change({ value, before }: { value: number; before: number }) {
  const { format } = useDashboard();
  const change = format.change(value, before);
  if (change === null) {
    return value === 0 ? null : <span class="change">new</span>;
  }
  const direction = value > before ? 'up' : value < before ? 'down' : 'same';
  const [sign, words] = (
    { up: ['↑', 'more than'], down: ['↓', 'less than'], same: ['=', 'more or less than'] } as const
  )[direction];
  return (
    <span class={`change ${direction}`} title={`${format.number(before)} in the period before`}>
      <span aria-hidden="true">{sign} </span>
      {change}
      <span class="visually-hidden"> {words} {format.number(before)} in the period before</span>
    </span>
  );
}

/** Opens and clicks in words; they are shown only if there are any. */
function emailCounts(result: QueryResult, format: Format): string {
  const [opens, most] = totalRange(result, 'opens');
  const clicks = total(result, 'clicks');
  const parts: string[] = [];
  if (most > 0) parts.push(format.counted(opens, most, 'opens'));
  if (clicks > 0) parts.push(format.counted(clicks, clicks, 'clicks'));
  return parts.join(' · ');
}
