/** What a tracker counts, and where it sends hits. The defaults suit a plain page. */
export interface Settings {
  /** Absolute URL of `POST /track`, or of its alias, as the browser normalizes it. */
  track: string;
  /** Absolute URL of the GIF, for browsers and networks that block everything else. */
  pixel: string;
  /** The site to count for; the host of the page by default. */
  site?: string | undefined;
  /**
   * What counts as a page view in a single-page app. `history`: a change of the path. `hash`: also a change of the
   * route in the fragment. `off`: only the first page. `manual`: nothing but explicit views. `page`: see `page`.
   */
  spa?: string | undefined;
  /** Don't count visitors who send Global Privacy Control or Do Not Track. */
  honourGpc?: boolean | undefined;
  /** Count localhost and local files too. */
  local?: boolean | undefined;
  /** Counting is suspended. */
  paused?: boolean;
  /** The path according to a router, which overrides the URL. */
  page?: string;
}

/** Properties of an event: scalars, or objects and arrays of them, which the record stores under dotted names. */
export type Properties = object;

/** The fields of a hit. */
export type Fields = Record<string, unknown>;
