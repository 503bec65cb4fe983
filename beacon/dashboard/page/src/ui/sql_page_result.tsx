// The result of a statement: as a table, as a chart, and as CSV; or what is wrong with the statement.

import { useId, useState } from 'preact/hooks';
import { failureText, type Api, type Cell, type QueryResult } from '../api';
import { download } from '../csv';
import { costParts, type Format } from '../format';
import type { SqlMistake } from '../sql_error';
import { sentence } from '../sentence';
import { isNumber, seriesOf } from '../sql_series';
import { SqlChart } from './sql_page_chart';
import { TabList } from './tab_list';

const TABS = ['Table', 'Chart'] as const;
type Tab = (typeof TABS)[number];

/** Rows that the page draws; the CSV has all. */
const MAX_ROWS = 1_000;

interface Props {
  api: Api;
  format: Format;
  result: QueryResult;
  /** Another statement is running. */
  is_stale: boolean;
}

export function SqlResult({ api, format, result, is_stale }: Props) {
  const [tab, setTab] = useState<Tab>('Table');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const id = useId();

  async function save() {
    setBusy(true);
    setError(null);
    try {
      download('beacon-sql.csv', await api.csv(result.id));
    } catch (failure) {
      setError(failureText(failure));
    }
    setBusy(false);
  }

  return (
    <div class={is_stale ? 'stale' : undefined}>
      <div class="sql-result-bar">
        <TabList
          name="Result"
          titles={TABS}
          shown={tab}
          tabId={(title) => `${id}-${title}`}
          panel_id={`${id}-panel`}
          stays
          onChoose={(title) => setTab(title as Tab)}
        />
        <p class="cost" role="status">
          {statisticsOf(format, result)}
        </p>
        <button type="button" class="quiet" disabled={busy} onClick={save}>
          {busy ? 'Downloading…' : 'Download CSV'}
        </button>
      </div>
      {error !== null && (
        <p class="error-text" role="alert">
          Download failed: {error}. Run the statement again.
        </p>
      )}
      {(result.warnings ?? []).map((warning) => (
        <p key={warning} class="warning" role="note">
          <strong>Incomplete.</strong> {warning}
        </p>
      ))}
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`}>
        {tab === 'Table' ? <ResultRows result={result} format={format} /> : <ResultChart result={result} format={format} />}
      </div>
    </div>
  );
}

/** Shows what is wrong with a statement, with a button that goes to the place. */
export function SqlFailure({ mistake, show }: { mistake: SqlMistake; show: () => void }) {
  const { message, place, help } = mistake;
  return (
    <div class="failure sql-failure" role="alert">
      <p>
        <strong>{sentence(message)}</strong>
        {help !== null && ` ${sentence(help)}`}
      </p>
      {place !== null && (
        <button type="button" class="button" onClick={show}>
          Line {place.line}, column {place.column}
        </button>
      )}
    </div>
  );
}

function statisticsOf(format: Format, result: QueryResult): string {
  const { rows, row_count } = result;
  const count = Math.max(row_count ?? 0, rows?.length ?? 0);
  return [format.counted(count, count, 'rows'), ...costParts(format, result)].join(' · ');
}

function ResultRows({ result, format }: { result: QueryResult; format: Format }) {
  const columns = result.columns ?? [];
  const rows = result.rows ?? [];
  const count = Math.max(result.row_count ?? 0, rows.length);
  const shown = rows.slice(0, MAX_ROWS);
  return (
    <>
      <div class="table-scroll tall" tabIndex={0} role="region" aria-label="Rows">
        <table>
          <thead>
            <tr>
              {columns.map((column, place) => (
                <th key={place} scope="col" class={isNumber(column) ? 'number' : ''} title={column.type}>
                  {column.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, index) => (
              <tr key={index}>
                {row.map((cell, place) => (
                  <td key={place} class={isNumber(columns[place]!) ? 'number' : ''}>
                    <CellText cell={cell} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length === 0 && <p class="nothing">No row matches.</p>}
      {count > shown.length && (
        <p class="note">
          First {format.number(shown.length)} of {format.number(count)} rows; the CSV has all.
        </p>
      )}
    </>
  );
}

/** The value as SQL has it: no grouping of digits, which ids and years don't have. */
function CellText({ cell }: { cell: Cell }) {
  if (cell === null) return <span class="missing">NULL</span>;
  return <>{String(cell)}</>;
}

function ResultChart({ result, format }: { result: QueryResult; format: Format }) {
  const series = seriesOf(result);
  if (series === null) {
    return <p class="nothing">A chart needs a column of times or names, and one of numbers beside it.</p>;
  }
  return <SqlChart result={result} series={series} format={format} />;
}
