// Hits of days gone by: records as the beacon writes them, moved in time and brought into the lake by `beacon replay`.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beacon } from './program.mjs';

/** Noon of the day, in UTC, that many days before today; for today the first moment of it. */
export function noon(days_ago) {
  const today_ms = Math.floor(Date.now() / 86_400_000) * 86_400_000;
  return days_ago === 0 ? today_ms : today_ms - days_ago * 86_400_000 + 43_200_000;
}

/**
 * Records `hits`, of parameters and `at_ms`, each as often as its `count` says, into the lake of a server that was
 * started with BEACON_DEBUG=true.
 */
export async function record(server, hits) {
  const lines = [];
  for (const { at_ms, count = 1, ...params } of hits) {
    const answer = await fetch(`${server.pixel}/hit?${new URLSearchParams({ ...params, debug: '1' })}`);
    assert.equal(answer.status, 200, 'BEACON_DEBUG is on');
    const recorded = await answer.json();
    const received_at = new Date(at_ms).toISOString().replace('T', ' ').replace('Z', '');
    for (let time = 0; time < count; time += 1) lines.push(JSON.stringify({ ...recorded, hit_id: randomUUID(), received_at }));
  }
  const folder = await mkdtemp(join(tmpdir(), 'beacon-past-'));
  const file = join(folder, 'records.ndjson');
  await writeFile(file, `${lines.join('\n')}\n`);
  const report = await beacon(['replay', '--lake', server.folder, file]);
  assert.match(report, new RegExp(`^sent +${lines.length} hits? `), report);
  await rm(folder, { recursive: true });
}
