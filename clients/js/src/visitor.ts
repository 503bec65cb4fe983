import type { Settings } from './settings.js';

/** Returns why nothing that this browser does here is counted, with the way out; undefined where it is. */
export function whyNot(settings: Settings): string | undefined {
  const asks = navigator as { globalPrivacyControl?: boolean; doNotTrack?: string | null };
  const { hostname, protocol } = location;
  if (settings.honourGpc && (asks.globalPrivacyControl || asks.doNotTrack === '1')) {
    return 'this browser asks for it (Global Privacy Control or Do Not Track)';
  }
  if (!settings.local && /^$|^localhost$|^127\.|^\[::1]$|^0\.0\.0\.0$|\.local(host)?$/.test(hostname)) {
    return `${hostname || protocol} is this machine; data-local (in an app, local: true) counts it`;
  }
  return isOwn() ? 'this browser was opened with #beacon-ignore; #beacon-count counts it again' : undefined;
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
