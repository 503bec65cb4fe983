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

const CLIENTS = [
  ['Chrome', 'Windows', 'desktop', 6],
  ['Safari', 'iOS', 'phone', 5],
  ['Firefox', 'Linux', 'desktop', 3],
  ['Chrome', 'Android', 'phone', 3],
  ['Safari', 'iPadOS', 'tablet', 1],
  [null, null, null, 1],
];

const LANGUAGES = [
  ['de-DE', 5],
  ['en-US', 4],
  ['ne', 1],
  [null, 1],
];

/** Further agents: class, rule, event, and weight. The people among them come from an AI service. */
const AGENTS = [
  ['bot', '2026.11/search.googlebot', 'view', 6],
  ['bot', '2026.10/search.googlebot', 'view', 1],
  ['bot', '2026.11/library.curl', 'view', 3],
  ['bot', '2026.11/ai.training.gptbot', 'view', 2],
  ['bot', '2026.11/ai.agent.claude-user', 'view', 1],
  ['bot', '2026.11/generic.crawler', 'view', 1],
  ['scanner', '2026.11/scanner.proofpoint', 'click', 1],
  ['prefetch', '2026.11/prefetch.prerender', 'view', 2],
  ['mail_proxy', '2026.11/mail.gmail', 'open', 4],
  ['mail_proxy', '2026.11/mail.apple-privacy', 'open', 2],
  ['unknown', '2026.11/mail.bare-webkit', 'open', 1],
  ['unknown', '2026.11/app.cfnetwork', 'view', 1],
  ['human', '2026.11/browser', 'view', 2],
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
  // Others, so that the hits stay the same when something is added to them.
  const random_clients = numbers(12);
  const random_agents = numbers(13);
  const random_events = numbers(14);
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
        ...clientOf(at_ms, index, random_clients),
      });
    }
    if (random_agents() < 0.25) {
      const [site, page] = pick(PAGES, random_agents);
      const [agent, agent_rule, event] = pick(AGENTS, random_agents);
      const source = agent === 'human' ? 'ChatGPT' : null;
      hits.push({ at_ms, site, page, source, event, userid: null, country: null, visitor: null, agent, agent_rule });
    }
    if (count > 0 && random_events() < 0.12) hits.push(eventOf(hits.at(-1), random_events));
  }
  return hits;
}

/** Custom events with their property, and weight. */
const EVENTS = [
  ['signup', { plan: 'free' }, 5],
  ['signup', { plan: 'pro' }, 2],
  ['signup', {}, 1],
  ['download', { file: 'mug.pdf' }, 3],
];

/** A custom event of the reader of a hit, or of a server where that has no visitor. */
function eventOf({ at_ms, site, page, source, country, browser, os, device, language, visitor }, random) {
  const [event, params] = pick(EVENTS, random);
  const agent = visitor ? 'human' : 'unknown';
  const agent_rule = visitor ? '2026.11/browser' : '2026.11/server.product';
  return { at_ms, site, page, source, event, params, userid: null, country, browser, os, device, language, visitor, agent, agent_rule };
}

/** A person's browser. The hits of a visitor are all within one quarter of an hour, so that no period cuts between them. */
function clientOf(at_ms, index, random) {
  const [browser, os, device] = pick(CLIENTS, random);
  const visitor = random() < 0.9 ? `${at_ms}-${index >> 1}` : null;
  return { agent: 'human', agent_rule: '2026.11/browser', browser, os, device, visitor, language: pick(LANGUAGES, random)[0] };
}

const DEFAULT_AGENTS = ['human', 'unknown'];
const OPEN_AGENTS = [...DEFAULT_AGENTS, 'mail_proxy', 'prefetch'];
const ofClasses = (hits, classes) => hits.filter(({ agent = 'unknown' }) => classes.includes(agent));

/** The hits that count by default. */
export const counting = (hits) => ofClasses(hits, DEFAULT_AGENTS);

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
const views = (hits) => hits.filter(({ event, is_conversion }) => event === 'view' || is_conversion);

/** The number of visitors of some views. */
const visitors = (hits) => new Set(views(hits).flatMap(({ visitor }) => visitor ?? [])).size;
const opens = (hits) => hits.filter(({ event }) => event === 'open').length;

const quarterOf = ({ at_ms }) => utc(Math.floor(at_ms / QUARTER_MS) * QUARTER_MS);

