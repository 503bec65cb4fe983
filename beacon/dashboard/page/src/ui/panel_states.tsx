// The states of a panel before, instead of or beside its numbers: failed, incomplete, loading and empty.

import { useEffect } from 'preact/hooks';
import { UNFILTERED } from '../filters';
import { firstHit } from '../moments';
import { EVER, type PanelQuery } from '../panel_queries';
import { sentence } from '../sentence';
import { useDashboard } from './context';

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
  return (
    <div class="nothing">
      <p>{useEmptiness().sentence}</p>
      <WayOut />
    </div>
  );
}

/** Leads from a view without data to one that may have some. “Clear filters” is the button beside the filters. */
export function WayOut() {
  const { view, navigate, span, api } = useDashboard();
  const { first_ms } = useEmptiness();
  if (api === null) return null;
  if (view.conditions.length > 0) {
    return (
      <button type="button" class="button" onClick={() => navigate(UNFILTERED)}>
        Show without filters
      </button>
    );
  }
  if (typeof first_ms !== 'number' || first_ms >= span.from_ms) return null;
  return (
    <button type="button" class="button" onClick={() => navigate({ period: { kind: 'preset', preset: 'all' }, interval: null })}>
      Show all time
    </button>
  );
}

/** Returns what a view without data says, and its first hit ever: null if there is none, undefined until it is known. */
export function useEmptiness(): { sentence: string; first_ms: number | null | undefined } {
  const { view, data, api, activate } = useDashboard();
  useEffect(() => (api === null ? undefined : activate(EVER)), [api]);
  return {
    sentence: view.conditions.length > 0 ? 'Nothing matches these filters.' : 'No data for this period.',
    // A report has no server to ask for older data.
    first_ms: api === null ? undefined : firstHit(data.states(EVER)[0]),
  };
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
