// The frame of a panel: its answer, or what there is instead of it, and how the answer came about.

import { type ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { joined } from '../answers';
import type { Answer } from '../api';
import type { Slot } from '../asker';
import { download, fileSpan } from '../csv';
import type { Need } from '../needs';
import { useModel } from './model';
import { sentence } from './notices';
import { SqlDialog } from './sql';

interface Props {
  need: Need;
  title: string;
  note?: string;
  class?: string;
  tools?: ComponentChildren;
  skeleton?: 'rows' | 'chart';
  children: (answer: Answer) => ComponentChildren;
}

export function Panel({ need, title, note, class: kind = '', tools, skeleton = 'rows', children }: Props) {
  const { answers, see, common, connection } = useModel();
  const id = useId();
  const section = useRef<HTMLElement>(null);
  useSight(section, () => see(need.question));
  const slots = answers.slots(need);
  const answer = joined(slots);
  const error = slots.find((slot) => slot.error !== null)?.error ?? null;
  const busy = slots.some((slot) => slot.busy);
  const is_empty = answer === null && error === null;
  const warnings = answer?.warnings ?? [];

  return (
    <section class={`panel ${kind}`} ref={section} aria-labelledby={id} aria-busy={is_empty}>
      <header class="panel-head">
        <div>
          <h2 id={id}>{title}</h2>
          {note && <p class="note">{note}</p>}
        </div>
        {tools}
      </header>
      <div class="panel-body">
        {error !== null && connection !== 'lost' && (
          <Failure error={error} stale={answer !== null} busy={busy} need={need} />
        )}
        {warnings.length > 0 && <Warnings warnings={warnings.filter((text) => !common.warnings.includes(text))} />}
        {answer !== null && children(answer)}
        {is_empty && <Skeleton kind={skeleton} />}
      </div>
      {answer !== null && <Foot title={title} need={need} answer={answer} slots={slots} />}
    </section>
  );
}

/** The panel's question is asked when it comes near the screen, or is printed. */
function useSight(section: { current: HTMLElement | null }, seen: () => void): void {
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        observer.disconnect();
        seen();
      },
      { rootMargin: '400px' },
    );
    observer.observe(section.current!);
    addEventListener('beforeprint', seen, { once: true });
    return () => {
      observer.disconnect();
      removeEventListener('beforeprint', seen);
    };
  }, []);
}

function Failure({ error, stale, busy, need }: { error: string; stale: boolean; busy: boolean; need: Need }) {
  const { answers, api, common } = useModel();
  // The cause is said above the panels where it is that of several, and here where it is this one's alone.
  const is_common = common.errors.includes(error);
  return (
    <div class="failure" role={is_common ? undefined : 'alert'}>
      <p>
        <strong>{stale ? 'Couldn’t update this panel.' : 'Couldn’t load this panel.'}</strong>{' '}
        {!is_common && sentence(error)}
      </p>
      {api !== null && (
        <button
          type="button"
          class="button"
          disabled={busy}
          onClick={() => (is_common ? answers.retryFailed() : answers.retry(need))}
        >
          Try again
        </button>
      )}
    </div>
  );
}

/** What the numbers lack; without a text where that is said above the panels. */
function Warnings({ warnings }: { warnings: string[] }) {
  return (
    <div class="warning" role="note">
      <p>
        <strong>Incomplete.</strong>{' '}
        {warnings.length > 0 ? warnings.map(sentence).join(' ') : 'The note above the panels says why.'}
      </p>
    </div>
  );
}

function Skeleton({ kind }: { kind: 'rows' | 'chart' }) {
  const lines = kind === 'chart' ? 14 : 6;
  return (
    <div class={`skeleton skeleton-${kind}`} aria-hidden="true">
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} />
      ))}
    </div>
  );
}

interface FootProps {
  title: string;
  need: Need;
  answer: Answer;
  slots: Slot[];
}

function Foot({ title, need, answer, slots }: FootProps) {
  const { answers, view, now } = useModel();
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function save() {
    setBusy(true);
    setError(null);
    try {
      download(`${need.question}-${fileSpan(now, view.zone)}.csv`, await answers.csv(need));
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
    setBusy(false);
  }

  return (
    <footer class="panel-foot">
      <div class="panel-actions">
        <button type="button" class="quiet" aria-label={`Show SQL of ${title}`} onClick={() => setShown(true)}>
          Show SQL
        </button>
        <button type="button" class="quiet" aria-label={`Download CSV of ${title}`} disabled={busy} onClick={save}>
          {busy ? 'Fetching…' : 'Download CSV'}
        </button>
      </div>
      {error !== null && (
        <p class="error-text" role="alert">
          No CSV: {error}.
        </p>
      )}
      {shown && <SqlDialog title={title} answer={answer} slots={slots} close={() => setShown(false)} />}
    </footer>
  );
}
