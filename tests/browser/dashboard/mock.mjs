// A mock of the dashboard's API over generated hits, which serves the page with the headers of the real one. Settings
// make it empty, slow, huge, failing, password-protected or shared; it records its requests.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { httpServer } from '../harness/http_server.mjs';
import { ownersAnswer, SHARE_SESSION, TOKEN } from './mock_owner.mjs';
import { campaignOf, channelOf, madeUpHits, NOW_MS, QUESTIONS, referrerOf } from './lake.mjs';

const DIST = new URL('../../../beacon/dashboard/page/dist/', import.meta.url);

export const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' };

export const PASSWORD = 'correct horse';
export { TOKEN } from './mock_owner.mjs';
const FILTERS = [
  ...['site', 'page', 'entry_page', 'exit_page', 'event', 'channel', 'source', 'referrer'],
  ...['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'],
  ...['browser', 'os', 'device', 'size', 'country', 'language'],
];
const MOST_ROWS = 10_000;

/** Whether a hit's value in a column, which may be null, meets a condition. */
const OPERATORS = {
  is: (value, values) => values.includes(value),
  is_not: (value, values) => !values.includes(value),
  contains: (value, values) => value !== null && values.some((part) => value.includes(part)),
  starts_with: (value, values) => value !== null && values.some((part) => value.startsWith(part)),
  is_empty: (value) => value === null,
  is_not_empty: (value) => value !== null,
};
const NEGATIVE = ['is_not', 'is_not_empty'];

/** As much of SQL as a dialog needs. */
const sqlOf = (question) => `-- question: ${QUESTIONS[question][0]}
-- parameters: hour_from, hour_to, site, site
SELECT count(*) AS views
FROM hits
WHERE
    year * 1000000 + month * 10000 + day * 100 + hour BETWEEN CAST(? AS integer) AND CAST(? AS integer)
    AND (? = '*' OR site = ?)`;

/**
 * What may be changed while it runs: `hits`, `delay_ms` (of each answer), `failing` (names of questions),
 * `huge` (rows of top_pages_by_source and countries), `access`, `keeps_sessions`, `live`, `endpoint`, `down` (what is
 * answered is no answer of the API's), `warnings` (of each answer, by its question),
 * `undelivered_s`, `goals`, `saved`, `share_password` (of the shared link), `sites` (BEACON_SITES), `sql_rows` and
 * `sql_error` (what SQL answers). Of what it records, `served` are the paths of files, `following` the requests that wait
 * for a change, and `followed` the last revision that a page has said it knows.
 */
