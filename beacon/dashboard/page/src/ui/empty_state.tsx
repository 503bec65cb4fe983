// Shown while there is no data: the likely reason, and the snippet to add to a page.

import { useEffect } from 'preact/hooks';
import { total, totalRange } from '../count_columns';
import { UNFILTERED } from '../filters';
import { mergedResult } from '../merged_result';
import { firstHit } from '../moments';
import type { PanelQuery } from '../panel_queries';
import { CopyButton } from './copy_button';
import { useDashboard, type DashboardContext } from './context';
import { OnlyMachines } from './not_counted';

const PLACEHOLDER = 'https://beacon.example.com';

/** Returns true once the totals are known to be zero: then no other panel is shown. */
export function isEmpty({ data }: DashboardContext): boolean {
  const result = mergedResult(data.states({ question: 'totals', period: 'current' }));
  // Opens that only the upper bound includes are data, too.
  return result !== null && total(result, 'hits') === 0 && totalRange(result, 'opens')[1] === 0;
}

/** Asked for the first hit, which tells whether there is older data. */
const EVER: PanelQuery = { question: 'totals', period: 'ever' };

export function EmptyState() {
  const dashboard = useDashboard();
  return isEmpty(dashboard) ? <Empty /> : null;
}

function Empty() {
  const { view, navigate, api, about, data, span, activate } = useDashboard();
  const is_guest = api === null || about.access.kind === 'share';
  const has_filters = view.conditions.length > 0;
  useEffect(() => (api === null ? undefined : activate(EVER)), [api]);
  // A report has no server to ask for older data.
  const first_ms = api === null ? undefined : firstHit(data.states(EVER)[0]);
  const has_older = typeof first_ms === 'number' && first_ms < span.from_ms;
  if (has_filters && api !== null) {
    return (
      <section class="panel wide empty">
        <h2>Nothing matches these filters</h2>
        <OnlyMachines />
        <button type="button" class="button" onClick={() => navigate(UNFILTERED)}>
          Show without filters
        </button>
      </section>
    );
  }
  const is_waiting = first_ms === null && !is_guest;
  return (
    <section class="panel wide empty">
      <h2>{is_waiting ? 'Waiting for the first hit' : 'No data for this period'}</h2>
      <OnlyMachines />
      {is_waiting && (
        <>
          <p>Add this snippet to your pages. The first view appears here as soon as somebody opens one of them.</p>
          <Snippet />
        </>
      )}
      {has_older && (
        <button type="button" class="button" onClick={() => navigate({ period: { kind: 'preset', preset: 'all' }, interval: null })}>
          Show all time
        </button>
      )}
    </section>
  );
}

function Snippet() {
  const { about, view } = useDashboard();
  const endpoint = about.endpoint || PLACEHOLDER;
  const site = view.site === null ? '' : ` data-site="${view.site}"`;
  const local = isLoopback(endpoint) ? ' data-local' : '';
  const script = `<script defer src="${endpoint}/beacon.js"${site}${local}></script>`;
  const image = `<img src="${endpoint}/pixel.gif" alt="" width="1" height="1" referrerpolicy="no-referrer-when-downgrade">`;
  return (
    <div class="snippets">
      <SnippetBlock title="With JavaScript" code={script} />
      <SnippetBlock title="Without JavaScript" code={image} />
      {!about.endpoint && <p class="note">Replace {PLACEHOLDER} with the URL of your beacon.</p>}
    </div>
  );
}

/** Returns true for this machine, where the script counts only with `data-local`. */
function isLoopback(endpoint: string): boolean {
  return /^https?:\/\/(localhost|[^/]*\.localhost|127\.[\d.]+|0\.0\.0\.0|\[::1?])(:|\/|$)/.test(endpoint);
}

function SnippetBlock({ title, code }: { title: string; code: string }) {
  return (
    <div class="snippet">
      <h3>{title}</h3>
      <pre tabIndex={0} role="region" aria-label={`Snippet ${title.charAt(0).toLowerCase()}${title.slice(1)}`}>
        <code>{code}</code>
      </pre>
      <CopyButton text={code} name="snippet" />
    </div>
  );
}
