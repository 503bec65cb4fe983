// Where panels get their answers from: the API, or a report that brought them along.

import { type About, ApiError, type Answer, type Api, type Request } from './api';
import { createAsker, type Slot } from './asker';
import { joinCsv, toCsv } from './csv';
import type { Need } from './needs';
import type { Span } from './period';

/** One or, of a question asked in slices, several slots; in the order of their time. */
export interface Answers {
  slots(need: Need): Slot[];
  retry(need: Need): void;
  /** Asks all anew that has failed, in whatever panel. */
  retryFailed(): void;
  /** The whole answer, with the rows that are not on the page. */
  csv(need: Need): Promise<string>;
}

export interface Report {
  about: About;
  made_at_ms: number;
  request: {
    from_ms: number;
    to_ms: number;
    site?: string | null;
    page?: string | null;
    zone?: string | null;
    column?: { name: string; value: string } | null;
    /** The period that it is compared with, in whole; without, as long a stretch right before. */
    before?: Span | null;
  };
  answers: Answer[];
}

const WAITING: Slot = { answer: null, error: null, busy: true, asked_at_ms: null };

/** `requests` says what a need asks at the moment, `wanted` what all of them do. */
export function answersOfApi(
  api: Api,
  asker: ReturnType<typeof createAsker>,
  requests: (need: Need) => Request[],
  wanted: Request[],
): Answers {
  return {
    slots: (need) => requests(need).map((request) => asker.slot(request) ?? WAITING),
    retry: (need) => requests(need).forEach((request) => asker.retry(request)),
    retryFailed: () =>
      wanted.filter((request) => asker.slot(request)?.error != null).forEach((request) => asker.retry(request)),
    async csv(need) {
      const parts: string[] = [];
      for (const request of requests(need)) parts.push(await csvOf(api, request, asker.slot(request)));
      return joinCsv(parts);
    },
  };
}

/** A server keeps answers for a while only: what it has forgotten is asked again. */
async function csvOf(api: Api, request: Request, slot: Slot | undefined): Promise<string> {
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
      throw new ApiError(0, answer.error ?? 'the question was cancelled');
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
        error: answer.state === 'succeeded' ? null : (answer.error ?? 'No further details'),
        busy: false,
        asked_at_ms: report.made_at_ms,
      }));
    },
    retry() {},
    retryFailed() {},
    async csv(need) {
      return joinCsv(answers(need).map(toCsv));
    },
  };
}

/** What several panels say, so that it need be said only once. */
export interface Common {
  errors: string[];
  warnings: string[];
}

/** The errors and warnings that the answers to more than one question have. */
export function commonOf(asked: { question: string; slot: Slot | undefined }[]): Common {
  const questions_of = (texts: (slot: Slot) => string[]) => {
    const found = new Map<string, Set<string>>();
    for (const { question, slot } of asked) {
      for (const text of slot === undefined ? [] : texts(slot)) {
        found.set(text, (found.get(text) ?? new Set()).add(question));
      }
    }
    return [...found].filter(([, questions]) => questions.size > 1).map(([text]) => text);
  };
  return {
    errors: questions_of(({ error }) => (error === null ? [] : [error])),
    warnings: questions_of(({ answer }) => answer?.warnings ?? []),
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
    row_count: all.reduce((sum, { row_count, rows }) => sum + (row_count ?? rows?.length ?? 0), 0),
    warnings: [...new Set(all.flatMap(({ warnings }) => warnings ?? []))],
    statistics: {
      bytes_scanned: scanned.includes(null) ? null : scanned.reduce<number>((sum, bytes) => sum + bytes!, 0),
      took_ms: all.reduce((sum, { statistics }) => sum + (statistics?.took_ms ?? 0), 0),
      reused: all.every(({ statistics }) => statistics?.reused === true),
    },
  };
}
