// A generated lake of a blog and a shop, always the same, and the questions over it.

/** When the tests take place: a Saturday morning in Berlin. */
export const NOW_MS = Date.parse('2026-11-21T10:20:00Z');

const QUARTER_MS = 15 * 60_000;
const DAYS = 400;

const PAGES = [
  ['blog.example', '/posts/one-pixel', 10],
  ['blog.example', '/', 8],
  ['shop.example', '/', 7],
  ['blog.example', '/posts/parquet-by-hand', 6],
  ['shop.example', '/products/mug', 4],
  ['blog.example', '/posts/a-lake-of-files', 4],
  ['blog.example', '/about', 2],
  ['shop.example', '/cart', 2],
  ['shop.example', '/products/notebook-with-a-very-long-name-that-has-to-break-somewhere', 1],
  ['blog.example', 'https://other.example/essay', 1],
  ['blog.example', 'javascript:alert(1)', 1],
  ['blog.example', '<img src=x onerror=alert(1)>', 1],
  ['blog.example', '/posts/twelve', 1],
];

const SOURCES = [
  [null, 20],
  ['google.com', 9],
  ['newsletter', 6],
  ['news.ycombinator.com', 4],
  ['lobste.rs', 3],
  ['mastodon.social', 2],
  ['duckduckgo.com', 2],
  ['bing.com', 1],
  ['github.com', 1],
];

