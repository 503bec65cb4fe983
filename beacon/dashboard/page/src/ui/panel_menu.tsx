// The menu of a panel: its SQL, its rows as CSV, and what its answer cost.

import { useState } from 'preact/hooks';
import { failureText, type QueryResult } from '../api';
import { download, fileSpan } from '../csv';
import { costParts } from '../format';
import type { PanelQuery } from '../panel_queries';
import type { QueryState } from '../query_client';
import { useDashboard } from './context';
import { SqlDialog } from './sql_dialog';

interface Props {
  title: string;
  /** The id of the element that names the panel. */
  title_id: string;
  query: PanelQuery;
  result: QueryResult;
  states: QueryState[];
}

/**
 * Its buttons appear where the pointer or the focus is in the panel, and once ⋯ is pressed, which touch needs. What the
 * answer cost is for the owner.
 */
export function PanelMenu({ title, title_id, query, result, states }: Props) {
  const { data, view, span, about, format } = useDashboard();
  const [is_open, setOpen] = useState(false);
  const [is_shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const cost = about.access.kind === 'share' ? '' : costParts(format, result).join(' · ');

  async function save() {
    setBusy(true);
    setError(null);
    try {
      download(`${query.question}-${fileSpan(span, view.zone)}.csv`, await data.csv(query));
    } catch (failure) {
      setError(failureText(failure));
    }
    setBusy(false);
  }

  return (
    <div class={is_open ? 'panel-menu open' : 'panel-menu'}>
      {is_open && cost !== '' && <span class="cost">{cost}</span>}
      <div class="panel-actions">
        <button type="button" class="quiet" aria-describedby={title_id} onClick={() => setShown(true)}>
          Show SQL
        </button>
        <button type="button" class="quiet" aria-describedby={title_id} disabled={busy} onClick={save}>
          {busy ? 'Downloading…' : 'Download CSV'}
        </button>
      </div>
      <button
        type="button"
        class="quiet panel-more"
        aria-label={`More about ${title}`}
        aria-expanded={is_open}
        onClick={() => setOpen(!is_open)}
      >
        ⋯
      </button>
      {error !== null && (
        <p class="error-text" role="alert">
          Download failed: {error}.
        </p>
      )}
      {is_shown && <SqlDialog title={title} states={states} close={() => setShown(false)} />}
    </div>
  );
}
