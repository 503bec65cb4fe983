// A tile's number, and its change against the compared period.

import { pointsBetween } from '../format';
import { useDashboard } from './context';

/** Lower and upper bound; equal for a plain number. */
type Range = [number, number];

/** A number or a range; seven digits are shortened for the eye, and whole for screen readers. */
export function TileValue({ range }: { range: Range | null }) {
  const { format } = useDashboard();
  if (range === null) return <span class="tile-value" />;
  const [value, most] = range;
  const whole = format.range(value, most);
  const short = most > value ? whole : format.short(value);
  if (short === whole) return <span class="tile-value">{whole}</span>;
  return (
    <>
      <span class="visually-hidden">{whole}</span>
      <span class="tile-value" aria-hidden="true" title={whole}>
        {short}
      </span>
    </>
  );
}

interface ChangeProps {
  now: number;
  before: number;
  /** Formats the compared number. */
  words?: (value: number) => string;
}

/** The relative change: an arrow for the eye, a sign for screen readers. */
export function Change({ now, before, words }: ChangeProps) {
  const { format } = useDashboard();
  if (now === 0 && before === 0) return null;
  if (before === 0) return <span class="change"> new</span>;
  return <Signed size={format.change(now, before)!} now={now} before={before} compared={(words ?? format.number)(before)} />;
}

/** The change of a rate in points. */
export function PointChange({ now, before }: { now: number; before: number }) {
  const { format } = useDashboard();
  const points = pointsBetween(now, before);
  if (now === 0 && before === 0) return null;
  const rounded = points === 0 ? { now: 0, before: 0 } : { now, before };
  return <Signed size={`${format.number(points)} ${points === 1 ? 'pt' : 'pts'}`} {...rounded} compared={format.share(before)} />;
}

interface SignedProps {
  /** The change without a sign. */
  size: string;
  now: number;
  before: number;
  compared: string;
}

function Signed({ size, now, before, compared }: SignedProps) {
  const { view } = useDashboard();
  const [arrow, sign] = now > before ? ['↑', '+'] : now < before ? ['↓', '−'] : ['=', ''];
  const when = view.compare === 'year' ? 'a year before' : 'in the period before';
  return (
    <span class="change" title={`${compared} ${when}`}>
      <span aria-hidden="true">
        {arrow} {size}
      </span>
      <span class="visually-hidden">
        {' '}
        {sign}
        {size}, {compared} {when}
      </span>
    </span>
  );
}
