// Before the dashboard: finds out what may be seen, and asks for the password where one is needed.

import { useEffect, useRef, useState } from 'preact/hooks';
import { type About, ApiError, type Api } from '../api';
import { LiveApp } from './live_app';
import { Field } from './field';
import { Logo } from './header';

type Stage =
  | { at: 'asking' }
  /** `why` it is asked for again, where the right password did not help. */
  | { at: 'login'; why: string | null }
  | { at: 'expired'; why: string }
  /** `is_gone`: nobody answers, so that it is tried again without being told. */
  | { at: 'failed'; why: string; is_gone: boolean }
  | { at: 'open'; about: About };

/** Pauses between two looks at a server that does not answer. */
const RETRY_MS = 3_000;

/** A cookie that is kept to TLS is dropped where the page came without. */
const NOT_KEPT =
  'The password is right, but this browser didn’t keep the session: open the dashboard by https, or by localhost on its own machine.';

export function Gate({ api, shared }: { api: Api; shared: boolean }) {
  const [stage, setStage] = useState<Stage>({ at: 'asking' });

  function refused(error: ApiError) {
    if (shared) setStage({ at: 'expired', why: error.message });
    else if (error.status === 401) setStage({ at: 'login', why: null });
  }

  async function ask(has_logged_in = false, is_repeated = false) {
    if (!is_repeated) setStage({ at: 'asking' });
    try {
      setStage({ at: 'open', about: await api.about() });
    } catch (error) {
      const is_refusal = error instanceof ApiError && (error.status === 401 || error.status === 403);
      if (is_refusal && has_logged_in) setStage({ at: 'login', why: NOT_KEPT });
      else if (is_refusal && (shared || error.status === 401)) refused(error);
      else {
        const is_gone = error instanceof ApiError && error.is_gone;
        setStage({ at: 'failed', why: error instanceof Error ? error.message : String(error), is_gone });
      }
    }
  }

  useEffect(() => void ask(), []);
  useEffect(() => {
    if (stage.at !== 'failed' || !stage.is_gone) return;
    const timer = setTimeout(() => void ask(false, true), RETRY_MS);
    return () => clearTimeout(timer);
  }, [stage]);

  switch (stage.at) {
    case 'open':
      return <LiveApp api={api} about={stage.about} refused={refused} left={() => setStage({ at: 'login', why: null })} />;
    case 'login':
      return <LogIn api={api} why={stage.why} done={() => ask(true)} />;
    case 'expired':
      return (
        <Doorway title="This link opens nothing any more">
          <p>{stage.why}.</p>
          <p>Share links end on a day that was set when they were made. Who sent it to you can make another.</p>
        </Doorway>
      );
    case 'failed':
      return (
        <Doorway title="The dashboard can’t be loaded">
          <p role="alert">{stage.why}.</p>
          <button type="button" class="button primary" onClick={() => ask()}>
            Try again
          </button>
        </Doorway>
      );
    case 'asking':
      return (
        <main class="doorway" aria-busy="true">
          <p class="visually-hidden">Loading the dashboard</p>
        </main>
      );
  }
}

function Doorway({ title, children }: { title: string; children: preact.ComponentChildren }) {
  return (
    <main class="doorway">
      <div class="doorway-card">
        <Logo />
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}

function LogIn({ api, why, done }: { api: Api; why: string | null; done: () => void }) {
  const [error, setError] = useState(why);
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  async function logIn(event: SubmitEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await api.logIn(field.current!.value);
      done();
    } catch (failure) {
      setError(explain(failure));
      setBusy(false);
      field.current!.select();
    }
  }

  return (
    <Doorway title="Log in">
      <form onSubmit={logIn}>
        <Field label="Password">
          {(id) => (
            <input
              id={id}
              ref={field}
              type="password"
              name="password"
              autocomplete="current-password"
              required
              aria-invalid={error !== null}
              aria-describedby="login-error"
            />
          )}
        </Field>
        <p id="login-error" class="error-text" role="alert">
          {error}
        </p>
        <button type="submit" class="button primary" disabled={busy}>
          {busy ? 'Logging in…' : 'Log in'}
        </button>
      </form>
    </Doorway>
  );
}

function explain(failure: unknown): string {
  if (!(failure instanceof ApiError)) return String(failure);
  if (failure.status === 401) return 'That is not the password.';
  if (failure.status === 429) {
    const wait = failure.retry_after_s === null ? 'a while' : `${failure.retry_after_s} s`;
    return `Too many attempts: try again in ${wait}.`;
  }
  return `${failure.message}.`;
}
