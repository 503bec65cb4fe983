// Typed calls of the dashboard's JSON API. Every failure is an ApiError with a message for the reader.

import type { Condition } from './view';

export interface Question {
  name: string;
  question: string;
  parameters: string[];
}

export interface About {
  version: string;
  privacy: 'anonymous' | 'full';
  engine: string;
  freshness: { live: true } | { live: false; delay_s: number };
  questions: Question[];
  custom_columns: string[];
  /** Names of the filters that the API takes, without custom columns and properties. */
  filters: string[];
  access: { kind: 'open' | 'password' | 'share'; site: string | null; until_ms: number | null };
  /** Missing where the server has none, or doesn't know them. */
  goals?: Goal[];
  /** Filters with a name; missing for guests, and where the server stores none. */
  saved?: SavedFilters[];
  /** The reason why goals and saved filters can't be read; only the owner learns it. */
  document_problem?: string;
  /** Base URL of the pixel, without a trailing slash. */
  endpoint?: string | null;
  /** True if the caller may run SQL. */
  sql?: boolean;
  /** True if hits of any site are recorded; only the owner learns it. */
  sites_are_open?: boolean;
  /** The sites whose hits are recorded, such as `*.shop.example`; null for all. */
  sites?: string[] | null;
}

/** Conditions that have a name, one of them on event. */
export interface Goal {
  name: string;
  filters: Condition[];
}

export interface QueryRequest {
  question: string;
  from_ms: number;
  to_ms: number;
  /** A host, or `*` for all sites. */
  site: string;
  /** Positive conditions of one column are joined by OR, negative ones by AND, columns by AND. */
  filters?: Condition[];
  /** The agent classes that count; if missing, those that count by default. */
  agents?: string[];
  /** The subject of a question of values, such as the name of a property. */
  by?: string;
}

export type ColumnType = 'varchar' | 'bigint' | 'timestamp' | 'boolean' | 'double';
export type Cell = string | number | boolean | null;

export interface Column {
  name: string;
  type: ColumnType;
}

export interface QueryResult {
  id: string;
  question: string;
  state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  sql?: string | null;
  parameters?: string[] | null;
  columns?: Column[] | null;
  rows?: Cell[][] | null;
  /** The same statement as a text that runs in Athena's editor. */
  athena_sql?: string | null;
  /** A command line that asks the same. */
  command?: string | null;
  /** True if `rows` holds only the first rows. */
  truncated?: boolean;
  /** The total number of rows. */
  row_count?: number | null;
  /** Say what the result lacks, and how to fix it. */
  warnings?: string[] | null;
  statistics?: { bytes_scanned: number | null; took_ms: number | null; reused: boolean } | null;
  error?: string | null;
}

export interface Changes {
  revision: number;
  /** Age of the oldest undelivered hit; only set if it is overdue. */
  undelivered_s?: number | null;
}

export interface Share {
  id?: string;
  token: string;
  path: string;
}

export interface SavedFilters {
  name: string;
  /** A query string with the filters and the site. */
  search: string;
}

export interface ShareRequest {
  site: string;
  name: string;
  until_ms: number;
  password?: string;
}

/** A share link in the list, without its token. */
export interface ListedShare {
  id: string;
  name: string;
  site: string;
  until_ms: number;
  has_password: boolean;
  created_ms: number;
}

export interface TableColumn {
  name: string;
  type: string;
  comment?: string;
}

/** The tables that SQL may read. */
export interface TableInfo {
  table: string;
  columns: TableColumn[];
  views?: { name: string; comment?: string; columns: TableColumn[] }[];
}

/** A failed API call. `status` is 0 if there was no HTTP response. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly retry_after_s: number | null = null,
    /** The server is down, or the proxy in front of it can't reach it. */
    readonly is_unreachable: boolean = status === 0,
  ) {
    super(message);
  }
}

/** Returns what a failure says, whatever was thrown. */
export function failureText(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}

export type Api = ReturnType<typeof createApi>;

