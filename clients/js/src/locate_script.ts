import { below, isEndpoint } from './endpoint.js';

/** Where the beacon is, and what the script's element says. */
export interface Address {
  /** The URL beside which the beacon's other paths are. */
  base: string;
  attributes: DOMStringMap;
}

/** Any of these makes an element this script's. */
const ATTRIBUTES = ['site', 'endpoint', 'spa', 'track', 'pixel', 'local', 'honourGpc'];

/** The name that the script has at every beacon; an alias is known by its attributes. */
const FILE = /\/beacon\.js([?#]|$)/;

/**
 * Returns where this script came from, and so where its beacon is. A page may run it as a module, from a text, or out
 * of a file that holds other scripts too; where the address isn't certain there is none, so that nothing goes to
 * another host, and `data-endpoint` says it.
 */
export function findAddress(): Address | undefined {
  const scripts = Array.from(document.scripts);
  const current = currentScript();
  const file = servedFrom();
  let element = current && current.src ? current : scripts.find((script) => file && script.src === file);
  let base = element ? element.src : file;
  if (!/^http/.test(base) || !(base === file || FILE.test(base) || (element && isNamed(element)))) {
    const originals = scripts.filter((script) => FILE.test(script.src) && isNamed(script));
    element = originals[0];
    base = element && originals.every((script) => script.src === element!.src) ? element.src : '';
  }
  const elements = [element, current, document.querySelector<HTMLScriptElement>('script[data-endpoint]')];
  const attributes: DOMStringMap = Object.assign({}, ...elements.reverse().map((found) => found && found.dataset));
  const { endpoint } = attributes;
  if (endpoint) base = isEndpoint(endpoint) ? below(endpoint, '') : '';
  return base ? { base: new URL(base, location.href).href, attributes } : undefined;
}

/** An element that a page calls `currentScript` stands in its place. */
function currentScript(): HTMLScriptElement | undefined {
  const current = document.currentScript;
  return current && current.tagName === 'SCRIPT' ? (current as HTMLScriptElement) : undefined;
}

function isNamed(script: HTMLScriptElement): boolean {
  return ATTRIBUTES.some((name) => name in script.dataset);
}

/**
 * Returns the URL of the file that runs, if it is the one that a beacon serves: this code is on its second line. In an
 * app's bundle it is elsewhere, and a text that is run has no file.
 */
function servedFrom(): string {
  const frame = /^(?:Error.*\n)?(?: *at (?:\S+ \()?|[^\n@]*@)(https?:\/\/[^\s()]+):2:\d+\)?(?:\n|$)/.exec(Error().stack!);
  return frame ? frame[1]! : '';
}
