// A button that copies a text and says so.

import { useState } from 'preact/hooks';

export function CopyButton({ text, what }: { text: string; what: string }) {
  const [said, setSaid] = useState<string | null>(null);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      // Without TLS browsers have no clipboard: the text can be selected.
      setSaid('Select it and copy');
    }
    setTimeout(() => setSaid(null), 3_000);
  }
  return (
    <button type="button" class="button" aria-label={said ?? `Copy ${what}`} onClick={copy}>
      <span aria-live="polite">{said ?? 'Copy'}</span>
    </button>
  );
}
