// A button that copies a string to the clipboard and confirms it.

import { useState } from 'preact/hooks';

export function CopyButton({ text, name }: { text: string; name: string }) {
  const [feedback, setFeedback] = useState<string | null>(null);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setFeedback('Copied');
    } catch {
      // Without TLS there is no clipboard API, but the text can be selected.
      setFeedback('Select and copy it');
    }
    setTimeout(() => setFeedback(null), 3_000);
  }
  return (
    <button type="button" class="button" aria-label={feedback ?? `Copy ${name}`} onClick={copy}>
      <span aria-live="polite">{feedback ?? 'Copy'}</span>
    </button>
  );
}
