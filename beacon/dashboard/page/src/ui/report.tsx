// A report: the dashboard over answers that came with the file. Nothing is asked, so nothing can be filtered.

import { useMemo, useState } from 'preact/hooks';
import type { View } from '../address';
import { answersOfReport, commonOf, type Report } from '../answers';
import { createFormat } from '../format';
import { isZone, ownZone } from '../zone';
import { Dashboard } from './dashboard';
import { ModelProvider } from './model';

export function ReportApp({ report }: { report: Report }) {
  const { request, about, made_at_ms } = report;
  const own_zone = useMemo(ownZone, []);
  const is_known = !request.zone || isZone(request.zone);
  const [view, setView] = useState<View>(() => ({
    period: { kind: 'instants', from_ms: request.from_ms, to_ms: request.to_ms },
    site: filter(request.site),
    page: filter(request.page),
    column: request.column ?? null,
    filters: [],
    bars: null,
    zone: is_known ? request.zone || own_zone : 'UTC',
  }));
  const format = useMemo(() => createFormat(navigator.languages, view.zone), [view.zone]);
  const answers = useMemo(() => answersOfReport(report), [report]);
  const now = { from_ms: request.from_ms, to_ms: request.to_ms };
  const length_ms = now.to_ms - now.from_ms;
  const before = request.before ?? { from_ms: now.from_ms - length_ms, to_ms: now.from_ms };
  const common = commonOf(
    report.answers.map(({ question }) => ({ question, slot: answers.slots({ question, span: 'now' })[0] })),
  );

  const model = {
    about,
    view,
    now,
    before,
    now_ms: made_at_ms,
    own_zone,
    format,
    answers,
    connection: 'paused' as const,
    undelivered_s: null,
    unknown: [],
    common: is_known ? common : { ...common, warnings: [...common.warnings, unknownZone(request.zone!)] },
    asked_at_ms: made_at_ms,
    api: null,
    made_at_ms,
    // Only how the answers are drawn may change: another question can't be asked.
    go: ({ bars = view.bars, zone = view.zone }: Partial<View>) => setView({ ...view, bars, zone }),
    see: () => {},
    logOut: () => {},
  };
  return (
    <ModelProvider value={model}>
      <Dashboard />
    </ModelProvider>
  );
}

function filter(text: string | null | undefined): string | null {
  return text && text !== '*' ? text : null;
}

/** The report's days are whole in its own zone only. */
function unknownZone(zone: string): string {
  return `this browser doesn’t know the time zone ${zone} of this report: days and hours are those of UTC`;
}
