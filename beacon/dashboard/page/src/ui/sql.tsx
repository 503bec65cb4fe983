// The very text that ran, and beside it what was bound to its question marks.

import type { Slot } from '../asker';
import { CopyButton } from './copy';
import { Dialog } from './dialog';

export function SqlDialog({ title, slots, close }: { title: string; slots: Slot[]; close: () => void }) {
  const answers = slots.flatMap(({ answer }) => answer ?? []);
  const sql = answers[0]?.sql ?? '';
  // The text's own header has a word for each question mark.
  const words = (/^-- parameters: (.*)$/m.exec(sql)?.[1] ?? '').split(', ');
  const count = Math.max(0, ...answers.map(({ parameters }) => parameters?.length ?? 0));
  return (
    <Dialog title={`SQL of ${title}`} close={close} class="sql-dialog">
      <div class="sql-sides">
        <div>
          <div class="sql-bar">
            <h3>Text</h3>
            <CopyButton text={sql} what="the SQL" />
          </div>
          <pre tabIndex={0} role="region" aria-label="SQL text">
            <code>{sql}</code>
          </pre>
        </div>
        <div>
          <div class="sql-bar">
            <h3>Parameters</h3>
          </div>
          {answers.length > 1 && <p class="note">Asked {answers.length} times, once for each column of values.</p>}
          <div class="table-scroll tall" tabIndex={0} role="region" aria-label="Parameters">
            <table>
              <thead>
                <tr>
                  <th scope="col" class="number">
                    ?
                  </th>
                  <th scope="col">Name</th>
                  {answers.map(({ id }) => (
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
                    <th scope="row">{words[index] ?? ''}</th>
                    {answers.map(({ id, parameters }) => (
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
