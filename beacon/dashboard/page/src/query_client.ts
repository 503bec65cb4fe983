// Runs queries through the API, a few at a time, and keeps their results. Queries that are no longer active are
// cancelled; a query that runs again shows its previous result until the new one arrives.

import { ApiError, failureText, type Api, type QueryRequest, type QueryResult } from './api';
import { awaitResult } from './await_result';

/** Browsers open six connections to a host. One is the long poll's, and one stays free for what a click requests. */
export const MAX_IN_FLIGHT = 4;

/** Results of inactive queries that are kept, so that the back button shows something at once. */
const MAX_INACTIVE = 100;

export interface QueryState {
  /** The last result that succeeded. */
  result: QueryResult | null;
  error: string | null;
  /** Running, or about to run. */
  is_fetching: boolean;
  /** When the result arrived. */
  updated_at_ms: number | null;
}

/** Returns true while there is neither a result nor a failure to show. */
export function isLoading({ result, error, is_fetching }: QueryState): boolean {
  return result === null && error === null && is_fetching;
}

interface Query extends QueryState {
  request: QueryRequest;
  /** Some panel shows it. */
  is_active: boolean;
  is_queued: boolean;
  is_running: boolean;
  /** Set while it runs, if the data has changed since it was submitted: it runs once more. */
  is_stale: boolean;
  id: string | null;
  abort: AbortController | null;
  /** Settles when the server has confirmed the cancellation; until then it may still be working on the query. */
  cancelled: Promise<void> | null;
}

export type QueryClient = ReturnType<typeof createQueryClient>;

/** Identifies a request: requests with equal keys share a result. */
export function queryKey(request: QueryRequest): string {
  const { question, from_ms, to_ms, site, filters = [], agents = [], by } = request;
  const conditions = filters.map(({ column, op, values }) => [column, op, values]);
  return JSON.stringify([question, from_ms, to_ms, site, conditions, agents, by]);
}

/**
 * Creates a client. `onChange` is called whenever a state changes, `onRefused` when the API requires a login, and
 * `onLost` when the server is unreachable: queries are then held back until `refetch`.
 */
export function createQueryClient(
  api: Api,
  onChange: () => void,
  onRefused: (error: ApiError) => void,
  now: () => number,
  onLost: () => void = () => {},
) {
  const queries = new Map<string, Query>();
  let running = 0;
  let is_paused = false;
  let is_stopped = false;
  const idle_waiters: (() => void)[] = [];

  function startQueued(): void {
    for (const query of queries.values()) {
      if (running >= MAX_IN_FLIGHT || is_paused || is_stopped) break;
      if (query.is_queued && !query.is_running) void run(query);
    }
    if (running === 0) idle_waiters.splice(0).forEach((resolve) => resolve());
  }

  async function run(query: Query): Promise<void> {
    running += 1;
    const aborter = new AbortController();
    Object.assign(query, { is_queued: false, is_running: true, is_stale: false, abort: aborter });
    let is_lost = false;
    try {
      await fetchResult(query, aborter.signal);
    } catch (error) {
      is_lost = query.is_active && error instanceof ApiError && error.is_unreachable;
      if (query.is_active && !aborter.signal.aborted && !is_lost) {
        query.error = failureText(error);
        if (error instanceof ApiError && (error.status === 401 || error.status === 403)) onRefused(error);
      }
    }
    await query.cancelled;
    running -= 1;
    const runs_again = (query.is_stale || is_lost) && query.is_active;
    is_paused ||= is_lost;
    const is_queued = runs_again || query.is_queued;
    Object.assign(query, { is_running: false, id: null, abort: null, cancelled: null, is_queued });
    query.is_fetching = is_queued;
    onChange();
    if (is_lost) onLost();
    startQueued();
  }

  async function fetchResult(query: Query, signal: AbortSignal, may_resubmit = true): Promise<void> {
    const { id } = await api.submit(query.request);
    query.id = id;
    // It became inactive before the server had returned an id to cancel.
    if (!query.is_active) return cancel(id);
    let result: QueryResult;
    try {
      result = await awaitResult(api, id, signal);
    } catch (error) {
      // A restarted server doesn't know the ids of its predecessor.
      if (error instanceof ApiError && error.status === 404 && may_resubmit) return fetchResult(query, signal, false);
      throw error;
    }
    if (result.state === 'succeeded') {
      Object.assign(query, { result, error: null, updated_at_ms: now() });
    } else {
      query.error = result.error ?? (result.state === 'cancelled' ? 'The query was cancelled' : 'No further details');
    }
  }

  async function cancel(id: string): Promise<void> {
    try {
      await api.cancel(id);
    } catch {
      // Already finished, or impossible to cancel: nothing depends on it.
    }
  }

  function enqueue(query: Query): void {
    if (query.is_running) query.is_stale = true;
    else query.is_queued = true;
    query.is_fetching = true;
  }

  function deactivate(query: Query): void {
    Object.assign(query, { is_active: false, is_queued: false, is_stale: false, is_fetching: false });
    if (query.id === null) return;
    query.abort?.abort();
    query.cancelled = cancel(query.id);
  }

  function evictInactive(): void {
    const inactive = [...queries].filter(([, query]) => !query.is_active && !query.is_running);
    for (const [key] of inactive.slice(0, Math.max(0, inactive.length - MAX_INACTIVE))) queries.delete(key);
  }

  return {
    /** Makes these the active queries: runs the new ones in this order, and cancels all others. */
    setQueries(requests: QueryRequest[]): void {
      is_stopped = false;
      const wanted = new Map(requests.map((request) => [queryKey(request), request]));
      let is_resumed = false;
      for (const [key, query] of queries) if (query.is_active && !wanted.has(key)) deactivate(query);
      for (const [key, request] of wanted) {
        let query = queries.get(key);
        if (query?.is_active) continue;
        is_resumed ||= query !== undefined;
        query ??= newQuery(request);
        queries.delete(key);
        queries.set(key, query);
        query.is_active = true;
        enqueue(query);
      }
      evictInactive();
      startQueued();
      // Whoever shows it takes one that isn't known yet as loading, but not one that was cancelled.
      if (is_resumed) onChange();
    },

    /** Runs all active queries again, also after the server was unreachable. */
    refetch(): void {
      is_paused = false;
      for (const query of queries.values()) if (query.is_active) enqueue(query);
      startQueued();
    },

    /** Runs one query again. */
    retry(request: QueryRequest): void {
      const query = queries.get(queryKey(request));
      if (query === undefined) return;
      query.error = null;
      enqueue(query);
      startQueued();
      onChange();
    },

    getState(request: QueryRequest): QueryState | undefined {
      return queries.get(queryKey(request));
    },

    /** Resolves when no query is running. */
    idle(): Promise<void> {
      return running === 0 ? Promise.resolve() : new Promise((resolve) => idle_waiters.push(resolve));
    },

    /** Cancels everything: the page is being unloaded. */
    stop(): void {
      // The browser aborts what is running, and no other query may take its turn.
      is_stopped = true;
      for (const query of queries.values()) if (query.is_active) deactivate(query);
    },
  };
}

function newQuery(request: QueryRequest): Query {
  return {
    request,
    result: null,
    error: null,
    is_fetching: false,
    updated_at_ms: null,
    is_active: false,
    is_queued: false,
    is_running: false,
    is_stale: false,
    id: null,
    abort: null,
    cancelled: null,
  };
}
