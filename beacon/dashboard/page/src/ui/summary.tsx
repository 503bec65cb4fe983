// What is shown, in words: the heading, the filters as chips, and what a screen reader is told.

import { useEffect, useRef, useState } from 'preact/hooks';
import { joined } from '../answers';
import { toQuery, type View } from '../address';
import { referrerName } from '../apps';
import { eventOf, labelOf } from '../filters';
import { useModel } from './model';
import { total } from './tiles';

export function Summary() {
  const { view, now, format, about, api, own_zone } = useModel();
  const heading = useRef<HTMLHeadingElement>(null);
  const address = toQuery(view, own_zone);
  const last = useRef(address);
  useEffect(() => {
    if (last.current === address) return;
    last.current = address;
    // What was clicked may be gone with the old answer: then the heading says where the reader is now.
    requestAnimationFrame(() => document.activeElement === document.body && heading.current?.focus());
  }, [address]);
  useEffect(() => {
    document.title = `${view.site ?? 'All sites'} – beacon`;
  }, [view.site]);
  const { until_ms, kind } = about.access;
  return (
    <div class="summary">
      <h1 ref={heading} tabIndex={-1}>
        {view.site ?? 'All sites'} <span class="summary-span">{format.span(now)}</span>
      </h1>
      {kind === 'share' && until_ms !== null && api !== null && (
        <p class="note">Shared with you, to look at only, until {format.moment(until_ms)}</p>
      )}
      <Chips />
      <Announcer />
    </div>
  );
}

/** The change that takes all filters away. */
export const UNFILTERED: Partial<View> = { site: null, page: null, column: null, filters: [] };

function Chips() {
  const { view, go, api, about } = useModel();
  const chips: [string, string, Partial<View>][] = [];
  if (view.site !== null && about.access.kind !== 'share') chips.push(['Site', view.site, { site: null }]);
  if (view.page !== null) chips.push(['Page', view.page, { page: null }]);
  for (const condition of view.filters) {
    const { column, value } = condition;
    const shown = value === null ? '(none)' : column === 'referrer' ? referrerName(value) : value;
    chips.push([labelOf(column), shown, { filters: view.filters.filter((known) => known !== condition) }]);
  }
  if (view.column !== null) chips.push([view.column.name, view.column.value, { column: null }]);
  if (chips.length === 0) return null;
  return (
    <ul class="chips" aria-label="Filters">
      {chips.map(([name, value, without]) => (
        <li key={name} class="chip">
          <span>
            {name}: <strong>{value}</strong>
          </span>
          {api !== null && (
            <button type="button" aria-label={`Remove the filter ${name} ${value}`} onClick={() => go(without)}>
              ✕
            </button>
          )}
        </li>
      ))}
      {chips.length > 1 && api !== null && (
        <li>
          <button type="button" class="quiet" onClick={() => go(UNFILTERED)}>
            Remove all
          </button>
        </li>
      )}
    </ul>
  );
}

/** Speaks after the reader changed the view, and not each time that a hit comes in. */
function Announcer() {
  const { view, now, format, answers, own_zone } = useModel();
  const slots = answers.slots({ question: 'totals', span: 'now' });
  const answer = joined(slots);
  const address = toQuery(view, own_zone);
  const [spoken, setSpoken] = useState({ address, text: '' });
  const is_due = spoken.address !== address && answer !== null && !slots.some(({ busy }) => busy);
  useEffect(() => {
    if (!is_due) return;
    const event = eventOf(view);
    const counted =
      event === null
        ? `${format.number(total(answer!, 'views'))} views`
        : `${format.number(total(answer!, 'hits'))} times ${event}`;
    setSpoken({ address, text: `${view.site ?? 'All sites'}, ${format.span(now)}: ${counted}` });
  }, [is_due]);
  return (
    <p class="visually-hidden" role="status">
      {spoken.text}
    </p>
  );
}
