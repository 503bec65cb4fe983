// What a panel shows before, instead of or beside its numbers: failed, incomplete, loading and empty.

import { useDashboard } from './context';
import { sentence } from './notices';
import type { PanelQuery } from '../panel_queries';

interface FailureProps {
  error: string;
  /** Older numbers are still shown. */
  stale: boolean;
  busy: boolean;
  queries: PanelQuery[];
}

export function Failure({ error, stale, busy, queries }: FailureProps) {
  const { data, api, shared_problems } = useDashboard();
  // A cause that several panels share is shown above them, and not here.
  const is_common = shared_problems.errors.includes(error);
  return (
    <div class="failure" role={is_common ? undefined : 'alert'}>
      <p>
        <strong>{stale ? 'Couldn’t update this panel.' : 'Couldn’t load this panel.'}</strong>{' '}
        {!is_common && sentence(error)}
      </p>
      {api !== null && (
        <button
          type="button"
          class="button"
          disabled={busy}
          onClick={() => (is_common ? data.retryFailed() : queries.forEach((query) => data.retry(query)))}
        >
          Retry
        </button>
      )}
    </div>
  );
}

/** Says what the numbers lack; without details where the notice above the panels has them. */
export function Warnings({ warnings }: { warnings: string[] }) {
  return (
    <div class="warning" role="note">
      <p>
        <strong>Incomplete.</strong>{' '}
        {warnings.length > 0 ? warnings.map(sentence).join(' ') : 'See the notice above the panels.'}
      </p>
    </div>
  );
}

/** Stands in the place of a table without rows, with the way out. */
export function Nothing() {
  const { view, navigate, api } = useDashboard();
  const is_filtered = view.conditions.length > 0;
  const is_all = view.period.kind === 'preset' && view.period.preset === 'all';
  return (
    <div class="nothing">
      <p>{is_filtered ? 'Nothing matches these filters.' : 'No data for this period.'}</p>
      {api !== null && is_filtered && (
        <button type="button" class="button" onClick={() => navigate({ conditions: [] })}>
          Show without filters
        </button>
      )}
      {api !== null && !is_filtered && !is_all && (
        <button type="button" class="button" onClick={() => navigate({ period: { kind: 'preset', preset: 'all' }, interval: null })}>
          Show all time
        </button>
      )}
    </div>
  );
}

/** As many lines as a table has rows at first, with its header. */
const ROW_LINES = 11;
const CHART_BARS = 14;

export function Skeleton({ kind }: { kind: 'rows' | 'chart' }) {
  return (
    <div class={`skeleton skeleton-${kind}`} aria-hidden="true">
      {Array.from({ length: kind === 'chart' ? CHART_BARS : ROW_LINES }, (_, index) => (
        <span key={index} />
      ))}
    </div>
  );
}
