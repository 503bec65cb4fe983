// The memory of this browser. Storage may be disabled or full: then a choice lasts until the page is closed.

/** Returns the remembered text, or null. */
export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(`beacon-${name}`);
  } catch {
    return null;
  }
}

/** Remembers a text for the next visit. */
export function remember(name: string, text: string): void {
  try {
    localStorage.setItem(`beacon-${name}`, text);
  } catch {
    // See above.
  }
}
