// Adds a site: the snippet for it, and a line that turns into a link once the first hit has come.

import { useEffect, useState } from 'preact/hooks';
import { firstHit, type FirstHit } from '../first_hit';
import { cssSnippet, emailSnippet, isAllowed, pageSnippet, PLACEHOLDER, siteOf } from '../snippets';
import { CopyButton } from './copy_button';
import { Dialog } from './dialog';
import { Field } from './field';
import { useDashboard } from './context';
import { knownSites } from './share_dialog';

/** Interval of the question whether a hit has come. */
const POLL_MS = 1_000;

/** Where every question costs money, and hits come late. */
const DELAYED_POLL_MS = 30_000;

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
      <p>Put this into every page, before <code>&lt;/body&gt;</code>.</p>
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
          Open any page of the site with <code>#beacon-ignore</code> at the end of its address, once in each browser of
          yours. <code>#beacon-count</code> counts them again.
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
      <code>BEACON_SITES</code> is not set: strangers can send hits for any site, which then stands among these.
    </p>
  );
}

function Waiting({ site, close }: { site: string; close: () => void }) {
  const dashboard = useDashboard();
  const { api, about, navigate } = dashboard;
  const known = knownSites(dashboard);
  const [state, setState] = useState<FirstHit>(known.includes(site) ? { kind: 'counted' } : { kind: 'waiting' });

  useEffect(() => {
    if (state.kind === 'counted') return;
    const aborter = new AbortController();
    const since_ms = Date.now();
    const pause_ms = about.freshness.live ? POLL_MS : DELAYED_POLL_MS;
    let timer: ReturnType<typeof setTimeout>;
    async function look() {
      let found: FirstHit | null = null;
      try {
        if (!document.hidden) found = await firstHit(api!, site, since_ms, known, aborter.signal);
      } catch {
        // The page says elsewhere that the server is gone; this line goes on waiting.
      }
      if (aborter.signal.aborted) return;
      if (found !== null) setState(found);
      if (found?.kind !== 'counted') timer = setTimeout(() => void look(), pause_ms);
    }
    timer = setTimeout(() => void look(), pause_ms);
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
              if (event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              close();
              navigate({ site });
            }}
          >
            Open the dashboard of {site}
          </a>
        </p>
      )}
    </div>
  );
}

function SnippetText({ name, code }: { name: string; code: string }) {
  return (
    <div class="snippet">
      <pre tabIndex={0} role="region" aria-label={name}>
        <code>{code}</code>
      </pre>
      <CopyButton text={code} name={name.charAt(0).toLowerCase() + name.slice(1)} />
    </div>
  );
}
