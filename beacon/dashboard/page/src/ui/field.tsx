// A form control with its label.

import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface Props {
  label: ComponentChildren;
  /** Renders the control, which takes the id that the label refers to. */
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
