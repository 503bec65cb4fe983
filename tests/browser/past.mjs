// A blog's known past: what the browser story asks about, and as much beside it that would be counted by mistake.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beacon } from './harness/program.mjs';

/** The reader's clock and time zone: 11:41 on a Wednesday. */
export const NOW_MS = Date.parse('2026-03-18T10:41:00Z');
export const ZONE = 'Europe/Berlin';

const SITE = 'blog.example';
const MINUTE_MS = 60_000;

const PHONE = { device: 'phone', os: 'iOS', browser: 'Safari', country: 'DE', language: 'de-DE' };
const DESKTOP = { device: 'desktop', os: 'Windows', browser: 'Firefox', country: 'AT', language: 'de-AT' };

const NEWSLETTER = { utm_source: 'newsletter', utm_medium: 'email', utm_campaign: 'issue-7' };
const HACKER_NEWS = [from('news.ycombinator.com'), { utm_source: 'hn' }, { referrer: 'android-app://io.github.hidroh.materialistic/', referrer_host: 'android-app://io.github.hidroh.materialistic' }];

/** Writes the past into the lake of a folder. */
export async function replayPast(lake) {
  const records = past().map((record, index) => JSON.stringify({ hit_id: `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`, ...record }));
  const folder = await mkdtemp(join(tmpdir(), 'beacon-past-'));
  const file = join(folder, 'records.ndjson');
  await writeFile(file, `${records.join('\n')}\n`);
  const report = await beacon(['replay', '--lake', lake, file]);
  assert.match(report, new RegExp(`^sent +${records.length} hits `), report);
  await rm(folder, { recursive: true });
}

function past() {
  return [...lastMonth(), ...aroundLastMonth(), ...emails(), ...hackerNews(), ...assistants(), ...machines()];
}

/** February: 20 newsletter readers on phones, of whom 5 sign up, one of them twice. */
function lastMonth() {
  const visits = [];
  // The month begins and ends in Berlin, an hour before it does in UTC.
  const pricing = ['2026-01-31T23:20:00Z', '2026-02-28T22:40:00Z', ...days('2026-02-02', 8)];
  visits.push(...pricing.map((at, index) => visit({ at, ...PHONE, ...NEWSLETTER, pages: ['/pricing', '/start'], signups: [1, 2, 0, 1][index] ?? 0 })));
  visits.push(...days('2026-02-03', 8).map((at, index) => visit({ at, ...PHONE, ...NEWSLETTER, pages: ['/posts/one-pixel', '/pricing'], signups: index < 2 ? 1 : 0 })));
  visits.push(...days('2026-02-20', 2).map((at) => visit({ at, ...PHONE, ...NEWSLETTER, pages: ['/'] })));
  // The same newsletter on desktops, and phones from elsewhere, have other pages that bring more.
  visits.push(...days('2026-02-05', 9).map((at) => visit({ at, ...DESKTOP, ...NEWSLETTER, pages: ['/posts/one-pixel'], signups: 1 })));
  visits.push(...days('2026-02-06', 7).map((at) => visit({ at, ...PHONE, ...from('www.google.com'), pages: ['/'], signups: 1 })));
  return visits.flat();
}

/** Sign-ups of newsletter readers on phones, minutes before and after the month. */
function aroundLastMonth() {
  return ['2026-01-31T22:50:00Z', '2026-02-28T23:05:00Z', '2026-01-15T09:00:00Z', '2026-03-02T09:00:00Z']
    .flatMap((at) => visit({ at, ...PHONE, ...NEWSLETTER, pages: ['/'], signups: 3 }));
}

/** This week's opens: 12 by people and what can't be told from them, 20 by mail programs for them, 5 by bots. */
function emails() {
  const opens = [['human', 9], ['unknown', 3], ['mail_proxy', 16], ['prefetch', 4], ['bot', 5]];
  return opens.flatMap(([agent, count]) => days('2026-03-13', count, 4).map((at, index) => hit({
    at, event: 'open', ...NEWSLETTER, agent, agent_rule: `2026.11/${agent}`, params: { userid: `reader-${index % 8}` },
  })));
}

