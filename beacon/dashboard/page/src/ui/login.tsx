// The entrance to the dashboard: checks the access, and shows the login form, an error or the dashboard.

import { useEffect, useRef, useState } from 'preact/hooks';
import { type About, ApiError, failureText, type Api } from '../api';
import { Field } from './field';
import { Logo } from './header';
import { LiveApp } from './live_app';

type State =
  | { kind: 'loading' }
  /** `error` explains why the right password did not help. */
  | { kind: 'login'; error: string | null }
  | { kind: 'expired'; reason: string }
  /** A share link with a password. */
  | { kind: 'share login' }
  /** An unreachable server is tried again automatically. */
  | { kind: 'failed'; reason: string; is_unreachable: boolean }
  | { kind: 'ready'; about: About };

/** Interval between attempts to reach a server that doesn't respond. */
const RETRY_MS = 3_000;

/** Browsers drop a cookie marked Secure if the page was not loaded over TLS. */
const COOKIE_DROPPED =
  'The password is correct, but this browser didn’t keep the session cookie: open the dashboard over HTTPS, or as localhost on the machine it runs on.';

/** Matches the API's answer to a share link that has a password. */
const PASSWORD_REQUIRED = /\bpassword required\b/;

export function Login({ api, is_shared }: { api: Api; is_shared: boolean }) {
  const [state, setState] = useState<State>({ kind: 'loading' });

  function onRefused(error: ApiError) {
    if (is_shared && PASSWORD_REQUIRED.test(error.message)) setState({ kind: 'share login' });
    else if (is_shared) setState({ kind: 'expired', reason: error.message });
    else if (error.status === 401) setState({ kind: 'login', error: null });
  }

  async function load(has_logged_in = false, is_repeated = false) {
    if (!is_repeated) setState({ kind: 'loading' });
    try {
      setState({ kind: 'ready', about: await api.about() });
    } catch (error) {
      const is_refusal = error instanceof ApiError && (error.status === 401 || error.status === 403);
      if (is_refusal && has_logged_in && !is_shared) setState({ kind: 'login', error: COOKIE_DROPPED });
      else if (is_refusal && (is_shared || error.status === 401)) onRefused(error);
      else {
        const is_unreachable = error instanceof ApiError && error.is_unreachable;
        setState({ kind: 'failed', reason: failureText(error), is_unreachable });
      }
    }
  }

  useEffect(() => void load(), []);
  useEffect(() => {
    if (state.kind !== 'failed' || !state.is_unreachable) return;
    const timer = setTimeout(() => void load(false, true), RETRY_MS);
    return () => clearTimeout(timer);
  }, [state]);

  switch (state.kind) {
    case 'ready':
      return (
        <LiveApp
          api={api}
          about={state.about}
          onRefused={onRefused}
          onLoggedOut={() => setState({ kind: 'login', error: null })}
        />
      );
    case 'login':
      return <LoginForm title="Log in" logIn={api.logIn} initial_error={state.error} onLoggedIn={() => load(true)} />;
    case 'share login':
      return <LoginForm title="This link has a password" logIn={api.openShare} initial_error={null} onLoggedIn={() => load(true)} />;
    case 'expired':
      return (
        <MessagePage title="This link has expired or is invalid">
          <p>{state.reason}.</p>
          <p>Ask whoever sent it for a new one.</p>
        </MessagePage>
      );
    case 'failed':
      return (
        <MessagePage title="The dashboard can’t be loaded">
          <p role="alert">{state.reason}.</p>
          <button type="button" class="button primary" onClick={() => load()}>
            Retry
          </button>
        </MessagePage>
      );
    case 'loading':
      return (
        <main class="message-page" aria-busy="true">
          <p class="visually-hidden">Loading the dashboard</p>
        </main>
      );
  }
}

function MessagePage({ title, children }: { title: string; children: preact.ComponentChildren }) {
  return (
    <main class="message-page">
      <div class="message-card">
        <Logo />
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}

interface LoginFormProps {
  title: string;
  logIn: (password: string) => Promise<void>;
  initial_error: string | null;
  onLoggedIn: () => void;
}

function LoginForm({ title, logIn, initial_error, onLoggedIn }: LoginFormProps) {
  const [error, setError] = useState(initial_error);
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await logIn(field.current!.value);
      onLoggedIn();
    } catch (failure) {
      setError(loginError(failure));
      setBusy(false);
      field.current!.select();
    }
  }

  return (
    <MessagePage title={title}>
      <form onSubmit={submit}>
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
    </MessagePage>
  );
}

function loginError(failure: unknown): string {
  if (!(failure instanceof ApiError)) return String(failure);
  if (failure.status === 401) return 'Wrong password.';
  if (failure.status === 429) {
    const wait = failure.retry_after_s === null ? 'a while' : `${failure.retry_after_s} s`;
    return `Too many attempts. Try again in ${wait}.`;
  }
  return `${failure.message}.`;
}
