// The newcomer: one command, and a view of a page appears on the dashboard that it names.

import assert from 'node:assert/strict';
import { settled, tiles } from '../dashboard_page.mjs';
import { built, start } from '../harness/program.mjs';
import { test as base } from '../fixtures.mjs';
import { serveWeb } from '../web.mjs';
import { eventuallyEquals } from '../harness/polling.mjs';

const test = base.extend({
  /** Origins of the demo's dashboard and pixel. */
  demo: [
    async ({}, use) => {
      const demo = start(built('BEACON', 'beacon'), ['demo', '--no-open', '--listen', '127.0.0.1:0', '--dashboard-listen', '127.0.0.1:0'], {}, 'stdout');
      const dashboard = await demo.line((line) => /^ +(http:\/\/\S+)\/ +the dashboard/.exec(line)?.[1]);
      const pixel = await demo.line((line) => /'(http:\/\/[^/']+)\/hit\?/.exec(line)?.[1]);
      await demo.line((line) => line.startsWith('Serving until Ctrl-C.'));
      const web = await serveWeb(pixel);
      await use({ dashboard, web });
      await web.stop();
      await demo.stop('SIGINT');
    },
    { scope: 'worker', timeout: 300_000 },
  ],
});

test('the demo’s dashboard shows its traffic, and a view of an example', async ({ demo, open }) => {
  const dashboard = await open();
  await dashboard.goto(`${demo.dashboard}/`);
  await settled(dashboard);
  const { Views } = await tiles(dashboard);
  assert.ok(Views > 400, `${Views} views`);
  const page = await open();
  await page.goto(demo.web.at('pages.example', '/examples/page/'));
  await eventuallyEquals(async () => (await tiles(dashboard)).Views, Views + 1);
});