/** Yesterday: six visits, of which three go on to /about and one to the start page. More on the days around it. */
function hackerNews() {
  const read = [['/posts/one-pixel', '/about'], ['/posts/one-pixel', '/about'], ['/posts/one-pixel', '/about'], ['/posts/one-pixel'], ['/posts/one-pixel'], ['/posts/one-pixel', '/']];
  const yesterday = read.map((pages, index) => visit({ at: `2026-03-17T${String(8 + index).padStart(2, '0')}:10:00Z`, ...DESKTOP, ...HACKER_NEWS[index % 3], pages }));
  const others = ['2026-03-16T22:30:00Z', '2026-03-17T23:30:00Z', '2026-03-18T07:00:00Z'].map((at) => visit({ at, ...DESKTOP, ...HACKER_NEWS[0], pages: ['/old'] }));
  const elsewhere = visit({ at: '2026-03-17T11:00:00Z', ...DESKTOP, ...from('www.google.com'), pages: ['/posts/one-pixel', '/contact'] });
  return [...yesterday, ...others, elsewhere].flat();
}

/** Visits that assistants sent in the last thirty days. */
function assistants() {
  const sent = [['chatgpt.com', 3], ['www.perplexity.ai', 2], ['claude.ai', 1]];
  return sent.flatMap(([host, count]) => days('2026-03-05', count).flatMap((at) => visit({ at, ...DESKTOP, ...from(host), pages: ['/posts/one-pixel', '/about'] })));
}

/** Crawlers, which read the same pages and are no visits. */
function machines() {
  const rules = ['ai.training.gptbot', 'ai.index.oai-searchbot', 'search.googlebot'];
  return rules.flatMap((rule) => days('2026-03-12', 6).map((at) => hit({ at, event: 'view', page: '/posts/one-pixel', agent: 'bot', agent_rule: `2026.11/${rule}` })));
}

let visitors = 0;

/** A visitor of one day, who reads pages a minute apart and then signs up on the last one. */
function visit({ at, pages, signups = 0, ...fields }) {
  visitors += 1;
  const { referrer, referrer_host, utm_source, utm_medium, utm_campaign, ...reader } = fields;
  const origin = { referrer, referrer_host, utm_source, utm_medium, utm_campaign };
  const hits = [...pages.map((page) => ({ event: 'view', page })), ...Array.from({ length: signups }, () => ({ event: 'signup', page: pages.at(-1) }))];
  return hits.map((one, index) => hit({
    at: new Date(Date.parse(at) + index * MINUTE_MS).toISOString(),
    visitor: `visitor-${String(visitors).padStart(14, '0')}`,
    agent: 'human',
    agent_rule: '2026.11/browser',
    ...reader,
    // Only the first view says where the visit came from; the others came from the page before.
    ...(index === 0 ? origin : from(SITE)),
    ...one,
  }));
}

function hit({ at, params = {}, ...fields }) {
  return {
    received_at: at.replace('T', ' ').replace('Z', '').padEnd(23, '.000'),
    site: SITE,
    host: 'b.example',
    path: '/pixel.gif',
    format: 'gif',
    truncated: false,
    query_string: '',
    params,
    headers: {},
    version: '0.2.0',
    ...fields,
  };
}

function from(host) {
  return { referrer: `https://${host}/`, referrer_host: host };
}

/** Returns moments of so many visits from a day on, `a_day` of them on each. */
function days(first, count, a_day = 1) {
  const start_ms = Date.parse(`${first}T10:00:00Z`);
  return Array.from({ length: count }, (_, index) => new Date(start_ms + Math.floor(index / a_day) * 24 * 60 * MINUTE_MS + (index % a_day) * 7 * MINUTE_MS).toISOString());
}
