// The SQL that ran: as a text for Athena's editor, as a command, and with its bound parameters.

import type { QueryResult } from '../api';
import type { QueryState } from '../query_client';
import { CopyButton } from './copy_button';
import { Dialog } from './dialog';

interface Props {
  title: string;
  states: QueryState[];
  close: () => void;
}

export function SqlDialog({ title, states, close }: Props) {
  const results = states.flatMap(({ result }) => result ?? []);
  const { sql = '', athena_sql, command } = results[0] ?? {};
  return (
    <Dialog title={`SQL of ${title}`} close={close} class="sql-dialog">
      {results.length > 1 && <p class="note">This query ran {results.length} times, once for each part of the period.</p>}
      {athena_sql && <Text title="For Athena’s editor" name="SQL for Athena" text={athena_sql} />}
      {command && <Text title="On the command line" name="command" text={command} />}
      {athena_sql ? (
        <details>
          <summary>With parameters, as it ran</summary>
          <AsItRan sql={sql ?? ''} results={results} />
        </details>
      ) : (
        <AsItRan sql={sql ?? ''} results={results} />
      )}
    </Dialog>
  );
}

function Text({ title, name, text }: { title: string; name: string; text: string }) {
  return (
    <div>
      <div class="sql-bar">
        <h3>{title}</h3>
        <CopyButton text={text} name={name} />
      </div>
      <pre tabIndex={0} role="region" aria-label={title}>
        <code>{text}</code>
      </pre>
    </div>
  );
}

function AsItRan({ sql, results }: { sql: string; results: QueryResult[] }) {
  // The header of the SQL names each placeholder.
  const names = (/^-- parameters: (.*)$/m.exec(sql)?.[1] ?? '').split(', ');
  const count = Math.max(0, ...results.map(({ parameters }) => parameters?.length ?? 0));
  return (
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
  );
}
