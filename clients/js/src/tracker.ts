import { campaign, canonicalUrl, hashRoute, widthClass, withoutFragment } from './page.js';
import { sendable } from './fields.js';
import { watchNavigation } from './navigation.js';
import { say } from './say.js';
import { send } from './send.js';
import type { Fields, Properties, Settings } from './settings.js';
import { whyNot } from './visitor.js';

/** What counts a document. None of its functions ever throws. */
export interface Tracker {
  track: Track;
  /** Counts an event of a page that a router knows. */
  trackAt: (page: string | undefined, event: string, properties?: Properties) => void;
  /** Counts a view soon, if the page is then another than at the last look. */
  settle: () => void;
}

/** Counts an event of the page that is open; `view` is one too. */
export type Track = (event: string, properties?: Properties) => void;

/** Longer than most routers take to set a title or to follow a redirect, shorter than anybody reads. */
const SETTLED_MS = 100;

/** The first page settles when all of it is loaded, the router too, but no later than this. */
const LOADED_MS = 1000;

/** Until then, and until the visitor does something, an address that is replaced is a redirect of the first page. */
const REDIRECTED_MS = 3000;

/** Counts the page that is open, and those that scripts put in its place, for as long as the document lives. */
export function start(settings: Settings): Tracker {
  const silence = whyNot(settings);
  if (silence) {
    say(`nothing is counted: ${silence}`);
    return { track() {}, trackAt() {}, settle() {} };
  }
  const { spa } = settings;
  let isStarting = true;
  // The page before, the page of the last view, and the place that was looked at last.
  let ref = document.referrer;
  let viewed: string | undefined;
  let place: string | undefined;
  let route = '';
  // The canonical link as the last page left it.
  let canonical: string | null;
  let page: Fields = {};
  let settling: ReturnType<typeof setTimeout> | undefined;
  let isRedirect = false;

  const hit = (event: string, properties?: Properties, routed?: string): void => {
    if (settings.paused) {
      say(`"${event}" is not counted: no component with these options of useTracking is mounted`);
      return;
    }
    // A repeat of it, by whatever retries a POST, counts once.
    const id = Date.now().toString(36) + Math.random().toString(36).slice(2);
    // A site is a host, whatever of a URL was written.
    const site = settings.site && settings.site.replace(/^\w+:\/\/|\/.*/g, '');
    const sent = { id, event, site };
    const seen = { title: document.title, vw: widthClass(), ref };
    send(sendable(sent, page, seen, campaign(), { page: routed }, properties), settings);
  };

  const here = (): string => absolute(page.page || page.url);

  /** Counts a view of `page`: the next one comes from there. */
  const view = (properties?: Properties): void => {
    const next = here();
    if (viewed !== undefined && next !== viewed) ref = viewed;
    viewed = next;
    hit('view', properties);
  };

  const look = (): void => {
    clearTimeout(settling);
    settling = undefined;
    const isRedirected = isRedirect;
    isRedirect = false;
    const { pathname } = location;
    // A place in the page, or a token behind `#`, is no route: the page stays.
    if (spa === 'hash') route = hashRoute(route);
    const next = spa === 'page' ? settings.page : spa === 'off' ? '' : `${pathname}#${route}`;
    if (next === place || settings.paused) return;
    const isFirst = place === undefined;
    const named = canonicalUrl();
    page = {
      // A single-page app may leave the first page's canonical link standing, or change it long after the page: only
      // what changed behind the navigation is of this page. An app that changes the link first gets the address,
      // which is of the right page too; a late app's link, believed, would name the page before.
      url: named && (isFirst || named !== canonical) ? named : withoutFragment(location.href),
      // A URL's fragment is not recorded, so the route in it is added to the path.
      page: spa === 'page' ? next : route ? `${pathname.replace(/\/$/, '')}/${route}` : undefined,
    };
    place = next;
    canonical = named;
    if (spa === 'manual') return;
    if (isFirst || !isRedirected) view();
    else viewed = here();
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
  const lookNow = safely(look);
  const settle = safely((replaced?: boolean) => {
    if (!settling) {
      // Of a redirect, what stood there at its first step.
      if (place !== undefined) canonical = canonicalUrl();
      isRedirect = true;
    }
    isRedirect = isRedirect && !!replaced && isStarting && !hasActed();
    clearTimeout(settling);
    settling = setTimeout(lookNow, SETTLED_MS);
  });
  const trackAt = safely((routed: string | undefined, event: string, properties?: Properties) => {
    if (typeof event !== 'string' || !event.trim()) {
      say(`not counted: an event is a text such as "signup", not ${shown(event)}`, 'warn');
      return;
    }
    const isObject = typeof properties === 'object' && !Array.isArray(properties);
    if (properties !== undefined && !isObject) {
      say(`"${event}" is counted without ${shown(properties)}: properties are an object such as { plan: "pro" }`, 'warn');
    }
    const own = isObject ? properties : undefined;
    look();
    if (event === 'view') {
      const named = sendable({}, own);
      if (named.url || named.page) page = { url: named.url || page.url, page: named.page };
      view(own);
    } else {
      hit(event, own, routed);
    }
  });

  const first = (work: () => void) => () => void (place === undefined && work());
  safely(() => {
    // The last moments in which a hit is sure to be sent.
    addEventListener('pagehide', lookNow);
    document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && lookNow());
    // A page that Back or Forward shows as it was left would be loaded again without that cache: a view.
    addEventListener('pageshow', (event) => {
      if (event.persisted && spa !== 'manual') safely(hit)('view');
    });
    if (spa === 'off' || spa === 'page') return;
    // A page that is left once all of it is there has been seen; until then a router is on its way to the first one.
    watchNavigation(
      first(() => document.readyState === 'complete' && lookNow()),
      settle,
    );
  })();
  safely(() => {
    if (document.readyState === 'complete') settle();
    else addEventListener('load', first(settle));
    setTimeout(first(lookNow), LOADED_MS);
    setTimeout(() => (isStarting = false), REDIRECTED_MS);
  })();

  return { track: (event, properties) => trackAt(undefined, event, properties), trackAt, settle: () => settle() };
}

/** Whether the visitor has clicked or typed; an older browser can't tell. */
function hasActed(): boolean {
  const { userActivation } = navigator;
  return !!userActivation && userActivation.hasBeenActive;
}

/** Shows what was given instead of a text or an object. */
function shown(value: unknown): string {
  if (typeof value === 'string') return `"${value}"`;
  return /object|function/.test(typeof value) ? {}.toString.call(value) : String(value);
}

function absolute(page: unknown): string {
  try {
    return new URL(`${page}`, location.href).href;
  } catch {
    return `${page}`;
  }
}
