import { findAddress } from './address.js';
import { say } from './say.js';
import { start, type Track } from './tracker.js';

/** The page's function: this script's, or the one that keeps calls in `q` until this script has come. */
type Global = Track & { q?: Parameters<Track>[]; on?: string };

const name = 'beacon';

try {
  run();
} catch (error) {
  // A page must not break because it is counted.
  say(`nothing is counted: ${error}`, 'warn');
}

function run(): void {
  const page = window as { beacon?: Global };
  const address = findAddress();
  if (!address) {
    say('nothing is counted: the script cannot tell where its beacon is; write data-endpoint="https://b.example" into its element', 'warn');
    return;
  }
  const { base, attributes } = address;
  const at = (path: string): string => new URL(path, base).href;
  const on = `${at('.')} ${attributes.site}`;
  const read = (): Global | undefined => {
    try {
      return page.beacon;
    } catch {
      // The page's own, which throws.
      return undefined;
    }
  };
  const before = read();
  // A page that holds the script twice is counted once.
  if (before && before.on) {
    if (before.on !== on) say(`counted once, for ${before.on}: the page has the script again, for ${on}`, 'warn');
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
    // It can't be written.
  }
  if (read() !== own) say('events are not counted: window.beacon is another function of the page', 'warn');
  for (const call of (before && before.q) || []) own(...call);
}

/** Whether the name is nobody's: not set, an element's `id`, or the function that waits for this script. */
function isFree(before: unknown): boolean {
  if (!Object.prototype.hasOwnProperty.call(window, name)) return true;
  return typeof before === 'function' ? 'q' in before || /\.q\b/.test(`${before}`) : Object(before) !== before;
}
