// The fixtures of the clients' tests: pages on hosts of their own, and the hits that the beacon recorded.

import { expect, test as base } from '../fixtures.mjs';
import { query } from '../harness/program.mjs';

export { expect };

/** A lake and a loaded machine. */
const WAIT = { timeout: 60_000, intervals: [250] };

export interface Hit {
  event: string;
  page: string | null;
  url: string | null;
  title: string | null;
  referrer: string | null;
  format: string;
  utm_source: string | null;
  vw: string | null;
  plan: string | null;
  touch: string | null;
  webdriver: string | null;
  click_id: string | null;
}

export interface Fixtures {
  /** Origin of the pages. */
  blog: string;
  /** Waits until a site has at least `count` hits, and returns them in order. */
  recorded: (site: string, count: number) => Promise<Hit[]>;
  /** Waits for a last event of a site, and returns the hits before it. */
  recordedUntil: (site: string, event: string) => Promise<Hit[]>;
}

const SQL = `SELECT event, page, url, title, referrer, format, utm_source, element_at(params, 'vw') AS vw,
  element_at(params, 'plan') AS plan, element_at(params, 'touch') AS touch,
  element_at(params, 'webdriver') AS webdriver, element_at(params, 'click_id') AS click_id FROM unique_hits WHERE site = ? ORDER BY received_at, hit_id`;

export const test = base.extend<Fixtures>({
  blog: async ({ at }, use) => {
    await use(new URL(at.web.at('blog.example')).origin);
  },

  recorded: async ({ at }, use) => {
    await use(async (site, count) => {
      let found: Hit[] = [];
      const read = async () => (found = await query(at.folder, SQL, [site])).length;
      await expect.poll(read, WAIT).toBeGreaterThanOrEqual(count);
      return found;
    });
  },

  recordedUntil: async ({ at }, use) => {
    await use(async (site, event) => {
      let found: Hit[] = [];
      const read = async () => (found = await query(at.folder, SQL, [site])).map((hit) => hit.event);
      await expect.poll(read, WAIT).toContain(event);
      return found.filter((hit) => hit.event !== event);
    });
  },
});

/** Returns the value of `lake` for a file: no dashboard, and two more paths of the script. */
export const lakeOf = (name: string) => ({
  name,
  variables: () => ({ BEACON_DASHBOARD_LISTEN: 'off', BEACON_PATHS: '/a.js=client,/aliased/a.js=client' }),
});
