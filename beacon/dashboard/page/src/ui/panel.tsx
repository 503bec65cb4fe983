// The frame of a panel: title, result or error, and the menu with its SQL and CSV.

import { type ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { mergedResult } from '../merged_result';
import type { QueryResult } from '../api';
import type { PanelQuery } from '../panel_queries';
import { isLoading } from '../query_client';
import { remember, remembered } from '../stored';
import { useDashboard } from './context';
import { PanelMenu } from './panel_menu';
import { Failure, Skeleton, Warnings } from './panel_states';

interface Props {
  query: PanelQuery;
  /** Further queries, whose results the content reads. */
  also?: PanelQuery[];
  title: string;
  note?: string;
  class?: string;
  tools?: ComponentChildren;
  skeleton?: 'rows' | 'chart';
  /** The id that the section can be found by. */
  section_id?: string;
  /** The chosen tab, whose panel the body is; without an id where a menu takes the place of the tabs. */
  tab?: { id?: string; panel_id: string; title: string };
  /** Stands beside the menu. */
  foot?: ComponentChildren;
  children: (result: QueryResult) => ComponentChildren;
}

const NONE: PanelQuery[] = [];

export function Panel(props: Props) {
  const { query, also = NONE, title, note, class: kind = '', tools, skeleton = 'rows', section_id, tab, foot, children } = props;
  const { data, activate, shared_problems, connection } = useDashboard();
  const id = useId();
  const section = useRef<HTMLElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const visibility = useVisibility(section);
  const queries = [query, ...also];
  useEffect(() => {
    if (visibility !== true) return;
    const stops = queries.map(activate);
    return () => stops.forEach((stop) => stop());
  }, [visibility, JSON.stringify(queries)]);
  const states = data.states(query);
  const all = [...states, ...also.flatMap((one) => data.states(one))];
  const result = mergedResult(states);
  const error = all.find((state) => state.error !== null)?.error ?? null;
  const is_fetching = all.some((state) => state.is_fetching);
  const is_empty = result === null && !states.some((state) => state.error !== null);
  const warnings = result?.warnings ?? [];
  const height = useLastHeight(body, is_empty, `${title}-${tab?.title ?? ''}`);

  return (
    <section
      id={section_id}
      tabIndex={section_id === undefined ? undefined : -1}
      class={`panel ${kind}`}
      ref={section}
      aria-labelledby={id}
      // A panel that nobody has scrolled to isn't loading; until that is known, it may be.
      aria-busy={visibility !== false && all.some(isLoading)}
    >
      <header class="panel-head">
        <div>
          <h2 id={id}>{title}</h2>
          {note && <p class="note">{note}</p>}
        </div>
        {tools}
      </header>
      <div
        class={height === null ? 'panel-body' : 'panel-body waiting'}
        ref={body}
        style={height === null ? undefined : { height: `${height}px` }}
        {...(tab?.id ? { id: tab.panel_id, role: 'tabpanel', 'aria-labelledby': tab.id } : {})}
      >
        {error !== null && connection !== 'lost' && (
          <Failure error={error} stale={result !== null} busy={is_fetching} queries={queries} />
        )}
        {warnings.length > 0 && <Warnings warnings={warnings.filter((text) => !shared_problems.warnings.includes(text))} />}
        {result !== null && children(result)}
        {is_empty && <Skeleton kind={skeleton} />}
      </div>
      <footer class="panel-foot">
        {foot}
        {result !== null && (
          <PanelMenu title_id={tab?.id ?? id} title={tab?.title ?? title} query={query} result={result} states={states} />
        )}
      </footer>
    </section>
  );
}

/**
 * Returns the height that the body had with a result, while it waits for one; else null. This browser remembers it, so
 * that nothing moves when the results come.
 */
function useLastHeight(body: { current: HTMLElement | null }, is_empty: boolean, name: string): number | null {
  const last = useRef<{ name: string; height: number } | null>(null);
  useEffect(() => {
    if (is_empty || body.current === null) return;
    const height = body.current.offsetHeight;
    if (last.current?.name === name && last.current.height === height) return;
    last.current = { name, height };
    remember(`height-${name}`, String(height));
  });
  if (!is_empty) return null;
  return last.current?.name === name ? last.current.height : Number(remembered(`height-${name}`)) || null;
}

/** Returns true once the panel has come near the viewport or is printed, and null until the browser says whether it is. */
function useVisibility(section: { current: HTMLElement | null }): boolean | null {
  const [visibility, setVisibility] = useState<boolean | null>(null);
  useEffect(() => {
    const onVisible = () => setVisibility(true);
    const observer = new IntersectionObserver(
      (entries) => {
        // Printing may have come first.
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return setVisibility((known) => known ?? false);
        observer.disconnect();
        onVisible();
      },
      { rootMargin: '400px' },
    );
    observer.observe(section.current!);
    addEventListener('beforeprint', onVisible, { once: true });
    return () => {
      observer.disconnect();
      removeEventListener('beforeprint', onVisible);
    };
  }, []);
  return visibility;
}
