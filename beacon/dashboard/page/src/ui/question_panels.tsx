// The panels whose tables are results of questions: sources, pages, locations, devices, emails and sites.

import { filterLabel } from '../filters';
import {
  DEVICE_TABS,
  EMAIL_TABS,
  LOCATION_TABS,
  PAGE_TABS,
  SITES_TAB,
  sourceTabs,
  TAGS,
} from '../panel_tabs';
import { queriesOf, tableOf, type QuestionTab } from '../question_tab';
import type { PanelQuery } from '../panel_queries';
import { mergedResult } from '../merged_result';
import { trendsBySite } from '../site_trends';
import type { TableRow } from '../table_rows';
import { SitesAreOpen } from './add_site_dialog';
import { bySourceTab } from './by_source';
import { Choice } from './choice';
import { useDashboard, type DashboardContext } from './context';
import { useRemembered } from './remembered';
import { TabbedPanel, type Tab } from './tabbed_panel';

/** Returns those of the tabs whose question the server knows. */
export function questionTabs(dashboard: DashboardContext, tabs: QuestionTab[], is_expanded: boolean): Tab[] {
  return tabs.filter((tab) => isKnown(dashboard, tab.question)).map((tab) => questionTab(dashboard, tab, is_expanded));
}

export function questionTab(dashboard: DashboardContext, tab: QuestionTab, is_expanded: boolean): Tab {
  return {
    title: tab.title,
    ...queriesOf(tab, dashboard, is_expanded),
    table: (result) => tableOf(tab, dashboard, result, is_expanded),
  };
}

/** Returns true if the server knows a question; a report shows only those that it carries. */
export function isKnown({ about, data, made_at_ms }: DashboardContext, question: string): boolean {
  if (!about.questions.some(({ name }) => name === question)) return false;
  return made_at_ms === null || data.states({ question, period: 'current' }).some(({ result, error }) => result !== null || error !== null);
}

interface Props {
  title: string;
  tabs: QuestionTab[];
  first?: string;
  class?: string;
}

/** A panel of such tabs; nothing if the server knows none of the questions. */
function QuestionPanel({ title, tabs, first, class: kind }: Props) {
  const dashboard = useDashboard();
  if (questionTabs(dashboard, tabs, false).length === 0) return null;
  return <TabbedPanel title={title} class={kind} first={first} tabs={(is_expanded) => questionTabs(dashboard, tabs, is_expanded)} />;
}

export function SourcesPanel() {
  const dashboard = useDashboard();
  const [chosen, choose] = useRemembered('tag');
  // A report carries the answer about one tag.
  const is_report = dashboard.made_at_ms !== null;
  const tag = (is_report ? undefined : TAGS.find((known) => known === chosen)) ?? TAGS[0];
  const choice = <Choice label="Tag" value={tag} options={TAGS.map((name) => [name, filterLabel(name)])} onChoose={choose} />;
  const withChoice = (tab: Tab) => (tab.title === 'Campaigns' && !is_report ? { ...tab, choice } : tab);
  const tabs = (is_expanded: boolean) => questionTabs(dashboard, sourceTabs(tag), is_expanded).map(withChoice);
  return tabs(false).length === 0 ? null : <TabbedPanel title="Sources" first="Sources" tabs={tabs} />;
}

export function PagesPanel() {
  const dashboard = useDashboard();
  const by_source = isKnown(dashboard, 'top_pages_by_source') ? [bySourceTab(dashboard)] : [];
  const tabs = (is_expanded: boolean) => [...questionTabs(dashboard, PAGE_TABS, is_expanded), ...by_source];
  return tabs(false).length === 0 ? null : <TabbedPanel title="Pages" tabs={tabs} />;
}

export const LocationsPanel = () => <QuestionPanel title="Locations" tabs={LOCATION_TABS} />;

export const DevicesPanel = () => <QuestionPanel title="Devices" tabs={DEVICE_TABS} />;

export const EmailsPanel = () => <QuestionPanel title="Emails" tabs={EMAIL_TABS} class="wide" />;

/** The sites with their days, while none is chosen. */
export function SitesPanel() {
  const dashboard = useDashboard();
  const { view, about } = dashboard;
  if (view.site !== null || about.access.kind === 'share' || !isKnown(dashboard, SITES_TAB.question)) return null;
  return (
    <>
      <TabbedPanel title="Sites" class="wide" tabs={(is_expanded) => [sitesTab(dashboard, is_expanded)]} />
      <SitesAreOpen />
    </>
  );
}

const SITES_PER_DAY: PanelQuery = { question: 'sites_per_day', period: 'current' };

function sitesTab(dashboard: DashboardContext, is_expanded: boolean): Tab {
  const { data, span, now_ms } = dashboard;
  const tab = questionTab(dashboard, SITES_TAB, is_expanded);
  if (!isKnown(dashboard, SITES_PER_DAY.question)) return tab;
  const days = mergedResult(data.states(SITES_PER_DAY));
  const trends = days === null ? null : trendsBySite(days, span, now_ms);
  return {
    ...tab,
    also: [...(tab.also ?? []), SITES_PER_DAY],
    table: (result) => {
      const table = tab.table!(result);
      const withTrend = (row: TableRow) => ({ ...row, trend: trends?.get(row.is_missing ? null : row.label) });
      return { ...table, rows: table.rows.map(withTrend) };
    },
  };
}
