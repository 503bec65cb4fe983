// Notices above the panels, for problems that concern more than one of them.

import type { ComponentChildren } from 'preact';
import { sentence } from '../sentence';
import { useDashboard } from './context';

/** Shows a lost connection, overdue deliveries, and problems that several panels share. */
export function Notices() {
  const { connection, updated_at_ms, undelivered_s, shared_problems, format, about } = useDashboard();
  const may_see_server = about.access.kind !== 'share';
  return (
    <>
      {connection === 'lost' && (
        <Notice title="Connection lost" kind="alert">
          The server is unreachable. This page reconnects and updates automatically.
          {updated_at_ms !== null && ` The numbers below are from ${format.clock(updated_at_ms)}.`}
        </Notice>
      )}
      {may_see_server && undelivered_s !== null && (
        <Notice title="Delivery is delayed" kind="status">
          The oldest undelivered hit is {format.age(undelivered_s)} old. It is stored on disk and counted here, but not
          yet in the lake. See the server’s log for the reason.
        </Notice>
      )}
      {about.document_problem !== undefined && (
        <Notice title="Goals and saved filters are unavailable" kind="alert">
          {sentence(about.document_problem)} Share links and API keys may not work either. Reload the page to try again.
        </Notice>
      )}
      {shared_problems.errors.map((error) => (
        <Notice key={error} title="Some panels couldn’t be loaded" kind="alert">
          {sentence(error)}
        </Notice>
      ))}
      {shared_problems.warnings.map((warning) => (
        <Notice key={warning} title="Some numbers are incomplete" kind="status">
          {sentence(warning)}
        </Notice>
      ))}
    </>
  );
}

/** Replaces all numbers if the URL has an unknown filter. */
export function UnknownFilter() {
  const { unknown, navigate } = useDashboard();
  return (
    <section class="panel wide failure-page">
      <div class="failure" role="alert">
        <p>
          <strong>{`This address has a filter that isn't known: ${unknown.join(', ')}`}</strong>
        </p>
        <p>No numbers are shown, because they would ignore that filter. Correct the address or remove the filter.</p>
        <button type="button" class="button" onClick={() => navigate({})}>
          Remove it
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
