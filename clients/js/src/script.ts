import { start, type Track } from './tracker.js';

/** The page's function: this script's, or the one that keeps calls in `q` until this script has come. */
type Global = Track & { q?: Iterable<unknown>[]; on?: boolean };

const page = window as { beacon?: Global };
const waiting = page.beacon;

try {
  // A page that holds the script twice is counted once.
  if (!waiting || !waiting.on) {
    const script = (document.currentScript ||
      document.querySelector('script[src*="beacon.js"]')) as HTMLScriptElement;
    const { dataset } = script;
    const at = (path: string): string => new URL(path, script.src).href;
    const track: Global = start({
      track: at(dataset.track || 'track'),
      pixel: at(dataset.pixel || 'pixel.gif'),
      site: dataset.site,
      spa: dataset.spa,
      honourGpc: 'honourGpc' in dataset,
      local: 'local' in dataset,
    }).track;
    track.on = true;
    page.beacon = track;
    for (const call of (waiting && waiting.q) || []) track(...(call as Parameters<Track>));
  }
} catch {
  // A page must not break because it is counted.
}
