// Runs one statement through the API, and cancels it where nobody waits for it any more.

import { ApiError, type Api, type QueryResult } from './api';

/** The longest wait per request that the API allows. */
const WAIT_MS = 5_000;

/**
 * Returns the result of a statement. Throws an ApiError with the engine's message if it fails, and the signal's reason
 * once it aborts; the server then ends the query.
 */
export async function runSql(api: Api, sql: string, signal: AbortSignal): Promise<QueryResult> {
  const { id } = await api.runSql(sql);
  try {
    for (;;) {
      signal.throwIfAborted();
      const result = await api.wait(id, WAIT_MS, signal);
      if (result.state === 'succeeded') return result;
      if (result.state === 'failed' || result.state === 'cancelled') {
        throw new ApiError(0, result.error ?? 'the query was cancelled', null, false);
      }
    }
  } catch (error) {
    // A query that has ended already can't be cancelled: nothing depends on it.
    if (signal.aborted) await api.cancel(id).catch(() => {});
    throw error;
  }
}
