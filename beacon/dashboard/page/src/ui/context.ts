// The state that every component of the page shares.

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { About, Api } from '../api';
import type { DataSource, SharedProblems } from '../data_source';
import type { Format } from '../format';
import type { Connection } from '../live_updates';
import type { Page } from '../page_route';
import type { PanelQuery } from '../panel_queries';
import type { Span } from '../period';
import type { View } from '../view';

export interface DashboardContext {
  /** The page that is open. */
  page: Page;
  about: About;
  /** With the only site, where the address names none. */
  view: View;
  /** The site that is shown without being chosen, because no other one has had a hit; null if there is none. */
  only_site: string | null;
  /** The shown period. */
  span: Span;
  /** The span that it is compared with; null for nothing. */
  previous_span: Span | null;
  now_ms: number;
  /** The time zone of the browser. */
  browser_zone: string;
  format: Format;
  data: DataSource;
  connection: Connection;
  /** Age of the oldest undelivered hit, if it is overdue. */
  undelivered_s: number | null;
  /** Unknown parts of the URL. If there are any, no numbers are shown. */
  unknown: string[];
  /** Problems that several panels have in common. */
  shared_problems: SharedProblems;
  /** When the latest result arrived. */
  updated_at_ms: number | null;
  /** Null in a report, which has no server. */
  api: Api | null;
  /** When the report was made; null in the live dashboard. */
  made_at_ms: number | null;
  /**
   * Changes the view, as a new entry in the browser's history. The only site stays unnamed in the address, unless the
   * reader named it.
   */
  navigate: (change: Partial<View>, names_site?: boolean) => void;
  /** Called by a panel that comes into view: its query is active until the returned function is called. */
  activate: (query: PanelQuery) => () => void;
  logOut: () => void;
}

const Context = createContext<DashboardContext | null>(null);

export const DashboardProvider = Context.Provider;

/** Returns the shared state; throws outside of a DashboardProvider. */
export function useDashboard(): DashboardContext {
  const dashboard = useContext(Context);
  if (dashboard === null) throw new Error('useDashboard needs a DashboardProvider above it');
  return dashboard;
}
