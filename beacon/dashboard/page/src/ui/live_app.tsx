// The dashboard over the API: asks what the view needs, follows changes, keeps the address bar true.

import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import { fromQuery, toQuery, type Read, type View } from '../address';
import { answersOfApi, commonOf } from '../answers';
import type { About, Api, ApiError, Changes } from '../api';
import { createAsker } from '../asker';
import { createFormat } from '../format';
import { follow, type Connection } from '../live';
import { firstNeeds, isAsked, requestsOf, type Need } from '../needs';
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
  const own_columns = about.access.kind === 'share' ? [] : about.own_columns;
  const [{ view, unknown }, setRead] = useState<Read>(() => fromQuery(location.search, own_zone, own_columns));
  const [now_ms, setNow] = useState(() => Date.now());
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const [connection, setConnection] = useState<Connection>('following');
  const [undelivered_s, setUndelivered] = useState<number | null>(null);
  const alarm = useMemo(() => new EventTarget(), []);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const asker = useMemo(
    () =>
      createAsker(
        api,
        () => redraw(undefined),
        refused,
        () => Date.now(),
        () => alarm.dispatchEvent(new Event('lost')),
      ),
    [api],
  );
  const format = useMemo(() => createFormat(navigator.languages, view.zone), [view.zone]);

  // A share link is for one site, whatever the address says.
  const shown: View = about.access.kind === 'share' ? { ...view, site: about.access.site } : view;
  const now = spanOf(shown.period, shown.zone, now_ms);
  const before = spanBefore(shown.period, shown.zone, now_ms);
  const requests = (need: Need) => requestsOf(need, shown, now, before);
  const further = [...seen].filter((question) => isAsked(question, shown));
  const needs = [...firstNeeds(about, shown), ...further.map((question): Need => ({ question, span: 'now' }))];
  // An address that isn't understood asks nothing: its numbers would be those of something else.
  const wanted = unknown.length > 0 ? [] : needs.flatMap(requests);
  const latest = useRef(wanted);
  latest.current = wanted;

  useEffect(() => asker.want(wanted), [asker, JSON.stringify(wanted)]);

  useEffect(() => {
    const restore = () => setRead(fromQuery(location.search, own_zone, own_columns));
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
    const heard = (changes: Changes) => setUndelivered(changes.undelivered_s ?? null);
    const followed = { api, freshness: about.freshness, refresh, connection: setConnection, refused, heard, alarm };
    void follow(followed, aborter.signal);
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
    setRead({ view: next, unknown: [] });
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
    answers: answersOfApi(api, asker, requests, wanted),
    connection,
    undelivered_s,
    unknown,
    common: commonOf(wanted.map((request) => ({ question: request.question, slot: asker.slot(request) }))),
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
