// Whether the window is as narrow as a phone's.

import { useEffect, useState } from 'preact/hooks';

/** Below this width, tabs are a menu. */
const NARROW = '(max-width: 639px)';

export function useNarrow(): boolean {
  const [is_narrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const follow = () => setNarrow(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  return is_narrow;
}
