/** What a tracker counts, and where it sends that. The defaults are those of a plain page. */
export interface Settings {
  /** Whole URL of `POST /track`, or of its alias, as the browser writes it. */
  track: string;
  /** Whole URL of a GIF, for browsers and networks that let nothing else through. */
  pixel: string;
  /** The site that is counted; without it, the host of the page. */
  site?: string | undefined;
  /**
   * What is a new page without a new document: `history` a change of the path, `hash` also one of the route in the
   * fragment, `off` nothing, `manual` nothing either, and the first page is not counted by itself.
   */
  spa?: string | undefined;
  /** Count nobody who sends Global Privacy Control or Do Not Track. */
  honourGpc?: boolean | undefined;
  /** Count localhost and files too. */
  local?: boolean | undefined;
  /** Count nothing for now. */
  paused?: boolean;
  /** The page as a router knows it, whatever the address says. */
  page?: string;
}

/** What a hit says beside its event: scalars, or objects and arrays of them, which the record holds by dotted names. */
export type Properties = object;

/** The fields of a hit. */
export type Fields = Record<string, unknown>;
