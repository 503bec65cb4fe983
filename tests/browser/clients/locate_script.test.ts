// Every way in which a page may run the script, and where its hits go.

import { readFileSync } from 'node:fs';
import { expect, lakeOf, test as base } from './fixtures.ts';

let sites = 0;

interface Visit {
  name: string;
  /** What the script said in the console, and what was thrown. */
  said: string[];
  /** The POST and image requests to the page's host and to another one. */
  elsewhere: string[];
}

const test = base.extend<{
  /** Opens a page of a site of its own; `{beacon}` is the beacon, `{other}` another host, `{site}` the site. */
  visit: (html: string, files?: Record<string, string>) => Promise<Visit>;
}>({
  visit: async ({ at, blog, page }, use) => {
    await use(async (html, files = {}) => {
      const name = `a${++sites}.example`;
      const other = blog.replace('blog.example', 'other.example');
      const fill = (text: string) => text.replaceAll('{beacon}', at.beacon).replaceAll('{other}', other).replaceAll('{site}', name);
      at.web.pages.set(`/${name}/`, fill(`<!doctype html><html lang="en"><head><title>Page</title></head><body>${html}</body></html>`));
      at.web.pages.set('/beacon.js', { type: 'text/javascript', body: 'window.foreign = true;' });
      for (const [file, body] of Object.entries(files)) at.web.pages.set(`/${name}/${file}`, { type: 'text/javascript', body: fill(body) });
      const said: string[] = [];
      const elsewhere: string[] = [];
      page.on('console', (message) => message.text().startsWith('beacon: ') && said.push(message.text()));
      page.on('pageerror', (error) => said.push(`thrown: ${error.message}`));
      page.on('request', (request) => {
        if (!request.url().startsWith(at.beacon) && !['document', 'script'].includes(request.resourceType())) elsewhere.push(request.url());
      });
      await page.goto(`${blog}/${name}/`);
      return { name, said, elsewhere };
    });
  },
});

test.use({ lake: lakeOf('locate_script') });

const script = readFileSync(new URL('../../../clients/beacon.js', import.meta.url), 'utf8');
/** Other programs with the same file name, one of them with an attribute of the same name. */
const foreign = '<script src="{other}/beacon.js"></script><script src="{other}/scripts/beacon.js?v=1"></script>';
const runText = (how: string) => `<script>fetch('{beacon}/beacon.js').then((got) => got.text()).then((text) => { ${how} })</script>`;

for (const [how, html] of [
  ['as a classic script', '<script defer src="{beacon}/beacon.js" data-site="{site}"></script>'],
  ['as a module', '<script type="module" src="{beacon}/beacon.js" data-site="{site}"></script>'],
  ['below an alias, as a module', '<script type="module" src="{beacon}/aliased/a.js" data-site="{site}" data-track="/track"></script>'],
  ['below an alias without attributes', '<script async src="{beacon}/a.js"></script>'],
  ['inserted, and taken out at once', '<script>const s = document.createElement("script"); s.src = "{beacon}/beacon.js"; s.dataset.site = "{site}"; document.head.append(s); s.remove()</script>'],
  ['evaluated, its element being there', `<script type="text/delayed" src="{beacon}/beacon.js" data-site="{site}"></script>${runText('(0, eval)(text)')}`],
  ['in a function, its element being there', `<script type="text/delayed" src="{beacon}/beacon.js" data-site="{site}"></script>${runText('new Function(text)()')}`],
  ['from a blob', `<script type="text/delayed" src="{beacon}/beacon.js" data-site="{site}"></script>${runText('const s = document.createElement("script"); s.src = URL.createObjectURL(new Blob([text])); document.head.append(s)')}`],
  ['in an element without an address, that names it', `${runText('const s = document.createElement("script"); s.text = text; s.dataset.site = "{site}"; s.dataset.endpoint = "{beacon}"; document.head.append(s)')}`],
  ['behind an element called currentScript', '<img name="currentScript" alt=""><script defer src="{beacon}/beacon.js" data-site="{site}"></script>'],
] as const) {
  test(`${how} beside others of its name it counts, and only at its beacon`, async ({ visit, recorded }) => {
    const { name, said, elsewhere } = await visit(foreign + html);
    const site = html.includes('{site}') || html.includes('dataset.site') ? name : 'blog.example';
    const hits = await recorded(site, 1);
    expect(hits.filter((hit) => hit.page === `/${name}/`).map((hit) => hit.event)).toEqual(['view']);
    expect({ said, elsewhere }).toEqual({ said: [], elsewhere: [] });
  });
}

