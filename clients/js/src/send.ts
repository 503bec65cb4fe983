import type { Fields, Settings } from './settings.js';

/** Browsers report a policy violation faster than this. */
const REFUSAL_MS = 1000;

/** Common servers and proxies accept URLs of up to 8 KiB. */
const MAX_URL_LENGTH = 8000;

/** Sends a hit with `sendBeacon`, falling back to `fetch` and to an image. */
export function send(hit: Fields, settings: Settings): void {
  // A string is sent as text/plain, which needs no preflight.
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
      if (longer.length < MAX_URL_LENGTH) url = longer;
    }
    // The `id` in the URL prevents the browser from reusing a cached image.
    new Image().src = url.slice(0, -1);
  };
  // In Chromium, sendBeacon returns true even if the page's policy then blocks the request. Report-only policies don't.
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
    // Missing, or blocked by a policy of the page.
  }
  // A fetch reports its outcome itself.
  settled();
  try {
    fetch(settings.track, { method: 'POST', body, keepalive: true }).then((response) => {
      if (!response.ok) image();
    }, image);
  } catch {
    image();
  }
}
