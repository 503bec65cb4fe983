// Waits for a query that the API has taken.

import { ApiError, type Api, type QueryResult } from './api';

/** The longest wait per request that the API allows. */
const WAIT_MS = 5_000;

/** Returns the result of a query once it has one, or has failed or was cancelled. */
export async function awaitResult(api: Api, id: string, signal: AbortSignal): Promise<QueryResult> {
  for (;;) {
    signal.throwIfAborted();
    const result = await api.wait(id, WAIT_MS, signal);
    if (result.state !== 'queued' && result.state !== 'running') return result;
  }
}

/**
 * Returns the result of a query. Throws an ApiError with the engine's message if it fails, and the signal's reason once
 * it aborts; the server then ends the query.
 */
export async function awaitSuccess(api: Api, id: string, signal: AbortSignal): Promise<QueryResult> {
  try {
    const result = await awaitResult(api, id, signal);
    if (result.state === 'succeeded') return result;
    throw new ApiError(0, result.error ?? 'the query was cancelled', null, false);
  } catch (error) {
    // A query that has ended already can't be cancelled: nothing depends on it.
    if (signal.aborted) await api.cancel(id).catch(() => {});
    throw error;
  }
}
