import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiError, type QueryResult, type Api, type QueryRequest } from '../src/api';
import { createQueryClient, isLoading, MAX_IN_FLIGHT, queryKey } from '../src/query_client';

const request = (question: string): QueryRequest => ({ question, from_ms: 0, to_ms: 1, site: '*' });

/** An API whose responses the test provides. */
function controlledApi() {
  const submitted: string[] = [];
  const cancelled: string[] = [];
  const open = new Map<string, (answer: Partial<QueryResult> | ApiError) => void>();
  let refuse: ApiError | null = null;
  const api = {
    async submit({ question }: QueryRequest) {
      if (refuse) throw refuse;
      submitted.push(question);
      return { id: `${question} ${submitted.length}` };
    },
    wait(id: string, _: number, signal: AbortSignal) {
      return new Promise<QueryResult>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')));
        open.set(id, (answer) => {
          if (answer instanceof ApiError) reject(answer);
          else resolve({ id, question: id, state: 'succeeded', ...answer });
        });
      });
    },
    async cancel(id: string) {
      cancelled.push(id);
    },
  } as unknown as Api;
  return { api, submitted, cancelled, open, refuse: (error: ApiError | null) => (refuse = error) };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Runs everything that waits for nothing but promises. */
async function settle() {
  await vi.advanceTimersByTimeAsync(0);
}

function start(onChange = () => {}) {
  const controlled = controlledApi();
  const refused: ApiError[] = [];
  const lost: number[] = [];
  const client = createQueryClient(
    controlled.api,
    onChange,
    (error) => refused.push(error),
    () => 42,
    () => lost.push(42),
  );
  return { ...controlled, client, refused, lost };
}

test('limits the queries in flight', async () => {
  const { client, submitted, open } = start();
  const names = Array.from({ length: MAX_IN_FLIGHT + 2 }, (_, index) => `q${index}`);
  client.setQueries(names.map(request));
  await settle();
  expect(submitted).toHaveLength(MAX_IN_FLIGHT);
  open.get('q0 1')!({ rows: [[1]] });
  await settle();
  expect(submitted).toHaveLength(MAX_IN_FLIGHT + 1);
  expect(client.getState(request('q0'))).toMatchObject({ result: { rows: [[1]] }, is_fetching: false, error: null, updated_at_ms: 42 });
});

test('cancels inactive queries, queued or running', async () => {
  const { client, submitted, cancelled } = start();
  client.setQueries([request('a'), request('b')]);
  await settle();
  client.setQueries([request('b'), request('c')]);
  await settle();
  expect(cancelled).toEqual(['a 1']);
  expect(submitted).toEqual(['a', 'b', 'c']);
});

test('cancels a query that became inactive before it had an id', async () => {
  const { client, cancelled } = start();
  client.setQueries([request('a')]);
  client.setQueries([]);
  await settle();
  expect(cancelled).toEqual(['a 1']);
  await client.idle();
});

test('keeps the previous result while refetching', async () => {
  const { client, open, submitted } = start();
  client.setQueries([request('a')]);
  await settle();
  open.get('a 1')!({ rows: [[1]] });
  await settle();
  client.refetch();
  await settle();
  expect(client.getState(request('a'))).toMatchObject({ result: { rows: [[1]] }, is_fetching: true });
  open.get('a 2')!({ rows: [[2]] });
  await settle();
  expect(client.getState(request('a'))).toMatchObject({ result: { rows: [[2]] }, is_fetching: false });
  expect(submitted).toHaveLength(2);
});

test('runs a query once more if the data changed while it ran', async () => {
  const { client, open, submitted } = start();
  client.setQueries([request('a')]);
  await settle();
  client.refetch();
  client.refetch();
  expect(submitted).toHaveLength(1);
  open.get('a 1')!({});
  await settle();
  expect(submitted).toHaveLength(2);
});

test('reports an error until the next result', async () => {
  const { client, open } = start();
  client.setQueries([request('a')]);
  await settle();
  open.get('a 1')!({ state: 'failed', error: 'scan limit reached' });
  await settle();
  expect(client.getState(request('a'))).toMatchObject({ result: null, error: 'scan limit reached', is_fetching: false });
  client.retry(request('a'));
  await settle();
  open.get('a 2')!({ rows: [] });
  await settle();
  expect(client.getState(request('a'))).toMatchObject({ error: null, result: { rows: [] } });
});

