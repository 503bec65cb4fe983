// The frame of a panel: title, result or error, and the actions for its SQL and CSV.

import { type ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { mergedResult } from '../merged_result';
import type { QueryResult } from '../api';
import type { QueryState } from '../query_client';
import { download, fileSpan } from '../csv';
import type { PanelQuery } from '../panel_queries';
import { useDashboard } from './context';
import { sentence } from './notices';
import { SqlDialog } from './sql_dialog';

interface Props {
  query: PanelQuery;
  title: string;
  note?: string;
  class?: string;
  tools?: ComponentChildren;
  skeleton?: 'rows' | 'chart';
  /** The id that the section can be found by. */
  section_id?: string;
  /** The tab whose panel the body is. */
  tab?: { id: string; panel_id: string; title: string };
  children: (result: QueryResult) => ComponentChildren;
}

export function Panel(props: Props) {
  const { query, title, note, class: kind = '', tools, skeleton = 'rows', section_id, tab, children } = props;
  const { data, activate, shared_problems, connection } = useDashboard();
  const id = useId();
  const section = useRef<HTMLElement>(null);
  const is_visible = useVisibility(section);
  useEffect(() => (is_visible ? activate(query) : undefined), [is_visible, JSON.stringify(query)]);
  const states = data.states(query);
  const result = mergedResult(states);
  const error = states.find((state) => state.error !== null)?.error ?? null;
  const is_fetching = states.some((state) => state.is_fetching);
  const is_empty = result === null && error === null;
  const warnings = result?.warnings ?? [];

  return (
    <section id={section_id} tabIndex={section_id === undefined ? undefined : -1} class={`panel ${kind}`} ref={section} aria-labelledby={id} aria-busy={is_empty}>
      <header class="panel-head">
        <div>
          <h2 id={id}>{title}</h2>
          {note && <p class="note">{note}</p>}
        </div>
        {tools}
      </header>
      <div
        class="panel-body"
        {...(tab ? { id: tab.panel_id, role: 'tabpanel', 'aria-labelledby': tab.id } : {})}
      >
        {error !== null && connection !== 'lost' && (
          <Failure error={error} stale={result !== null} busy={is_fetching} query={query} />
        )}
        {warnings.length > 0 && <Warnings warnings={warnings.filter((text) => !shared_problems.warnings.includes(text))} />}
        {result !== null && children(result)}
        {is_empty && <Skeleton kind={skeleton} />}
      </div>
      {result !== null && <PanelFooter title_id={tab?.id ?? id} title={tab?.title ?? title} query={query} result={result} states={states} />}
    </section>
  );
}

/** Returns true once the panel has come near the viewport, or is printed. */
function useVisibility(section: { current: HTMLElement | null }): boolean {
  const [is_visible, setVisible] = useState(false);
  useEffect(() => {
    const onVisible = () => setVisible(true);
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        observer.disconnect();
        onVisible();
      },
      { rootMargin: '400px' },
    );
    observer.observe(section.current!);
    addEventListener('beforeprint', onVisible, { once: true });
    return () => {
      observer.disconnect();
      removeEventListener('beforeprint', onVisible);
    };
  }, []);
  return is_visible;
}

function Failure({ error, stale, busy, query }: { error: string; stale: boolean; busy: boolean; query: PanelQuery }) {
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
          onClick={() => (is_common ? data.retryFailed() : data.retry(query))}
        >
          Retry
        </button>
      )}
    </div>
  );
}

/** Says what the numbers lack; without details where the notice above the panels has them. */
function Warnings({ warnings }: { warnings: string[] }) {
  return (
    <div class="warning" role="note">
      <p>
        <strong>Incomplete.</strong>{' '}
        {warnings.length > 0 ? warnings.map(sentence).join(' ') : 'See the notice above the panels.'}
      </p>
    </div>
  );
}

function Skeleton({ kind }: { kind: 'rows' | 'chart' }) {
  const lines = kind === 'chart' ? 14 : 6;
  return (
    <div class={`skeleton skeleton-${kind}`} aria-hidden="true">
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} />
      ))}
    </div>
  );
}

interface FooterProps {
  title_id: string;
  title: string;
  query: PanelQuery;
  result: QueryResult;
  states: QueryState[];
}

function PanelFooter({ title_id, title, query, result, states }: FooterProps) {
  const { data, view, span } = useDashboard();
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function save() {
    setBusy(true);
    setError(null);
    try {
      download(`${query.question}-${fileSpan(span, view.zone)}.csv`, await data.csv(query));
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
    setBusy(false);
  }

  return (
    <footer class="panel-foot">
      <div class="panel-actions">
        <button type="button" class="quiet" aria-describedby={title_id} onClick={() => setShown(true)}>
          Show SQL
        </button>
        <button type="button" class="quiet" aria-describedby={title_id} disabled={busy} onClick={save}>
          {busy ? 'Downloading…' : 'Download CSV'}
        </button>
      </div>
      {error !== null && (
        <p class="error-text" role="alert">
          Download failed: {error}.
        </p>
      )}
      {shown && <SqlDialog title={title} result={result} states={states} close={() => setShown(false)} />}
    </footer>
  );
}
