// Seeds hits of past days: records from the beacon, moved in time and written to the lake with `beacon replay`.

import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firefoxUserAgent } from './harness/people.mjs';
import { beacon } from './harness/program.mjs';

const DAY_MS = 86_400_000;

/** The day on which the tests began, in UTC: it is today for all of them, also past midnight. */
const TODAY_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS;

/** What a page over hits of days gone by takes for now: the last minute of that day. */
export const NOW_MS = TODAY_MS + DAY_MS - 60_000;

/** Noon of the day, in UTC, that many days before today; for today the first moment of it. */
export function noon(days_ago) {
  return days_ago === 0 ? TODAY_MS : TODAY_MS - days_ago * DAY_MS + DAY_MS / 2;
}

/** That day, as `yyyy-mm-dd`. */
export const day = (days_ago) => new Date(TODAY_MS - days_ago * DAY_MS).toISOString().slice(0, 10);

/**
 * Records `hits`, of parameters and `at_ms`, each as often as its `count` says, into the lake of a server that was
 * started with BEACON_DEBUG=true. Each is a person's of its own, unless `user_agent` says who asked, or `visitor`.
 */
export async function record(server, hits) {
  const lines = [];
  for (const { at_ms, count = 1, user_agent = firefoxUserAgent(), visitor, ...params } of hits) {
    const answer = await fetch(`${server.pixel}/hit?${new URLSearchParams({ ...params, debug: '1' })}`, { headers: { 'user-agent': user_agent } });
    assert.equal(answer.status, 200, 'BEACON_DEBUG is on');
    const recorded = await answer.json();
    const received_at = new Date(at_ms).toISOString().replace('T', ' ').replace('Z', '');
    for (let time = 0; time < count; time += 1) {
      const who = recorded.visitor && { visitor: visitor ?? anyVisitor() };
      lines.push(JSON.stringify({ ...recorded, ...who, hit_id: randomUUID(), received_at }));
    }
  }
  const folder = await mkdtemp(join(tmpdir(), 'beacon-past-'));
  const file = join(folder, 'records.ndjson');
  await writeFile(file, `${lines.join('\n')}\n`);
  const report = await beacon(['replay', '--lake', server.folder, file]);
  assert.match(report, new RegExp(`^sent +${lines.length} hits? `), report);
  await rm(folder, { recursive: true });
}

/** Returns a visitor whom no other hit has, in the form of the beacon's. */
const anyVisitor = () => randomBytes(16).toString('base64url');
