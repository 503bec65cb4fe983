import { campaignParameters, canonicalUrl, hashRoute, widthClass, withoutFragment } from './page.js';
import { sanitize } from './fields.js';
import { watchNavigation } from './navigation.js';
import { logOnce } from './log_once.js';
import { send } from './send.js';
import type { Fields, Properties, Settings } from './settings.js';
import { ignoreReason, visitorSigns } from './visitor.js';

/** Counts the views and events of a document. None of its functions throws. */
export interface Tracker {
  track: Track;
  /** Tracks an event on a page given by a router. */
  trackAt: (page: string | undefined, event: string, properties?: Properties) => void;
  /** Schedules a check that counts a view if the page has changed. */
  settle: () => void;
}

/** Tracks an event on the current page; `view` counts a view. */
export type Track = (event: string, properties?: Properties) => void;

/** Most routers set the title and follow redirects faster than this, and nobody reads a page this quickly. */
const SETTLED_MS = 100;

/** The first page is counted once everything has loaded, including the router, but no later than this. */
const LOADED_MS = 1000;

/** Until then, and until the visitor interacts, a replaced URL is a redirect of the first page. */
const REDIRECTED_MS = 3000;

/** Counts the current page, and those that scripts show in the same document, until the document is unloaded. */
export function start(settings: Settings): Tracker {
  const reason = ignoreReason(settings);
  if (reason) {
    logOnce(`nothing is counted: ${reason}`);
    return { track() {}, trackAt() {}, settle() {} };
  }
  const { spa } = settings;
  let isStarting = true;
  // The previous page, the page of the last view, and the location at the last check.
  let ref = document.referrer;
  let viewed: string | undefined;
  let place: string | undefined;
  let route = '';
  // The canonical URL at the end of the last page.
  let canonical: string | null;
  let page: Fields = {};
  let settling: ReturnType<typeof setTimeout> | undefined;
  let isRedirect = false;

  const hit = (event: string, properties?: Properties, routed?: string): void => {
    if (settings.paused) {
      logOnce(`"${event}" is not counted: no component with these options of useTracking is mounted`);
      return;
    }
    // If anything retries the POST, the hit still counts once.
    const id = Date.now().toString(36) + Math.random().toString(36).slice(2);
    // A site is a host: remove scheme and path, if given.
    const site = settings.site && settings.site.replace(/^\w+:\/\/|\/.*/g, '');
    const sent = { id, event, site };
    const seen = { title: document.title, vw: widthClass(), ref };
    const fields = sanitize(sent, page, seen, visitorSigns(), campaignParameters(), { page: routed }, properties);
    send(fields, settings);
  };

  const here = (): string => absolute(page.page || page.url);

  /** Counts a view of `page`, which becomes the referrer of the next one. */
  const view = (properties?: Properties): void => {
    const next = here();
    if (viewed !== undefined && next !== viewed) ref = viewed;
    viewed = next;
    hit('view', properties);
  };

  const checkPage = (): void => {
    clearTimeout(settling);
    settling = undefined;
    const isRedirected = isRedirect;
    isRedirect = false;
    const { pathname } = location;
    // An anchor or a token in the fragment is no route: the page stays the same.
    if (spa === 'hash') route = hashRoute(route);
    const next = spa === 'page' ? settings.page : spa === 'off' ? '' : `${pathname}#${route}`;
    if (next === place || settings.paused) return;
    const isFirst = place === undefined;
    const named = canonicalUrl();
    page = {
      // A single-page app may keep the first page's canonical link, or update it long after the navigation. Only a link
      // that changed after the navigation belongs to this page; otherwise the URL is used, which is right in any case,
      // while an outdated link would name the previous page.
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
        // A prerendered page has not been viewed yet.
        if ((document as { prerendering?: boolean }).prerendering) {
          document.addEventListener('prerenderingchange', () => safely(work)(...of), { once: true });
        } else {
          work(...of);
        }
      } catch {
        // Tracking must never break the page.
      }
    };
  const checkNow = safely(checkPage);
  const settle = safely((replaced?: boolean) => {
    if (!settling) {
      // During redirects, the canonical URL of the first step counts.
      if (place !== undefined) canonical = canonicalUrl();
      isRedirect = true;
    }
    isRedirect = isRedirect && !!replaced && isStarting && !hasInteracted();
    clearTimeout(settling);
    settling = setTimeout(checkNow, SETTLED_MS);
  });
  const trackAt = safely((routed: string | undefined, event: string, properties?: Properties) => {
    if (typeof event !== 'string' || !event.trim()) {
      logOnce(`not counted: an event is a string such as "signup", not ${describe(event)}`, 'warn');
      return;
    }
    const isObject = typeof properties === 'object' && !Array.isArray(properties);
    if (properties !== undefined && !isObject) {
      logOnce(`"${event}" is counted without ${describe(properties)}: properties are an object such as { plan: "pro" }`, 'warn');
    }
    const own = isObject ? properties : undefined;
    checkPage();
    if (event === 'view') {
      const named = sanitize({}, own);
      if (named.url || named.page) page = { url: named.url || page.url, page: named.page };
      view(own);
    } else {
      hit(event, own, routed);
    }
  });

  const first = (work: () => void) => () => void (place === undefined && work());
  safely(() => {
    // The last moments in which a hit is reliably sent.
    addEventListener('pagehide', checkNow);
    document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && checkNow());
    // A page restored from the back/forward cache counts as a view, as if it had been loaded again.
    addEventListener('pageshow', (event) => {
      if (event.persisted && spa !== 'manual') safely(hit)('view');
    });
    if (spa === 'off' || spa === 'page') return;
    // A page left after it has loaded was seen; before that, a router is still on its way to the first page.
    watchNavigation(
      first(() => document.readyState === 'complete' && checkNow()),
      settle,
    );
  })();
  safely(() => {
    if (document.readyState === 'complete') settle();
    else addEventListener('load', first(settle));
    setTimeout(first(checkNow), LOADED_MS);
    setTimeout(() => (isStarting = false), REDIRECTED_MS);
  })();

  return { track: (event, properties) => trackAt(undefined, event, properties), trackAt, settle: () => settle() };
}

/** Returns true if the visitor has clicked or typed; older browsers can't tell. */
function hasInteracted(): boolean {
  const { userActivation } = navigator;
  return !!userActivation && userActivation.hasBeenActive;
}

/** Formats an invalid argument for a message. */
function describe(value: unknown): string {
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
