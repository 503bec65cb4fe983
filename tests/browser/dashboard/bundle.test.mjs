// The bundle: its size, its compatibility with a strict policy, and its embedding in a report.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { test } from '@playwright/test';

const DIST = new URL('../../../beacon/dashboard/page/dist/', import.meta.url);
const FIRST = ['index.html', 'dashboard.js', 'dashboard.css', 'favicon.svg'];
/** What the SQL page loads when somebody opens it. */
const SQL = ['sql.js', 'sql.css'];
const SERVED = [...FIRST, ...SQL];

/** The whole page may have 350 KB; it has a fifth of that, and should notice before it has twice as much. */
const MOST_BYTES = 100_000;

/** The editor of the SQL page, with the code that draws its results. */
const MOST_SQL_BYTES = 180_000;

async function compressed(names) {
  let bytes = 0;
  for (const name of names) bytes += gzipSync(await readFile(new URL(name, DIST))).length;
  return bytes;
}

/** One and a half times what the script had before it could filter, compare and draw every metric. */
const MOST_SCRIPT_BYTES = 71_600;

test('the page is small', async () => {
  const bytes = await compressed(FIRST);
  console.log(`compressed: ${bytes} bytes`);
  assert.ok(bytes < MOST_BYTES, `${bytes} bytes compressed`);
});

test('the editor of the SQL page is in a bundle of its own', async () => {
  const bytes = await compressed(SQL);
  console.log(`compressed: ${bytes} bytes`);
  assert.ok(bytes < MOST_SQL_BYTES, `${bytes} bytes compressed`);
  assert.doesNotMatch(await readFile(new URL('dashboard.js', DIST), 'utf8'), /cm-editor|cm-content/);
});

test('the script is small', async () => {
  const bytes = gzipSync(await readFile(new URL('dashboard.js', DIST))).length;
  console.log(`compressed script: ${bytes} bytes`);
  assert.ok(bytes < MOST_SCRIPT_BYTES, `${bytes} bytes compressed`);
});

test('the directory holds the served files and the licences of bundled packages', async () => {
  assert.deepEqual((await readdir(DIST)).sort(), [...SERVED, 'THIRD_PARTY_LICENSES.txt'].sort());
  const licences = await readFile(new URL('THIRD_PARTY_LICENSES.txt', DIST), 'utf8');
  for (const name of ['preact', 'd3-scale', '@codemirror/view', '@codemirror/lang-sql', '@lezer/common'])
    assert.match(licences, new RegExp(`^${name} \\d`, 'm'));
});

test('nothing in the page needs a weaker policy', async () => {
  const html = await readFile(new URL('index.html', DIST), 'utf8');
  assert.doesNotMatch(html, /\sstyle=|\son\w+=|<style|<script(?![^>]* src=)/);
  for (const name of ['dashboard.js', 'sql.js']) {
    const script = await readFile(new URL(name, DIST), 'utf8');
    assert.doesNotMatch(script, /\beval\(|new Function\b|document\.write|insertAdjacentHTML/, name);
  }
});

test('a report can embed script and style unchanged', async () => {
  assert.doesNotMatch(await readFile(new URL('dashboard.js', DIST), 'utf8'), /<\/script|<!--/i);
  assert.doesNotMatch(await readFile(new URL('dashboard.css', DIST), 'utf8'), /<\/style|url\(|@import/i);
});
