// The tiles: the numbers of the period, each compared with another one. Those that the chart can draw are buttons.

import { metricName, metricOf, metricsOf } from '../metric';
import { total, totalRange } from '../count_columns';
import { countsConversions } from '../filters';
import { mergedResult } from '../merged_result';
import { VISIT_TOTALS, type PanelQuery } from '../panel_queries';
import { cellReader } from '../pivot';
import { rate } from '../table_counts';
import { isLoading } from '../query_client';
import type { QueryResult } from '../api';
import type { Metric } from '../view';
import { useDashboard, type DashboardContext } from './context';
import { Panel } from './panel';
import { RecentTile } from './recent_tile';
import { Change, PointChange, TileValue } from './tile_numbers';

/** The question and the column that the tile of each metric counts. */
const COUNTS: Record<Metric, { question: string; column: string }> = {
  visitors: { question: 'totals', column: 'visitors' },
  visits: { question: VISIT_TOTALS, column: 'visits' },
  views: { question: 'totals', column: 'views' },
  opens: { question: 'totals', column: 'opens' },
  conversions: { question: 'totals', column: 'views' },
};

const TOTALS: PanelQuery = { question: 'totals', period: 'current' };

export function TilesPanel() {
  return (
    <Panel query={TOTALS} title="Totals" class="wide totals" skeleton="rows">
      {() => <Tiles />}
    </Panel>
  );
}

function Tiles() {
  const dashboard = useDashboard();
  const is_conversions = countsConversions(dashboard.view);
  const is_busy = tileQueries(dashboard).flatMap((query) => dashboard.data.states(query)).some(isLoading);
  return (
    <div class="tiles" role="group" aria-label="Metrics" aria-busy={is_busy}>
      {metricsOf(dashboard).map((metric) => (
        <MetricTile key={metric} metric={metric} />
      ))}
      {is_conversions ? <ConversionRate /> : <VisitTiles />}
      {dashboard.made_at_ms === null && <RecentTile />}
    </div>
  );
}

/** Returns the queries whose numbers the tiles show. */
function tileQueries({ view, about }: DashboardContext): PanelQuery[] {
  const visits = about.questions.some(({ name }) => name === VISIT_TOTALS) ? [{ question: VISIT_TOTALS }] : [];
  const others = countsConversions(view) ? [{ question: 'totals', without: 'event' }] : visits;
  const compared = [{ question: 'totals' }, ...others];
  return [
    ...compared.flatMap((query): PanelQuery[] => [{ ...query, period: 'current' }, { ...query, period: 'previous' }]),
    { question: 'totals', period: 'recent' },
  ];
}

/** A tile that draws its metric in the chart. */
function MetricTile({ metric }: { metric: Metric }) {
  const dashboard = useDashboard();
  return (
    <button
      type="button"
      class="tile"
      aria-pressed={metricOf(dashboard) === metric}
      onClick={() => dashboard.navigate({ metric })}
    >
      <MetricNumbers metric={metric} />
    </button>
  );
}

function MetricNumbers({ metric }: { metric: Metric }) {
  const dashboard = useDashboard();
  const { question, column } = COUNTS[metric];
  const [now, before] = bothPeriods(dashboard, { question }, (result) => totalRange(result, column));
  return (
    <>
      <span class="tile-name">{metricName(dashboard.view, metric)}</span> <TileValue range={now} />
      {now !== null && before !== null && <Change now={now[0]} before={before[0]} />}
      {now === null && hasFailed(dashboard, question) && <span class="tile-aside">couldn’t load</span>}
    </>
  );
}

function hasFailed({ data }: DashboardContext, question: string): boolean {
  return data.states({ question, period: 'current' }).some(({ error }) => error !== null);
}

/** The tiles of whole visits. */
function VisitTiles() {
  const dashboard = useDashboard();
  const { about, format } = dashboard;
  if (!about.questions.some(({ name }) => name === VISIT_TOTALS)) return null;
  const query = { question: VISIT_TOTALS };
  const [share, share_before] = bothPeriods(dashboard, query, singlePageShare);
  const [seconds, seconds_before] = bothPeriods(dashboard, query, medianSeconds);
  return (
    <>
      <div class="tile">
        <span class="tile-name">Single-page visits</span> <TileText text={share === null ? '' : format.share(share)} />
        {share !== null && share_before !== null && <PointChange now={share} before={share_before} />}
      </div>
      <div class="tile" title="Median of visits with two hits or more: nobody knows how long a single page was read.">
        <span class="tile-name">Visit duration</span> <TileText text={seconds === null ? '' : format.visitDuration(seconds)} />
        {seconds !== null && seconds_before !== null && <Change now={seconds} before={seconds_before} words={format.visitDuration} />}
        <span class="tile-aside">median, two hits or more</span>
      </div>
    </>
  );
}

function ConversionRate() {
  const dashboard = useDashboard();
  const { format } = dashboard;
  const [now, before] = rates(dashboard);
  return (
    <div class="tile" title="Converted visitors ÷ visitors of the same period and the same other filters">
      <span class="tile-name">Conversion rate</span> <TileText text={now === null ? '' : format.share(now)} />
      {now !== null && before !== null && <PointChange now={now} before={before} />}
      <span class="tile-aside">of visitors</span>
    </div>
  );
}

/** Returns the rates of this and of the compared period. */
function rates(dashboard: DashboardContext): [number | null, number | null] {
  const [now, before] = bothPeriods(dashboard, { question: 'totals' }, (result) => result);
  const [all, all_before] = bothPeriods(dashboard, { question: 'totals', without: 'event' }, (result) => total(result, 'visitors'));
  const rateOf = (result: QueryResult | null, visitors: number | null) =>
    result === null ? null : rate(total(result, 'visitors'), total(result, 'views'), visitors);
  return [rateOf(now, all), rateOf(before, all_before)];
}

function singlePageShare(result: QueryResult): number | null {
  const visits = total(result, 'visits');
  return visits === 0 ? null : total(result, 'single_page_visits') / visits;
}

function medianSeconds(result: QueryResult): number | null {
  const row = result.rows?.[0];
  const cell = row === undefined ? null : cellReader(result)(row, 'median_seconds');
  return cell === null ? null : Number(cell);
}

/** Returns a number of this and of the compared period; null until it is known, and where there is none. */
function bothPeriods<Value>(
  { data }: DashboardContext,
  query: Omit<PanelQuery, 'period'>,
  read: (result: QueryResult) => Value | null,
): [Value | null, Value | null] {
  const value = (period: 'current' | 'previous') => {
    const result = mergedResult(data.states({ ...query, period }));
    return result === null ? null : read(result);
  };
  return [value('current'), value('previous')];
}

function TileText({ text }: { text: string }) {
  return <span class="tile-value">{text}</span>;
}
