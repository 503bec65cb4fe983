// Creates a share link: read-only access to one site until a given day.

import { useState } from 'preact/hooks';
import { mergedResult } from '../merged_result';
import type { Cell } from '../api';
import { isoDay, spanOf } from '../period';
import { cellReader } from '../pivot';
import { addDays } from '../zone';
import { CopyButton } from './copy_button';
import { Dialog } from './dialog';
import { Field } from './field';
import { useDashboard, type DashboardContext } from './context';

const DEFAULT_DAYS = 30;

export function ShareDialog({ close }: { close: () => void }) {
  const dashboard = useDashboard();
  const { api, view, now_ms, format } = dashboard;
  const sites = knownSites(dashboard);
  const tomorrow = isoDay(view.zone, addDays(view.zone, now_ms, 1));
  const [site, setSite] = useState(view.site ?? sites[0] ?? '');
  const [until, setUntil] = useState(isoDay(view.zone, addDays(view.zone, now_ms, DEFAULT_DAYS)));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [link, setLink] = useState<string | null>(null);

  const lastDay = (day: string) => spanOf({ kind: 'days', from: day, to: day }, view.zone, now_ms);

  async function create(event: SubmitEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      // The link still works on the day itself.
      const { token } = await api!.share(site, lastDay(until).to_ms);
      setLink(`${location.origin}${location.pathname}#share=${encodeURIComponent(token)}`);
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
    setBusy(false);
  }

  return (
    <Dialog title="Share" close={close}>
      <p>Anyone with the link can view this site’s statistics. Links can’t be revoked; they expire.</p>
      <form onSubmit={create} class="share-form">
        <Field label="Site">
          {(id) => (
            <input
              id={id}
              list="share-sites"
              value={site}
              required
              onInput={(event) => setSite(event.currentTarget.value)}
            />
          )}
        </Field>
        <datalist id="share-sites">
          {sites.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <Field label="Expires on">
          {(id) => (
            <input
              id={id}
              type="date"
              value={until}
              min={tomorrow}
              required
              onInput={(event) => setUntil(event.currentTarget.value)}
            />
          )}
        </Field>
        <button type="submit" class="button primary" disabled={busy}>
          {busy ? 'Creating…' : 'Create link'}
        </button>
      </form>
      {error !== null && (
        <p class="error-text" role="alert">
          {error}.
        </p>
      )}
      {link !== null && (
        <div class="share-link" role="status">
          <p>
            For {site}, until {format.day(lastDay(until).from_ms)}.
          </p>
          <Field label="Link">
            {(id) => <input id={id} readOnly value={link} onFocus={(event) => event.currentTarget.select()} />}
          </Field>
          <CopyButton text={link} name="link" />
        </div>
      )}
    </Dialog>
  );
}

/** The sites of the period, in the order of the answer. */
export function knownSites(dashboard: DashboardContext): string[] {
  return listedSites(dashboard).filter((site) => typeof site === 'string');
}

export function hasHitsWithoutSite(dashboard: DashboardContext): boolean {
  return listedSites(dashboard).includes(null);
}

function listedSites({ data }: DashboardContext): Cell[] {
  const result = mergedResult(data.states({ question: 'sites', period: 'all_sites' }));
  if (result === null) return [];
  const read = cellReader(result);
  return (result.rows ?? []).map((row) => read(row, 'site'));
}
