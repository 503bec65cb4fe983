const said: { [text: string]: 1 } = {};

/** Says once, in the console, why something is not counted. */
export function say(text: string, level: 'info' | 'warn' = 'info'): void {
  if (said[text]) return;
  said[text] = 1;
  try {
    console[level](`beacon: ${text}`);
  } catch {
    // A page may have taken the console away.
  }
}
