// A panel with tabs: each has a question of its own, and only that of the shown tab is asked.

import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import type { QueryResult } from '../api';
import { Panel } from './panel';
import { ResultTable } from './table';

export interface Tab {
  title: string;
  question: string;
  /** What its result is called where the tab's title says too little. */
  heading?: string;
  note?: string;
  content: (result: QueryResult) => ComponentChildren;
}

interface Props {
  title: string;
  /** At least one. */
  tabs: Tab[];
  class?: string;
  section_id?: string;
}

/** Returns a tab with a table of its question. */
export function tableTab(title: string, question: string, note?: string): Tab {
  return { title, question, note, content: (result) => <ResultTable result={result} name={title} shares /> };
}

export function TabbedPanel({ title, tabs, class: kind, section_id }: Props) {
  const id = useId();
  const [chosen, setChosen] = useState(tabs[0]!.title);
  // A filter may take the chosen tab away.
  const shown = tabs.find((tab) => tab.title === chosen) ?? tabs[0]!;
  const tabId = (tab: Tab) => `${id}-${tabs.indexOf(tab)}`;
  const panel_id = `${id}-panel`;
  return (
    <Panel
      query={{ question: shown.question, period: 'current' }}
      title={title}
      note={shown.note}
      class={kind}
      section_id={section_id}
      tab={{ id: tabId(shown), panel_id, title: shown.heading ?? shown.title }}
      tools={
        <TabList name={title} tabs={tabs} shown={shown} tabId={tabId} panel_id={panel_id} onChoose={(tab) => setChosen(tab.title)} />
      }
    >
      {(result) => <div key={shown.title}>{shown.content(result)}</div>}
    </Panel>
  );
}

interface TabListProps {
  name: string;
  tabs: Tab[];
  shown: Tab;
  tabId: (tab: Tab) => string;
  panel_id: string;
  onChoose: (tab: Tab) => void;
}

function TabList({ name, tabs, shown, tabId, panel_id, onChoose }: TabListProps) {
  const list = useRef<HTMLDivElement>(null);

  function onKey(event: KeyboardEvent): void {
    const place = placeAfter(event.key, tabs.indexOf(shown), tabs.length);
    if (place === undefined) return;
    event.preventDefault();
    onChoose(tabs[place]!);
    list.current!.querySelectorAll<HTMLElement>('[role=tab]')[place]!.focus();
  }

  return (
    <div class="tabs" role="tablist" aria-label={name} ref={list} onKeyDown={onKey}>
      {tabs.map((tab) => (
        <button
          key={tab.title}
          type="button"
          role="tab"
          id={tabId(tab)}
          aria-selected={tab === shown}
          aria-controls={panel_id}
          tabIndex={tab === shown ? 0 : -1}
          onClick={() => onChoose(tab)}
        >
          {tab.title}
        </button>
      ))}
    </div>
  );
}

/** Returns the place of the tab that a key moves to, or undefined for other keys. */
function placeAfter(key: string, place: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return (place + 1) % count;
    case 'ArrowLeft':
      return (place - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
