// A snippet to copy.

import { CopyButton } from './copy_button';

export function SnippetText({ name, code }: { name: string; code: string }) {
  return (
    <div class="snippet">
      <pre tabIndex={0} role="region" aria-label={name}>
        <code>{code}</code>
      </pre>
      <CopyButton text={code} name={name.charAt(0).toLowerCase() + name.slice(1)} />
    </div>
  );
}
