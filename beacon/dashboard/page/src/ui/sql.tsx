// The very text that ran, beside it what was bound to its question marks, and what that took.

import type { Answer } from '../api';
import type { Slot } from '../asker';
import { CopyButton } from './copy';
import { Dialog } from './dialog';
import { useModel } from './model';

interface Props {
  title: string;
  /** All slots as one. */
  answer: Answer;
  slots: Slot[];
  close: () => void;
}

export function SqlDialog({ title, answer, slots, close }: Props) {
  const { about } = useModel();
  const answers = slots.flatMap(({ answer }) => answer ?? []);
  const sql = answers[0]?.sql ?? '';
  // The text's own header has a word for each question mark.
  const words = (/^-- parameters: (.*)$/m.exec(sql)?.[1] ?? '').split(', ');
  const count = Math.max(0, ...answers.map(({ parameters }) => parameters?.length ?? 0));
  return (
    <Dialog title={`SQL of ${title}`} close={close} class="sql-dialog">
      {about.access.kind !== 'share' && <Cost answer={answer} />}
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

/** What the answer took: bytes, time, and whether it was there already. */
function Cost({ answer }: { answer: Answer }) {
  const { format } = useModel();
  const { statistics } = answer;
  const said: string[] = [];
  if (typeof statistics?.bytes_scanned === 'number') said.push(`${format.bytes(statistics.bytes_scanned)} scanned`);
  if (typeof statistics?.took_ms === 'number') said.push(format.duration(statistics.took_ms));
  if (statistics?.reused) said.push('cached');
  return said.length > 0 ? <p class="cost">{said.join(' · ')}</p> : null;
}
