// Sentences out of messages.

/** Turns a message of the API or the engine, which is lowercase without a full stop, into a sentence. */
export function sentence(text: string): string {
  const capitalized = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capitalized) ? capitalized : `${capitalized}.`;
}
