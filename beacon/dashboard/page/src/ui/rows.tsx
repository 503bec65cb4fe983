// The rows of a table: a few at first, with buttons for more.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useDashboard } from './context';

/** Rows shown at first and after the first "Show more"; from then on it adds a thousand at a time. */
const FIRST_LIMITS = [10, 100];
const STEP = 1_000;
/** Rows that a report shows at first. */
const REPORT_LIMIT = 25;

interface RowsProps<Row> {
  rows: Row[];
  /** The total, if `rows` holds only the first rows. */
  of?: number;
  name: string;
  head: ComponentChildren;
  row: (row: Row, index: number) => ComponentChildren;
}

/** Renders a limited number of rows, with buttons for more. */
export function Rows<Row>({ rows, of = rows.length, name, head, row }: RowsProps<Row>) {
  const { format, made_at_ms } = useDashboard();
  const first = made_at_ms === null ? FIRST_LIMITS[0]! : REPORT_LIMIT;
  const [limit, setLimit] = useState(first);
  if (rows.length === 0) return <p class="nothing">No data for this period.</p>;
  const shown = Math.min(limit, rows.length);
  const rest = rows.length - shown;
  const next = Math.min(rows.length, FIRST_LIMITS.find((step) => step > limit) ?? limit + STEP);
  const next_thousand = Math.min(rows.length, limit < STEP ? STEP : limit + STEP);
  return (
    <>
      <div class="table-scroll" tabIndex={0} role="region" aria-label={`${name}, table`}>
        <table>
          <thead>{head}</thead>
          <tbody>{rows.slice(0, limit).map(row)}</tbody>
        </table>
      </div>
      {(rest > 0 || of > shown || shown > first) && (
        <div class="more">
          {rest > 0 && next < next_thousand && (
            <button type="button" class="button" onClick={() => setLimit(next)}>
              Show {format.number(next - shown)} more
            </button>
          )}
          {rest > 0 && (
            <button type="button" class="button" onClick={() => setLimit(next_thousand)}>
              {next_thousand === of ? 'Show all' : `Show ${format.number(next_thousand - shown)} more`}
            </button>
          )}
          {shown > first && (
            <button type="button" class="quiet" onClick={() => setLimit(first)}>
              Show fewer
            </button>
          )}
          <span class="note">
            {shown < of ? `first ${format.number(shown)} of ${format.number(of)}` : `all ${format.number(of)}`}
            {shown === rows.length && shown < of && '; the CSV has all'}
          </span>
        </div>
      )}
    </>
  );
}
