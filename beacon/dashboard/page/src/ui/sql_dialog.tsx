// The SQL that ran, its bound parameters, and its statistics.

import type { QueryResult } from '../api';
import type { QueryState } from '../query_client';
import { CopyButton } from './copy_button';
import { Dialog } from './dialog';
import { useDashboard } from './context';

interface Props {
  title: string;
  /** The merged result of all states. */
  result: QueryResult;
  states: QueryState[];
  close: () => void;
}

export function SqlDialog({ title, result, states, close }: Props) {
  const { about } = useDashboard();
  const results = states.flatMap(({ result }) => result ?? []);
  const sql = results[0]?.sql ?? '';
  // The header of the SQL names each placeholder.
  const names = (/^-- parameters: (.*)$/m.exec(sql)?.[1] ?? '').split(', ');
  const count = Math.max(0, ...results.map(({ parameters }) => parameters?.length ?? 0));
  return (
    <Dialog title={`SQL of ${title}`} close={close} class="sql-dialog">
      {about.access.kind !== 'share' && <Statistics result={result} />}
      <div class="sql-sides">
        <div>
          <div class="sql-bar">
            <h3>SQL</h3>
            <CopyButton text={sql} name="SQL" />
          </div>
          <pre tabIndex={0} role="region" aria-label="SQL text">
            <code>{sql}</code>
          </pre>
        </div>
        <div>
          <div class="sql-bar">
            <h3>Parameters</h3>
          </div>
          {results.length > 1 && (
            <p class="note">This query ran {results.length} times, once with each column of values.</p>
          )}
          <div class="table-scroll tall" tabIndex={0} role="region" aria-label="Parameters">
            <table>
              <thead>
                <tr>
                  <th scope="col" class="number">
                    ?
                  </th>
                  <th scope="col">Name</th>
                  {results.map(({ id }) => (
                    <th key={id} scope="col">
                      Value
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {Array.from({ length: count }, (_, index) => (
                  <tr key={index}>
                    <td class="number">{index + 1}</td>
                    <th scope="row">{names[index] ?? ''}</th>
                    {results.map(({ id, parameters }) => (
                      <td key={id}>
                        <code>{parameters?.[index]}</code>
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </div>
      </div>
    </Dialog>
  );
}

/** Shows bytes scanned, duration, and whether the result came from the cache. */
function Statistics({ result }: { result: QueryResult }) {
  const { format } = useDashboard();
  const { statistics } = result;
  const parts: string[] = [];
  if (typeof statistics?.bytes_scanned === 'number') parts.push(`${format.bytes(statistics.bytes_scanned)} scanned`);
  if (typeof statistics?.took_ms === 'number') parts.push(format.duration(statistics.took_ms));
  if (statistics?.reused) parts.push('cached');
  return parts.length > 0 ? <p class="cost">{parts.join(' · ')}</p> : null;
}