/** Park and Miller's generator: enough for traffic that looks like some. */
function numbers(seed) {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

function pick(weighted, random) {
  const all = weighted.reduce((sum, entry) => sum + entry.at(-1), 0);
  let left = random() * all;
  return weighted.find((entry) => (left -= entry.at(-1)) <= 0) ?? weighted[0];
}

export function madeUpHits() {
  const random = numbers(20_261_121);
  const hits = [];
  const first_ms = Math.floor(NOW_MS / QUARTER_MS) * QUARTER_MS - DAYS * 86_400_000;
  for (let at_ms = first_ms; at_ms < NOW_MS; at_ms += QUARTER_MS) {
    const hour = new Date(at_ms).getUTCHours();
    const weekday = new Date(at_ms).getUTCDay();
    const by_day = 0.35 + Math.max(0, Math.sin(((hour - 5) / 18) * Math.PI));
    const growth = 0.4 + (0.6 * (at_ms - first_ms)) / (DAYS * 86_400_000);
    // One day without a view, among the last seven.
    if (NOW_MS - at_ms > 3.4 * 86_400_000 && NOW_MS - at_ms < 4.6 * 86_400_000) continue;
    const count = Math.floor(random() * 3.2 * by_day * growth * (weekday % 6 === 0 ? 0.6 : 1));
    for (let index = 0; index < count; index += 1) {
      const [site, page] = pick(PAGES, random);
      const [source] = pick(SOURCES, random);
      hits.push({
        at_ms,
        site,
        page,
        source,
        event: random() < 0.08 ? (random() < 0.8 ? 'open' : 'click') : 'view',
        userid: random() < 0.3 ? `u${Math.floor(random() * 4)}` : null,
        country: pick(
          [
            ['DE', 5],
            ['US', 4],
            ['NP', 1],
            [null, 1],
          ],
          random,
        )[0],
      });
    }
  }
  return hits;
}

const bigint = (name) => ({ name, type: 'bigint' });
const varchar = (name) => ({ name, type: 'varchar' });
const timestamp = (name) => ({ name, type: 'timestamp' });

function counted(hits, key) {
  const counts = new Map();
  for (const hit of hits) {
    const text = JSON.stringify(key(hit));
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => [...JSON.parse(text), count]).sort((a, b) => b.at(-1) - a.at(-1));
}

/** The host or the app that a hit came from; sources without a dot are campaigns. */
export const referrerOf = ({ source }) => (source?.includes('.') ? source : null);

/** utm_source, utm_medium and utm_campaign of a hit. */
export const campaignOf = ({ source, site }) =>
  source === 'newsletter' ? ['newsletter', 'email', site === 'blog.example' ? 'issue-12' : null] : [null, null, null];

const utc = (at_ms) => new Date(at_ms).toISOString().replace('T', ' ').replace('Z', '');
const views = (hits) => hits.filter(({ event }) => event === 'view');

/** Each question: what it asks in words, and its columns and rows over some hits. */
export const QUESTIONS = {
  totals: [
    'How much was counted in all?',
    (hits) => ({
      columns: ['hits', 'views', 'opens', 'clicks', 'pages', 'sites'].map(bigint),
      rows: [
        [
          hits.length,
          views(hits).length,
          hits.filter(({ event }) => event === 'open').length,
          hits.filter(({ event }) => event === 'click').length,
          counted(views(hits), ({ site, page }) => [site, page]).length,
          counted(hits, ({ site }) => [site]).length,
        ],
      ],
    }),
  ],
  views_per_quarter: [
    'How many views did each quarter of an hour have?',
    (hits) => ({
      columns: [timestamp('quarter'), bigint('views')],
      rows: counted(views(hits), ({ at_ms }) => [utc(at_ms)]),
    }),
  ],
  top_pages_by_source: [
    'Where did the views of the most viewed pages come from?',
    (hits) => {
      const all = new Map(
        counted(views(hits), ({ site, page }) => [site, page]).map(([site, page, count]) => [`${site}${page}`, count]),
      );
      return {
        columns: [varchar('site'), varchar('page'), varchar('source'), bigint('views'), bigint('page_views')],
        rows: counted(views(hits), ({ site, page, source }) => [site, page, source])
          .map((row) => [...row, all.get(`${row[0]}${row[1]}`)])
          .sort((a, b) => b[4] - a[4] || b[3] - a[3]),
      };
    },
  ],
  sources: [
    'Which sources brought the views?',
    (hits) => ({
      columns: [varchar('source'), bigint('views')],
      rows: counted(views(hits), ({ source }) => [source]),
    }),
  ],
  referrers: [
    'Which other sites did the views come from?',
    (hits) => ({
      columns: [varchar('referrer_host'), bigint('views')],
      rows: counted(
        views(hits).filter((hit) => referrerOf(hit) !== null),
        (hit) => [referrerOf(hit)],
      ),
    }),
  ],
  campaigns: [
    'What did each campaign bring?',
    (hits) => ({
      columns: [varchar('utm_source'), varchar('utm_medium'), varchar('utm_campaign'), bigint('hits'), bigint('views')],
      rows: counted(
        hits.filter(({ source }) => source === 'newsletter'),
        campaignOf,
      ).map((row) => [...row, row.at(-1)]),
    }),
  ],
  sites: [
    'Which sites have hits?',
    (hits) => ({
      columns: [varchar('site'), bigint('views'), bigint('hits')],
      rows: counted(hits, ({ site }) => [site]).map(([site, count]) => [
        site,
        views(hits).filter((hit) => hit.site === site).length,
        count,
      ]),
    }),
  ],
  events: [
    'What happened besides views?',
    (hits) => ({
      columns: [varchar('event'), varchar('site'), varchar('page'), bigint('events')],
      rows: counted(
        hits.filter(({ event }) => event !== 'view'),
        ({ event, site, page }) => [event, site, page],
      ),
    }),
  ],
  top_pages: [
    'Which pages were viewed most?',
    (hits) => ({
      columns: [varchar('site'), varchar('page'), bigint('views')],
      rows: counted(views(hits), ({ site, page }) => [site, page]),
    }),
  ],
  countries: [
    'Which countries did the views come from?',
    (hits) => ({
      columns: [varchar('country'), bigint('views')],
      rows: counted(views(hits), ({ country }) => [country]),
    }),
  ],
  users: [
    'Which users opened most?',
    (hits) => ({
      columns: [varchar('userid'), bigint('hits')],
      rows: counted(
        hits.filter(({ userid }) => userid),
        ({ userid }) => [userid],
      ),
    }),
  ],
};

/** Titles of the panels that are not named after their question. */
const TITLES = { events: 'Events', sites: 'Sites' };

/** The title of a question's own panel. */
export const titleOf = (name) => TITLES[name] ?? QUESTIONS[name][0];
