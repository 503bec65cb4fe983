// The whole dashboard, from top to bottom.

import { otherQuestions, type PanelQuery } from '../panel_queries';
import { ChartPanel } from './chart';
import { EmptyState, isEmpty } from './empty_state';
import { Header } from './header';
import { useDashboard } from './context';
import { MachinesPanel } from './machines';
import { NotCounted } from './not_counted';
import { useNarrow } from './narrow';
import { Notices, UnknownFilter } from './notices';
import { Panel } from './panel';
import { Summary } from './summary';
import { ResultTable } from './table';
import { tableTab, TabbedPanel } from './tabbed_panel';
import { TilesPanel } from './tiles';
import { Toolbar } from './toolbar';
import { ZoneChoice } from './view_choices';
import { TopPagesPanel } from './top_pages';

export function Dashboard() {
  const dashboard = useDashboard();
  const { about, made_at_ms, data, unknown, connection } = dashboard;
  const known = new Set(about.questions.map(({ name }) => name));
  const others = otherQuestions(about).filter(
    // A report shows only the results that it carries.
    ({ name }) => made_at_ms === null || data.states({ question: name, period: 'current' })[0]?.result != null,
  );
  return (
    <>
      <a class="skip" href="#content" onClick={skip}>
        Skip to content
      </a>
      <Header />
      <main id="content" tabIndex={-1}>
        {unknown.length > 0 ? (
          <UnknownFilter />
        ) : (
          <>
            <Summary />
            <Toolbar />
            <Notices />
            <div class={connection === 'lost' ? 'panels stale' : 'panels'}>
              <EmptyState />
              <div class="overview wide">
                {known.has('totals') && <TilesPanel />}
                <ChartPanel />
              </div>
              {!isEmpty(dashboard) && <NotCounted />}
              {!isEmpty(dashboard) && (
                <>
                  {known.has('top_pages_by_source') && <TopPagesPanel />}
                  {TABBED.map(({ title, tabs }) => {
                    const shown = tabs.filter(({ question }) => known.has(question));
                    return shown.length > 0 && <TabbedPanel key={title} title={title} tabs={shown} />;
                  })}
                  {others.map(({ name, question }) => (
                    <TablePanel key={name} question={name} title={panelTitle(name, question)} />
                  ))}
                </>
              )}
              <MachinesPanel />
            </div>
          </>
        )}
      </main>
      <Footer />
    </>
  );
}

function TablePanel({ question, title }: { question: string; title: string }) {
  const query: PanelQuery = { question, period: 'current' };
  return (
    <Panel query={query} title={title}>
      {(result) => <ResultTable result={result} name={title} />}
    </Panel>
  );
}

/** The panels of visitors and views by where they came from, where they were, and with which device. */
const TABBED = [
  {
    title: 'Sources',
    tabs: [
      tableTab('Sources', 'sources'),
      tableTab('Channels', 'channels'),
      tableTab('Referrers', 'referrers', 'Sites and apps that linked here'),
      tableTab('Campaigns', 'campaigns', 'By UTM tags'),
    ],
  },
  { title: 'Locations', tabs: [tableTab('Countries', 'countries'), tableTab('Languages', 'languages')] },
  {
    title: 'Devices',
    tabs: [tableTab('Devices', 'devices'), tableTab('Browsers', 'browsers'), tableTab('Systems', 'systems')],
  },
];

/** Titles of panels whose question's text doesn't suit a heading. */
const TITLES: Record<string, string> = { events: 'Events', sites: 'Sites', visit_totals: 'Visits' };

function panelTitle(name: string, question: string): string {
  return Object.hasOwn(TITLES, name) ? TITLES[name]! : question;
}

/** Avoids the URL's fragment, which may hold the token of a share link. */
function skip(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById('content')!.focus();
}

function Footer() {
  const is_narrow = useNarrow();
  const { about, view } = useDashboard();
  return (
    <footer class="bottom">
      <p>
        beacon {about.version} ·{' '}
        {about.privacy === 'anonymous'
          ? 'anonymous: no IP addresses are stored'
          : 'full: all request details are stored'}{' '}
        · days and hours in {is_narrow ? view.zone.replaceAll('_', ' ') : <ZoneChoice />}
      </p>
    </footer>
  );
}
