// The SQL page: its bundle, which holds the editor, is loaded when somebody opens it.

import { useEffect, useRef, useState } from 'preact/hooks';
import { useDashboard } from './context';
import { Header } from './header';
import { SkipLink } from './skip_link';

type Bundle = typeof import('../sql');

export function SqlPage() {
  const { api, format } = useDashboard();
  const root = useRef<HTMLDivElement>(null);
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<'loading' | 'ready' | 'failed'>('loading');

  useEffect(() => {
    let is_gone = false;
    let unmount = () => {};
    setState('loading');
    load(attempt).then(
      ({ mountSqlPage }) => {
        if (is_gone) return;
        unmount = mountSqlPage(root.current!, { api: api!, format, now_ms: Date.now() });
        setState('ready');
      },
      () => is_gone || setState('failed'),
    );
    return () => {
      is_gone = true;
      unmount();
    };
  }, [attempt]);

  useEffect(() => {
    document.title = 'SQL – beacon';
  }, []);

  return (
    <>
      <SkipLink />
      <Header />
      <main id="content" tabIndex={-1}>
        <h1 class="visually-hidden">SQL</h1>
        {state === 'failed' && (
          <div class="failure" role="alert">
            <p>
              <strong>Couldn’t load the editor.</strong> The server may be down or have been updated.
            </p>
            <button type="button" class="button" onClick={() => setAttempt(attempt + 1)}>
              Retry
            </button>
          </div>
        )}
        <div ref={root} aria-busy={state === 'loading'} />
      </main>
    </>
  );
}

/** Loads script and style sheet. A browser remembers a script that failed by its address, so each attempt has its own. */
async function load(attempt: number): Promise<Bundle> {
  const query = attempt === 0 ? '' : `?attempt=${attempt}`;
  const [bundle] = await Promise.all([
    import(new URL(`sql.js${query}`, import.meta.url).href) as Promise<Bundle>,
    loadStyles(new URL(`sql.css${query}`, import.meta.url).href),
  ]);
  return bundle;
}

function loadStyles(href: string): Promise<void> {
  const present = [...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')];
  if (present.some((link) => link.href === href)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const link = document.createElement('link');
    Object.assign(link, { rel: 'stylesheet', href });
    link.addEventListener('load', () => resolve());
    link.addEventListener('error', () => (link.remove(), reject(new Error(`${href} can’t be loaded`))));
    document.head.append(link);
  });
}
