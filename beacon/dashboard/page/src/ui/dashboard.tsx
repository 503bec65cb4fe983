// The whole dashboard, from top to bottom.

import { ChartPanel } from './chart';
import { EmptyState, isEmpty } from './empty_state';
import { EventsPanel } from './events_panel';
import { Header } from './header';
import { useDashboard } from './context';
import { MachinesPanel } from './machines';
import { NotCounted } from './not_counted';
import { useNarrow } from './narrow';
import { Notices, UnknownFilter } from './notices';
import { usePresence } from './presence';
import { DevicesPanel, EmailsPanel, LocationsPanel, PagesPanel, SitesPanel, SourcesPanel } from './question_panels';
import { SkipLink } from './skip_link';
import { Summary } from './summary';
import { TilesPanel } from './tiles';
import { Toolbar } from './toolbar';
import { ZoneChoice } from './view_choices';

export function Dashboard() {
  const dashboard = useDashboard();
  const { unknown, connection } = dashboard;
  return (
    <>
      <SkipLink />
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
                <TilesPanel />
                <ChartPanel />
              </div>
              {!isEmpty(dashboard) && <NotCounted />}
              {!isEmpty(dashboard) && <Panels />}
              <MachinesPanel />
            </div>
          </>
        )}
      </main>
      <Footer />
    </>
  );
}

/** The panels below the chart, in their order. */
function Panels() {
  const has = usePresence();
  return (
    <>
      <SitesPanel />
      <SourcesPanel />
      <PagesPanel />
      <LocationsPanel />
      <DevicesPanel />
      {has.events && <EventsPanel />}
      {has.emails && <EmailsPanel />}
    </>
  );
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
