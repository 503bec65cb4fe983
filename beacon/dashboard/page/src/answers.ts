// Where panels get their answers from: the API, or a report that brought them along.

import { type About, ApiError, type Answer, type Api, type Download, type Request } from './api';
import { createAsker, type Slot } from './asker';
import { joinCsv, toCsv } from './csv';
import type { Need } from './needs';

/** One or, of a question asked in slices, several slots; in the order of their time. */
export interface Answers {
  slots(need: Need): Slot[];
  retry(need: Need): void;
  csv(need: Need): Promise<Download>;
}

export interface Report {
  about: About;
  made_at_ms: number;
  request: { from_ms: number; to_ms: number; site?: string | null; page?: string | null; zone?: string | null } & {
    column?: { name: string; value: string } | null;
  };
  answers: Answer[];
}

const WAITING: Slot = { answer: null, error: null, busy: true, asked_at_ms: null };

/** `requests` says what a need asks at the moment. */
export function answersOfApi(
  api: Api,
  asker: ReturnType<typeof createAsker>,
  requests: (need: Need) => Request[],
): Answers {
  return {
    slots: (need) => requests(need).map((request) => asker.slot(request) ?? WAITING),
    retry: (need) => requests(need).forEach((request) => asker.retry(request)),
    async csv(need) {
      const parts: Download[] = [];
      for (const request of requests(need)) parts.push(await csvOf(api, request, asker.slot(request)));
      return { name: parts[0]!.name, text: joinCsv(parts.map(({ text }) => text)) };
    },
  };
}

/** A server keeps answers for a while only: what it has forgotten is asked again. */
async function csvOf(api: Api, request: Request, slot: Slot | undefined): Promise<Download> {
  if (slot?.answer) {
    try {
      return await api.csv(slot.answer.id);
    } catch (error) {
      if (!(error instanceof ApiError) || (error.status !== 404 && error.status !== 410)) throw error;
    }
  }
  const { id } = await api.submit(request);
  for (;;) {
    const answer = await api.wait(id, 5_000, new AbortController().signal);
    if (answer.state === 'succeeded') return api.csv(id);
    if (answer.state === 'failed' || answer.state === 'cancelled') {
      throw new ApiError(0, answer.error ?? 'The question was cancelled');
    }
  }
}

export function answersOfReport(report: Report): Answers {
  function answers(need: Need): Answer[] {
    const named = report.answers.filter(({ question }) => question === need.question);
    // Where a question was also asked of the period before, that answer is the second.
    if (need.question === 'totals' || need.question === 'sources') {
      return named.slice(need.span === 'before' ? 1 : 0).slice(0, 1);
    }
    return need.span === 'now' ? named : [];
  }
  return {
    slots(need) {
      const found = answers(need);
      if (found.length === 0) {
        return [{ ...WAITING, busy: false, error: need.span === 'now' ? 'This report doesn’t hold the answer' : null }];
      }
      return found.map((answer) => ({
        answer: answer.state === 'succeeded' ? answer : null,
        error: answer.state === 'succeeded' ? null : (answer.error ?? 'It wasn’t answered'),
        busy: false,
        asked_at_ms: report.made_at_ms,
      }));
    },
    retry() {},
    async csv(need) {
      const day = (at_ms: number) => new Date(at_ms).toISOString().slice(0, 10);
      const { from_ms, to_ms } = report.request;
      const name = `${need.question}-${day(from_ms)}-${day(to_ms - 1)}.csv`;
      return { name, text: joinCsv(answers(need).map(toCsv)) };
    },
  };
}

/** The report that the page was made with, if it is one. */
export function embeddedReport(): Report | null {
  const element = document.getElementById('beacon-report');
  return element === null ? null : JSON.parse(element.textContent ?? '');
}

/** What was joined last, by its first part: as long as the parts are the same, so is the whole. */
const joined_before = new WeakMap<Answer, { parts: Answer[]; whole: Answer }>();

/** Several slots as one answer: the rows one after the other, the costs summed. Null until all are there. */
export function joined(slots: Slot[]): Answer | null {
  const parts = slots.flatMap(({ answer }) => answer ?? []);
  const first = parts[0];
  if (first === undefined || parts.length < slots.length) return null;
  if (parts.length === 1) return first;
  const known = joined_before.get(first);
  const is_same = known?.parts.length === parts.length && parts.every((part, index) => part === known.parts[index]);
  if (is_same) return known.whole;
  const whole = join(first, parts);
  joined_before.set(first, { parts, whole });
  return whole;
}

function join(first: Answer, all: Answer[]): Answer {
  const scanned = all.map(({ statistics }) => statistics?.bytes_scanned ?? null);
  return {
    ...first,
    rows: all.flatMap(({ rows }) => rows ?? []),
    truncated: all.some(({ truncated }) => truncated),
    statistics: {
      bytes_scanned: scanned.includes(null) ? null : scanned.reduce<number>((sum, bytes) => sum + bytes!, 0),
      took_ms: all.reduce((sum, { statistics }) => sum + (statistics?.took_ms ?? 0), 0),
      reused: all.every(({ statistics }) => statistics?.reused === true),
    },
  };
}
