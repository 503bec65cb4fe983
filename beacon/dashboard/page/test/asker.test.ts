import { expect, test } from 'vitest';
import { ApiError, type Answer, type Api, type Request } from '../src/api';
import { createAsker, MOST_IN_FLIGHT } from '../src/asker';

const ask = (question: string): Request => ({ question, from_ms: 0, to_ms: 1, site: '*', page: '*', column: null });

/** An API whose answers are given by hand. */
function byHand() {
  const submitted: string[] = [];
  const cancelled: string[] = [];
  const open = new Map<string, (answer: Partial<Answer> | ApiError) => void>();
  let refuse: ApiError | null = null;
  const api = {
    async submit({ question }: Request) {
      if (refuse) throw refuse;
      submitted.push(question);
      return { id: `${question} ${submitted.length}` };
    },
    wait(id: string, _: number, signal: AbortSignal) {
      return new Promise<Answer>((resolve, reject) => {
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

/** Far more turns than the longest chain of promises has links: everything runs that waits for nothing but its turn. */
const TURNS = 50;
async function settle() {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setTimeout(resolve, 0));
}

function start() {
  const hand = byHand();
  const refused: ApiError[] = [];
  const lost: number[] = [];
  const asker = createAsker(
    hand.api,
    () => {},
    (error) => refused.push(error),
    () => 42,
    () => lost.push(42),
  );
  return { ...hand, asker, refused, lost };
}

test('no more questions are in flight than may be', async () => {
  const { asker, submitted, open } = start();
  const names = Array.from({ length: MOST_IN_FLIGHT + 2 }, (_, index) => `q${index}`);
  asker.want(names.map(ask));
  await settle();
  expect(submitted).toHaveLength(MOST_IN_FLIGHT);
  open.get('q0 1')!({ rows: [[1]] });
  await settle();
  expect(submitted).toHaveLength(MOST_IN_FLIGHT + 1);
  expect(asker.slot(ask('q0'))).toMatchObject({ answer: { rows: [[1]] }, busy: false, error: null, asked_at_ms: 42 });
});

test('what is no longer wanted is cancelled, queued or running', async () => {
  const { asker, submitted, cancelled } = start();
  asker.want([ask('a'), ask('b')]);
  await settle();
  asker.want([ask('b'), ask('c')]);
  await settle();
  expect(cancelled).toEqual(['a 1']);
  expect(submitted).toEqual(['a', 'b', 'c']);
});

test('what is cancelled before the server named it is cancelled once it has', async () => {
  const { asker, cancelled } = start();
  asker.want([ask('a')]);
  asker.want([]);
  await settle();
  expect(cancelled).toEqual(['a 1']);
  await asker.idle();
});

test('a refresh keeps the old answer until the new one is there', async () => {
  const { asker, open, submitted } = start();
  asker.want([ask('a')]);
  await settle();
  open.get('a 1')!({ rows: [[1]] });
  await settle();
  asker.refresh();
  await settle();
  expect(asker.slot(ask('a'))).toMatchObject({ answer: { rows: [[1]] }, busy: true });
  open.get('a 2')!({ rows: [[2]] });
  await settle();
  expect(asker.slot(ask('a'))).toMatchObject({ answer: { rows: [[2]] }, busy: false });
  expect(submitted).toHaveLength(2);
});

test('a change while a question runs asks it once more', async () => {
  const { asker, open, submitted } = start();
  asker.want([ask('a')]);
  await settle();
  asker.refresh();
  asker.refresh();
  expect(submitted).toHaveLength(1);
  open.get('a 1')!({});
  await settle();
  expect(submitted).toHaveLength(2);
});

test('a failure is told, and forgotten by the next answer', async () => {
  const { asker, open } = start();
  asker.want([ask('a')]);
  await settle();
  open.get('a 1')!({ state: 'failed', error: 'scan limit reached' });
  await settle();
  expect(asker.slot(ask('a'))).toMatchObject({ answer: null, error: 'scan limit reached', busy: false });
  asker.retry(ask('a'));
  await settle();
  open.get('a 2')!({ rows: [] });
  await settle();
  expect(asker.slot(ask('a'))).toMatchObject({ error: null, answer: { rows: [] } });
});

test('a refusal is told to the page', async () => {
  const { asker, refuse, refused } = start();
  refuse(new ApiError(401, 'log in first'));
  asker.want([ask('a')]);
  await settle();
  expect(refused.map(({ message }) => message)).toEqual(['log in first']);
});

test('an answer that comes back into view is asked again, and shown meanwhile', async () => {
  const { asker, open, submitted } = start();
  asker.want([ask('a')]);
  await settle();
  open.get('a 1')!({ rows: [[1]] });
  await settle();
  asker.want([]);
  asker.want([ask('a')]);
  expect(asker.slot(ask('a'))).toMatchObject({ answer: { rows: [[1]] }, busy: true });
  await settle();
  expect(submitted).toEqual(['a', 'a']);
});

test('what is wanted again right after it was cancelled is asked anew, and no failure', async () => {
  const { asker, open, submitted } = start();
  asker.want([ask('a')]);
  await settle();
  asker.want([]);
  asker.want([ask('a')]);
  await settle();
  expect(submitted).toEqual(['a', 'a']);
  open.get('a 2')!({ rows: [[2]] });
  await settle();
  expect(asker.slot(ask('a'))).toMatchObject({ answer: { rows: [[2]] }, error: null, busy: false });
});

test('where nobody answers nothing more is asked until a refresh, and nothing has failed', async () => {
  const { asker, open, submitted, refuse, lost } = start();
  asker.want([ask('a'), ask('b')]);
  await settle();
  open.get('b 2')!({ rows: [[2]] });
  await settle();
  open.get('a 1')!(new ApiError(0, 'the server can’t be reached'));
  await settle();
  expect(lost).toHaveLength(1);
  asker.want([ask('a'), ask('b'), ask('c')]);
  await settle();
  expect(submitted).toEqual(['a', 'b']);
  expect(asker.slot(ask('a'))).toMatchObject({ answer: null, error: null, busy: true });
  expect(asker.slot(ask('b'))).toMatchObject({ answer: { rows: [[2]] }, error: null });

  refuse(new ApiError(503, 'the server answered 503', null, true));
  asker.refresh();
  await asker.idle();
  await settle();
  expect(submitted).toEqual(['a', 'b']);
  refuse(null);
  asker.refresh();
  await settle();
  expect(submitted.slice(2).sort()).toEqual(['a', 'b', 'c']);
  for (const [id, answer] of [...open].slice(2)) answer({ rows: [[id]] });
  await settle();
  expect(asker.slot(ask('a'))).toMatchObject({ error: null, busy: false });
});

test('a server that was started anew is asked once more', async () => {
  const { asker, open, submitted } = start();
  asker.want([ask('a')]);
  await settle();
  open.get('a 1')!(new ApiError(404, 'there is no such query'));
  await settle();
  expect(submitted).toEqual(['a', 'a']);
  open.get('a 2')!(new ApiError(404, 'there is no such query'));
  await settle();
  expect(asker.slot(ask('a'))).toMatchObject({ error: 'there is no such query', busy: false });
});

test('nothing takes the turn of what a page that goes away breaks off', async () => {
  const { asker, submitted } = start();
  const names = Array.from({ length: MOST_IN_FLIGHT + 2 }, (_, index) => `q${index}`);
  asker.want(names.map(ask));
  await settle();
  asker.stop();
  await settle();
  expect(submitted).toHaveLength(MOST_IN_FLIGHT);
  asker.want([ask('q0')]);
  await settle();
  expect(submitted).toHaveLength(MOST_IN_FLIGHT + 1);
});
