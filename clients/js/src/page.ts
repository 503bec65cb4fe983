import type { Fields } from './settings.js';

/**
 * Returns the URL that a page gives itself, if it names one of its own host. One of another host is of the page that
 * this one is a copy of, or was built for another address.
 */
export function canonicalUrl(): string | null {
  const link = document.querySelector<HTMLLinkElement>('link[rel=canonical]');
  try {
    const url = new URL(link!.href);
    return /^http/.test(url.protocol) && bare(url.hostname) === bare(location.hostname) ? withoutFragment(url.href) : null;
  } catch {
    // No link, or an address that is none.
    return null;
  }
}

function bare(host: string): string {
  return host.replace(/^www\.|\.$/g, '');
}

/** Cuts the fragment off: identity providers return tokens in it. */
export function withoutFragment(url: string): string {
  return url.replace(/#.*/, '');
}

/**
 * Returns the route that stands in the fragment: `talks/7` of `#/talks/7?sort=up` and of `#!/talks/7`, nothing of
 * `#/access_token=…`. Where the fragment is no route, but a place in the page or a token, the route stays as it was.
 */
export function hashRoute(before: string): string {
  const route = /^(?:#!?)?(?:\/(.*))?$/.exec(location.hash);
  // A route ends where its query begins, and where a provider added `name=value` to it.
  return route ? (route[1] || '').replace(/([?#]|%3f|%23).*/i, '').replace(/[&;]?[^/&;]*(=|%3d).*/i, '') : before;
}

/** Returns what campaigns wrote into the address, also behind `#`: the canonical URL names none. */
export function campaign(): Fields {
  const found: Fields = {};
  new URLSearchParams(`${location.search}&${location.hash.replace(/[#?]/g, '&')}`).forEach((value, name) => {
    // An `&amp;` that was left in a mail's link gives `amp;utm_medium`.
    const known = /^(?:amp;)?(utm_\w+)$/i.exec(name);
    if (!known) return;
    const key = known[1]!.toLowerCase();
    found[key] = found[key] || value;
  });
  return found;
}

/** Returns the class of the window's width: below 640, 1024 and 1440 pixels, and above. */
export function widthClass(): string {
  const width = innerWidth;
  return width < 640 ? 's' : width < 1024 ? 'm' : width < 1440 ? 'l' : 'xl';
}
