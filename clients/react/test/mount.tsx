// Mounts components with the React that the suite runs on, in StrictMode as apps do while they are written.

import { act, StrictMode, version, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach } from 'vitest';

export { version };

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

export interface Mounted {
  container: HTMLElement;
  update: (node: ReactNode) => void;
  unmount: () => void;
}

const mounted = new Set<Mounted>();

afterEach(() => mounted.forEach(({ unmount }) => unmount()));

export function mount(node: ReactNode): Mounted {
  const container = document.createElement('div');
  const root = createRoot(container);
  const update = (next: ReactNode) => act(() => root.render(<StrictMode>{next}</StrictMode>));
  update(node);
  const tree: Mounted = {
    container,
    update,
    unmount: () => {
      mounted.delete(tree);
      act(() => root.unmount());
    },
  };
  mounted.add(tree);
  return tree;
}