test('reports a refused request', async () => {
  const { client, refuse, refused } = start();
  refuse(new ApiError(401, 'log in first'));
  client.setQueries([request('a')]);
  await settle();
  expect(refused.map(({ message }) => message)).toEqual(['log in first']);
});

test('shows the previous result of a query that becomes active again', async () => {
  const { client, open, submitted } = start();
  client.setQueries([request('a')]);
  await settle();
  open.get('a 1')!({ rows: [[1]] });
  await settle();
  client.setQueries([]);
  client.setQueries([request('a')]);
  expect(client.getState(request('a'))).toMatchObject({ result: { rows: [[1]] }, is_fetching: true });
  await settle();
  expect(submitted).toEqual(['a', 'a']);
});

test('runs a query again that was reactivated right after its cancellation', async () => {
  const { client, open, submitted } = start();
  client.setQueries([request('a')]);
  await settle();
  client.setQueries([]);
  client.setQueries([request('a')]);
  await settle();
  expect(submitted).toEqual(['a', 'a']);
  open.get('a 2')!({ rows: [[2]] });
  await settle();
  expect(client.getState(request('a'))).toMatchObject({ result: { rows: [[2]] }, error: null, is_fetching: false });
});

test('pauses without an error while the server is unreachable, until a refetch', async () => {
  const { client, open, submitted, refuse, lost } = start();
  client.setQueries([request('a'), request('b')]);
  await settle();
  open.get('b 2')!({ rows: [[2]] });
  await settle();
  open.get('a 1')!(new ApiError(0, 'the server can’t be reached'));
  await settle();
  expect(lost).toHaveLength(1);
  client.setQueries([request('a'), request('b'), request('c')]);
  await settle();
  expect(submitted).toEqual(['a', 'b']);
  expect(client.getState(request('a'))).toMatchObject({ result: null, error: null, is_fetching: true });
  expect(client.getState(request('b'))).toMatchObject({ result: { rows: [[2]] }, error: null });

  refuse(new ApiError(503, 'the server answered 503', null, true));
  client.refetch();
  await client.idle();
  await settle();
  expect(submitted).toEqual(['a', 'b']);
  refuse(null);
  client.refetch();
  await settle();
  expect(submitted.slice(2).sort()).toEqual(['a', 'b', 'c']);
  for (const [id, answer] of [...open].slice(2)) answer({ rows: [[id]] });
  await settle();
  expect(client.getState(request('a'))).toMatchObject({ error: null, is_fetching: false });
});

test('resubmits a query once if the server has forgotten it', async () => {
  const { client, open, submitted } = start();
  client.setQueries([request('a')]);
  await settle();
  open.get('a 1')!(new ApiError(404, 'there is no such query'));
  await settle();
  expect(submitted).toEqual(['a', 'a']);
  open.get('a 2')!(new ApiError(404, 'there is no such query'));
  await settle();
  expect(client.getState(request('a'))).toMatchObject({ error: 'there is no such query', is_fetching: false });
});

test('starts no query after stop', async () => {
  const { client, submitted } = start();
  const names = Array.from({ length: MAX_IN_FLIGHT + 2 }, (_, index) => `q${index}`);
  client.setQueries(names.map(request));
  await settle();
  client.stop();
  await settle();
  expect(submitted).toHaveLength(MAX_IN_FLIGHT);
  client.setQueries([request('q0')]);
  await settle();
  expect(submitted).toHaveLength(MAX_IN_FLIGHT + 1);
});

test('requests with other agents have other results', () => {
  const plain = request('a');
  expect(queryKey({ ...plain, agents: ['bot'] })).not.toBe(queryKey(plain));
  expect(queryKey({ ...plain, agents: [] })).toBe(queryKey(plain));
});

test('a query that was cancelled is loading again as soon as it is wanted again', async () => {
  const onChange = vi.fn();
  const { client } = start(onChange);
  client.setQueries([request('a')]);
  await settle();
  client.setQueries([]);
  await settle();
  expect(isLoading(client.getState(request('a'))!)).toBe(false);
  onChange.mockClear();
  client.setQueries([request('a')]);
  expect(isLoading(client.getState(request('a'))!)).toBe(true);
  expect(onChange).toHaveBeenCalledOnce();
});
