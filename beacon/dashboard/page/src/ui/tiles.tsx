// The tiles: what was counted in all and by source, each beside the period before.

import { joined } from '../answers';
import type { Answer } from '../api';
import { referrerName } from '../apps';
import { eventOf } from '../filters';
import { heading } from '../format';
import type { Need } from '../needs';
import { reader, sourceTotals } from '../pivot';
import { UNTOLD, useModel } from './model';
import { Panel } from './panel';

const TOTALS: Need = { question: 'totals', span: 'now' };
const TOTALS_BEFORE: Need = { question: 'totals', span: 'before' };

/** Tiles of the sources that brought most. */
const MOST_SOURCES = 4;

export function Tiles() {
  const { answers, format, now, before, now_ms, made_at_ms, view } = useModel();
  const event = eventOf(view);
  const earlier = joined(answers.slots(TOTALS_BEFORE));
  const is_partial = now_ms < now.to_ms;
  // The whole of it: how much of it counts is said after it.
  const whole = { from_ms: before.from_ms, to_ms: now.from_ms };
  const against = `${format.span(whole)}${is_partial ? ', up to the same time of day' : ''}`;
  // A report may have come without.
  const is_compared = made_at_ms === null || earlier !== null;
  return (
    <Panel
      need={TOTALS}
      title="Totals"
      class="wide totals"
      note={is_compared ? `Compared with ${against}` : undefined}
      skeleton="rows"
    >
      {(answer) => (
        <dl class="tiles">
          {event === null ? (
            <>
              <Tile name="Views" value={total(answer, 'views')} before={earlier && total(earlier, 'views')} main>
                {asides(answer)
                  .map(([name, value]) => `${format.number(value)} ${value === 1 ? name : `${name}s`}`)
                  .join(' · ')}
              </Tile>
              <Tile name="Pages" value={total(answer, 'pages')} before={earlier && total(earlier, 'pages')} />
            </>
          ) : (
            <Tile
              name={event}
              kind="Event"
              value={total(answer, 'hits')}
              before={earlier && total(earlier, 'hits')}
              main
            />
          )}
          {visitorColumns(answer).map((name) => (
            <Tile
              key={name}
              name={visitorName(name)}
              value={total(answer, name)}
              before={earlier && total(earlier, name)}
            />
          ))}
          {event === null && <SourceTiles />}
        </dl>
      )}
    </Panel>
  );
}

function SourceTiles() {
  const { about, answers, format } = useModel();
  const is_asked = about.questions.some(({ name }) => name === 'sources');
  const question = is_asked ? 'sources' : 'top_pages_by_source';
  const answer = joined(answers.slots({ question, span: 'now' }));
  if (answer === null) return null;
  const earlier = joined(answers.slots({ question, span: 'before' }));
  const before = new Map(earlier && sourceTotals(earlier).map(({ source, views }) => [source, views]));
  const totals = sourceTotals(answer);
  const all = totals.reduce((sum, { views }) => sum + views, 0);
  return (
    <>
      {totals.slice(0, MOST_SOURCES).map(({ source, views }) => (
        <Tile
          key={source}
          name={source === null ? UNTOLD : referrerName(source)}
          kind="Source"
          value={views}
          before={earlier && (before.get(source) ?? 0)}
        >
          {is_asked
            ? `${format.percent(views / all)} of views`
            : `${format.percent(views / all)} of the top pages’ views`}
        </Tile>
      ))}
    </>
  );
}

interface TileProps {
  name: string;
  kind?: string;
  value: number;
  /** Null while it isn't known. */
  before: number | null;
  main?: boolean;
  children?: preact.ComponentChildren;
}

function Tile({ name, kind, value, before, main, children }: TileProps) {
  const { format } = useModel();
  return (
    <div class={`tile ${main ? 'tile-main' : ''}`}>
      <dt title={name}>
        {kind && <span class="visually-hidden">{kind}: </span>}
        {name}
      </dt>
      <dd>
        <span class="tile-value" title={format.number(value)}>
          {format.short(value)}
        </span>
        {before !== null && <Change value={value} before={before} />}
        {children && <span class="tile-aside">{children}</span>}
      </dd>
    </div>
  );
}

function Change({ value, before }: { value: number; before: number }) {
  const { format } = useModel();
  const change = format.change(value, before);
  if (change === null) {
    return value === 0 ? null : <span class="change">new</span>;
  }
  const direction = value > before ? 'up' : value < before ? 'down' : 'same';
  const [sign, words] = (
    { up: ['↑', 'more than'], down: ['↓', 'less than'], same: ['=', 'more or less than'] } as const
  )[direction];
  return (
    <span class={`change ${direction}`} title={`${format.number(before)} in the period before`}>
      <span aria-hidden="true">{sign} </span>
      {change}
      <span class="visually-hidden"> {words} {format.number(before)} in the period before</span>
    </span>
  );
}

/** Opens and clicks are worth a word only where there are any. */
function asides(answer: Answer): [string, number][] {
  const counted: [string, number][] = [
    ['open', total(answer, 'opens')],
    ['click', total(answer, 'clicks')],
  ];
  return counted.filter(([, value]) => value > 0);
}

function visitorColumns(answer: Answer): string[] {
  return (answer.columns ?? []).map(({ name }) => name).filter((name) => name.startsWith('visitor'));
}

function visitorName(column: string): string {
  return column.startsWith('visitor_day') ? 'Visitor-days' : heading(column);
}

export function total(answer: Answer, column: string): number {
  const row = answer.rows?.[0];
  return row === undefined ? 0 : Number(reader(answer)(row, column) ?? 0);
}
