// `beacon report`: the dashboard as one file, which needs no network.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bars, csv, openTab, seriousFindings, tiles, topPages } from '../dashboard_page.mjs';
import { day, noon, record } from '../seed_hits.mjs';
import { beacon } from '../harness/program.mjs';
import { test } from '../fixtures.mjs';

test.use({ lake: { name: 'report', variables: () => ({ BEACON_DEBUG: 'true' }) } });

test('a report opens offline, sends no requests, and shows the numbers of the dashboard', async ({ at, open }) => {
  const site = 'report.example';
  await record(at.server, [
    { at_ms: noon(0), site, page: '/a', count: 2, utm_source: '</script><script>window.harmed = true</script>' },
    { at_ms: noon(3), site, page: '/b', count: 3 },
    { at_ms: noon(9), site, page: '/b', count: 5 },
    { at_ms: noon(1), site: 'other.example', page: '/other', count: 8 },
  ]);
  const file = join(at.folder, 'report.html');
  await beacon(['report', '--lake', at.folder, '--from', day(6), '--to', day(0), '--site', site, '--file', file]);

  const page = await open();
  await page.window.context.setOffline(true);
  await page.goto(String(pathToFileURL(file)));
  await page.locator('.tile').first().waitFor();
  assert.equal((await tiles(page)).Views, 5);
  assert.deepEqual(await bars(page), [0, 0, 0, 3, 0, 0, 2]);
  assert.deepEqual(await topPages(page), { '/b': 3, '/a': 2 });
  await page.getByText(/^Report made /).waitFor();
  const { text } = await csv(page, 'Pages');
  assert.ok(text.startsWith('site,page,views,visitors\r\n'), text);
  assert.ok(await (await openTab(page, 'Sources', 'Referrers')).isVisible());

  assert.equal(await page.evaluate(() => window.harmed), undefined);
  assert.deepEqual(await seriousFindings(page), []);
  const asked = page.window.requests.map((request) => request.url()).filter((url) => !/^(data|blob):/.test(url));
  assert.deepEqual(asked, [String(pathToFileURL(file))]);
  assert.ok(!(await readFile(file, 'utf8')).includes('other.example'), 'a report of a site says nothing of another');
});
