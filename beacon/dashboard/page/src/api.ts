// The dashboard's JSON API, as typed calls. Every failure is an ApiError whose message can be shown.

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
  own_columns: string[];
  access: { kind: 'open' | 'password' | 'share'; site: string | null; until_ms: number | null };
  /** Where pixels are asked for, without a slash at the end. */
  endpoint?: string | null;
}

export interface Request {
  question: string;
  from_ms: number;
  to_ms: number;
  site: string;
  page: string;
  column: { name: string; value: string } | null;
  /** Further conditions, if any: a column and its value, or null where it must be empty. */
  filters?: { column: string; value: string | null }[];
}

export type ColumnType = 'varchar' | 'bigint' | 'timestamp' | 'boolean' | 'double';
export type Cell = string | number | boolean | null;

export interface Column {
  name: string;
  type: ColumnType;
}

export interface Answer {
  id: string;
  question: string;
  state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  sql?: string | null;
  parameters?: string[] | null;
  columns?: Column[] | null;
  rows?: Cell[][] | null;
  /** Whether `rows` are only the first of them. */
  truncated?: boolean;
  /** How many rows there are in all. */
  row_count?: number | null;
  /** What the answer lacks, and what to do about it. */
  warnings?: string[] | null;
  statistics?: { bytes_scanned: number | null; took_ms: number | null; reused: boolean } | null;
  error?: string | null;
}

export interface Changes {
  revision: number;
  /** How old the oldest hit is that is not delivered, where that is too old. */
  undelivered_s?: number | null;
}

export interface Share {
  token: string;
  path: string;
}

/** `status` is 0 where no answer came at all. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly retry_after_s: number | null = null,
    /** Nothing of ours answered: the server is down, or whatever stands before it can't reach it. */
    readonly is_gone: boolean = status === 0,
  ) {
    super(message);
  }
}

export type Api = ReturnType<typeof createApi>;

/** `base` is the page's own address; `share` the token of a share link. */
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
        // A cancellation must arrive even when the page goes away.
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
    about: async (): Promise<About> => (await call('GET', 'about')).json(),

    submit: async (request: Request): Promise<{ id: string }> => {
      return (await call('POST', 'queries', { body: request })).json();
    },

    /** Answers when the query is done, or after `wait_ms`. */
    wait: async (id: string, wait_ms: number, signal: AbortSignal): Promise<Answer> => {
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

    share: async (site: string, until_ms: number): Promise<Share> => {
      return (await call('POST', 'shares', { body: { site, until_ms } })).json();
    },
  };
}

async function problem(response: Response): Promise<ApiError> {
  const retry_after = Number(response.headers.get('Retry-After'));
  const retry_after_s = Number.isFinite(retry_after) && retry_after > 0 ? retry_after : null;
  let message = `The server answered ${response.status}`;
  let is_gone = [502, 503, 504].includes(response.status);
  try {
    const body: { title?: unknown; detail?: unknown } = await response.json();
    const said = [body.title, body.detail].filter((text) => typeof text === 'string' && text !== '');
    if (said.length > 0) message = said.join(': ');
    // The API itself: it is there, and says what is wrong.
    if (said.length > 0 && (response.status !== 503 || retry_after_s !== null)) is_gone = false;
  } catch {
    // Something between the page and the API answered, and not in JSON: its status is all there is to say.
  }
  return new ApiError(response.status, message, retry_after_s, is_gone);
}