for (const [how, html, files] of [
  ['run from a text', runText('(0, eval)(text); document.title = "ran"'), {}],
  ['run from the text of an element', runText('const s = document.createElement("script"); s.text = text; document.head.append(s); document.title = "ran"'), {}],
  ['in a bundle', '<script src="app.js"></script>', { 'app.js': `var app = 1;\n\n${script}\ndocument.title = "ran";` }],
  ['in a bundle that is a module', '<script type="module" src="app.js"></script>', { 'app.js': `const app = 1;\n\n${script}\ndocument.title = "ran";` }],
  [
    'evaluated beside two of its elements',
    `<script type="text/delayed" src="{beacon}/beacon.js" data-site="{site}"></script><script type="text/delayed" src="{other}/beacon.js" data-site="{site}"></script>${runText('(0, eval)(text); document.title = "ran"')}`,
    {},
  ],
] as [string, string, Record<string, string>][]) {
  test(`${how} it asks nobody, and says so`, async ({ page, visit }) => {
    const { said, elsewhere } = await visit(foreign + html, files);
    await page.waitForFunction('document.title === "ran"');
    await page.evaluate('dispatchEvent(new Event("pagehide"))');
    expect(said).toEqual([expect.stringContaining('cannot determine the URL of its beacon; add data-endpoint=')]);
    expect(elsewhere).toEqual([]);
  });
}

test('in a bundle it counts where the page names the beacon', async ({ visit, recorded }) => {
  const { name, said } = await visit('<script src="app.js" data-endpoint="{beacon}/" data-site="{site}"></script>', { 'app.js': `var app = 1;\n\n${script}` });
  expect((await recorded(name, 1)).map((hit) => hit.event)).toEqual(['view']);
  expect(said).toEqual([]);
});

const stub = '<script>if (typeof beacon != "function") window.beacon = function () { (beacon.q = beacon.q || []).push(arguments); };</script>';
const tag = '<script defer src="{beacon}/beacon.js" data-site="{site}"></script>';

for (const [how, html, events, sayings] of [
  ['an element', `<form id="beacon"></form>${stub}<script>beacon("early")</script>${tag}`, ['view', 'early'], 0],
  ['an element, without the waiting function', `<form id="beacon"></form>${tag}`, ['view'], 0],
  ['a frame', `<iframe name="beacon"></iframe>${stub}<script>beacon("early")</script>${tag}`, ['view', 'early'], 0],
  ['a function of the page', `<script>function beacon() { return 7; }</script>${stub}${tag}`, ['view'], 1],
  ['an object of the page', `<script>var beacon = { own: true };</script>${tag}`, ['view'], 1],
  ['a value', `<script>var beacon = 7;</script>${tag}`, ['view'], 0],
  ['what can not be written', `<script>Object.defineProperty(window, "beacon", { get: () => ({}) });</script>${tag}`, ['view'], 1],
  ['what throws', `<script>Object.defineProperty(window, "beacon", { get() { throw new Error("no"); } });</script>${tag}`, ['view'], 1],
] as const) {
  test(`a global called beacon that is ${how} breaks nothing`, async ({ page, visit, recorded }) => {
    const { name, said } = await visit(html);
    await page.evaluate('dispatchEvent(new Event("pagehide"))');
    if (events.length > 0) {
      const hits = await recorded(name, events.length);
      expect(hits.map((hit) => hit.event).sort()).toEqual([...events].sort());
    }
    expect(said.filter((text) => text.startsWith('thrown'))).toEqual([]);
    expect(said).toHaveLength(sayings);
  });
}