export async function startMock(settings = {}) {
  const mock = {
    hits: settings.empty ? [] : madeUpHits(),
    delay_ms: 0,
    failing: new Set(),
    huge: 0,
    access: 'open',
    keeps_sessions: true,
    live: true,
    endpoint: 'http://127.0.0.1:8080',
    down: false,
    warnings: null,
    undelivered_s: null,
    goals: [],
    saved: [],
    share_password: null,
    sites: null,
    sql_rows: null,
    sql_error: null,
    ...settings,
    asked: [],
    served: [],
    statements: [],
    polled: new Set(),
    cancelled: [],
    shares: [],
    in_flight: 0,
    most_in_flight: 0,
    following: 0,
    followed: 0,
    revision: 1,
  };
  const queries = new Map();
  const waiters = new Set();

  mock.add = (hit) => {
    mock.hits.push({ at_ms: NOW_MS - 60_000, source: null, event: 'view', userid: null, country: 'DE', agent: 'human', agent_rule: '2026.11/browser', ...hit });
    mock.revision += 1;
    for (const wake of waiters) wake();
  };
  mock.forget = () => queries.clear();

  async function api(request, url, body) {
    if (mock.down) return [503, { title: 'service unavailable', detail: 'the engine is being restarted' }];
    const path = url.pathname.slice('/api/'.length);
    const [kind, id, part] = path.split('/');
    if (kind === 'session') return session(request, body);
    const refusal = refused(request, body);
    if (refusal) return refusal;
    if (path === 'about') return [200, about()];
    if (path === 'changes') return [200, await changes(url, request)];
    if (path === 'saved') {
      mock.saved = body.saved;
      return [204];
    }
    if (path === 'goals') {
      mock.goals = body.goals;
      return [204];
    }
    const owned = await ownersAnswer(mock, queries, request, path, body);
    if (owned) return owned;
    if (path === 'queries') return submit(body);
    const query = queries.get(id);
    if (kind !== 'queries' || !query) return [404, { title: 'not found', detail: `no query ${id}` }];
    if (request.method === 'DELETE') {
      mock.cancelled.push(query.request.question);
      query.cancel();
      return [204];
    }
    if (part === 'csv') return [200, { ...query.answer, rows: query.all_rows }, 'csv'];
    const wait_ms = Math.min(5_000, Number(url.searchParams.get('wait_ms') ?? 0));
    mock.polled.add(id);
    let timer;
    await Promise.race([query.done, new Promise((resolve) => (timer = setTimeout(resolve, wait_ms)))]);
    clearTimeout(timer);
    return [200, query.answer];
  }

  function session(request, body) {
    if (request.method === 'DELETE') return [204, null, 'cookie', 'beacon_session=; Max-Age=0; Path=/'];
    if (body.password === 'often') return [429, { title: 'too many attempts' }, 'retry'];
    if (body.password !== PASSWORD) return [401, { title: 'wrong password' }];
    const age = mock.keeps_sessions ? '' : 'Max-Age=0; ';
    return [204, null, 'cookie', `beacon_session=yes; ${age}HttpOnly; SameSite=Lax; Path=/`];
  }

  function refused(request, body) {
    const is_mutation = request.method !== 'GET';
    if (is_mutation && request.headers['sec-fetch-site'] !== 'same-origin') return [403, { title: 'not from here' }];
    if (mock.access === 'password' && !/beacon_session=yes/.test(request.headers.cookie ?? '')) {
      return [401, { title: 'log in first' }];
    }
    if (mock.access !== 'share') return null;
    if (request.url.endsWith('/share-login') || request.headers['x-beacon-share'] === SHARE_SESSION) return null;
    if (request.headers['x-beacon-share'] === TOKEN && mock.share_password !== null) return [401, { title: 'share link not valid', detail: 'password required' }];
    if (request.headers['x-beacon-share'] !== TOKEN)
      return [401, { title: 'share link not valid', detail: 'it ended on 2026-11-20' }];
    return body?.site !== undefined && body.site !== 'blog.example' ? [403, { title: 'another site' }] : null;
  }

  function about() {
    const shared = mock.access === 'share';
    return {
      version: '0.1.0',
      privacy: 'anonymous',
      engine: mock.live ? 'datafusion' : 'athena',
      freshness: mock.live ? { live: true } : { live: false, delay_s: 300 },
      questions: Object.entries(QUESTIONS).map(([name, [question]]) => ({
        name,
        question,
        parameters: ['from', 'to', 'site'],
      })),
      custom_columns: ['userid'],
      filters: FILTERS,
      operators: Object.keys(OPERATORS),
      goals: mock.goals,
      ...(shared ? {} : { saved: mock.saved }),
      access: { kind: mock.access, site: shared ? 'blog.example' : null, until_ms: shared ? NOW_MS + 864e5 : null },
      endpoint: mock.endpoint,
      ...(shared ? {} : { sql: true, sites: mock.sites, sites_are_open: mock.sites === null }),
    };
  }

  async function changes(url, request) {
    const since = Number(url.searchParams.get('since'));
    mock.followed = since;
    const wait_ms = Math.min(25_000, Number(url.searchParams.get('wait_ms') ?? 0));
    if (mock.revision <= since && wait_ms > 0) {
      mock.following += 1;
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, wait_ms);
        const wake = () => (clearTimeout(timer), resolve());
        waiters.add(wake);
        request.socket.once('close', wake);
      });
      mock.following -= 1;
    }
    return { revision: mock.revision, undelivered_s: mock.undelivered_s };
  }

  function submit(request) {
    mock.asked.push(request);
    const wrong = (request.filters ?? []).find(({ column, op }) => OPERATORS[op] === undefined || column === 'agent');
    if (wrong) return [422, { title: 'unknown filter', detail: JSON.stringify(wrong) }];
    if (!QUESTIONS[request.question]) return [400, { title: 'unknown question', detail: request.question }];
    const id = `q${mock.asked.length}`;
    const query = { request, answer: { id, question: request.question, state: 'queued' } };
    mock.in_flight += 1;
    mock.most_in_flight = Math.max(mock.most_in_flight, mock.in_flight);
    query.done = new Promise((resolve) => {
      const finish = (answer) => {
        if (query.answer.state !== 'queued') return;
        mock.in_flight -= 1;
        query.answer = answer;
        resolve();
      };
      query.cancel = () => finish({ ...query.answer, state: 'cancelled', error: null });
      setTimeout(() => {
        const { all_rows, ...answer } = answered(id, request);
        query.all_rows = all_rows;
        finish(answer);
      }, mock.delay_ms);
    });
    queries.set(id, query);
    return [202, query.answer, 'location', `/api/queries/${id}`];
  }

  function answered(id, request) {
    const sql = sqlOf(request.question);
    const parameters = [String(request.from_ms), String(request.to_ms), request.site, request.site];
    const common = { id, question: request.question, sql, parameters };
    if (mock.failing.has(request.question)) {
      return { ...common, state: 'failed', error: 'scan limit of 10 GB reached: choose a shorter period' };
    }
    const is_huge = mock.huge && ['countries', 'top_pages_by_source'].includes(request.question);
    const { columns, rows } = is_huge
      ? huge(request.question)
      : QUESTIONS[request.question][1](matching(request), request.agents, request.by);
    return {
      ...common,
      state: 'succeeded',
      columns,
      all_rows: rows,
      rows: rows.slice(0, MOST_ROWS),
      row_count: rows.length,
      ...(rows.length > MOST_ROWS ? { truncated: true } : {}),
      ...(mock.warnings?.[request.question] ? { warnings: mock.warnings[request.question] } : {}),
      statistics: { bytes_scanned: 1_234 + rows.length * 57, took_ms: 12, reused: false },
      error: null,
    };
  }

  function huge(question) {
    const { columns } = QUESTIONS[question][1]([]);
    const rows = Array.from({ length: mock.huge }, (_, index) =>
      question === 'countries'
        ? [`country ${index}`, mock.huge - index, mock.huge - index]
        : ['blog.example', `/p/${index >> 2}`, `s${index % 40}`, 9_999_999 - index, 1],
    );
    return { columns, rows };
  }

  /** The hits of a request. With a condition on event, those that match count in the place of views. */
  function matching({ from_ms, to_ms, site = '*', filters = [] }) {
    const hits = mock.hits.filter(
      (hit) => hit.at_ms >= from_ms && hit.at_ms < to_ms && (site === '*' || hit.site === site) && meets(hit, filters),
    );
    const is_conversions = filters.some(({ column }) => column === 'event');
    return is_conversions ? hits.map((hit) => ({ ...hit, is_conversion: true })) : hits;
  }

  /** Positive conditions of a column are joined by OR, negative ones by AND, columns by AND. */
  function meets(hit, filters) {
    for (const column of new Set(filters.map(({ column }) => column))) {
      const value = valueOf(hit, column);
      const own = filters.filter((filter) => filter.column === column);
      const positive = own.filter(({ op }) => !NEGATIVE.includes(op));
      const holds = ({ op, values = [] }) => OPERATORS[op](value, values);
      if (positive.length > 0 && !positive.some(holds)) return false;
      if (!own.filter(({ op }) => NEGATIVE.includes(op)).every(holds)) return false;
    }
    return true;
  }

  /** What a hit has where the API filters by `column`. */
  function valueOf(hit, column) {
    if (column.startsWith('prop.')) return hit.params?.[column.slice('prop.'.length)] ?? null;
    const campaign = campaignOf(hit);
    return {
      ...hit,
      channel: channelOf(hit),
      referrer: referrerOf(hit),
      utm_source: campaign[0],
      utm_medium: campaign[1],
      utm_campaign: campaign[2],
    }[column] ?? null;
  }

  const server = httpServer(async (request, response) => {
    const url = new URL(request.url, 'http://127.0.0.1');
    response.setHeader('Content-Security-Policy', CSP);
    response.setHeader('Referrer-Policy', 'no-referrer');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (!url.pathname.startsWith('/api/')) {
      mock.served.push(url.pathname);
      return serveFile(url, response);
    }
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
    const [status, answer, extra, value] = await api(request, url, body);
    respond(response, status, answer, extra, value);
  });
  const port = await server.start();
  mock.url = `http://127.0.0.1:${port}/`;
  mock.stop = () => {
    for (const wake of waiters) wake();
    return server.stop();
  };
  /** Ends it as `kill -9` does, and starts it again as one that knows nothing of what the old one was asked. */
  mock.kill = async () => {
    await mock.stop();
    queries.clear();
    mock.in_flight = 0;
  };
  mock.start = () => server.start(port);
  return mock;
}

async function serveFile(url, response) {
  const name = url.pathname === '/' ? 'index.html' : url.pathname.slice(1);
  if (!/^(index\.html|(dashboard|sql)\.(js|css)|favicon\.svg)$/.test(name)) return response.writeHead(404).end();
  response.writeHead(200, { 'Content-Type': TYPES[name.split('.')[1]] });
  response.end(await readFile(fileURLToPath(new URL(name, DIST))));
}

function respond(response, status, answer, extra, value) {
  if (extra === 'cookie') response.setHeader('Set-Cookie', value);
  if (extra === 'location') response.setHeader('Location', value);
  if (extra === 'retry') response.setHeader('Retry-After', '30');
  if (extra === 'csv') {
    response.writeHead(status, {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${answer.question}-2026-11-15-2026-11-21.csv"`,
    });
    const lines = [answer.columns.map(({ name }) => name), ...answer.rows];
    return response.end(lines.map((line) => `${line.join(',')}\r\n`).join(''));
  }
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' });
  response.end(answer ? JSON.stringify(status >= 400 ? { status, ...answer } : answer) : undefined);
}