/** The visits: views and custom events of one visitor on one site, in the order of time. */
function visitsOf(hits) {
  const found = new Map();
  for (const hit of hits) {
    if (!hit.visitor || hit.event === 'open' || hit.event === 'click') continue;
    const key = `${hit.visitor} ${hit.site}`;
    found.set(key, [...(found.get(key) ?? []), hit]);
  }
  return [...found.values()].map((own) => own.sort((a, b) => a.at_ms - b.at_ms));
}

/** Views and visitors by the values of a hit. */
const byValue = (names, key) => (hits) => {
  const groups = new Map();
  for (const hit of views(hits)) {
    const text = JSON.stringify(key(hit));
    groups.set(text, [...(groups.get(text) ?? []), hit]);
  }
  return {
    columns: [...names.map(varchar), bigint('views'), bigint('visitors')],
    rows: [...groups]
      .map(([text, own]) => [...JSON.parse(text), own.length, visitors(own)])
      .sort((a, b) => b.at(-2) - a.at(-2)),
  };
};

const TAGS = ['utm_source', 'utm_medium', 'utm_campaign'];

/** The number of visitors of some hits. */
const visitorsOf = (hits) => new Set(hits.flatMap(({ visitor }) => visitor ?? [])).size;

/** Times and visitors of events, by a value of theirs. */
function eventsBy(hits, key) {
  const values = counted(hits, (hit) => [key(hit)]);
  return values.map(([value, times]) => [value, times, visitorsOf(hits.filter((hit) => key(hit) === value))]);
}

/** Visits, views and visitors by site and a page of the visit. */
function byVisit(hits, name, key) {
  const rows = new Map();
  for (const own of visitsOf(hits)) {
    const text = JSON.stringify([own[0].site, key(own) ?? null]);
    const row = rows.get(text) ?? { visits: 0, hits: [] };
    rows.set(text, { visits: row.visits + 1, hits: [...row.hits, ...own] });
  }
  return {
    columns: [varchar('site'), varchar(name), ...['visits', 'views', 'visitors'].map(bigint)],
    rows: [...rows]
      .map(([text, row]) => [...JSON.parse(text), row.visits, views(row.hits).length, visitors(row.hits)])
      .sort((a, b) => b[2] - a[2]),
  };
}

const CHANNELS = { newsletter: 'Email', 'google.com': 'Search', 'duckduckgo.com': 'Search', 'bing.com': 'Search', ChatGPT: 'AI assistants' };
export const channelOf = ({ source }) => (source === null ? 'Direct / unknown' : (CHANNELS[source] ?? 'Referral'));

