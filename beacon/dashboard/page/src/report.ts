// The results that an exported report carries inside its HTML.

import type { AgentClass } from './agents';
import type { About, QueryResult } from './api';
import type { Span } from './period';

export interface Report {
  about: About;
  made_at_ms: number;
  request: {
    from_ms: number;
    to_ms: number;
    site?: string | null;
    page?: string | null;
    zone?: string | null;
    /** The classes of agents whose hits count; empty or missing for the default. */
    agents?: AgentClass[];
    column?: { name: string; value: string } | null;
    /** The whole period to compare with; if missing, the equally long one right before. */
    before?: Span | null;
  };
  answers: QueryResult[];
}

/** Returns the embedded report, or null if the page is the live dashboard. */
export function embeddedReport(): Report | null {
  const element = document.getElementById('beacon-report');
  return element === null ? null : JSON.parse(element.textContent ?? '');
}
