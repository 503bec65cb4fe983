import { useState, version, type ImgHTMLAttributes } from 'react';
import { below, isEndpoint } from '../../js/src/endpoint.js';
import { say } from '../../js/src/say.js';

/** What an image says of the page that holds it. */
export interface PixelProps {
  /** URL of the beacon, with its base path if it has one: `https://b.example/stats`. */
  endpoint: string;
  /** The path or the whole URL of the page: browsers tell another host no more than the site. */
  page: string;
  /** The site that is counted; without it, the host of the page. */
  site?: string | undefined;
  /** The page's title. */
  title?: string | undefined;
  /** `view` by default. */
  event?: string | undefined;
  /** More parameters of the hit. */
  params?: Record<string, string | number | boolean | undefined> | undefined;
  /** Alias of `pixel.gif`, below the endpoint. */
  pixel?: string | undefined;
}

/** Images of this document so far: two equal URLs in one document would be one request. */
let images = 0;

/** In a server's HTML there is one image for each place, and its URL is the same for every reader. */
const nextImage = (): number => (typeof document === 'object' ? ++images : 0);

/** React 19 knows the attribute, and hands on what it doesn't know; React 18 warns of the name that it doesn't know. */
const lowPriority: ImgHTMLAttributes<HTMLImageElement> =
  Number.parseInt(version, 10) >= 19 ? { fetchPriority: 'low' } : { ['fetchpriority' as string]: 'low' };

/**
 * The tracking pixel, for pages that must count without JavaScript: a server's HTML holds it. One request for each
 * page that it is given, and for each time that it is mounted: what else changes later is of the next request.
 */
export function Pixel(props: PixelProps) {
  const [shown, setShown] = useState(() => image(props));
  if (shown.counted !== counted(props)) {
    setShown(image(props));
  }
  // An app must not break because it is counted, and an image of no URL would be the app's own page.
  if (!isEndpoint(props.endpoint)) {
    say(`endpoint is "${props.endpoint}": write a URL like https://b.example, nothing is counted`, 'warn');
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
      // The address, though the browser may have counted more images than the server: what was loaded stays.
      suppressHydrationWarning
      // Else React 19 asks for it in the head too, and an image that no cache keeps is loaded twice.
      {...lowPriority}
    />
  );
}

/** What is counted: another of these is another hit, while a title often comes behind its page. */
function counted({ endpoint, page, site }: PixelProps): string {
  return JSON.stringify([endpoint, page, site]);
}

function image(props: PixelProps): { counted: string; url: string } {
  const { endpoint, page, site, title, event, params, pixel = 'pixel.gif' } = props;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...params, site, page, title, event, n: nextImage() })) {
    if (value !== undefined) query.set(name, `${value}`);
  }
  return { counted: counted(props), url: `${below(`${endpoint}`, pixel)}?${query}` };
}
