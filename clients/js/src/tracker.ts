import { campaign, canonicalUrl, hashRoute, widthClass } from './page.js';
import { send } from './send.js';
import type { Properties, Settings } from './settings.js';
import { isCounted } from './visitor.js';

/** What counts a document. Neither function ever throws. */
export interface Tracker {
  track: Track;
  /** Counts a view if the page is another than at the last look. */
  look: () => void;
}

/** Counts an event of the page that is open; `view` is one too. */
export type Track = (event: string, properties?: Properties) => void;

/** Longer than most routers take to set a title or to follow a redirect, shorter than anybody reads. */
const SETTLED_MS = 100;

/** Counts the page that is open, and those that scripts put in its place, for as long as the document lives. */
export function start(settings: Settings): Tracker {
  const { spa } = settings;
  const counted = isCounted(settings);
  let place: string | undefined;
  // The canonical link as the last page left it.
  let canonical: string | null;
  let page: Properties = {};
  let settling: ReturnType<typeof setTimeout> | undefined;

  const hit = (event: string, properties?: Properties): void => {
    if (!counted || settings.paused) return;
    const seen = { title: document.title, vw: widthClass() };
    const sent = {
      // A repeat of it, by whatever retries a POST, counts once.
      id: Date.now().toString(36) + Math.random().toString(36).slice(2),
      event,
      site: settings.site,
    };
    send(Object.assign(campaign(), seen, page, properties, sent), settings);
  };

  const look = (): void => {
    clearTimeout(settling);
    settling = undefined;
    const route = spa === 'hash' ? hashRoute() : '';
    const next = spa === 'off' ? '' : `${location.pathname}#${route}`;
    if (next === place || settings.paused) return;
    const named = canonicalUrl();
    page = {
      ref: place === undefined ? document.referrer : page.url,
      // A single-page app may leave the first page's canonical link standing, or change it long after the page: only
      // what changed behind the navigation is of this page. An app that changes the link first gets the address,
      // which is of the right page too; a late app's link, believed, would name the page before.
      url: named && named !== canonical ? named : location.href,
      // A URL's fragment is not recorded, so the route in it is added to the path.
      page: route ? `${location.pathname.replace(/\/$/, '')}/${route}` : undefined,
    };
    place = next;
    canonical = named;
    if (spa !== 'manual') hit('view');
  };

  const safely =
    <Arguments extends unknown[]>(work: (...of: Arguments) => void) =>
    (...of: Arguments): void => {
      try {
        // What is only rendered ahead has not been viewed yet.
        if ((document as { prerendering?: boolean }).prerendering) {
          document.addEventListener('prerenderingchange', () => safely(work)(...of), { once: true });
        } else {
          work(...of);
        }
      } catch {
        // A page must not break because it is counted.
      }
    };
  const tracker = {
    look: safely(look),
    track: safely((event: string, properties?: Properties) => {
      look();
      hit(event, properties);
    }),
  };
  const settle = safely(() => {
    // Of a redirect, what stood there at its first step.
    if (!settling) canonical = canonicalUrl();
    clearTimeout(settling);
    settling = setTimeout(tracker.look, SETTLED_MS);
  });

  tracker.look();
  if (spa !== 'off') {
    for (const name of ['pushState', 'replaceState'] as const) {
      const original = history[name];
      history[name] = function (...of) {
        original.apply(this, of);
        settle();
      };
    }
    addEventListener('popstate', settle);
    addEventListener('pagehide', tracker.look);
  }
  // A page that Back or Forward shows as it was left would be loaded again without that cache: a view.
  addEventListener('pageshow', (event) => {
    if (event.persisted && spa !== 'manual') safely(hit)('view');
  });

  return tracker;
}
