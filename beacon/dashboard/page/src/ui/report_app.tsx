// An exported report: the dashboard over embedded results. Without a server there are no filters.

import { useMemo, useState } from 'preact/hooks';
import { AGENT, withCondition } from '../filters';
import type { Condition, View } from '../view';
import { reportDataSource, sharedProblems } from '../data_source';
import { createFormat } from '../format';
import type { Report } from '../report';
import { isKnownZone, browserZone } from '../zone';
import { Dashboard } from './dashboard';
import { DashboardProvider } from './context';

export function ReportApp({ report }: { report: Report }) {
  const { request, about, made_at_ms } = report;
  const browser_zone = useMemo(browserZone, []);
  const is_known = !request.zone || isKnownZone(request.zone);
  const [view, setView] = useState<View>(() => ({
    period: { kind: 'instants', from_ms: request.from_ms, to_ms: request.to_ms },
    compare: 'before',
    site: filter(request.site),
    conditions: conditionsOf(request),
    interval: null,
    metric: null,
    zone: is_known ? request.zone || browser_zone : 'UTC',
  }));
  const format = useMemo(() => createFormat(navigator.languages, view.zone), [view.zone]);
  const data = useMemo(() => reportDataSource(report), [report]);
  const span = { from_ms: request.from_ms, to_ms: request.to_ms };
  const length_ms = span.to_ms - span.from_ms;
  const previous_span = request.before ?? { from_ms: span.from_ms - length_ms, to_ms: span.from_ms };
  const shared_problems = sharedProblems(
    report.answers.map(({ question }) => ({ question, state: data.states({ question, period: 'current' })[0] })),
  );

  const dashboard = {
    page: 'dashboard' as const,
    about,
    view,
    only_site: null,
    span,
    previous_span,
    now_ms: made_at_ms,
    browser_zone,
    format,
    data,
    connection: 'paused' as const,
    undelivered_s: null,
    unknown: [],
    shared_problems: is_known ? shared_problems : { ...shared_problems, warnings: [...shared_problems.warnings, unknownZone(request.zone!)] },
    updated_at_ms: made_at_ms,
    api: null,
    made_at_ms,
    // Only the presentation can change: other queries would need a server.
    navigate: ({ interval = view.interval, metric = view.metric, zone = view.zone }: Partial<View>) =>
      setView({ ...view, interval, metric, zone }),
    activate: () => () => {},
    logOut: () => {},
  };
  return (
    <DashboardProvider value={dashboard}>
      <Dashboard />
    </DashboardProvider>
  );
}

function conditionsOf({ page, column, agents }: Report['request']): Condition[] {
  const path = filter(page);
  let conditions: Condition[] = [];
  if (path !== null) conditions = withCondition(conditions, { column: 'page', op: 'is', values: [path] });
  if (column) conditions = withCondition(conditions, { column: column.name, op: 'is', values: [column.value] });
  if (agents?.length) conditions = withCondition(conditions, { column: AGENT, op: 'is', values: agents });
  return conditions;
}

function filter(text: string | null | undefined): string | null {
  return text && text !== '*' ? text : null;
}

/** The report's period consists of whole days only in its own zone. */
function unknownZone(zone: string): string {
  return `this browser doesn’t know the report’s time zone ${zone}; days and hours are shown in UTC`;
}
