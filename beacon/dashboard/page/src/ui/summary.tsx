// The current view in words: the heading, the filters as chips, and announcements for screen readers.

import { useEffect, useRef, useState } from 'preact/hooks';
import { total } from '../count_columns';
import { mergedResult } from '../merged_result';
import { conditionText, OPERATOR_NAMES, valuesText } from '../condition_text';
import { allConditions, countsConversions, filterLabel, removeCondition, UNFILTERED } from '../filters';
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
      <h1 ref={heading} tabIndex={-1}>
        {view.site ?? 'All sites'} <span class="summary-span">{format.span(span)}</span>
      </h1>
      {kind === 'share' && until_ms !== null && api !== null && (
        <p class="note">Read-only link, valid until {format.moment(until_ms)}</p>
      )}
      <Chips />
      <Announcer />
    </div>
  );
}

function Chips() {
  const { view, navigate, api, about, format } = useDashboard();
  // A share link always has its site.
  const conditions = about.access.kind === 'share' ? view.conditions : allConditions(view);
  if (conditions.length === 0) return null;
  return (
    <ul class="chips" aria-label="Filters">
      {conditions.map((condition) => {
        const text = conditionText(format, condition);
        return (
          <li key={text} class="chip">
            <span>
              {filterLabel(condition.column)} {OPERATOR_NAMES[condition.op]}
              {condition.values.length > 0 && ' '}
              <strong>{valuesText(format, condition)}</strong>
            </span>
            {api !== null && (
              <button type="button" aria-label={`Remove filter: ${text}`} onClick={() => navigate(removeCondition(view, condition))}>
                ✕
              </button>
            )}
          </li>
        );
      })}
      {conditions.length > 1 && api !== null && (
        <li>
          <button type="button" class="quiet" onClick={() => navigate(UNFILTERED)}>
            Clear filters
          </button>
        </li>
      )}
    </ul>
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