/** Each question: what it asks in words, and its columns and rows over the hits that count, and those that may be opens. */
const COUNTED_QUESTIONS = {
  totals: [
    'How much was counted in all?',
    (hits, perhaps) => ({
      columns: [...['hits', 'views', 'visitors', 'opens', 'opens_at_most', 'clicks', 'pages', 'sites'].map(bigint), timestamp('first_received_at')],
      rows: [
        [
          hits.length,
          views(hits).length,
          visitors(hits),
          opens(hits),
          opens(perhaps),
          hits.filter(({ event }) => event === 'click').length,
          counted(views(hits), ({ site, page }) => [site, page]).length,
          counted(hits, ({ site }) => [site]).length,
          hits.length === 0 ? null : utc(hits.reduce((first, { at_ms }) => Math.min(first, at_ms), Infinity)),
        ],
      ],
    }),
  ],
  views_per_quarter: [
    'How many views did each quarter of an hour have?',
    (hits) => {
      const { columns, rows } = byValue(['quarter'], (hit) => [quarterOf(hit)])(hits);
      return { columns: [timestamp('quarter'), ...columns.slice(1)], rows };
    },
  ],
  visit_totals: [
    'How many visits were there, and how long did they last?',
    (hits) => {
      const all = visitsOf(hits);
      const seconds = all.filter((own) => own.length > 1).map((own) => (own.at(-1).at_ms - own[0].at_ms) / 1_000).sort((a, b) => a - b);
      const middle = seconds.length >> 1;
      const median = seconds.length % 2 === 1 ? seconds[middle] : (seconds[middle - 1] + seconds[middle]) / 2;
      return {
        columns: [bigint('visits'), bigint('single_page_visits'), { name: 'median_seconds', type: 'double' }],
        rows: [[all.length, all.filter((own) => own.length === 1 && own[0].event === 'view').length, seconds.length === 0 ? null : median]],
      };
    },
  ],
  visits_per_quarter: [
    'How many visits began in each quarter of an hour?',
    (hits) => ({
      columns: [timestamp('quarter'), bigint('visits')],
      rows: counted(visitsOf(hits), ([first]) => [quarterOf(first)]),
    }),
  ],
  opens_per_quarter: [
    'How many emails were opened in each quarter of an hour?',
    (hits, perhaps) => {
      const opened = (some) => counted(some.filter(({ event }) => event === 'open'), (hit) => [quarterOf(hit)]);
      const own = new Map(opened(hits));
      return {
        columns: [timestamp('quarter'), bigint('opens'), bigint('opens_at_most')],
        rows: opened(perhaps).map(([quarter, most]) => [quarter, own.get(quarter) ?? 0, most]),
      };
    },
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
    byValue(['source'], ({ source }) => [source]),
  ],
  channels: ['Which channels brought the views?', byValue(['channel'], (hit) => [channelOf(hit)])],
  referrers: [
    'Which other sites did the views come from?',
    (hits) => byValue(['referrer_host'], (hit) => [referrerOf(hit)])(hits.filter((hit) => referrerOf(hit) !== null)),
  ],
  campaigns: [
    'What did each campaign bring?',
    (hits, perhaps) => ({
      columns: [
        ...['utm_source', 'utm_medium', 'utm_campaign'].map(varchar),
        ...['hits', 'views', 'visitors', 'opens', 'opens_at_most', 'clicks'].map(bigint),
      ],
      rows: counted(perhaps.filter(({ source }) => source === 'newsletter'), campaignOf).map((row) => {
        const same = JSON.stringify(row.slice(0, -1));
        const of = (some) => some.filter((hit) => hit.source === 'newsletter' && JSON.stringify(campaignOf(hit)) === same);
        const own = of(hits);
        const clicks = own.filter(({ event }) => event === 'click').length;
        return [...row.slice(0, -1), own.length, views(own).length, visitors(own), opens(own), opens(of(perhaps)), clicks];
      }),
    }),
  ],
  sites: [
    'Which sites have hits?',
    (hits) => ({
      columns: [varchar('site'), bigint('views'), bigint('visitors'), bigint('hits')],
      rows: counted(hits, ({ site }) => [site]).map(([site, count]) => [
        site,
        views(hits).filter((hit) => hit.site === site).length,
        visitors(hits.filter((hit) => hit.site === site)),
        count,
      ]),
    }),
  ],
  events: [
    'What happened besides views?',
    (hits, perhaps) => {
      const key = ({ event, site, page }) => [event, site, page];
      const own = new Map(counted(hits, key).map((row) => [JSON.stringify(row.slice(0, -1)), row.at(-1)]));
      const happened = [...hits.filter(({ event }) => event !== 'view' && event !== 'open'), ...perhaps.filter(({ event }) => event === 'open')];
      return {
        columns: [...['event', 'site', 'page'].map(varchar), bigint('events'), bigint('events_at_most')],
        rows: counted(happened, key).map((row) => [...row.slice(0, -1), own.get(JSON.stringify(row.slice(0, -1))) ?? 0, row.at(-1)]),
      };
    },
  ],
  event_names: [
    'Which events happened?',
    (hits) => ({
      columns: [varchar('event'), bigint('times'), bigint('visitors')],
      rows: eventsBy(hits.filter(({ event }) => !['view', 'open', 'click'].includes(event)), ({ event }) => event),
    }),
  ],
  property_names: [
    'Which properties do events have?',
    (hits) => {
      const names = [...new Set(hits.flatMap(({ params = {} }) => Object.keys(params)))];
      const rows = names.map((name) => {
        const own = hits.filter(({ params }) => params?.[name] !== undefined);
        return [name, own.length, visitorsOf(own)];
      });
      return { columns: [varchar('property'), bigint('times'), bigint('visitors')], rows: rows.sort((a, b) => b[1] - a[1]) };
    },
  ],
  properties: [
    'Which values does a property have?',
    (hits, _, by) => {
      const events = hits.filter(({ event, is_conversion }) => is_conversion || !['view', 'open', 'click'].includes(event));
      return {
        columns: [varchar('value'), bigint('times'), bigint('visitors')],
        rows: eventsBy(events, ({ params }) => params?.[by] ?? null),
      };
    },
  ],
  entry_pages: ['Where did visits begin?', (hits) => byVisit(hits, 'entry_page', (own) => views(own)[0]?.page)],
  exit_pages: ['Where did visits end?', (hits) => byVisit(hits, 'exit_page', (own) => views(own).at(-1)?.page)],
  sizes: ['How large were the windows?', byValue(['size'], ({ size }) => [size ?? null])],
  campaign_tags: [
    'Which values does a tag of campaigns have?',
    (hits, _, by) => byValue(['value'], (hit) => [campaignOf(hit)[TAGS.indexOf(by)] ?? null])(hits.filter((hit) => campaignOf(hit)[0] !== null)),
  ],
  messages: [
    'What did each email bring?',
    (hits, perhaps) => {
      const of = (some, event) => some.filter((hit) => hit.event === event && hit.source === 'newsletter');
      const sites = [...new Set([...of(perhaps, 'open'), ...of(hits, 'click')].map(({ site }) => site))];
      const names = ['hits', 'opens', 'opens_at_most', 'unique_opens', 'unique_opens_at_most', 'clicks'];
      return {
        columns: [...['campaign', 'message', 'utm_content'].map(varchar), ...names.map(bigint)],
        rows: sites.map((site) => {
          const own = (some, event) => of(some, event).filter((hit) => hit.site === site);
          const [low, high, clicks] = [own(hits, 'open'), own(perhaps, 'open'), own(hits, 'click')];
          const unique = (some) => new Set(some.flatMap(({ userid }) => userid ?? [])).size;
          return [campaignOf({ source: 'newsletter', site })[2], `Letter of ${site}`, null, low.length + clicks.length, low.length, high.length, unique(low), unique(high), clicks.length];
        }),
      };
    },
  ],
  read_with: [
    'Which programs opened emails?',
    (hits, perhaps) => {
      const program = ({ browser, agent_rule }) => (agent_rule.includes('mail.') ? agent_rule : (browser ?? null));
      const own = new Map(counted(hits.filter(({ event }) => event === 'open'), (hit) => [program(hit)]));
      return {
        columns: [varchar('program'), bigint('opens'), bigint('opens_at_most')],
        rows: counted(perhaps.filter(({ event }) => event === 'open'), (hit) => [program(hit)]).map(([name, most]) => [name, own.get(name) ?? 0, most]),
      };
    },
  ],
  sites_per_day: [
    'How many views did each site have on each day?',
    (hits) => {
      const day = ({ at_ms }) => `${new Date(at_ms).toISOString().slice(0, 10)} 00:00:00`;
      const { rows } = byValue(['site', 'day'], (hit) => [hit.site, day(hit)])(hits);
      return { columns: [varchar('site'), timestamp('day'), bigint('views'), bigint('visitors')], rows };
    },
  ],
  top_pages: [
    'Which pages were viewed most?',
    byValue(['site', 'page'], ({ site, page }) => [site, page]),
  ],
  countries: ['Which countries did the views come from?', byValue(['country'], ({ country }) => [country ?? null])],
  languages: ['Which languages did the views come in?', byValue(['language'], ({ language }) => [language ?? null])],
  devices: ['Which devices were used?', byValue(['device'], ({ device }) => [device ?? null])],
  browsers: ['Which browsers were used?', byValue(['browser'], ({ browser }) => [browser ?? null])],
  systems: ['Which systems were used?', byValue(['os'], ({ os }) => [os ?? null])],
};

/** The hits of all classes by class and rule. */
const agents = (hits) => ({
  columns: [...['agent', 'agent_rule'].map(varchar), ...['views', 'opens', 'hits'].map(bigint)],
  rows: counted(hits, ({ agent, agent_rule }) => [agent ?? null, agent_rule ?? null]).map((row) => {
    const own = hits.filter((hit) => (hit.agent ?? null) === row[0] && (hit.agent_rule ?? null) === row[1]);
    // Unlike other questions, it counts views as views where a condition on event is set.
    return [row[0], row[1], own.filter(({ event }) => event === 'view').length, opens(own), own.length];
  }),
});

/** Each question: what it asks in words, and its columns and rows over some hits, of which it counts those of `classes`. */
export const QUESTIONS = {
  ...Object.fromEntries(
    Object.entries(COUNTED_QUESTIONS).map(([name, [question, answer]]) => [
      name,
      [question, (hits, classes, by) => answer(ofClasses(hits, classes ?? DEFAULT_AGENTS), ofClasses(hits, classes ?? OPEN_AGENTS), by)],
    ]),
  ),
  agents: ['Which agents sent the hits?', agents],
};
