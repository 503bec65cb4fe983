// The header: logo, site, freshness of the data, and what concerns the whole page.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { AddSiteDialog } from './add_site_dialog';
import { useDashboard } from './context';
import { useNarrow } from './narrow';
import { ShareDialog } from './share_dialog';
import { ThemeSwitch } from './theme';
import { CompareChoice, SiteChoice, ZoneChoice } from './view_choices';

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
      <span class="logo-name">beacon</span>
    </span>
  );
}

/** The dialogs that the header opens. */
type OpenDialog = 'share' | 'add a site' | null;

export function Header() {
  const { about, api, logOut, page } = useDashboard();
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const may_share = api !== null && about.access.kind !== 'share';
  const is_narrow = useNarrow();
  const pages = (
    <nav class="top-links" aria-label="Pages">
      {/* The SQL page is a fragment of the address, and so is the token of a share link, which this must not take away. */}
      <a
        href="#"
        aria-current={page === 'dashboard' ? 'page' : undefined}
        onClick={(event) => page === 'dashboard' && event.preventDefault()}
      >
        Dashboard
      </a>
      {about.sql === true && api !== null && (
        <a href="#sql" aria-current={page === 'sql' ? 'page' : undefined}>
          SQL
        </a>
      )}
    </nav>
  );
  const actions = may_share && (
    <>
      <button type="button" class="quiet" onClick={() => setDialog('share')}>
        Share
      </button>
      <button type="button" class="quiet" onClick={() => setDialog('add a site')}>
        Add a site
      </button>
    </>
  );
  return (
    <header class="top">
      <Logo />
      {page === 'dashboard' && <SiteChoice />}
      <Freshness />
      {!is_narrow && pages}
      {!is_narrow && <div class="top-tools">{actions}</div>}
      <Menu>
        {is_narrow && (
          <>
            {pages}
            {actions}
            {api !== null && page === 'dashboard' && <MenuChoice name="Compare with" children={<CompareChoice />} />}
            {page === 'dashboard' && <MenuChoice name="Time zone" children={<ZoneChoice />} />}
          </>
        )}
        <ThemeSwitch />
        {about.access.kind === 'password' && api !== null && (
          <button type="button" class="button" onClick={logOut}>
            Log out
          </button>
        )}
      </Menu>
      {dialog === 'share' && <ShareDialog close={() => setDialog(null)} />}
      {dialog === 'add a site' && <AddSiteDialog close={() => setDialog(null)} />}
    </header>
  );
}

/** A choice of the menu with its name, which the choice itself has for screen readers. */
function MenuChoice({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class="menu-choice">
      <span aria-hidden="true">{name}</span>
      {children}
    </div>
  );
}

/** The menu of what is needed rarely. A click elsewhere and Escape close it. */
function Menu({ children }: { children: ComponentChildren }) {
  const menu = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event) => {
      const is_outside = event.target instanceof Node && !menu.current?.contains(event.target);
      if (is_outside) menu.current?.removeAttribute('open');
    };
    document.addEventListener('click', close);
    return () => document.removeEventListener('click', close);
  }, []);
  function onKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !menu.current!.open) return;
    menu.current!.open = false;
    menu.current!.querySelector('summary')!.focus();
  }
  return (
    <details class="menu" ref={menu} onKeyDown={onKey}>
      <summary aria-label="More" title="More">
        <span aria-hidden="true">⋯</span>
      </summary>
      <div class="menu-body">{children}</div>
    </details>
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
  const updated = updated_at_ms === null ? '' : `updated ${format.hourAndMinute(updated_at_ms)}`;
  if (connection === 'lost') {
    return (
      <p class="freshness lost">
        Offline<span class="freshness-updated">{updated && ` · ${updated}`}</span>
      </p>
    );
  }
  if (about.freshness.live) {
    return (
      <p class="freshness live">
        Live<span class="freshness-updated">{updated && ` · ${updated}`}</span>
      </p>
    );
  }
  const delay = format.duration(about.freshness.delay_s * 1000);
  const minutes = Math.round(about.freshness.delay_s / 60);
  return (
    <p class="freshness">
      Up to {minutes >= 2 ? `${format.number(minutes)} minutes` : delay} behind
      <span class="freshness-updated">{updated && ` · ${updated}`}</span>
    </p>
  );
}
