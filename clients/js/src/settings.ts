/** What a tracker counts, and where it sends that. The defaults are those of a plain page. */
export interface Settings {
  /** URL of `POST /track`, or of its alias. */
  track: string;
  /** URL of a GIF, for browsers and networks that let nothing else through. */
  pixel: string;
  /** The site that is counted; without it, the host of the page. */
  site?: string;
  /**
   * What is a new page without a new document: `history` a change of the path, `hash` also one of the fragment,
   * `off` nothing, `manual` nothing either, and the first page is not counted by itself.
   */
  spa?: string;
  /** Count nobody who sends Global Privacy Control or Do Not Track. */
  honourGpc?: boolean;
  /** Count localhost and files too. */
  local?: boolean;
  /** Count nothing for now. */
  paused?: boolean;
}

/** What a hit says beside its event: scalars, or objects and arrays of them, which the record holds by dotted names. */
export type Properties = Record<string, unknown>;
