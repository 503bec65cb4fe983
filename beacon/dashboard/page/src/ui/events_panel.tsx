// Custom events: by name, as goals, and by the values of their properties.

import { mergedResult } from '../merged_result';
import { EVENTS_TAB, propertyTab } from '../panel_tabs';
import type { PanelQuery } from '../panel_queries';
import { cellReader } from '../pivot';
import { Choice } from './choice';
import { useDashboard, type DashboardContext } from './context';
import { goalsTab } from './goals';
import { isKnown, questionTab, questionTabs } from './question_panels';
import { useRemembered } from './remembered';
import { useStoredList } from './stored_list';
import { TabbedPanel, type Tab } from './tabbed_panel';

const NAMES: PanelQuery = { question: 'property_names', period: 'current' };

export function EventsPanel() {
  const dashboard = useDashboard();
  const [chosen, choose] = useRemembered('property');
  const goals = useStoredList('goals');
  const tabs = (is_expanded: boolean): Tab[] => {
    return [
      ...questionTabs(dashboard, [EVENTS_TAB], is_expanded),
      ...(dashboard.about.goals === undefined ? [] : [goalsTab(dashboard, goals)]),
      ...(hasProperties(dashboard) ? [propertiesTab(dashboard, chosen, choose, is_expanded)] : []),
    ];
  };
  return tabs(false).length === 0 ? null : <TabbedPanel title="Events" tabs={tabs} class="wide" />;
}

/** Guests may not group by properties. */
function hasProperties(dashboard: DashboardContext): boolean {
  const is_guest = dashboard.about.access.kind === 'share';
  return !is_guest && isKnown(dashboard, NAMES.question) && dashboard.about.questions.some(({ name }) => name === 'properties');
}

/** Asks for the names first; the most frequent property is shown, unless one was chosen. */
function propertiesTab(dashboard: DashboardContext, chosen: string | null, choose: (name: string) => void, is_expanded: boolean): Tab {
  const names = mergedResult(dashboard.data.states(NAMES));
  const read = names === null ? null : cellReader(names);
  const known = (names?.rows ?? []).map((row) => String(read!(row, 'property')));
  const name = known.find((one) => one === chosen) ?? known[0];
  if (name === undefined) {
    return { title: 'Properties', query: NAMES, table: () => ({ heading: 'Property', measures: [], rows: [], row_count: 0 }) };
  }
  const tab = questionTab(dashboard, propertyTab(name), is_expanded);
  return {
    ...tab,
    also: [NAMES, ...(tab.also ?? [])],
    choice: <Choice label="Property" value={name} options={known.map((one) => [one, one])} onChoose={choose} />,
  };
}
