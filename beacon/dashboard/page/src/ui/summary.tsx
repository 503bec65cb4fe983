// The current view in words: the heading, the title of the document, and announcements for screen readers.

import { useEffect, useRef, useState } from 'preact/hooks';
import { total } from '../count_columns';
import { mergedResult } from '../merged_result';
import { countsConversions } from '../filters';
import { toSearch } from '../url_state';
import { useDashboard } from './context';

export function Summary() {
  const { view, span, format, about, api, browser_zone } = useDashboard();
  const heading = useRef<HTMLHeadingElement>(null);
  const search = toSearch(view, browser_zone);
  const last = useRef(search);
  useEffect(() => {
    if (last.current === search) return;
    last.current = search;
    // The clicked element may have disappeared with the previous result; the heading then takes the focus.
    requestAnimationFrame(() => document.activeElement === document.body && heading.current?.focus());
  }, [search]);
  useEffect(() => {
    document.title = `${view.site ?? 'All sites'} – beacon`;
  }, [view.site]);
  const { until_ms, kind } = about.access;
  return (
    <div class="summary">
      <h1 ref={heading} tabIndex={-1} class="visually-hidden">
        {view.site ?? 'All sites'} {format.span(span)}
      </h1>
      {kind === 'share' && until_ms !== null && api !== null && (
        <p class="note">Read-only link, valid until {format.moment(until_ms)}</p>
      )}
      <Announcer />
    </div>
  );
}

/** Speaks after the reader changed the view, and not each time that a hit comes in. */
function Announcer() {
  const { view, span, format, data, browser_zone } = useDashboard();
  const states = data.states({ question: 'totals', period: 'current' });
  const result = mergedResult(states);
  const search = toSearch(view, browser_zone);
  const [announced, setAnnounced] = useState({ search, text: '' });
  const is_due = announced.search !== search && result !== null && !states.some(({ is_fetching }) => is_fetching);
  useEffect(() => {
    if (!is_due) return;
    const counted = `${format.number(total(result!, 'views'))} ${countsConversions(view) ? 'conversions' : 'views'}`;
    setAnnounced({ search, text: `${view.site ?? 'All sites'}, ${format.span(span)}: ${counted}` });
  }, [is_due]);
  return (
    <p class="visually-hidden" role="status">
      {announced.text}
    </p>
  );
}
