// Adds a site: the snippet for it, and a line that turns into a link once the first hit has come.

import { useEffect, useState } from 'preact/hooks';
import { lookForHit, sitesSoFar, type FirstHit } from '../first_hit';
import { onlyOf } from '../filters';
import { cssSnippet, emailSnippet, isAllowed, pageSnippet, PLACEHOLDER, siteOf } from '../snippets';
import { Dialog } from './dialog';
import { Field } from './field';
import { useDashboard } from './context';
import { SnippetText } from './snippet_text';

/** Interval of the question whether a hit has come. */
const POLL_MS = 1_000;

/** Where every question costs money, and hits come late. */
const DELAYED_POLL_MS = 30_000;

/** How long a name stays before it is asked for. */
const TYPING_MS = 1_000;

export function AddSiteDialog({ close }: { close: () => void }) {
  const { about, view } = useDashboard();
  const [typed, setTyped] = useState(view.site ?? '');
  const endpoint = about.endpoint || PLACEHOLDER;
  const site = siteOf(typed);
  const allowed = about.sites ?? null;
  return (
    <Dialog title="Add a site" close={close} class="add-site">
      <Field label="Site">
        {(id) => (
          <input
            id={id}
            value={typed}
            placeholder="blog.example"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        )}
      </Field>
      {site !== '' && !isAllowed(site, allowed) && (
        <p class="error-text" role="alert">
          Hits of {site} are ignored: <code>BEACON_SITES</code> lists {allowed!.join(', ')}.
        </p>
      )}
      <p>Add this to every page, before <code>&lt;/body&gt;</code>.</p>
      <SnippetText name="Snippet" code={pageSnippet(endpoint, site)} />
      {!about.endpoint && <p class="note">Replace {PLACEHOLDER} with the URL of your beacon.</p>}
      {site === '' ? (
        <p class="note">Without a site, the host of each page is its site.</p>
      ) : (
        <Waiting key={site} site={site} close={close} />
      )}
      <details>
        <summary>Leave out your own visits</summary>
        <p>
          Open any page of the site with <code>#beacon-ignore</code> at the end of its address, once in each of your
          browsers. <code>#beacon-count</code> counts them again.
        </p>
        {site !== '' && (
          <p>
            <code>{`https://${site}/#beacon-ignore`}</code>
          </p>
        )}
      </details>
      <details>
        <summary>Emails, and pages without scripts</summary>
        <p>In an email, right after <code>&lt;body&gt;</code>: this image counts as an open.</p>
        <SnippetText name="Snippet for emails" code={emailSnippet(endpoint, site)} />
        <p>In the <code>&lt;head&gt;</code> of a page that can have neither script nor image:</p>
        <SnippetText name="Snippet of a style sheet" code={cssSnippet(endpoint, site)} />
      </details>
    </Dialog>
  );
}

/** Says that strangers can add to the numbers, where the server records hits of any site. */
export function SitesAreOpen() {
  const { about } = useDashboard();
  if (about.sites_are_open !== true) return null;
  return (
    <p class="note wide">
      <code>BEACON_SITES</code> is not set: strangers can send hits for any site, and that site appears in this list.
    </p>
  );
}

function Waiting({ site, close }: { site: string; close: () => void }) {
  const dashboard = useDashboard();
  const { api, about, view, navigate, page } = dashboard;
  const [state, setState] = useState<FirstHit>({ kind: 'waiting' });

  useEffect(() => {
    const aborter = new AbortController();
    const since_ms = Date.now();
    const pause_ms = about.freshness.live ? POLL_MS : DELAYED_POLL_MS;
    let timer: ReturnType<typeof setTimeout>;
    let known: string[] | null = null;
    async function look() {
      let found: FirstHit | null = null;
      try {
        if (!document.hidden) {
          known ??= await sitesSoFar(api!, since_ms, aborter.signal);
          found = known.includes(site) ? { kind: 'counted' } : await lookForHit(api!, site, since_ms, known, aborter.signal);
        }
      } catch {
        // The page says elsewhere that the server is gone; this line goes on waiting.
      }
      if (aborter.signal.aborted) return;
      if (found !== null) setState(found);
      if (found?.kind !== 'counted') timer = setTimeout(() => void look(), pause_ms);
    }
    // Not while the site is still being typed.
    timer = setTimeout(() => void look(), TYPING_MS);
    return () => {
      aborter.abort();
      clearTimeout(timer);
    };
  }, []);

  return (
    <div class="first-hit" role="status">
      {state.kind === 'waiting' && (
        <p>
          <span class="pulse" aria-hidden="true" /> Waiting for the first hit of {site}.
          {about.freshness.live ? '' : ` Hits take up to ${Math.ceil(about.freshness.delay_s / 60)} minutes.`}
        </p>
      )}
      {state.kind === 'not counted' && (
        <p>
          <strong>Not counted.</strong> {state.reason}
        </p>
      )}
      {state.kind === 'counted' && (
        <p>
          {site} is counted.{' '}
          <a
            href={`?site=${encodeURIComponent(site)}`}
            onClick={(event) => {
              // From another page, the link opens the dashboard anew.
              if (page !== 'dashboard' || event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              close();
              navigate(onlyOf(view, site));
            }}
          >
            Open the dashboard of {site}
          </a>
        </p>
      )}
    </div>
  );
}
