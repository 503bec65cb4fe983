// Asks the API, so many questions at a time, and keeps what it answered. What is no longer wanted is cancelled;
// what is asked again shows its old answer until the new one is there.

import { ApiError, type Answer, type Api, type Request } from './api';

/** Browsers open six connections to a host; one is the long poll's, and one is kept free for what a click asks. */
export const MOST_IN_FLIGHT = 4;

/** The longest that one request may wait for its answer, by the API's rules. */
const WAIT_MS = 5_000;

/** Answers that nobody looks at any more, kept so that the back button shows something at once. */
const MOST_KEPT = 100;

export interface Slot {
  /** The last answer that succeeded. */
  answer: Answer | null;
  error: string | null;
  /** Asked, or about to be. */
  busy: boolean;
  /** When the answer came. */
  asked_at_ms: number | null;
}

interface Work extends Slot {
  request: Request;
  wanted: boolean;
  queued: boolean;
  running: boolean;
  /** Set while it runs: what it is being answered was asked before something changed. */
  again: boolean;
  id: string | null;
  abort: AbortController | null;
  /** Until then the server may still be at work on it. */
  cancelled: Promise<void> | null;
}

export type Asker = ReturnType<typeof createAsker>;

export function keyOf(request: Request): string {
  const { question, from_ms, to_ms, site, page, column, filters = [] } = request;
  return JSON.stringify([question, from_ms, to_ms, site, page, column?.name, column?.value, filters]);
}

/**
 * `changed` is called whenever a slot is; `refused` when the API wants a log-in; `lost` when nobody answers: then nothing
 * more is asked until `refresh`, and what was asked is still to be asked.
 */
export function createAsker(
  api: Api,
  changed: () => void,
  refused: (error: ApiError) => void,
  now: () => number,
  lost: () => void = () => {},
) {
  const works = new Map<string, Work>();
  let running = 0;
  let paused = false;
  let stopped = false;
  const idle_waiters: (() => void)[] = [];

  function start(): void {
    for (const work of works.values()) {
      if (running >= MOST_IN_FLIGHT || paused || stopped) break;
      if (work.queued && !work.running) void run(work);
    }
    if (running === 0) idle_waiters.splice(0).forEach((resolve) => resolve());
  }

  async function run(work: Work): Promise<void> {
    running += 1;
    const aborter = new AbortController();
    Object.assign(work, { queued: false, running: true, again: false, abort: aborter });
    let is_lost = false;
    try {
      await ask(work, aborter.signal);
    } catch (error) {
      is_lost = work.wanted && error instanceof ApiError && error.is_gone;
      if (work.wanted && !aborter.signal.aborted && !is_lost) {
        work.error = error instanceof Error ? error.message : String(error);
        if (error instanceof ApiError && (error.status === 401 || error.status === 403)) refused(error);
      }
    }
    await work.cancelled;
    running -= 1;
    const again = (work.again || is_lost) && work.wanted;
    paused ||= is_lost;
    Object.assign(work, { running: false, id: null, abort: null, cancelled: null, queued: again || work.queued });
    work.busy = work.queued;
    changed();
    if (is_lost) lost();
    start();
  }

  async function ask(work: Work, signal: AbortSignal, may_repeat = true): Promise<void> {
    const { id } = await api.submit(work.request);
    work.id = id;
    // Unwanted before the server had given it a name that could be cancelled.
    if (!work.wanted) return cancel(id);
    for (;;) {
      let answer: Answer;
      try {
        answer = await api.wait(id, WAIT_MS, signal);
      } catch (error) {
        // A server that was started anew knows nothing of what the old one was asked.
        if (error instanceof ApiError && error.status === 404 && may_repeat) return ask(work, signal, false);
        throw error;
      }
      if (answer.state === 'queued' || answer.state === 'running') continue;
      if (answer.state === 'succeeded') {
        Object.assign(work, { answer, error: null, asked_at_ms: now() });
      } else {
        work.error = answer.error ?? (answer.state === 'cancelled' ? 'It was cancelled' : 'No further details');
      }
      return;
    }
  }

  async function cancel(id: string): Promise<void> {
    try {
      await api.cancel(id);
    } catch {
      // Whether it was done already or can't be stopped: nobody waits for it.
    }
  }

  function queue(work: Work): void {
    if (work.running) work.again = true;
    else work.queued = true;
    work.busy = true;
  }

  function drop(work: Work): void {
    Object.assign(work, { wanted: false, queued: false, again: false, busy: false });
    if (work.id === null) return;
    work.abort?.abort();
    work.cancelled = cancel(work.id);
  }

  function forget(): void {
    const unwanted = [...works].filter(([, work]) => !work.wanted && !work.running);
    for (const [key] of unwanted.slice(0, Math.max(0, unwanted.length - MOST_KEPT))) works.delete(key);
  }

  return {
    /** Asks what is new among these, in their order, and cancels what is not among them. */
    want(requests: Request[]): void {
      stopped = false;
      const wanted = new Map(requests.map((request) => [keyOf(request), request]));
      for (const [key, work] of works) if (work.wanted && !wanted.has(key)) drop(work);
      for (const [key, request] of wanted) {
        let work = works.get(key);
        if (work?.wanted) continue;
        work ??= newWork(request);
        works.delete(key);
        works.set(key, work);
        work.wanted = true;
        queue(work);
      }
      forget();
      start();
    },

    /** Asks all that is wanted again, also after nobody answered. */
    refresh(): void {
      paused = false;
      for (const work of works.values()) if (work.wanted) queue(work);
      start();
    },

    retry(request: Request): void {
      const work = works.get(keyOf(request));
      if (work === undefined) return;
      work.error = null;
      queue(work);
      start();
      changed();
    },

    slot(request: Request): Slot | undefined {
      return works.get(keyOf(request));
    },

    /** Resolves when nothing runs. */
    idle(): Promise<void> {
      return running === 0 ? Promise.resolve() : new Promise((resolve) => idle_waiters.push(resolve));
    },

    /** When the page goes away. */
    stop(): void {
      // The browser breaks off what runs, and nothing may take its turn.
      stopped = true;
      for (const work of works.values()) if (work.wanted) drop(work);
    },
  };
}

function newWork(request: Request): Work {
  return {
    request,
    answer: null,
    error: null,
    busy: false,
    asked_at_ms: null,
    wanted: false,
    queued: false,
    running: false,
    again: false,
    id: null,
    abort: null,
    cancelled: null,
  };
}
