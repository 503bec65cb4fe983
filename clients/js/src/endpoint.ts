/** Returns true for a URL or an absolute path. `b.example` is neither: it would be relative to the page. */
export function isEndpoint(text: string): boolean {
  return /^(https?:\/)?\/./i.test(text);
}

/** Joins `https://b.example/stats` and `track` to `https://b.example/stats/track`. */
export function joinPath(endpoint: string, path: string): string {
  return `${endpoint.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}
