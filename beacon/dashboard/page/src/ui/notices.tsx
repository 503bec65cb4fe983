// Above the panels: what concerns them all, each thing once.

import type { ComponentChildren } from 'preact';
import { useModel } from './model';

/** The server is gone, hits wait too long, or several panels say the same. */
export function Notices() {
  const { connection, asked_at_ms, undelivered_s, common, format, about } = useModel();
  const may_see_server = about.access.kind !== 'share';
  return (
    <>
      {connection === 'lost' && (
        <Notice title="Connection lost" kind="alert">
          The server can’t be reached. This page tries again and updates by itself once the server is back.
          {asked_at_ms !== null && ` The numbers below are of ${format.clock(asked_at_ms)}.`}
        </Notice>
      )}
      {may_see_server && undelivered_s !== null && (
        <Notice title="Hits wait for delivery" kind="status">
          The oldest undelivered hit is {format.age(undelivered_s)} old. It is on disk and counted here, but not yet in
          the lake: the server’s log says why.
        </Notice>
      )}
      {common.errors.map((error) => (
        <Notice key={error} title="Some panels couldn’t be loaded" kind="alert">
          {sentence(error)}
        </Notice>
      ))}
      {common.warnings.map((warning) => (
        <Notice key={warning} title="Some numbers are incomplete" kind="status">
          {sentence(warning)}
        </Notice>
      ))}
    </>
  );
}

/** Instead of all numbers, where the address asks for something that there isn't. */
export function UnknownAddress() {
  const { unknown, go } = useModel();
  return (
    <section class="panel wide failure-page">
      <div class="failure" role="alert">
        <p>
          <strong>This address has a filter that isn’t known: {unknown.join(', ')}</strong>
        </p>
        <p>No numbers are shown, because they would be those of something else. Correct the address, or leave it out.</p>
        <button type="button" class="button" onClick={() => go({})}>
          Leave it out
        </button>
      </div>
    </section>
  );
}

interface Props {
  title: string;
  kind: 'alert' | 'status';
  children: ComponentChildren;
}

function Notice({ title, kind, children }: Props) {
  return (
    <div class={`notice notice-${kind}`} role={kind}>
      <p>
        <strong>{title}.</strong> {children}
      </p>
    </div>
  );
}

/** The API's texts begin small and have no full stop. */
export function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
