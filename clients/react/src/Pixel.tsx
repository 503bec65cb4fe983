import { useState, version, type ImgHTMLAttributes } from 'react';
import { joinPath, isEndpoint } from '../../js/src/endpoint.js';
import { logOnce } from '../../js/src/log_once.js';

/** The parameters of the hit that the image sends. */
export interface PixelProps {
  /** URL of the beacon, with its base path if it has one: `https://b.example/stats`. */
  endpoint: string;
  /** The path or the URL of the page: browsers send other hosts only the site's origin. */
  page: string;
  /** The site to count for; the host of the page by default. */
  site?: string | undefined;
  /** The page's title. */
  title?: string | undefined;
  /** `view` by default. */
  event?: string | undefined;
  /** Additional parameters of the hit. */
  params?: Record<string, string | number | boolean | undefined> | undefined;
  /** Alias of the path `pixel.gif`, relative to the endpoint. */
  pixel?: string | undefined;
}

/** The number of images in this document so far: two equal URLs in one document would be one request. */
let images = 0;

/** Returns 0 on a server, where the URL must be the same for every reader. */
const nextImage = (): number => (typeof document === 'object' ? ++images : 0);

/** React 19 supports the property `fetchPriority`; React 18 warns about it, and needs the lowercase attribute. */
const lowPriority: ImgHTMLAttributes<HTMLImageElement> =
  Number.parseInt(version, 10) >= 19 ? { fetchPriority: 'low' } : { ['fetchpriority' as string]: 'low' };

/**
 * Renders the tracking pixel, for server-rendered pages that must be counted without JavaScript. It sends one request
 * per mount and per change of endpoint, page or site; changes of other properties wait for the next request.
 */
export function Pixel(props: PixelProps) {
  const [shown, setShown] = useState(() => image(props));
  if (shown.counted !== counted(props)) {
    setShown(image(props));
  }
  // Tracking must never break the app, and an image without a valid URL would request the app's own page.
  if (!isEndpoint(props.endpoint)) {
    logOnce(`nothing is counted: the endpoint "${props.endpoint}" is not a URL like https://b.example`, 'warn');
    return null;
  }
  return (
    <img
      // An element for each hit: a browser that is busy gives up a request that another URL of its image replaces.
      key={shown.url}
      src={shown.url}
      alt=""
      width={1}
      height={1}
      referrerPolicy="no-referrer-when-downgrade"
      // The browser may number its images differently from the server; the image that was loaded stays.
      suppressHydrationWarning
      // Otherwise React 19 also preloads it in the head, and an uncacheable image is requested twice.
      {...lowPriority}
    />
  );
}

/** Identifies the hit: a change of it is a new hit. The title is not part of it, since it often follows later. */
function counted({ endpoint, page, site }: PixelProps): string {
  return JSON.stringify([endpoint, page, site]);
}

function image(props: PixelProps): { counted: string; url: string } {
  const { endpoint, page, site, title, event, params, pixel = 'pixel.gif' } = props;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...params, site, page, title, event, n: nextImage() })) {
    if (value !== undefined) query.set(name, `${value}`);
  }
  return { counted: counted(props), url: `${joinPath(`${endpoint}`, pixel)}?${query}` };
}
