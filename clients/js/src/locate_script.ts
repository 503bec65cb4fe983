import { joinPath, isEndpoint } from './endpoint.js';

/** The URL of the script and the attributes of its element. */
export interface ScriptLocation {
  /** The script's URL; the beacon's other paths are relative to it. */
  base: string;
  attributes: DOMStringMap;
}

/** An element with any of these attributes belongs to this script. */
const ATTRIBUTES = ['site', 'endpoint', 'spa', 'track', 'pixel', 'local', 'honourGpc'];

/** The script's default path; an alias is recognized by its attributes. */
const FILE = /\/beacon\.js([?#]|$)/;

/**
 * Returns the URL that this script was loaded from, and thereby that of its beacon. A page may also run it as a module,
 * inline, or as part of a bundle. If the URL isn't certain, returns undefined, so that nothing is sent to another host;
 * `data-endpoint` then names it.
 */
export function locateScript(): ScriptLocation | undefined {
  const scripts = Array.from(document.scripts);
  const current = currentScript();
  const file = scriptUrlFromStack();
  let element = current && current.src ? current : scripts.find((script) => file && script.src === file);
  let base = element ? element.src : file;
  if (!/^http/.test(base) || !(base === file || FILE.test(base) || (element && hasOurAttributes(element)))) {
    const originals = scripts.filter((script) => FILE.test(script.src) && hasOurAttributes(script));
    element = originals[0];
    base = element && originals.every((script) => script.src === element!.src) ? element.src : '';
  }
  const elements = [element, current, document.querySelector<HTMLScriptElement>('script[data-endpoint]')];
  const attributes: DOMStringMap = Object.assign({}, ...elements.reverse().map((found) => found && found.dataset));
  const { endpoint } = attributes;
  if (endpoint) base = isEndpoint(endpoint) ? joinPath(endpoint, '') : '';
  return base ? { base: new URL(base, location.href).href, attributes } : undefined;
}

/** Guards against an element named `currentScript`, which shadows the property. */
function currentScript(): HTMLScriptElement | undefined {
  const current = document.currentScript;
  return current && current.tagName === 'SCRIPT' ? (current as HTMLScriptElement) : undefined;
}

function hasOurAttributes(script: HTMLScriptElement): boolean {
  return ATTRIBUTES.some((name) => name in script.dataset);
}

/**
 * Returns the URL of the running file, if it is the one that a beacon serves: there this code is on the second line. In
 * an app's bundle it is on another one, and an inline script has no file.
 */
function scriptUrlFromStack(): string {
  const frame = /^(?:Error.*\n)?(?: *at (?:\S+ \()?|[^\n@]*@)(https?:\/\/[^\s()]+):2:\d+\)?(?:\n|$)/.exec(Error().stack!);
  return frame ? frame[1]! : '';
}
