import { locateScript } from './locate_script.js';
import { logOnce } from './log_once.js';
import { start, type Track } from './tracker.js';

/** `window.beacon`: this script's function, or the stub that queues calls in `q` until this script has loaded. */
type Global = Track & { q?: Parameters<Track>[]; on?: string };

const name = 'beacon';

try {
  getTracker();
} catch (error) {
  // Tracking must never break the page.
  logOnce(`nothing is counted: ${error}`, 'warn');
}

function getTracker(): void {
  const page = window as { beacon?: Global };
  const address = locateScript();
  if (!address) {
    logOnce('nothing is counted: the script cannot determine the URL of its beacon; add data-endpoint="https://b.example" to its element', 'warn');
    return;
  }
  const { base, attributes } = address;
  const at = (path: string): string => new URL(path, base).href;
  const on = `${at('.')} ${attributes.site}`;
  const read = (): Global | undefined => {
    try {
      return page.beacon;
    } catch {
      // The page has defined its own, with a getter that throws.
      return undefined;
    }
  };
  const before = read();
  // A page that includes the script twice is counted once.
  if (before && before.on) {
    if (before.on !== on) logOnce(`the page includes the script twice: counting for ${before.on}, not for ${on}`, 'warn');
    return;
  }
  const { track } = start({
    track: at(attributes.track || 'track'),
    pixel: at(attributes.pixel || 'pixel.gif'),
    site: attributes.site,
    spa: attributes.spa,
    honourGpc: 'honourGpc' in attributes,
    local: 'local' in attributes,
  });
  const own: Global = (event, properties) => track(event, properties);
  own.on = on;
  try {
    if (isFree(before)) page.beacon = own;
  } catch {
    // The property is read-only.
  }
  if (read() !== own) logOnce('events are not counted: the page has its own window.beacon', 'warn');
  for (const call of (before && before.q) || []) own(...call);
}

/** Returns true if `window.beacon` is unset, an element with that id, or the stub that waits for this script. */
function isFree(before: unknown): boolean {
  if (!Object.prototype.hasOwnProperty.call(window, name)) return true;
  return typeof before === 'function' ? 'q' in before || /\.q\b/.test(`${before}`) : Object(before) !== before;
}
