// The SQL page: editor, columns, and the result of the statement that ran last.

import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, failureText, type Api, type QueryResult, type TableInfo } from '../api';
import { awaitSuccess } from '../await_result';
import type { Format } from '../format';
import { hashOf, pageOf, statementOf, storedStatement, storeStatement } from '../page_route';
import { offsetsOf, sqlMistake } from '../sql_error';
import { examples } from '../sql_examples';
import { SqlColumns } from './sql_page_columns';
import { createSqlEditor, type SqlEditor } from './sql_page_editor';
import { SqlFailure, SqlResult } from './sql_page_result';

export interface SqlPageProps {
  api: Api;
  format: Format;
  now_ms: number;
}

/** While somebody types, the address follows at this interval: browsers refuse a hundred changes within some seconds. */
const ADDRESS_MS = 400;

/** Stands there until the server has named its tables. */
const UNKNOWN_TABLES: TableInfo = { table: 'hits', columns: [] };

interface Failure {
  text: string;
  /** The statement that failed. */
  sql: string;
}

export function SqlPageBody({ api, format, now_ms }: SqlPageProps) {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<SqlEditor | null>(null);
  const running = useRef<AbortController | null>(null);
  const [tables, setTables] = useState(UNKNOWN_TABLES);
  const [tables_error, setTablesError] = useState<string | null>(null);
  const [started_ms, setStarted] = useState<number | null>(null);
  const [result, setResult] = useState<{ sql: string; result: QueryResult } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const run = useRef(() => {});

  async function start() {
    const sql = editor.current!.selectedOrAll();
    if (sql.trim() === '') return editor.current!.focus();
    running.current?.abort();
    const aborter = new AbortController();
    running.current = aborter;
    setStarted(Date.now());
    setFailure(null);
    editor.current!.mark(null);
    try {
      const { id } = await api.runSql(sql);
      const answer = await awaitSuccess(api, id, aborter.signal);
      if (running.current === aborter) setResult({ sql, result: answer });
    } catch (error) {
      if (aborter.signal.aborted) return;
      if (error instanceof ApiError && error.status === 401) return location.reload();
      const text = failureText(error);
      setFailure({ text, sql });
      markMistake(editor.current!, text, sql);
    } finally {
      if (running.current === aborter) {
        running.current = null;
        setStarted(null);
      }
    }
  }
  run.current = () => void start();

  function cancel() {
    running.current?.abort();
    running.current = null;
    setStarted(null);
  }

  async function loadTables() {
    setTablesError(null);
    try {
      setTables(await api.tables());
    } catch (error) {
      setTablesError(failureText(error));
    }
  }

  useEffect(() => {
    const follow = followText();
    editor.current = createSqlEditor(place.current!, {
      text: statementOf(location.hash) ?? storedStatement() ?? examples(UNKNOWN_TABLES, now_ms)[0]!.sql,
      onRun: () => run.current(),
      onChange: follow.changed,
    });
    const open = () => {
      const sql = pageOf(location.hash) === 'sql' ? statementOf(location.hash) : null;
      if (sql !== null && sql !== editor.current!.text()) editor.current!.replace(sql);
    };
    addEventListener('hashchange', open);
    void loadTables();
    return () => {
      removeEventListener('hashchange', open);
      follow.stop(editor.current!.text());
      running.current?.abort();
      editor.current!.destroy();
    };
  }, []);

  useEffect(() => editor.current!.setTables(tables), [tables]);

  return (
    <div class="sql-page">
      <section class="panel sql-write" aria-label="Statement">
        <div class="sql-examples">
          <label class="compact-field">
            <span>Examples</span>
            <select
              value=""
              onChange={(event) => {
                const chosen = examples(tables, now_ms)[Number(event.currentTarget.value)];
                event.currentTarget.value = '';
                if (chosen === undefined) return;
                editor.current!.replace(chosen.sql);
                editor.current!.focus();
              }}
            >
              <option value="">Choose one</option>
              {examples(tables, now_ms).map(({ title }, index) => (
                <option key={title} value={index}>
                  {title}
                </option>
              ))}
            </select>
          </label>
        </div>
        <div class="sql-editor" ref={place} />
        <div class="sql-actions">
          <button type="button" class="button primary" disabled={started_ms !== null} onClick={() => run.current()}>
            Run
          </button>
          {started_ms !== null && (
            <button type="button" class="button" onClick={cancel}>
              Cancel
            </button>
          )}
          <Elapsed started_ms={started_ms} format={format} />
          <span class="note sql-keys">
            <kbd>Ctrl</kbd> or <kbd>⌘</kbd> with <kbd>Enter</kbd> runs the statement, or the selected part
          </span>
        </div>
      </section>
      <SqlColumns
        tables={tables}
        error={tables_error}
        retry={() => void loadTables()}
        insert={(name) => editor.current!.insert(name)}
      />
      <section class="panel sql-result" aria-labelledby="sql-result-title">
        <h2 id="sql-result-title">Result</h2>
        {failure !== null && (
          <SqlFailure mistake={sqlMistake(failure.text)} show={() => markMistake(editor.current!, failure.text, failure.sql, true)} />
        )}
        {failure === null && result === null && started_ms === null && <p class="note">Nothing has run yet.</p>}
        {result !== null && failure === null && (
          <SqlResult key={result.result.id} api={api} format={format} result={result.result} is_stale={started_ms !== null} />
        )}
      </section>
    </div>
  );
}

/** Underlines in the editor what a message is about, if its text still has the statement that failed. */
function markMistake(editor: SqlEditor, text: string, sql: string, focus = false): void {
  const { place } = sqlMistake(text);
  const begin = editor.text().indexOf(sql);
  if (place === null || begin < 0) return;
  const { from, to } = offsetsOf(sql, place);
  editor.mark({ from: begin + from, to: begin + to });
  if (focus) editor.select(begin + from);
}

/** Keeps address and storage up to date with the text, at most at the interval that browsers allow. */
function followText() {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = (text: string) => {
    storeStatement(text);
    // The page may have been left: its address belongs to the dashboard then.
    if (pageOf(location.hash) === 'sql') {
      history.replaceState(history.state, '', `${location.pathname}${location.search}${hashOf(text)}`);
    }
  };
  return {
    changed(text: string) {
      clearTimeout(timer);
      timer = setTimeout(() => write(text), ADDRESS_MS);
    },
    stop(text: string) {
      clearTimeout(timer);
      storeStatement(text);
    },
  };
}

/** Says how long a statement has been running. */
function Elapsed({ started_ms, format }: { started_ms: number | null; format: Format }) {
  const [now_ms, setNow] = useState(Date.now());
  useEffect(() => {
    if (started_ms === null) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [started_ms]);
  const seconds = started_ms === null ? 0 : Math.max(0, Math.floor((now_ms - started_ms) / 1_000));
  return (
    <span class="note">
      <span role="status">{started_ms === null ? '' : 'Running…'}</span>
      {started_ms !== null && seconds > 0 && ` ${format.duration(seconds * 1_000)}`}
    </span>
  );
}
