// The newcomer: one command, and a view of a page appears on the dashboard that it names.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { settled, tiles } from './dashboard.mjs';
import { built, start } from './harness/program.mjs';
import { scenario } from './harness.mjs';
import { launch } from './browser.mjs';
import { serveWeb } from './web.mjs';
import { eventuallyEquals } from './harness/polling.mjs';

const at = {};
let demo;
let web;
before(async () => {
  demo = start(built('BEACON', 'beacon'), ['demo', '--no-open', '--listen', '127.0.0.1:0', '--dashboard-listen', '127.0.0.1:0'], {}, 'stdout');
  at.dashboard = await demo.line((line) => /^ +(http:\/\/\S+)\/ +the dashboard/.exec(line)?.[1]);
  const pixel = await demo.line((line) => /'(http:\/\/[^/']+)\/hit\?/.exec(line)?.[1]);
  await demo.line((line) => line.startsWith('Serving until Ctrl-C.'));
  web = await serveWeb(pixel);
  at.browser = await launch();
});
after(async () => {
  await at.browser?.close();
  await web?.stop();
  await demo?.stop('SIGINT');
});

scenario(at, 'the demo’s dashboard shows its traffic, and a view of an example', {}, async ({ open }) => {
  const dashboard = await open();
  await dashboard.goto(`${at.dashboard}/`);
  await settled(dashboard);
  const { Views } = await tiles(dashboard);
  assert.ok(Views > 400, `${Views} views`);
  const page = await open();
  await page.goto(web.at('pages.example', '/examples/page/'));
  await eventuallyEquals(async () => (await tiles(dashboard)).Views, Views + 1);
});
