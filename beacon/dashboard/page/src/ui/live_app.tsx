// The live dashboard: runs the queries of the view, follows changes, and keeps the URL in sync.

import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import { knownFilters } from '../filters';
import { pageOf } from '../page_route';
import { fromSearch, toSearch, type ParsedUrl } from '../url_state';
import type { View } from '../view';
import { apiDataSource, sharedProblems } from '../data_source';
import type { About, Api, ApiError, Changes } from '../api';
import { createFormat } from '../format';
import { followChanges, type Connection } from '../live_updates';
import { comparedSpan } from '../comparison';
import { firstHit, recentSpan } from '../moments';
import { areSeveral, lastOnlySite, onlySite, rememberOnlySite } from '../only_site';
import { EVER, EVER_SITES, initialQueries, requestsFor, type PanelQuery } from '../panel_queries';
import { spanOf, type Period } from '../period';
import { createQueryClient } from '../query_client';
import { browserZone, isKnownZone } from '../zone';
import { remembered } from '../stored';
import { Dashboard } from './dashboard';
import { DashboardProvider } from './context';
import { SqlPage } from './sql_page';

/** How long the first visit of a browser waits for the only site; then it shows all sites until it is known. */
const PATIENCE_MS = 3_000;

const ALL_TIME: Period = { kind: 'preset', preset: 'all' };

/** Returns the time zone of addresses that name none: the one chosen last in this browser, or the browser's. */
function homeZone(): string {
  const chosen = remembered('zone');
  return chosen !== null && isKnownZone(chosen) ? chosen : browserZone();
}

interface Props {
  api: Api;
  about: About;
  onRefused: (error: ApiError) => void;
  onLoggedOut: () => void;
}

