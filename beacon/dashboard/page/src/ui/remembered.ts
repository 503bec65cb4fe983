// A choice that this browser remembers.

import { useState } from 'preact/hooks';
import { remember, remembered } from '../stored';

/** Returns the choice of this name, null if none was made, and a function that changes it. */
export function useRemembered(name: string): [string | null, (text: string) => void] {
  const [text, setText] = useState(() => remembered(name));
  function choose(chosen: string): void {
    setText(chosen);
    remember(name, chosen);
  }
  return [text, choose];
}
