// Links to pages and hosts. Only http and https URLs are ever linked.

/** Returns the URL of a page, from its site and path or from a page that is a URL itself; null if it has none. */
export function pageUrl(site: string | null, page: string | null): string | null {
  if (page === null) return null;
  const absolute = safeUrl(page);
  if (absolute !== null) return absolute;
  if (site === null || !isPublicHost(site) || !page.startsWith('/') || page.startsWith('//')) return null;
  const url = safeUrl(`https://${site}${page}`);
  return url !== null && new URL(url).hostname === site ? url : null;
}

export function hostUrl(host: string | null): string | null {
  return host !== null && isPublicHost(host) ? safeUrl(`https://${host}/`) : null;
}

function safeUrl(text: string): string | null {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  const { protocol, username, password, href } = new URL(text);
  const is_web = protocol === 'http:' || protocol === 'https:';
  return is_web && username === '' && password === '' ? href : null;
}

/** Requires a dot: links to `localhost` or intranet names would need the port, which isn't recorded. */
function isPublicHost(host: string): boolean {
  return /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(host);
}
