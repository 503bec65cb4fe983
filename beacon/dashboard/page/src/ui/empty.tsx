// Where nothing was counted: why that may be, and the line to paste.

import { joined } from '../answers';
import { CopyButton } from './copy';
import { useModel, type Model } from './model';
import { UNFILTERED } from './summary';
import { total } from './tiles';

const PLACEHOLDER = 'https://beacon.example.com';

/** Known to be empty: then further panels would say nothing ten times over. */
export function isEmpty({ answers }: Model): boolean {
  const answer = joined(answers.slots({ question: 'totals', span: 'now' }));
  return answer !== null && total(answer, 'hits') === 0;
}

export function Empty() {
  const model = useModel();
  const { view, go, api, about } = model;
  if (!isEmpty(model)) return null;
  const is_filtered =
    view.page !== null ||
    view.column !== null ||
    view.filters.length > 0 ||
    (view.site !== null && about.access.kind !== 'share');
  if (api === null || about.access.kind === 'share') {
    return (
      <section class="panel wide empty">
        <h2>Nothing was counted in this period</h2>
      </section>
    );
  }
  if (is_filtered) {
    return (
      <section class="panel wide empty">
        <h2>Nothing matches these filters in this period</h2>
        <button type="button" class="button" onClick={() => go(UNFILTERED)}>
          Remove the filters
        </button>
      </section>
    );
  }
  return (
    <section class="panel wide empty">
      <h2>Nothing was counted in this period</h2>
      <p>Paste this line into your pages. The first view shows here as soon as one of them is opened.</p>
      <Snippet />
      {view.period.kind !== 'preset' || view.period.preset !== '12m' ? (
        <p>
          Was there something earlier?{' '}
          <button
            type="button"
            class="button"
            onClick={() => go({ period: { kind: 'preset', preset: '12m' }, bars: null })}
          >
            Look at 12 months
          </button>
        </p>
      ) : null}
    </section>
  );
}

function Snippet() {
  const { about, view } = useModel();
  const endpoint = about.endpoint || PLACEHOLDER;
  const site = view.site === null ? '' : ` data-site="${view.site}"`;
  const local = isLoopback(endpoint) ? ' data-local' : '';
  const script = `<script defer src="${endpoint}/beacon.js"${site}${local}></script>`;
  const image = `<img src="${endpoint}/pixel.gif" alt="" width="1" height="1" referrerpolicy="no-referrer-when-downgrade">`;
  return (
    <div class="snippets">
      <SnippetLine title="With JavaScript" line={script} />
      <SnippetLine title="Without" line={image} />
      {!about.endpoint && <p class="note">With your beacon’s own address instead of {PLACEHOLDER}.</p>}
    </div>
  );
}

/** Whether the pages are on this machine too, where the script counts only if told so. */
function isLoopback(endpoint: string): boolean {
  return /^https?:\/\/(localhost|[^/]*\.localhost|127\.[\d.]+|0\.0\.0\.0|\[::1?])(:|\/|$)/.test(endpoint);
}

function SnippetLine({ title, line }: { title: string; line: string }) {
  return (
    <div class="snippet">
      <h3>{title}</h3>
      <pre tabIndex={0} role="region" aria-label={`Line to paste, ${title.toLowerCase()}`}>
        <code>{line}</code>
      </pre>
      <CopyButton text={line} what="the line" />
    </div>
  );
}