/** Creates the API. `base` is the URL of the page, `share` the token of a share link. */
export function createApi(base: string, share: string | null, fetcher: typeof fetch = fetch.bind(globalThis)) {
  async function call(method: string, path: string, options: { body?: unknown; signal?: AbortSignal } = {}) {
    const headers = new Headers({ Accept: 'application/json, application/problem+json' });
    if (options.body !== undefined) headers.set('Content-Type', 'application/json');
    if (share !== null) headers.set('X-Beacon-Share', share);
    let response: Response;
    try {
      response = await fetcher(new URL(`api/${path}`, base), {
        method,
        headers,
        body: options.body === undefined ? undefined : JSON.stringify(options.body),
        signal: options.signal,
        // A cancellation must arrive even while the page is being unloaded.
        keepalive: method === 'DELETE',
        credentials: 'same-origin',
        cache: 'no-store',
      });
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw new ApiError(0, 'the server can’t be reached');
    }
    if (!response.ok) throw await problem(response);
    return response;
  }

  return {
    about: async (): Promise<About> => known(await (await call('GET', 'about')).json()),

    submit: async (request: QueryRequest): Promise<{ id: string }> => {
      return (await call('POST', 'queries', { body: request })).json();
    },

    /** Resolves when the query is done, or after `wait_ms` with its current state. */
    wait: async (id: string, wait_ms: number, signal: AbortSignal): Promise<QueryResult> => {
      return (await call('GET', `queries/${encodeURIComponent(id)}?wait_ms=${wait_ms}`, { signal })).json();
    },

    cancel: async (id: string): Promise<void> => {
      await call('DELETE', `queries/${encodeURIComponent(id)}`);
    },

    csv: async (id: string): Promise<string> => {
      return (await call('GET', `queries/${encodeURIComponent(id)}/csv`)).text();
    },

    changes: async (since: number, wait_ms: number, signal: AbortSignal): Promise<Changes> => {
      return (await call('GET', `changes?since=${since}&wait_ms=${wait_ms}`, { signal })).json();
    },

    logIn: async (password: string): Promise<void> => {
      await call('POST', 'session', { body: { password } });
    },

    logOut: async (): Promise<void> => {
      await call('DELETE', 'session');
    },

    /** Stores a list in the place of the one of this name. */
    store: async (name: 'goals' | 'saved', list: (Goal | SavedFilters)[]): Promise<void> => {
      await call('PUT', name, { body: { [name]: list } });
    },

    share: async (wanted: ShareRequest): Promise<Share> => {
      return (await call('POST', 'shares', { body: wanted })).json();
    },

    shares: async (): Promise<ListedShare[]> => {
      return ((await (await call('GET', 'shares')).json()) as { shares: ListedShare[] }).shares;
    },

    revokeShare: async (id: string): Promise<void> => {
      await call('DELETE', `shares/${encodeURIComponent(id)}`);
    },

    /** Opens a share link that has a password: later calls send the token that the server answers. */
    openShare: async (password: string): Promise<void> => {
      const response = await call('POST', 'share-login', { body: { token: share, password } });
      share = ((await response.json()) as { token: string }).token;
    },

    tables: async (): Promise<TableInfo> => (await call('GET', 'table')).json(),

    runSql: async (sql: string): Promise<{ id: string }> => (await call('POST', 'sql', { body: { sql } })).json(),
  };
}

/** Leaves out what the server couldn't read: an empty list would say that nothing is stored. */
function known(about: About): About {
  return about.document_problem === undefined ? about : { ...about, goals: undefined, saved: undefined };
}

async function problem(response: Response): Promise<ApiError> {
  const retry_after = Number(response.headers.get('Retry-After'));
  const retry_after_s = Number.isFinite(retry_after) && retry_after > 0 ? retry_after : null;
  let message = `The server responded with ${response.status}`;
  let is_unreachable = [502, 503, 504].includes(response.status);
  try {
    const body: { title?: unknown; detail?: unknown } = await response.json();
    const said = [body.title, body.detail].filter((text) => typeof text === 'string' && text !== '');
    if (said.length > 0) message = said.join(': ');
    // A problem document comes from the API itself, so it is reachable.
    if (said.length > 0 && (response.status !== 503 || retry_after_s !== null)) is_unreachable = false;
  } catch {
    // A proxy responded, and not with JSON: there is nothing but the status.
  }
  return new ApiError(response.status, message, retry_after_s, is_unreachable);
}
