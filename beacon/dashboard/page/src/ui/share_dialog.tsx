// Share links: read-only access to one site until a given day, each with a name, and a list from which to revoke them.

import { useEffect, useState } from 'preact/hooks';
import { failureText, type ListedShare } from '../api';
import { isoDay, spanOf } from '../period';
import { addDays } from '../zone';
import { CopyButton } from './copy_button';
import { Dialog } from './dialog';
import { Field } from './field';
import { useDashboard } from './context';
import { knownSites } from './sites';

const DEFAULT_DAYS = 30;

/** The shortest password that the server takes for a link. */
const MIN_PASSWORD_CHARACTERS = 10;

export function ShareDialog({ close }: { close: () => void }) {
  const dashboard = useDashboard();
  const { api, view, now_ms, format } = dashboard;
  const sites = knownSites(dashboard);
  const tomorrow = isoDay(view.zone, addDays(view.zone, now_ms, 1));
  const [site, setSite] = useState(view.site ?? sites[0] ?? '');
  const [name, setName] = useState('');
  const [until, setUntil] = useState(isoDay(view.zone, addDays(view.zone, now_ms, DEFAULT_DAYS)));
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [made, setMade] = useState<{ link: string; site: string; until_ms: number; has_password: boolean } | null>(null);
  const [shares, setShares] = useState<ListedShare[] | null>(null);
  const [list_error, setListError] = useState<string | null>(null);

  const lastDay = (day: string) => spanOf({ kind: 'days', from: day, to: day }, view.zone, now_ms);

  async function load() {
    try {
      setShares(await api!.shares());
      setListError(null);
    } catch (failure) {
      setListError(failureText(failure));
    }
  }
  useEffect(() => void load(), []);

  async function create(event: SubmitEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const { from_ms, to_ms } = lastDay(until);
      // The link still works on the day itself.
      const wanted = { site, name: name.trim() || site, until_ms: to_ms };
      const { token } = await api!.share(password === '' ? wanted : { ...wanted, password });
      const link = `${location.origin}${location.pathname}#share=${encodeURIComponent(token)}`;
      setMade({ link, site, until_ms: from_ms, has_password: password !== '' });
      setPassword('');
      await load();
    } catch (failure) {
      setError(failureText(failure));
    }
    setBusy(false);
  }

  return (
    <Dialog title="Share" close={close} class="share-dialog">
      <p>Anyone with the link can view this site’s statistics, until the link expires or you revoke it.</p>
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
          {sites.map((known) => (
            <option key={known} value={known} />
          ))}
        </datalist>
        <Field label="Name">
          {(id) => (
            <input
              id={id}
              value={name}
              maxLength={100}
              placeholder="Who it is for"
              onInput={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
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
        <Field label="Password">
          {(id) => (
            <input
              id={id}
              type="password"
              value={password}
              autocomplete="new-password"
              minLength={MIN_PASSWORD_CHARACTERS}
              placeholder={`Optional, ${MIN_PASSWORD_CHARACTERS} or more`}
              onInput={(event) => setPassword(event.currentTarget.value)}
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
      {made !== null && (
        <div class="share-link" role="status">
          <p>
            For {made.site}, until {format.day(made.until_ms)}
            {made.has_password ? ', with a password' : ''}. Copy it now: it isn’t shown again.
          </p>
          <Field label="Link">
            {(id) => <input id={id} readOnly value={made.link} onFocus={(event) => event.currentTarget.select()} />}
          </Field>
          <CopyButton text={made.link} name="link" />
        </div>
      )}
      {list_error !== null && (
        <p class="error-text" role="alert">
          Couldn’t load the list of links: {list_error}.
        </p>
      )}
      {shares !== null && shares.length > 0 && <ShareList shares={shares} reload={load} />}
    </Dialog>
  );
}

function ShareList({ shares, reload }: { shares: ListedShare[]; reload: () => Promise<void> }) {
  const { api, format, now_ms } = useDashboard();
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);

  async function revoke({ id }: ListedShare) {
    setBusy(id);
    setError(null);
    try {
      await api!.revokeShare(id);
      await reload();
    } catch (failure) {
      setError(failureText(failure));
    }
    setBusy(null);
  }

  return (
    <section aria-labelledby="share-list-title">
      <h3 id="share-list-title">Links</h3>
      <ul class="share-list">
        {shares.map((share) => (
          <li key={share.id}>
            <div>
              <strong>{share.name}</strong>
              <p class="note">
                {share.name === share.site ? '' : `${share.site} · `}
                {share.until_ms <= now_ms ? 'expired' : `until ${format.day(share.until_ms - 1)}`}
                {share.has_password && ' · password'}
              </p>
            </div>
            <button type="button" class="button" disabled={busy !== null} aria-label={`Revoke ${share.name}`} onClick={() => revoke(share)}>
              {busy === share.id ? 'Revoking…' : 'Revoke'}
            </button>
          </li>
        ))}
      </ul>
      {error !== null && (
        <p class="error-text" role="alert">
          Couldn’t revoke the link: {error}.
        </p>
      )}
    </section>
  );
}
