// Where panels read their data from: the API, or the results that a report carries.

import { ApiError, type Api, type QueryRequest, type QueryResult } from './api';
import { awaitSuccess } from './await_result';
import { joinCsv, toCsv } from './csv';
import type { PanelQuery } from './panel_queries';
import type { QueryClient, QueryState } from './query_client';
import type { Report } from './report';

export interface DataSource {
  /**
   * One state per query, or several in chronological order where a query is split into chunks. None where there is no
   * such period, as in a report that lacks it.
   */
  states(query: PanelQuery): QueryState[];
  retry(query: PanelQuery): void;
  /** Runs every failed query again, whichever panel it belongs to. */
  retryFailed(): void;
  /** The complete result, including rows that the page doesn't load. */
  csv(query: PanelQuery): Promise<string>;
}

const PENDING: QueryState = { result: null, error: null, is_fetching: true, updated_at_ms: null };

/** Reads from the API. `requests` returns the requests of one panel's query, `active` lists those of all panels. */
export function apiDataSource(
  api: Api,
  client: QueryClient,
  requests: (query: PanelQuery) => QueryRequest[],
  active: QueryRequest[],
): DataSource {
  return {
    states: (query) => requests(query).map((request) => client.getState(request) ?? PENDING),
    retry: (query) => requests(query).forEach((request) => client.retry(request)),
    retryFailed: () =>
      active.filter((request) => client.getState(request)?.error != null).forEach((request) => client.retry(request)),
    async csv(query) {
      const parts: string[] = [];
      for (const request of requests(query)) parts.push(await fetchCsv(api, request, client.getState(request)));
      return joinCsv(parts);
    },
  };
}

/** A server keeps results for a limited time: an expired one is queried again. */
async function fetchCsv(api: Api, request: QueryRequest, state: QueryState | undefined): Promise<string> {
  if (state?.result) {
    try {
      return await api.csv(state.result.id);
    } catch (error) {
      if (!(error instanceof ApiError) || (error.status !== 404 && error.status !== 410)) throw error;
    }
  }
  const { id } = await api.submit(request);
  await awaitSuccess(api, id, new AbortController().signal);
  return api.csv(id);
}

/** Reads from a report. */
export function reportDataSource(report: Report): DataSource {
  function resultsOf(query: PanelQuery): QueryResult[] {
    const named = report.answers.filter(({ question }) => question === query.question);
    // Where a report also has a question's result for the previous period, it comes second.
    if (query.question === 'totals' || query.question === 'sources') {
      return named.slice(query.period === 'previous' ? 1 : 0).slice(0, 1);
    }
    return query.period === 'current' ? named : [];
  }
  return {
    states(query) {
      const results = resultsOf(query);
      if (results.length === 0) {
        const error = 'This report doesn’t include these numbers';
        return query.period === 'current' ? [{ ...PENDING, is_fetching: false, error }] : [];
      }
      return results.map((result) => ({
        result: result.state === 'succeeded' ? result : null,
        error: result.state === 'succeeded' ? null : (result.error ?? 'No further details'),
        is_fetching: false,
        updated_at_ms: report.made_at_ms,
      }));
    },
    retry() {},
    retryFailed() {},
    async csv(query) {
      return joinCsv(resultsOf(query).map(toCsv));
    },
  };
}

/** Errors and warnings that several panels have in common, shown once above them. */
export interface SharedProblems {
  errors: string[];
  warnings: string[];
}

/** Collects the errors and warnings that occur in the results of more than one question. */
export function sharedProblems(queries: { question: string; state: QueryState | undefined }[]): SharedProblems {
  const repeated = (textsOf: (state: QueryState) => string[]) => {
    const questions_by_text = new Map<string, Set<string>>();
    for (const { question, state } of queries) {
      for (const text of state === undefined ? [] : textsOf(state)) {
        questions_by_text.set(text, (questions_by_text.get(text) ?? new Set()).add(question));
      }
    }
    return [...questions_by_text].filter(([, questions]) => questions.size > 1).map(([text]) => text);
  };
  return {
    errors: repeated(({ error }) => (error === null ? [] : [error])),
    warnings: repeated(({ result }) => result?.warnings ?? []),
  };
}
