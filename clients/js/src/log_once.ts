const logged: { [text: string]: 1 } = {};

/** Logs a message to the console, once per page. */
export function logOnce(text: string, level: 'info' | 'warn' = 'info'): void {
  if (logged[text]) return;
  logged[text] = 1;
  try {
    console[level](`beacon: ${text}`);
  } catch {
    // The page may have removed the console.
  }
}
