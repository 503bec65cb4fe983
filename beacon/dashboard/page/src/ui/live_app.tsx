// The live dashboard: runs the queries of the view, follows changes, and keeps the URL in sync.

import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import { availableFilters } from '../filters';
import { fromSearch, toSearch, type Known, type ParsedUrl } from '../url_state';
import type { View } from '../view';
import { apiDataSource, sharedProblems } from '../data_source';
import type { About, Api, ApiError, Changes } from '../api';
import { createFormat } from '../format';
import { followChanges, type Connection } from '../live_updates';
import { appliesTo, initialQueries, requestsFor, type PanelQuery } from '../panel_queries';
import { previousSpan, spanOf } from '../period';
import { createQueryClient } from '../query_client';
import { browserZone } from '../zone';
import { Dashboard } from './dashboard';
import { DashboardProvider } from './context';

interface Props {
  api: Api;
  about: About;
  onRefused: (error: ApiError) => void;
  onLoggedOut: () => void;
}

export function LiveApp({ api, about, onRefused, onLoggedOut }: Props) {
  const browser_zone = useMemo(browserZone, []);
  const known: Known = {
    custom_columns: about.access.kind === 'share' ? [] : about.custom_columns,
    filters: availableFilters(about),
  };
  const [{ view, unknown }, setUrl] = useState<ParsedUrl>(() => fromSearch(location.search, browser_zone, known));
  const [now_ms, setNow] = useState(() => Date.now());
  /** One entry for each panel in view, so a question of two panels stays until both have gone. */
  const [activated, setActivated] = useState<string[]>([]);
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

  // A share link is limited to one site, whatever the URL says.
  const shown: View = about.access.kind === 'share' ? { ...view, site: about.access.site } : view;
  const span = spanOf(shown.period, shown.zone, now_ms);
  const previous_span = previousSpan(shown.period, shown.zone, now_ms);
  const requests = (query: PanelQuery) => requestsFor(query, shown, span, previous_span);
  const activated_questions = [...new Set(activated)].filter((question) => appliesTo(question, shown));
  const queries = [...initialQueries(about, shown), ...activated_questions.map((question): PanelQuery => ({ question, period: 'current' }))];
  // With an unknown part in the URL nothing is queried: the numbers would belong to something else.
  const active = unknown.length > 0 ? [] : queries.flatMap(requests);
  const latest = useRef(active);
  latest.current = active;

  useEffect(() => client.setQueries(active), [client, JSON.stringify(active)]);

  useEffect(() => {
    const restore = () => setUrl(fromSearch(location.search, browser_zone, known));
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

  function navigate(change: Partial<View>) {
    const next = { ...shown, ...change };
    setUrl({ view: next, unknown: [] });
    setNow(Date.now());
    const url = `${location.pathname}${toSearch(next, browser_zone)}${location.hash}`;
    if (url !== `${location.pathname}${location.search}${location.hash}`) history.pushState(null, '', url);
  }

  const updated = active.map((request) => client.getState(request)?.updated_at_ms ?? 0);
  const dashboard = {
    about,
    view: shown,
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
      active.map((request) => ({ question: request.question, state: client.getState(request) })),
    ),
    updated_at_ms: Math.max(0, ...updated) || null,
    api,
    made_at_ms: null,
    navigate,
    activate: (question: string) => {
      setActivated((active) => [...active, question]);
      return () => setActivated((active) => active.toSpliced(active.indexOf(question), 1));
    },
    // If it fails, the reloaded page shows that the session still exists.
    logOut: () => void api.logOut().then(onLoggedOut, () => location.reload()),
  };
  return (
    <DashboardProvider value={dashboard}>
      <Dashboard />
    </DashboardProvider>
  );
}
