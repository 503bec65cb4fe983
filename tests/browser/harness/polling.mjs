// Polling, for what arrives some time after it was sent.

import assert from 'node:assert/strict';

const INTERVAL_MS = 50;

/** Calls `read` until its result equals `expected`; fails with the last difference when the time is up. */
export async function eventuallyEquals(read, expected, timeout_ms = 30_000) {
  const end_ms = Date.now() + timeout_ms;
  for (;;) {
    const actual = await read();
    try {
      assert.deepEqual(actual, expected);
      return;
    } catch (difference) {
      if (Date.now() > end_ms) throw difference;
    }
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
}
