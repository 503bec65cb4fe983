// A control under its label.

import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface Props {
  label: ComponentChildren;
  /** The control; it takes the id that the label is for. */
  children: (id: string) => ComponentChildren;
}

export function Field({ label, children }: Props) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children(id)}
    </div>
  );
}
