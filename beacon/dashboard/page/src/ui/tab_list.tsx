// The tabs of a panel; on a narrow page, a menu.

import { useRef } from 'preact/hooks';
import { Choice } from './choice';
import { useNarrow } from './narrow';

interface Props {
  /** The panel's title. */
  name: string;
  titles: readonly string[];
  shown: string;
  /** The ids of a tab and of what it opens. */
  tabId: (title: string) => string;
  panel_id: string;
  /** There is room for the tabs on a narrow page, too. */
  stays?: boolean;
  onChoose: (title: string) => void;
}

export function TabList({ name, titles, shown, tabId, panel_id, stays = false, onChoose }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const is_narrow = useNarrow();

  function onKey(event: KeyboardEvent): void {
    const place = placeAfter(event.key, titles.indexOf(shown), titles.length);
    if (place === undefined) return;
    event.preventDefault();
    onChoose(titles[place]!);
    list.current!.querySelectorAll<HTMLElement>('[role=tab]')[place]!.focus();
  }

  if (is_narrow && !stays) {
    return <Choice label="View" value={shown} options={titles.map((title) => [title, title])} onChoose={onChoose} />;
  }
  return (
    <div class="tabs" role="tablist" aria-label={name} ref={list} onKeyDown={onKey}>
      {titles.map((title) => (
        <button
          key={title}
          type="button"
          role="tab"
          id={tabId(title)}
          aria-selected={title === shown}
          aria-controls={panel_id}
          tabIndex={title === shown ? 0 : -1}
          onClick={() => onChoose(title)}
        >
          {title}
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
