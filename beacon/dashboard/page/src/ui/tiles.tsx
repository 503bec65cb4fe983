// The tiles: totals and top sources, each compared with the previous period.

import { mergedResult } from '../merged_result';
import type { QueryResult } from '../api';
import { referrerName } from '../referrer_names';
import { filteredEvent } from '../filters';
import { heading } from '../format';
import type { PanelQuery } from '../panel_queries';
import { cellReader, sourceTotals } from '../pivot';
import { DIRECT, useDashboard } from './context';
import { Panel } from './panel';

const TOTALS: PanelQuery = { question: 'totals', period: 'current' };
const TOTALS_BEFORE: PanelQuery = { question: 'totals', period: 'previous' };

/** The number of tiles for the top sources. */
const MAX_SOURCES = 4;

export function Tiles() {
  const { data, format, span, previous_span, now_ms, made_at_ms, view } = useDashboard();
  const event = filteredEvent(view);
  const earlier = mergedResult(data.states(TOTALS_BEFORE));
  const is_partial = now_ms < span.to_ms;
  // The whole previous period; the note says if only a part of it is compared.
  const whole = { from_ms: previous_span.from_ms, to_ms: span.from_ms };
  const compared_with = `${format.span(whole)}${is_partial ? ', up to the same time of day' : ''}`;
  // A report may lack the previous period.
  const is_compared = made_at_ms === null || earlier !== null;
  return (
    <Panel
      query={TOTALS}
      title="Totals"
      class="wide totals"
      note={is_compared ? `Compared with ${compared_with}` : undefined}
      skeleton="rows"
    >
      {(result) => (
        <dl class="tiles">
          {event === null ? (
            <>
              <Tile name="Views" value={total(result, 'views')} before={earlier && total(earlier, 'views')} main>
                {emailCounts(result)
                  .map(([name, value]) => `${format.number(value)} ${value === 1 ? name : `${name}s`}`)
                  .join(' · ')}
              </Tile>
              <Tile name="Pages" value={total(result, 'pages')} before={earlier && total(earlier, 'pages')} />
            </>
          ) : (
            <Tile
              name={event}
              kind="Event"
              value={total(result, 'hits')}
              before={earlier && total(earlier, 'hits')}
              main
            />
          )}
          {visitorColumns(result).map((name) => (
            <Tile
              key={name}
              name={visitorName(name)}
              value={total(result, name)}
              before={earlier && total(earlier, name)}
            />
          ))}
          {event === null && <SourceTiles />}
        </dl>
      )}
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
  /** The value of the previous period; null until it is known. */
  before: number | null;
  main?: boolean;
  children?: preact.ComponentChildren;
}

function Tile({ name, kind, value, before, main, children }: TileProps) {
  const { format } = useDashboard();
  return (
    <div class={`tile ${main ? 'tile-main' : ''}`}>
      <dt title={name}>
        {kind && <span class="visually-hidden">{kind}: </span>}
        {name}
      </dt>
      <dd>
        <span class="tile-value" title={format.number(value)}>
          {format.short(value)}
        </span>
        {before !== null && <Change value={value} before={before} />}
        {children && <span class="tile-aside">{children}</span>}
      </dd>
    </div>
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

/** Opens and clicks are shown only if there are any. */
function emailCounts(result: QueryResult): [string, number][] {
  const counted: [string, number][] = [
    ['open', total(result, 'opens')],
    ['click', total(result, 'clicks')],
  ];
  return counted.filter(([, value]) => value > 0);
}

function visitorColumns(result: QueryResult): string[] {
  return (result.columns ?? []).map(({ name }) => name).filter((name) => name.startsWith('visitor'));
}

function visitorName(column: string): string {
  return column.startsWith('visitor_day') ? 'Visitor-days' : heading(column);
}

export function total(result: QueryResult, column: string): number {
  const row = result.rows?.[0];
  return row === undefined ? 0 : Number(cellReader(result)(row, column) ?? 0);
}
