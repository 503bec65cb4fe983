// The part of the mock that is the owner's alone: SQL and its tables, and the list of share links.

import { NOW_MS } from './lake.mjs';

export const TOKEN = 'v1.blog.token';

/** What a share link with a password answers to the right one. */
export const SHARE_SESSION = 'v1.blog.session';

const COLUMNS = [
  ['hit_id', 'varchar', 'The deduplication key'],
  ['received_at', 'timestamp', 'When the request came: UTC, in milliseconds'],
  ['site', 'varchar', 'The site parameter, else the host of the page'],
  ['page', 'varchar', 'The page’s path'],
  ['event', 'varchar', 'view, or the event parameter'],
  ['device', 'varchar', 'phone, tablet, desktop, tv, console, wearable or car'],
  ['params', 'map(varchar, varchar)', 'Every parameter'],
  ['truncated', 'boolean', ''],
  ['year', 'integer', 'UTC year of arrival'],
];

const TABLES = {
  database: 'beacon',
  table: 'hits',
  columns: COLUMNS.map(([name, type, comment]) => ({ name, type, comment })),
  views: [
    { name: 'unique_hits', columns: [...COLUMNS, ['source', 'varchar', '']].map(([name, type]) => ({ name, type })) },
    { name: 'visits', comment: 'A row for each visit', columns: [{ name: 'visit_id', type: 'varchar' }, { name: 'entry_page', type: 'varchar' }] },
  ],
};

/** What a statement answers unless the test sets other rows. */
const ANSWER = {
  columns: [
    { name: 'day', type: 'timestamp' },
    { name: 'page', type: 'varchar' },
    { name: 'views', type: 'bigint' },
    { name: 'share', type: 'double' },
  ],
  rows: [
    ['2026-11-19 00:00:00.000', '/posts/one-pixel', 42, 0.5],
    ['2026-11-20 00:00:00.000', null, 12, 0.25],
    ['2026-11-21 00:00:00.000', '<b>/about</b>', 31, 1],
  ],
};

/** Answers a request that only the owner makes; nothing for others. */
export async function ownersAnswer(mock, queries, request, path, body) {
  const [kind, id] = path.split('/');
  const shared = mock.access === 'share';
  if (kind === 'share-login') {
    if (body.token !== TOKEN || body.password !== mock.share_password) return [401, { title: 'wrong password' }];
    return [200, { token: SHARE_SESSION }];
  }
  if (!['shares', 'table', 'sql'].includes(kind)) return undefined;
  if (shared) return [403, { title: 'for the owner only' }];
  if (kind === 'table') return [200, TABLES];
  if (kind === 'sql') return [202, submitSql(mock, queries, body.sql)];
  if (request.method === 'GET') return [200, { shares: mock.shares.map(({ password, ...share }) => ({ ...share, has_password: password !== undefined, created_ms: NOW_MS })) }];
  if (request.method === 'DELETE') {
    mock.shares = mock.shares.filter((share) => share.id !== id);
    return [204];
  }
  const share = { id: `s${mock.shares.length + 1}`, ...body };
  mock.shares.push(share);
  return [201, { id: share.id, token: TOKEN, path: `/#share=${TOKEN}` }];
}

function submitSql(mock, queries, sql) {
  mock.statements.push(sql);
  const id = `sql${mock.statements.length}`;
  const { columns, rows } = mock.sql_rows ?? ANSWER;
  const answer = mock.sql_error
    ? { id, question: '', state: 'failed', error: mock.sql_error }
    : { id, question: '', state: 'succeeded', sql, columns, rows, row_count: rows.length, statistics: { bytes_scanned: 1_234_567, took_ms: 84, reused: false } };
  const query = { request: { question: sql }, answer: { id, question: '', state: 'running' }, all_rows: rows };
  query.done = new Promise((resolve) => {
    const finish = (ended) => {
      if (query.answer.state !== 'running') return;
      query.answer = ended;
      resolve();
    };
    query.cancel = () => finish({ ...answer, state: 'cancelled', error: null });
    setTimeout(() => finish(answer), mock.delay_ms);
  });
  queries.set(id, query);
  return query.answer;
}
