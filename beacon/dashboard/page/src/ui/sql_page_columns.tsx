// The tables' columns beside the editor, with types and comments. A click inserts a name.

import { useState } from 'preact/hooks';
import type { TableColumn, TableInfo } from '../api';

interface Props {
  tables: TableInfo;
  error: string | null;
  retry: () => void;
  insert: (name: string) => void;
}

export function SqlColumns({ tables, error, retry, insert }: Props) {
  const [wanted, setWanted] = useState('');
  const all = [{ name: tables.table, columns: tables.columns, comment: undefined }, ...(tables.views ?? [])];
  const shown = all.map((table) => ({ ...table, columns: table.columns.filter((column) => matches(column, wanted)) }));
  return (
    <section class="panel sql-columns" aria-labelledby="sql-columns-title">
      <h2 id="sql-columns-title">Columns</h2>
      {error !== null && (
        <div class="failure" role="alert">
          <p>
            <strong>Couldn’t load the columns.</strong> {error}.
          </p>
          <button type="button" class="button" onClick={retry}>
            Retry
          </button>
        </div>
      )}
      {tables.columns.length > 0 && (
        <>
          <label class="field">
            <span class="visually-hidden">Search columns</span>
            <input
              type="search"
              placeholder="Search"
              value={wanted}
              onInput={(event) => setWanted(event.currentTarget.value)}
            />
          </label>
          <div class="sql-tables">
            {shown.map(({ name, columns, comment }, place) => (
              <details key={name} open={place === 0 || (wanted !== '' && columns.length > 0)}>
                <summary>
                  <code>{name}</code>{' '}
                  <span class="note">
                    {columns.length} {columns.length === 1 ? 'column' : 'columns'}
                  </span>
                </summary>
                {comment && <p class="note">{comment}</p>}
                <ul>
                  {columns.map((column) => (
                    <li key={column.name}>
                      <button type="button" class="sql-column" title={`Insert ${column.name}`} onClick={() => insert(column.name)}>
                        <code>{column.name}</code>
                      </button>{' '}
                      <span class="sql-type">{column.type}</span>
                      {column.comment && <p class="note">{column.comment}</p>}
                    </li>
                  ))}
                </ul>
              </details>
            ))}
          </div>
        </>
      )}
    </section>
  );
}

function matches({ name, type, comment = '' }: TableColumn, wanted: string): boolean {
  const text = wanted.trim().toLowerCase();
  return text === '' || [name, type, comment].some((part) => part.toLowerCase().includes(text));
}
