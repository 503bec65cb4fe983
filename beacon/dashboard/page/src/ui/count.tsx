// A count: short where it has seven digits or more, and always whole for screen readers.

import { useDashboard } from './context';

export function Count({ value }: { value: number }) {
  const { format } = useDashboard();
  const [whole, short] = [format.number(value), format.short(value)];
  if (short === whole) return <>{whole}</>;
  return (
    <span title={whole}>
      <span aria-hidden="true">{short}</span>
      <span class="visually-hidden">{whole}</span>
    </span>
  );
}
