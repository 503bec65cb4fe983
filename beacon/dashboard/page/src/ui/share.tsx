// Makes a link that shows one site to whoever has it, until a day.

import { useState } from 'preact/hooks';
import { joined } from '../answers';
import type { Cell } from '../api';
import { dayText, spanOf } from '../period';
import { reader } from '../pivot';
import { addDays } from '../zone';
import { CopyButton } from './copy';
import { Dialog } from './dialog';
import { Field } from './field';
import { useModel, type Model } from './model';

const DAYS = 30;

export function ShareDialog({ close }: { close: () => void }) {
  const model = useModel();
  const { api, view, now_ms, format } = model;
  const sites = knownSites(model);
  const tomorrow = dayText(view.zone, addDays(view.zone, now_ms, 1));
  const [site, setSite] = useState(view.site ?? sites[0] ?? '');
  const [until, setUntil] = useState(dayText(view.zone, addDays(view.zone, now_ms, DAYS)));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [link, setLink] = useState<string | null>(null);

  const lastDay = (day: string) => spanOf({ kind: 'days', from: day, to: day }, view.zone, now_ms);

  async function make(event: SubmitEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      // The last day is included.
      const { token } = await api!.share(site, lastDay(until).to_ms);
      setLink(`${location.origin}${location.pathname}#share=${encodeURIComponent(token)}`);
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
    setBusy(false);
  }

  return (
    <Dialog title="Share one site" close={close}>
      <p>Whoever has the link can look at the site, in any period, and at nothing else. It can’t be taken back.</p>
      <form onSubmit={make} class="share-form">
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
        <Field label="Last day">
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
          {busy ? 'Making…' : 'Make a link'}
        </button>
      </form>
      {error !== null && (
        <p class="error-text" role="alert">
          {error}.
        </p>
      )}
      {link !== null && (
        <div class="share-link" role="status">
          <Field
            label={
              <>
                Link to {site}, until {format.day(lastDay(until).from_ms)}
              </>
            }
          >
            {(id) => <input id={id} readOnly value={link} onFocus={(event) => event.currentTarget.select()} />}
          </Field>
          <CopyButton text={link} what="the link" />
        </div>
      )}
    </Dialog>
  );
}

/** The sites of the period, in the order of the answer. */
export function knownSites(model: Model): string[] {
  return listedSites(model).filter((site) => typeof site === 'string');
}

export function hasHitsWithoutSite(model: Model): boolean {
  return listedSites(model).includes(null);
}

function listedSites({ answers }: Model): Cell[] {
  const answer = joined(answers.slots({ question: 'sites', span: 'list' }));
  if (answer === null) return [];
  const read = reader(answer);
  return (answer.rows ?? []).map((row) => read(row, 'site'));
}
