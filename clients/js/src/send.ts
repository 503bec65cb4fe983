import type { Fields, Settings } from './settings.js';

/** Longer than a browser takes to say what a policy refused. */
const REFUSAL_MS = 1000;

/** Usual servers and proxies take a URL of 8 KiB. */
const LONGEST_URL = 8000;

/** Sends a hit by the first way that is open. */
export function send(hit: Fields, settings: Settings): void {
  // A string goes as text/plain, which needs no preflight.
  const body = JSON.stringify(hit);
  let hasImage = false;
  const image = (): void => {
    if (hasImage) return;
    hasImage = true;
    let url = `${settings.pixel}?`;
    for (const name of Object.keys(hit)) {
      const value = hit[name];
      const query = new URLSearchParams();
      query.set(name, typeof value === 'object' ? JSON.stringify(value) : `${value}`);
      const longer = `${url}${query}&`;
      if (longer.length < LONGEST_URL) url = longer;
    }
    // The `id` in it is what keeps a browser from taking an image that it has.
    new Image().src = url.slice(0, -1);
  };
  // Chromium's sendBeacon says yes to what the page's policy then refuses. What a policy only reports has gone.
  const violation = 'securitypolicyviolation';
  const onRefusal = (refused: SecurityPolicyViolationEvent): void => {
    if (refused.blockedURI === settings.track && refused.disposition !== 'report') image();
  };
  const settled = (): void => document.removeEventListener(violation, onRefusal);
  document.addEventListener(violation, onRefusal);
  try {
    if (navigator.sendBeacon(settings.track, body)) {
      setTimeout(settled, REFUSAL_MS);
      return;
    }
  } catch {
    // Absent, or refused by a policy of the page.
  }
  // A fetch tells itself what became of it.
  settled();
  try {
    fetch(settings.track, { method: 'POST', body, keepalive: true }).then((answer) => {
      if (!answer.ok) image();
    }, image);
  } catch {
    image();
  }
}
