// Scenario 3: a counter without JavaScript: a style sheet that no medium uses, an empty script, a GIF and a PNG.

import assert from 'node:assert/strict';
import { query } from '../harness/program.mjs';
import { counts } from '../counted.mjs';
import { test } from '../fixtures.mjs';
import { html } from '../web.mjs';

test.use({ lake: { name: 'no_javascript', variables: () => ({ BEACON_PRIVACY: 'full' }) } });

const FORMS = {
  css: (url) => html('<h1>css</h1>', `<link rel="stylesheet" href="${url}" media="none">`),
  js: (url) => html(`<h1>js</h1><script src="${url}"></script>`),
  gif: (url) => html(`<h1>gif</h1><img src="${url}" alt="" width="1" height="1">`),
  png: (url) => html(`<h1>png</h1><img src="${url}" alt="" width="1" height="1">`),
};
const TYPES = { css: 'text/css', js: 'text/javascript', gif: 'image/gif', png: 'image/png' };

for (const [form, page_of] of Object.entries(FORMS)) {
  // A browser without JavaScript asks for no script.
  const javaScriptEnabled = form === 'js';
  const how = javaScriptEnabled ? 'as an empty script' : 'with JavaScript off';
  test(`pixel.${form} is asked for ${how} at each load, whatever the browser keeps`, async ({ at, open }) => {
    const site = `${form}.example`;
    // The page itself may be kept; the pixel never is.
    at.web.pages.set(`/${form}`, {
      body: page_of(`${at.beacon}/pixel.${form}?page=/${form}`),
      headers: { 'cache-control': 'max-age=3600' },
    });
    const page = await open({ javaScriptEnabled });
    const answers = [];
    for (const load of [() => page.goto(at.web.at(site, `/${form}`)), () => page.goto(at.web.at(site, `/${form}`)), () => page.reload()]) {
      const [answer] = await Promise.all([page.waitForResponse((found) => found.url().includes(`/pixel.${form}`)), load()]);
      answers.push(answer);
    }

    const etags = new Set();
    for (const answer of answers) {
      const headers = await answer.allHeaders();
      assert.equal(answer.status(), 200);
      assert.equal(answer.fromServiceWorker(), false);
      assert.match(headers['content-type'], new RegExp(`^${TYPES[form]}`));
      assert.match(headers['cache-control'], /no-cache, no-store, must-revalidate/);
      assert.equal(headers['x-beacon'], 'recorded');
      etags.add(headers.etag);
      const { 'if-none-match': validator } = await answer.request().allHeaders();
      assert.equal(validator, undefined, 'the browser kept it');
    }
    assert.equal(etags.size, answers.length, 'the ETag is random');

    await counts(at, open, site, { [`/${form}`]: 3 }, [page]);
    const sql = `SELECT format, element_at(headers, 'accept-language') AS language, element_at(headers, 'host') AS host,
      element_at(headers, 'referer') AS referer FROM hits WHERE site = ? AND event = ?`;
    const row = { format: form, language: 'en-GB', host: new URL(at.beacon).host, referer: at.web.at(site) };
    assert.deepEqual(await query(at.folder, sql, [site, 'view']), Array(3).fill(row), 'all headers are kept');
  });
}

test('browsers decode the images, one pixel wide', async ({ at, open }) => {
  at.web.pages.set('/images', html(['gif', 'png'].map((form) => `<img id="${form}" src="${at.beacon}/pixel.${form}?page=/images" alt="">`).join('')));
  const page = await open();
  await page.goto(at.web.at('drawn.example', '/images'));
  for (const form of ['gif', 'png']) {
    const size = await page.locator(`#${form}`).evaluate(async (image) => {
      await image.decode();
      return [image.naturalWidth, image.naturalHeight];
    });
    assert.deepEqual(size, [1, 1]);
  }
});
