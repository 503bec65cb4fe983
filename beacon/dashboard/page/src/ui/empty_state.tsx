// Shown while there is no data: the likely reason, and the snippet to add to a page.

import { total, totalRange } from '../count_columns';
import { mergedResult } from '../merged_result';
import { pageSnippet, PLACEHOLDER } from '../snippets';
import { useDashboard, type DashboardContext } from './context';
import { OnlyMachines } from './not_counted';
import { useEmptiness, WayOut } from './panel_states';
import { SnippetText } from './snippet_text';

/** Returns true once the totals are known to be zero: then no other panel is shown. */
export function isEmpty({ data }: DashboardContext): boolean {
  const result = mergedResult(data.states({ question: 'totals', period: 'current' }));
  // Opens that only the upper bound includes are data, too.
  return result !== null && total(result, 'hits') === 0 && totalRange(result, 'opens')[1] === 0;
}

export function EmptyState() {
  const dashboard = useDashboard();
  return isEmpty(dashboard) ? <Empty /> : null;
}

function Empty() {
  const { view, api, about } = useDashboard();
  const { sentence, first_ms } = useEmptiness();
  const is_guest = api === null || about.access.kind === 'share';
  const is_waiting = view.conditions.length === 0 && first_ms === null && !is_guest;
  return (
    <section class="panel wide empty">
      <h2>{is_waiting ? 'Waiting for the first hit' : sentence}</h2>
      <OnlyMachines />
      {is_waiting && (
        <>
          <p>Add this snippet to your pages. The first view appears here as soon as somebody opens one of them.</p>
          <div class="snippets">
            <SnippetText name="Snippet" code={pageSnippet(about.endpoint || PLACEHOLDER, view.site ?? '')} />
            {!about.endpoint && <p class="note">Replace {PLACEHOLDER} with the URL of your beacon.</p>}
          </div>
        </>
      )}
      <WayOut />
    </section>
  );
}