export function LiveApp({ api, about, onRefused, onLoggedOut }: Props) {
  const browser_zone = useMemo(homeZone, []);
  const known = knownFilters(about);
  const [{ view, unknown }, setUrl] = useState<ParsedUrl>(() => fromSearch(location.search, browser_zone, known));
  const [page, setPage] = useState(() => pageOf(location.hash));
  const shows_sql = page === 'sql' && about.sql === true;
  const [now_ms, setNow] = useState(() => Date.now());
  /** One entry for each panel in view, so a query of two panels stays until both have gone. */
  const [activated, setActivated] = useState<PanelQuery[]>([]);
  const [connection, setConnection] = useState<Connection>('following');
  const [undelivered_s, setUndelivered] = useState<number | null>(null);
  const outages = useMemo(() => new EventTarget(), []);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const client = useMemo(
    () =>
      createQueryClient(
        api,
        () => redraw(undefined),
        onRefused,
        () => Date.now(),
        () => outages.dispatchEvent(new Event('lost')),
      ),
    [api],
  );
  const format = useMemo(() => createFormat(navigator.languages, view.zone), [view.zone]);

  const all_time = { current: spanOf(ALL_TIME, view.zone, now_ms), previous: null, recent: recentSpan(now_ms, about.freshness) };
  const sites_ever = requestsFor(EVER_SITES, view, all_time);
  const sites_state = client.getState(sites_ever[0]!);
  const found_site = onlySite(sites_state);
  useEffect(() => {
    if (found_site !== undefined) rememberOnlySite(found_site);
  }, [found_site]);
  const [is_patient, setPatient] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setPatient(false), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  const is_guest = about.access.kind === 'share';
  const names_site = is_guest || view.site !== null || view.conditions.some(({ column }) => column === 'site');
  const supposed_site = found_site === undefined ? lastOnlySite() : found_site;
  const only_site = names_site || (supposed_site === undefined && !is_patient) ? null : supposed_site;
  // A share link is limited to one site, whatever the URL says.
  const shown: View = { ...view, site: is_guest ? about.access.site : (view.site ?? only_site ?? null) };
  const is_all_time = shown.period.kind === 'preset' && shown.period.preset === 'all';
  const ever = requestsFor(EVER, shown, all_time);
  const first_ms = firstHit(client.getState(ever[0]!));
  // The only site says what is shown, and the first hit where "All time" begins; until then nothing else is asked.
  const awaited = only_site === undefined ? sites_ever : is_all_time && first_ms === undefined ? ever : null;
  const span = spanOf(shown.period, shown.zone, now_ms, first_ms);
  const previous_span = comparedSpan(shown.period, shown.compare, shown.zone, now_ms, span);
  const spans = { current: span, previous: previous_span, recent: all_time.recent };
  const requests = (query: PanelQuery) => {
    if (query.period === 'ever_all_sites') return sites_ever;
    return awaited ?? (query.period === 'ever' ? ever : requestsFor(query, shown, spans));
  };
  const queries = [...(is_all_time ? [EVER] : []), ...initialQueries(about, shown), ...activated, ...(names_site || areSeveral(sites_state) ? [] : [EVER_SITES])];
  // With an unknown part in the URL nothing is queried: the numbers would belong to something else. Nor is anything
  // while the SQL page hides them.
  const active = unknown.length > 0 || shows_sql ? [] : (awaited ?? queries.flatMap(requests));
  const latest = useRef(active);
  latest.current = active;

  useEffect(() => client.setQueries(active), [client, JSON.stringify(active)]);

  useEffect(() => {
    const restore = () => {
      setUrl(fromSearch(location.search, browser_zone, known));
      setPage(pageOf(location.hash));
    };
    // A click on a link to a fragment sends it too.
    addEventListener('popstate', restore);
    return () => removeEventListener('popstate', restore);
  }, []);

  useEffect(() => {
    const aborter = new AbortController();
    async function refresh() {
      // "Today" may be another day by now; then the new span makes other queries active.
      setNow(Date.now());
      client.refetch();
      await client.idle();
    }
    const updates = {
      api,
      freshness: about.freshness,
      refresh,
      onConnection: setConnection,
      onRefused,
      onChanges: (changes: Changes) => setUndelivered(changes.undelivered_s ?? null),
      outages,
    };
    void followChanges(updates, aborter.signal);
    const minute = setInterval(() => setNow(Date.now()), 60_000);
    const leave = () => client.stop();
    const comeBack = (event: PageTransitionEvent) => event.persisted && client.setQueries(latest.current);
    addEventListener('pagehide', leave);
    addEventListener('pageshow', comeBack);
    return () => {
      aborter.abort();
      clearInterval(minute);
      removeEventListener('pagehide', leave);
      removeEventListener('pageshow', comeBack);
      client.stop();
    };
  }, [api, client]);

  function navigate(change: Partial<View>, is_site_named = false) {
    const next = { ...shown, ...change };
    if (view.site === null && next.site === only_site && !is_site_named) next.site = null;
    setUrl({ view: next, unknown: [] });
    setNow(Date.now());
    const url = `${location.pathname}${toSearch(next, browser_zone)}${location.hash}`;
    if (url !== `${location.pathname}${location.search}${location.hash}`) history.pushState(null, '', url);
  }

  const updated = active.map((request) => client.getState(request)?.updated_at_ms ?? 0);
  const dashboard = {
    page: shows_sql ? ('sql' as const) : ('dashboard' as const),
    about,
    view: shown,
    only_site: only_site ?? null,
    span,
    previous_span,
    now_ms,
    browser_zone,
    format,
    data: apiDataSource(api, client, requests, active),
    connection,
    undelivered_s,
    unknown,
    shared_problems: sharedProblems(
      // Without the sites of all time, the dashboard shows all of them: no panel lacks anything.
      active.filter((request) => request !== sites_ever[0]).map((request) => ({ question: request.question, state: client.getState(request) })),
    ),
    updated_at_ms: Math.max(0, ...updated) || null,
    api,
    made_at_ms: null,
    navigate,
    activate: (query: PanelQuery) => {
      setActivated((active) => [...active, query]);
      return () => setActivated((active) => active.toSpliced(active.indexOf(query), 1));
    },
    // If it fails, the reloaded page shows that the session still exists.
    logOut: () => void api.logOut().then(onLoggedOut, () => location.reload()),
  };
  return (
    <DashboardProvider value={dashboard}>
      {shows_sql ? <SqlPage /> : <Dashboard />}
    </DashboardProvider>
  );
}
