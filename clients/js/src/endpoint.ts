/** Whether it is a URL, or a path of the page's own host: `b.example` would be a path below the page. */
export function isEndpoint(text: string): boolean {
  return /^(https?:\/)?\/./i.test(text);
}

/** Returns `https://b.example/stats/track` of `https://b.example/stats` and `track`. */
export function below(endpoint: string, path: string): string {
  return `${endpoint.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}
