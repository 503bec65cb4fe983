import type { Properties } from './settings.js';

/** The URL that a page gives itself, if it does. */
export function canonicalUrl(): string | null {
  const link = document.querySelector<HTMLLinkElement>('link[rel=canonical]');
  return link && link.href;
}

/** The route that stands in the fragment: `talks/7` of `#/talks/7?sort=up` and of `#!talks/7`. */
export function hashRoute(): string {
  return location.hash.replace(/^#!?\/?|\?.*/g, '');
}

/** What campaigns wrote into the address: the canonical URL names none. */
export function campaign(): Properties {
  const found: Properties = {};
  new URLSearchParams(location.search).forEach((value, name) => {
    if (/^utm_/.test(name)) found[name] = found[name] || value;
  });
  return found;
}

/** The class of the window's width: below 640, 1024 and 1440 pixels, and above. */
export function widthClass(): string {
  const width = innerWidth;
  return width < 640 ? 's' : width < 1024 ? 'm' : width < 1440 ? 'l' : 'xl';
}
