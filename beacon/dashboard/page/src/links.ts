// Where a page lies on the web, if it does: only http and https are ever linked.

/** The address of a page by its site and path, or of a page that is an address itself. */
export function pageAddress(site: string | null, page: string | null): string | null {
  if (page === null) return null;
  const own = webAddress(page);
  if (own !== null) return own;
  if (site === null || !isPublicHost(site) || !page.startsWith('/') || page.startsWith('//')) return null;
  const address = webAddress(`https://${site}${page}`);
  return address !== null && new URL(address).hostname === site ? address : null;
}

export function hostAddress(host: string | null): string | null {
  return host !== null && isPublicHost(host) ? webAddress(`https://${host}/`) : null;
}

function webAddress(text: string): string | null {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  const { protocol, username, password, href } = new URL(text);
  const is_web = protocol === 'http:' || protocol === 'https:';
  return is_web && username === '' && password === '' ? href : null;
}

/** A name with a dot: `localhost` and names of an intranet were counted without the port that they need. */
function isPublicHost(host: string): boolean {
  return /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(host);
}
