import type { Properties, Settings } from './settings.js';

/** Sends a hit by the first way that is open. */
export function send(hit: Properties, settings: Settings): void {
  // A string goes as text/plain, which needs no preflight.
  const body = JSON.stringify(hit);
  let hasImage = false;
  const image = (): void => {
    if (hasImage) return;
    hasImage = true;
    const query = new URLSearchParams();
    for (const name in hit) {
      const value = hit[name];
      if (value != null) query.set(name, typeof value === 'object' ? JSON.stringify(value) : `${value}`);
    }
    // The `id` in it is what keeps a browser from taking an image that it has.
    new Image().src = `${settings.pixel}?${query}`;
  };
  // Chromium's sendBeacon says yes to what the page's policy then refuses.
  document.addEventListener('securitypolicyviolation', (refused) => {
    if (refused.blockedURI === settings.track) image();
  });
  try {
    if (navigator.sendBeacon(settings.track, body)) return;
  } catch {
    // Absent, or refused by a policy of the page.
  }
  try {
    fetch(settings.track, { method: 'POST', body, keepalive: true }).then((answer) => {
      if (!answer.ok) image();
    }, image);
  } catch {
    image();
  }
}
