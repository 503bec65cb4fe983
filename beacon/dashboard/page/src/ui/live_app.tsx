// The dashboard over the API: asks what the view needs, follows changes, keeps the address bar true.

import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import { fromQuery, toQuery, type View } from '../address';
import { answersOfApi } from '../answers';
import type { About, Api, ApiError } from '../api';
import { createAsker } from '../asker';
import { createFormat } from '../format';
import { follow, type Connection } from '../live';
import { firstNeeds, requestsOf, type Need } from '../needs';
import { spanBefore, spanOf } from '../period';
import { ownZone } from '../zone';
import { Dashboard } from './dashboard';
import { ModelProvider } from './model';

interface Props {
  api: Api;
  about: About;
  refused: (error: ApiError) => void;
  left: () => void;
}

export function LiveApp({ api, about, refused, left }: Props) {
  const own_zone = useMemo(ownZone, []);
  const [view, setView] = useState<View>(() => fromQuery(location.search, own_zone));
  const [now_ms, setNow] = useState(() => Date.now());
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const [connection, setConnection] = useState<Connection>('following');
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const asker = useMemo(
    () =>
      createAsker(
        api,
        () => redraw(undefined),
        refused,
        () => Date.now(),
      ),
    [api],
  );
  const format = useMemo(() => createFormat(navigator.languages, view.zone), [view.zone]);

  // A share link is for one site, whatever the address says.
  const shown: View = about.access.kind === 'share' ? { ...view, site: about.access.site } : view;
  const now = spanOf(shown.period, shown.zone, now_ms);
  const before = spanBefore(shown.period, shown.zone, now_ms);
  const requests = (need: Need) => requestsOf(need, shown, now, before);
  const needs = [...firstNeeds(about), ...[...seen].map((question): Need => ({ question, span: 'now' }))];
  const wanted = needs.flatMap(requests);
  const latest = useRef(wanted);
  latest.current = wanted;

  useEffect(() => asker.want(wanted), [asker, JSON.stringify(wanted)]);

  useEffect(() => {
    const restore = () => setView(fromQuery(location.search, own_zone));
    addEventListener('popstate', restore);
    return () => removeEventListener('popstate', restore);
  }, []);

  useEffect(() => {
    const aborter = new AbortController();
    async function refresh() {
      // "Today" may be another day by now: then other questions are wanted, and asked by that.
      setNow(Date.now());
      asker.refresh();
      await asker.idle();
    }
    void follow({ api, freshness: about.freshness, refresh, connection: setConnection, refused }, aborter.signal);
    const minute = setInterval(() => setNow(Date.now()), 60_000);
    const leave = () => asker.stop();
    const comeBack = (event: PageTransitionEvent) => event.persisted && asker.want(latest.current);
    addEventListener('pagehide', leave);
    addEventListener('pageshow', comeBack);
    return () => {
      aborter.abort();
      clearInterval(minute);
      removeEventListener('pagehide', leave);
      removeEventListener('pageshow', comeBack);
      asker.stop();
    };
  }, [api, asker]);

  function go(change: Partial<View>) {
    const next = { ...shown, ...change };
    setView(next);
    setNow(Date.now());
    const address = `${location.pathname}${toQuery(next, own_zone)}${location.hash}`;
    if (address !== `${location.pathname}${location.search}${location.hash}`) history.pushState(null, '', address);
  }

  const asked = wanted.map((request) => asker.slot(request)?.asked_at_ms ?? 0);
  const model = {
    about,
    view: shown,
    now,
    before,
    now_ms,
    own_zone,
    format,
    answers: answersOfApi(api, asker, requests),
    connection,
    asked_at_ms: Math.max(0, ...asked) || null,
    api,
    made_at_ms: null,
    go,
    see: (question: string) => setSeen((known) => (known.has(question) ? known : new Set([...known, question]))),
    // Where it failed, the page that loads again shows that the session still lasts.
    logOut: () => void api.logOut().then(left, () => location.reload()),
  };
  return (
    <ModelProvider value={model}>
      <Dashboard />
    </ModelProvider>
  );
}
