// The chart's numbers as a table.

import type { BarCounts } from '../chart_series';
import type { Interval, Span } from '../period';
import { useDashboard } from './context';

interface Props {
  /** The name of the chart, which is also that of the table. */
  name: string;
  /** The name of the metric. */
  head: string;
  bins: Span[];
  counts: BarCounts[];
  interval: Interval;
}

const HEADS: Record<Interval, string> = { quarter: 'Quarter of an hour', hour: 'Hour', day: 'Day', week: 'Week', month: 'Month' };

export function ChartTable({ name, head, bins, counts, interval }: Props) {
  const { format } = useDashboard();
  const is_compared = counts.some(({ before }) => before !== null);
  return (
    <div class="table-scroll tall as-table" tabIndex={0}>
      <table aria-label={name}>
        <thead>
          <tr>
            <th scope="col">{HEADS[interval]}</th>
            <th scope="col" class="number">
              {head}
            </th>
            {is_compared && (
              <th scope="col" class="number">
                Before
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {bins.map((bin, index) => {
            const { value, most, before } = counts[index]!;
            return (
              <tr key={bin.from_ms}>
                <th scope="row">{format.bin(bin, interval)}</th>
                <td class="number">{format.range(value, most)}</td>
                {is_compared && <td class="number">{before !== null && format.number(before)}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
