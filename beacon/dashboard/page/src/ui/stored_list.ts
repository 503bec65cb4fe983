// Lists that the server stores, goals and saved filters: as they were when the page was loaded, or last changed here.

import { useState } from 'preact/hooks';
import type { Goal, SavedFilters } from '../api';
import { useDashboard } from './context';

/** Longer names are refused by the API. */
export const MAX_NAME_LENGTH = 100;

interface Items {
  goals: Goal;
  saved: SavedFilters;
}

type Lists = { [Kind in keyof Items]?: Items[Kind][] };

export interface StoredList<Item> {
  list: Item[];
  /** Changes what is stored; rejects with what is wrong. */
  change: (edit: (list: Item[]) => Item[]) => Promise<void>;
}

/** Returns a list, which the reader may change. */
export function useStoredList<Kind extends keyof Items>(kind: Kind): StoredList<Items[Kind]> {
  const { about, api } = useDashboard();
  const own: Lists = about;
  const [list, setList] = useState<Items[Kind][]>(own[kind] ?? []);
  async function change(edit: (list: Items[Kind][]) => Items[Kind][]): Promise<void> {
    // Somebody else may have changed it since this page was loaded.
    const now = await api!.about();
    if (now.document_problem !== undefined) throw new Error(now.document_problem);
    const stored: Lists = now;
    const edited = edit(stored[kind] ?? []);
    await api!.store(kind, edited);
    // The page's own copy, which the next component begins with.
    Object.assign(about, { [kind]: edited });
    setList(edited);
  }
  return { list, change };
}
