// The width that an element has.

import { useEffect, useState } from 'preact/hooks';

/** Returns the width of an element in whole pixels, 0 until it is known. */
export function useWidth(box: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const measure = () => setWidth(Math.floor(box.current?.clientWidth ?? 0));
    const observer = new ResizeObserver(measure);
    observer.observe(box.current!);
    measure();
    return () => observer.disconnect();
  }, []);
  return width;
}
