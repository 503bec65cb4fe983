// Snippets for a page or an email, as `beacon snippet` prints them.

/** Stands for the URL of the pixel where the server doesn't know it. */
export const PLACEHOLDER = 'https://beacon.example.com';

/** Returns the lines for a page: the script, and an image where scripts are off. */
export function pageSnippet(endpoint: string, site: string): string {
  const local = isLoopback(endpoint) || isLocalSite(site) ? ' data-local' : '';
  const query = site === '' ? '' : `?site=${encodeURIComponent(site)}`;
  const named = site === '' ? '' : ` data-site="${attribute(site)}"`;
  return [
    `<script defer src="${endpoint}/beacon.js"${named}${local}></script>`,
    `<noscript><img src="${endpoint}/pixel.gif${query}" alt="" width="1" height="1" referrerpolicy="no-referrer-when-downgrade"></noscript>`,
  ].join('\n');
}

/** Returns the image for an email, which counts as an open. */
export function emailSnippet(endpoint: string, site: string): string {
  const query = `site=${encodeURIComponent(site)}&amp;event=open&amp;page=%2Femail&amp;utm_medium=email`;
  return `<img src="${endpoint}/pixel.gif?${query}" alt="" width="1" height="1" border="0" style="display:block;width:1px;height:1px;border:0" referrerpolicy="no-referrer">`;
}

/** Returns the style sheet that counts a page without a script or an image. */
export function cssSnippet(endpoint: string, site: string): string {
  return `<link rel="stylesheet" href="${endpoint}/pixel.css?site=${encodeURIComponent(site)}" media="none" referrerpolicy="no-referrer-when-downgrade">`;
}

/** Reduces what was typed or pasted to a host, as the server does; empty if it has none. */
export function siteOf(text: string): string {
  const typed = text.trim().toLowerCase();
  if (typed === '') return '';
  const url = /^[a-z][a-z0-9+.-]*:\/\//.test(typed) ? typed : `http://${typed}`;
  return URL.canParse(url) ? typed.replace(/^[a-z][a-z0-9+.-]*:\/\//, '').replace(/[/?#].*$/, '').replace(/^.*@/, '').replace(/:\d+$/, '').replace(/\.$/, '') : '';
}

/** Returns true if hits of the site are recorded: `*.shop.example` stands for all hosts below it. */
export function isAllowed(site: string, allowed: readonly string[] | null): boolean {
  if (allowed === null) return true;
  return allowed.some((name) => (name.startsWith('*.') ? site.endsWith(name.slice(1)) : site === name));
}

/** Returns true for this machine, where the script counts only with `data-local`. */
export function isLoopback(endpoint: string): boolean {
  return /^https?:\/\/(localhost|[^/]*\.localhost|127\.[\d.]+|0\.0\.0\.0|\[::1?])(:|\/|$)/.test(endpoint);
}

function isLocalSite(site: string): boolean {
  return /^(localhost|127\.[\d.]+)$|\.(localhost|local)$/.test(site);
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
}
