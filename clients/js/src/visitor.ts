import type { Settings } from './settings.js';

/** Whether what this browser does here is counted at all. */
export function isCounted(settings: Settings): boolean {
  const asks = navigator as { globalPrivacyControl?: boolean; doNotTrack?: string | null };
  return !(
    (settings.honourGpc && (asks.globalPrivacyControl || asks.doNotTrack === '1')) ||
    (!settings.local && /^$|^localhost$|^127\.|^\[::1]$|\.local(host)?$/.test(location.hostname)) ||
    isOwn()
  );
}

/** A site's own people open `#beacon-ignore` once in each browser, and `#beacon-count` to be counted again. */
function isOwn(): boolean {
  const wish = /[?&#]beacon[-=](ignore|count)\b/.exec(location.href);
  let own = wish && wish[1] === 'ignore' ? '1' : '';
  try {
    if (wish) localStorage.beaconIgnore = own;
    own = localStorage.beaconIgnore;
  } catch {
    // A browser that stores nothing is told for one page.
  }
  return !!own;
}
