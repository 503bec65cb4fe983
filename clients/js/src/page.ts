import type { Fields } from './settings.js';

/**
 * Returns the page's canonical URL, if it is on the page's own host. One on another host belongs to the original of a
 * copied page, or to another deployment.
 */
export function canonicalUrl(): string | null {
  const link = document.querySelector<HTMLLinkElement>('link[rel=canonical]');
  try {
    const url = new URL(link!.href);
    return /^http/.test(url.protocol) && comparableHost(url.hostname) === comparableHost(location.hostname) ? withoutFragment(url.href) : null;
  } catch {
    // No canonical link, or an invalid URL.
    return null;
  }
}

function comparableHost(host: string): string {
  return host.replace(/^www\.|\.$/g, '');
}

/** Removes the fragment: identity providers return tokens in it. */
export function withoutFragment(url: string): string {
  return url.replace(/#.*/, '');
}

/**
 * Returns the route in the fragment: `talks/7` for `#/talks/7?sort=up` and `#!/talks/7`, empty for `#/access_token=…`.
 * If the fragment is an anchor or a token instead of a route, returns the previous route.
 */
export function hashRoute(previous: string): string {
  const route = /^(?:#!?)?(?:\/(.*))?$/.exec(location.hash);
  // A route ends at its query, and at any `name=value` that a provider appended.
  return route ? (route[1] || '').replace(/([?#]|%3f|%23).*/i, '').replace(/[&;]?[^/&;]*(=|%3d).*/i, '') : previous;
}

/** Names of click ids: an advertiser's network adds one to a link, with a value of its own for each click. */
const CLICK_IDS = 'gclid|gbraid|wbraid|dclid|msclkid|fbclid|igshid|ttclid|twclid|li_fat_id|yclid|epik|rdt_cid|sccid';

/** An undecoded `&amp;` in an email's link yields `amp;utm_medium`. */
const CAMPAIGN_PARAMETER = new RegExp(`^(?:amp;)*(?:(utm_\\w+)|(ref|source)|(${CLICK_IDS}))$`, 'i');

/** A click id in a decoded part of a URL, which may be a URL itself. */
const CLICK_ID = new RegExp(`(^|[?&#;])(${CLICK_IDS})=`, 'i');

/**
 * Returns the UTM parameters of the URL, also those in its fragment; the canonical URL has none. Without `utm_source`,
 * `ref` or else `source` names the source. Of click ids, only the name of the last is returned, as `click_id`.
 */
export function campaignParameters(): Fields {
  const found: Fields = {};
  const sources: Fields = {};
  new URLSearchParams(`${location.search}&${location.hash.replace(/[#?]/g, '&')}`).forEach((value, name) => {
    const [, tag, source, clickId] = CAMPAIGN_PARAMETER.exec(name) || [];
    const fields = source ? sources : found;
    const key = (tag || source || '').toLowerCase();
    if (key) fields[key] = fields[key] || value;
    else if (clickId && value) found.click_id = clickId.toLowerCase();
  });
  found.utm_source = found.utm_source || sources.ref || sources.source;
  return found;
}

/**
 * Removes the values of click ids, which tell one visitor from all others, from a text with URLs, and leaves their names.
 * Where one is in a URL that is the value of a parameter, that value goes.
 */
export function withoutClickIds(text: string): string {
  // A URL within a URL is encoded, perhaps twice. unescape() never throws.
  return text.replace(/[^?&#;\s]+/g, (part) => (CLICK_ID.test(unescape(unescape(part))) ? part.replace(/(=|%(25)*3d).*/i, '$1') : part));
}

/** Returns the size class of the viewport: `s` below 640 pixels, `m` below 1024, `l` below 1440, else `xl`. */
export function widthClass(): string {
  const width = innerWidth;
  return width < 640 ? 's' : width < 1024 ? 'm' : width < 1440 ? 'l' : 'xl';
}
