// The bundle: its size, its compatibility with a strict policy, and its embedding in a report.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { test } from '@playwright/test';

const DIST = new URL('../../../beacon/dashboard/page/dist/', import.meta.url);
const SERVED = ['index.html', 'dashboard.js', 'dashboard.css', 'favicon.svg'];

/** The whole page may have 350 KB; it has a fifth of that, and should notice before it has twice as much. */
const MOST_BYTES = 100_000;

/** One and a half times what the script had before it could filter, compare and draw every metric. */
const MOST_SCRIPT_BYTES = 71_600;

test('the page is small', async () => {
  let bytes = 0;
  for (const name of SERVED) bytes += gzipSync(await readFile(new URL(name, DIST))).length;
  console.log(`compressed: ${bytes} bytes`);
  assert.ok(bytes < MOST_BYTES, `${bytes} bytes compressed`);
});

test('the script is small', async () => {
  const bytes = gzipSync(await readFile(new URL('dashboard.js', DIST))).length;
  console.log(`compressed script: ${bytes} bytes`);
  assert.ok(bytes < MOST_SCRIPT_BYTES, `${bytes} bytes compressed`);
});

test('the directory holds the served files and the licences of bundled packages', async () => {
  assert.deepEqual((await readdir(DIST)).sort(), [...SERVED, 'THIRD_PARTY_LICENSES.txt'].sort());
  const licences = await readFile(new URL('THIRD_PARTY_LICENSES.txt', DIST), 'utf8');
  for (const name of ['preact', 'd3-scale'])
    assert.match(licences, new RegExp(`^${name} \\d`, 'm'));
});

test('nothing in the page needs a weaker policy', async () => {
  const html = await readFile(new URL('index.html', DIST), 'utf8');
  assert.doesNotMatch(html, /\sstyle=|\son\w+=|<style|<script(?![^>]* src=)/);
  const script = await readFile(new URL('dashboard.js', DIST), 'utf8');
  assert.doesNotMatch(script, /\beval\(|new Function\b|document\.write|insertAdjacentHTML/);
});

test('a report can embed script and style unchanged', async () => {
  assert.doesNotMatch(await readFile(new URL('dashboard.js', DIST), 'utf8'), /<\/script|<!--/i);
  assert.doesNotMatch(await readFile(new URL('dashboard.css', DIST), 'utf8'), /<\/style|url\(|@import/i);
});
