// The current view in words: the heading, the filters as chips, and announcements for screen readers.

import { useEffect, useRef, useState } from 'preact/hooks';
import { agentLabel } from '../agents';
import { total } from '../count_columns';
import { mergedResult } from '../merged_result';
import { toSearch } from '../url_state';
import type { View } from '../view';
import { filteredEvent, filterLabel } from '../filters';
import { valueName } from '../value_names';
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

/** The change that removes all filters. */
export const UNFILTERED: Partial<View> = { site: null, page: null, column: null, filters: [], agents: [] };

interface Chip {
  label: string;
  /** Null requires an empty column. */
  value: string | null;
  /** The change that removes this filter. */
  without: Partial<View>;
}

function Chips() {
  const { view, navigate, api, about, format } = useDashboard();
  const chips: Chip[] = [];
  if (view.site !== null && about.access.kind !== 'share') {
    chips.push({ label: 'Site', value: view.site, without: { site: null } });
  }
  if (view.page !== null) chips.push({ label: 'Page', value: view.page, without: { page: null } });
  for (const condition of view.filters) {
    const { column } = condition;
    const value = condition.value === null ? null : valueName(format, column, condition.value);
    const without = { filters: view.filters.filter((known) => known !== condition) };
    chips.push({ label: filterLabel(column), value, without });
  }
  if (view.agents.length > 0) {
    chips.push({ label: 'Agent', value: view.agents.map(agentLabel).join(' or '), without: { agents: [] } });
  }
  if (view.column !== null) chips.push({ label: view.column.name, value: view.column.value, without: { column: null } });
  if (chips.length === 0) return null;
  return (
    <ul class="chips" aria-label="Filters">
      {chips.map(({ label, value, without }) => (
        <li key={label} class="chip">
          <span>
            {label} is <strong>{value ?? 'empty'}</strong>
          </span>
          {api !== null && (
            <button
              type="button"
              aria-label={`Remove filter: ${label} is ${value ?? 'empty'}`}
              onClick={() => navigate(without)}
            >
              ✕
            </button>
          )}
        </li>
      ))}
      {chips.length > 1 && api !== null && (
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
    const event = filteredEvent(view);
    const counted =
      event === null
        ? `${format.number(total(result!, 'views'))} views`
        : `${format.number(total(result!, 'hits'))} times ${event}`;
    setAnnounced({ search, text: `${view.site ?? 'All sites'}, ${format.span(span)}: ${counted}` });
  }, [is_due]);
  return (
    <p class="visually-hidden" role="status">
      {announced.text}
    </p>
  );
}
