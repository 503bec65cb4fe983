// The header: logo, freshness of the data, and actions for the whole page.

import { useEffect, useState } from 'preact/hooks';
import { useDashboard } from './context';
import { ShareDialog } from './share_dialog';
import { ThemeSwitch } from './theme';

export function Logo() {
  return (
    <span class="logo">
      <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
        <rect class="logo-ground" width="32" height="32" rx="7" />
        <rect x="13.5" y="13.5" width="5" height="5" fill="#fff" />
        <g fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round">
          <path d="M10 10a8.5 8.5 0 0 0 0 12M22 10a8.5 8.5 0 0 1 0 12" />
          <path d="M6.3 6.3a13.7 13.7 0 0 0 0 19.4M25.7 6.3a13.7 13.7 0 0 1 0 19.4" opacity=".55" />
        </g>
      </svg>
      beacon
    </span>
  );
}

export function Header() {
  const { about, api, logOut } = useDashboard();
  const [sharing, setSharing] = useState(false);
  const may_share = api !== null && about.access.kind !== 'share';
  return (
    <header class="top">
      <Logo />
      <Freshness />
      <div class="top-tools">
        {may_share && (
          <button type="button" class="button" onClick={() => setSharing(true)}>
            Share
          </button>
        )}
        <ThemeSwitch />
        {about.access.kind === 'password' && api !== null && (
          <button type="button" class="button" onClick={logOut}>
            Log out
          </button>
        )}
      </div>
      {sharing && <ShareDialog close={() => setSharing(false)} />}
    </header>
  );
}

/** Deliberately not a live region: it changes all the time. */
function Freshness() {
  const { about, connection, updated_at_ms, made_at_ms, format } = useDashboard();
  // The time is formatted while rendering, so render regularly.
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), 30_000);
    return () => clearInterval(timer);
  }, []);

  if (made_at_ms !== null) {
    return <p class="freshness">Report made {format.moment(made_at_ms)}</p>;
  }
  const updated = updated_at_ms === null ? '' : `updated ${format.clock(updated_at_ms)}`;
  if (connection === 'lost') {
    return <p class="freshness lost">Offline{updated && ` · ${updated}`}</p>;
  }
  if (about.freshness.live) {
    return <p class="freshness live">Live{updated && <span class="freshness-updated"> · {updated}</span>}</p>;
  }
  const delay = format.duration(about.freshness.delay_s * 1000);
  const minutes = Math.round(about.freshness.delay_s / 60);
  return (
    <p class="freshness">
      Up to {minutes >= 2 ? `${format.number(minutes)} minutes` : delay} behind{updated && ` · ${updated}`}
    </p>
  );
}
