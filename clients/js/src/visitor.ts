import type { Fields, Settings } from './settings.js';

/** Returns the reason why this browser isn't counted here, and how to change that; undefined if it is counted. */
export function ignoreReason(settings: Settings): string | undefined {
  const privacy = navigator as { globalPrivacyControl?: boolean; doNotTrack?: string | null };
  const { hostname, protocol } = location;
  if (settings.honourGpc && (privacy.globalPrivacyControl || privacy.doNotTrack === '1')) {
    return 'this browser sends Global Privacy Control or Do Not Track';
  }
  if (!settings.local && /^$|^localhost$|^127\.|^\[::1]$|^0\.0\.0\.0$|\.local(host)?$/.test(hostname)) {
    return `${hostname || protocol} is this machine; set data-local (in an app, local: true) to count it`;
  }
  return isIgnored() ? 'this browser has opened #beacon-ignore; open #beacon-count to count it again' : undefined;
}

/** Returns what tells an iPad from a Mac, by its touch screen, and a program that drives the browser from a person. */
export function visitorSigns(): Fields {
  const { maxTouchPoints, webdriver } = navigator;
  return { touch: maxTouchPoints > 1 ? 1 : undefined, webdriver: webdriver ? 1 : undefined };
}

/** The site's owners open `#beacon-ignore` once in each browser, and `#beacon-count` to be counted again. */
function isIgnored(): boolean {
  const command = /[?&#]beacon[-=](ignore|count)\b/.exec(location.href);
  let ignored = command && command[1] === 'ignore' ? '1' : '';
  try {
    if (command) localStorage.beaconIgnore = ignored;
    ignored = localStorage.beaconIgnore;
  } catch {
    // Without storage it holds for this page only.
  }
  return !!ignored;
}
