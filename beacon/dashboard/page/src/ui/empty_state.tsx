// Shown while there is no data: the likely reason, and the snippet to add to a page.

import { total, totalRange } from '../count_columns';
import { UNFILTERED } from '../filters';
import { mergedResult } from '../merged_result';
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

export function EmptyState() {
  const dashboard = useDashboard();
  const { view, navigate, api, about } = dashboard;
  if (!isEmpty(dashboard)) return null;
  const has_filters = view.conditions.length > 0 || (view.site !== null && about.access.kind !== 'share');
  if (api === null || about.access.kind === 'share') {
    return (
      <section class="panel wide empty">
        <h2>No data for this period</h2>
        <OnlyMachines />
      </section>
    );
  }
  if (has_filters) {
    return (
      <section class="panel wide empty">
        <h2>Nothing matches these filters</h2>
        <OnlyMachines />
        <button type="button" class="button" onClick={() => navigate(UNFILTERED)}>
          Clear filters
        </button>
      </section>
    );
  }
  return (
    <section class="panel wide empty">
      <h2>No data for this period</h2>
      <OnlyMachines />
      <p>Add this snippet to your pages. The first view appears here as soon as somebody opens one of them.</p>
      <Snippet />
      {view.period.kind !== 'preset' || view.period.preset !== '12m' ? (
        <p>
          Is there older data?{' '}
          <button
            type="button"
            class="button"
            onClick={() => navigate({ period: { kind: 'preset', preset: '12m' }, interval: null })}
          >
            Show 12 months
          </button>
        </p>
      ) : null}
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
