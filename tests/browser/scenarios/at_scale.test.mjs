// Scenario 5: the serverless pixel. An <img> on another site or in an email goes through an HTTP API to the real
// Lambda binary, from there to a Firehose endpoint and into the lake, and SQL and the dashboard count it.

import assert from 'node:assert/strict';
import { addFilter, settled, tiles } from '../dashboard_page.mjs';
import { startLambda } from '../lambda.mjs';
import { beacon, query } from '../harness/program.mjs';
import { counts } from '../counted.mjs';
import { test as base } from '../fixtures.mjs';
import { html } from '../web.mjs';
import { eventuallyEquals } from '../harness/polling.mjs';

const COLUMNS = { BEACON_COLUMNS: 'userid=params.userid,partner=params.thirdpartyname' };
const test = base.extend({
  /** The function behind an HTTP API, which writes to the stream of the beacon. */
  lambda: [
    async ({ at }, use) => {
      const lambda = await startLambda(at.server.firehose, COLUMNS);
      await use(lambda);
      await lambda.stop();
    },
    { scope: 'worker' },
  ],

  /** Origin of that API. */
  pixel: async ({ lambda }, use) => {
    await use(`http://pixel.example:${lambda.port}`);
  },
});

test.use({ lake: { name: 'at_scale', variables: () => ({ ...COLUMNS, BEACON_FIREHOSE_LISTEN: '127.0.0.1:0' }) } });

test('an image on another site reaches SQL through the Lambda, with custom columns', async ({ at, open, pixel, lambda }) => {
  const params = 'page=/offer&userid=u-17&thirdpartyname=Acme%20GmbH';
  at.web.pages.set('/offer', html(`<h1>Offer</h1><img id="pixel" src="${pixel}/trackingpixel?${params}" alt="" width="1" height="1">`));
  const page = await open();
  for (let time = 0; time < 2; time += 1) {
    const [answer] = await Promise.all([page.waitForResponse(/\/trackingpixel\?/), page.goto(at.web.at('partner.example', '/offer'))]);
    const headers = await answer.allHeaders();
    assert.equal(headers['x-beacon'], 'recorded', lambda.lines.join('\n'));
    assert.match(headers['cache-control'], /no-cache, no-store, must-revalidate/);
    assert.deepEqual(await page.locator('#pixel').evaluate(async (image) => {
      await image.decode();
      return [image.naturalWidth, image.naturalHeight];
    }), [1, 1]);
  }
  const sql = 'SELECT userid, partner, page, format, count(*) AS hits FROM unique_hits WHERE site = ? GROUP BY 1, 2, 3, 4';
  const rows = JSON.parse(await beacon(['query', '--lake', at.folder, '--output', 'json', '--param', 'partner.example', sql], COLUMNS));
  assert.deepEqual(rows, [{ userid: 'u-17', partner: 'Acme GmbH', page: '/offer', format: 'gif', hits: 2 }]);
  await counts(at, open, 'partner.example', { '/offer': 2 }, [page]);
});

test('custom columns filter the dashboard', async ({ at, open, pixel }) => {
  at.web.pages.set('/users', html(['a', 'a', 'b'].map((userid, n) => `<img src="${pixel}/trackingpixel?page=/users&userid=${userid}&n=${n}" alt="">`).join('')));
  const page = await open();
  await page.goto(at.web.at('users.example', '/users'));
  const dashboard = await counts(at, open, 'users.example', { '/users': 3 }, [page]);
  await addFilter(dashboard, 'userid', 'is', 'a');
  assert.equal(new URL(dashboard.url()).searchParams.get('userid'), 'a');
  await eventuallyEquals(async () => (await tiles(dashboard)).Views, 2);
});

test('an email’s image counts as open, and its links bring views with its campaign', async ({ at, open }) => {
  const { port } = new URL(at.web.at('mail.example'));
  const page = await open();
  // A mail program shows no referrer and keeps no cookie: it has the image's address and nothing else.
  await page.goto(`http://mail.example:${port}/examples/email/`);
  const open_rows = () => query(at.folder, "SELECT event, page, utm_campaign, count(*) AS hits FROM unique_hits WHERE event = 'open' GROUP BY 1, 2, 3");
  await eventuallyEquals(open_rows, [{ event: 'open', page: '/email/november', utm_campaign: 'november', hits: 1 }]);
  const dashboard = await open();
  await dashboard.goto(`${at.dashboard}/?site=blog.example&zone=UTC`);
  await settled(dashboard);
  await eventuallyEquals(async () => (await tiles(dashboard)).Opens, 1);
  await eventuallyEquals(async () => (await tiles(dashboard)).Views, 0);
});

test('the function accepts POST from another origin, preflight included', async ({ at, open, pixel }) => {
  at.web.pages.set('/post', html(''));
  const page = await open();
  await page.goto(at.web.at('posting.example', '/post'));
  const status = await page.evaluate(async (endpoint) => {
    const answer = await fetch(`${endpoint}/track`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ url: location.href }) });
    return answer.status;
  }, pixel);
  assert.equal(status, 204);
  await counts(at, open, 'posting.example', { '/post': 1 }, [page]);
});
