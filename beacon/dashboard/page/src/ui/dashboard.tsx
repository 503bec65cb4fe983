// The whole page, from top to bottom.

import { furtherQuestions, isAsked, PER_QUARTER, type Need } from '../needs';
import { ChartPanel } from './chart';
import { Empty, isEmpty } from './empty';
import { Header } from './header';
import { useModel } from './model';
import { Notices, UnknownAddress } from './notices';
import { PagesPanel } from './pages';
import { Panel } from './panel';
import { Summary } from './summary';
import { AnswerTable } from './table';
import { Tiles } from './tiles';
import { Toolbar } from './toolbar';

export function Dashboard() {
  const model = useModel();
  const { about, made_at_ms, answers, view, unknown, connection } = model;
  const known = new Set(about.questions.map(({ name }) => name));
  const further = furtherQuestions(about, view).filter(
    // A report shows what it brought.
    ({ name }) => made_at_ms === null || answers.slots({ question: name, span: 'now' })[0]?.answer != null,
  );
  const shows = (question: string) => known.has(question) && isAsked(question, view);
  return (
    <>
      <a class="skip" href="#content" onClick={skip}>
        Skip to content
      </a>
      <Header />
      <main id="content" tabIndex={-1}>
        {unknown.length > 0 ? (
          <UnknownAddress />
        ) : (
          <>
            <Summary />
            <Toolbar />
            <Notices />
            <div class={connection === 'lost' ? 'panels stale' : 'panels'}>
              <Empty />
              {known.has('totals') && <Tiles />}
              {isAsked(PER_QUARTER, view) && <ChartPanel />}
              {!isEmpty(model) && (
                <>
                  {shows('top_pages_by_source') && <PagesPanel />}
                  {shows('referrers') && (
                    <TablePanel question="referrers" title="Referrers" note="Sites and apps that views came from" />
                  )}
                  {shows('campaigns') && <TablePanel question="campaigns" title="Campaigns" note="By UTM tags" />}
                  {further.map(({ name, question }) => (
                    <TablePanel key={name} question={name} title={question} />
                  ))}
                </>
              )}
            </div>
          </>
        )}
      </main>
      <Footer />
    </>
  );
}

function TablePanel({ question, title, note }: { question: string; title: string; note?: string }) {
  const need: Need = { question, span: 'now' };
  return (
    <Panel need={need} title={title} note={note}>
      {(answer) => <AnswerTable answer={answer} name={title} />}
    </Panel>
  );
}

/** Not by the address: its fragment may hold a share link's token. */
function skip(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById('content')!.focus();
}

function Footer() {
  const { about, view } = useModel();
  return (
    <footer class="bottom">
      <p>
        beacon {about.version} ·{' '}
        {about.privacy === 'anonymous'
          ? 'anonymous: no IP addresses are stored'
          : 'full: everything a request carried is stored'}{' '}
        · days and hours in {view.zone.replaceAll('_', ' ')}
      </p>
    </footer>
  );
}
