import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BrowserContext, Page } from 'playwright-core';
import { startHarness, type Harness, type Hit } from './harness';

let at: Harness;
let context: BrowserContext;
let sites = 0;

beforeAll(async () => {
  at = await startHarness();
});
afterAll(() => at?.close());

interface Setting {
  attributes?: string;
  head?: string;
  body?: string;
  headers?: Record<string, string>;
}

/** A site of its own, with the same page at several paths. */
function site({ attributes = '', head = '', body = '', headers = {} }: Setting = {}): { name: string; url: string } {
  const name = `s${++sites}.example`;
  for (const path of ['one', 'two']) {
    at.pages[`/${name}/${path}`] = () => ({
      headers,
      body: `<!doctype html><html lang="en"><head><title>Page ${path}</title>${head}
        <script>window.beacon=window.beacon||function(){(beacon.q=beacon.q||[]).push(arguments)}</script>
        <script defer src="${at.beacon}/beacon.js" data-site="${name}" ${attributes}></script>
        </head><body><h1>${path}</h1>${body}</body></html>`,
    });
  }
  return { name, url: `${at.blog}/${name}` };
}

async function visit(url: string): Promise<Page> {
  context = await at.context();
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** Sends an event behind all else, and takes what came before it. */
async function counted(page: Page, name: string): Promise<Hit[]> {
  await page.evaluate('beacon("done")');
  return at.hitsUntil(name, 'done');
}

/** The same where the page sends nothing: the image comes from elsewhere. */
async function countedElsewhere(page: Page, name: string): Promise<Hit[]> {
  await page.goto(`${at.beacon}/hit?site=${name}&event=done`);
  return at.hitsUntil(name, 'done');
}

const paths = (hits: Hit[]) => hits.map((hit) => hit.page?.split('/').pop());

test('a page is recorded with all its fields', async () => {
  const { name, url } = site();
  const page = await visit(`${url}/one?utm_source=letter#top`);
  expect(await counted(page, name)).toEqual([
    {
      event: 'view',
      page: `/${name}/one`,
      url: `${url}/one`,
      title: 'Page one',
      referrer: null,
      format: 'post',
      utm_source: 'letter',
      vw: 'm',
      plan: null,
    },
  ]);
});

test('single-page navigation and Back within it are views', async () => {
  const { name, url } = site({ head: `<link rel="canonical" href="http://www.blog.example/one">` });
  const page = await visit(`${url}/one`);
  await page.evaluate('history.pushState(null, "", "three"); document.title = "Three"');
  await at.hits(name, 2);
  // The same path again is no view.
  await page.evaluate('history.replaceState({ scrolled: 7 }, "", "three#part")');
  await page.goBack();
  await at.hits(name, 3);
  const hits = await counted(page, name);
  expect(paths(hits)).toEqual(['one', 'three', 'one']);
  expect(hits[0]!.url).toBe('http://www.blog.example/one');
  expect(hits[1]).toMatchObject({ url: `${url}/three`, title: 'Three', referrer: 'http://www.blog.example/one' });
});

test('with hash, routes in the fragment are pages', async () => {
  const { name, url } = site({ attributes: 'data-spa="hash"', body: '<a href="#/talks/7">talk</a>' });
  const page = await visit(`${url}/one`);
  await page.getByRole('link').click();
  await at.hits(name, 2);
  expect((await counted(page, name)).map((hit) => hit.page)).toEqual([`/${name}/one`, `/${name}/one/talks/7`]);
});

test('tokens behind # are stored nowhere, and the campaign there is', async () => {
  const { name, url } = site({ attributes: 'data-spa="hash"' });
  const page = await visit(`${url}/one#access_token=secret&utm_source=letter`);
  await at.hits(name, 1);
  await page.evaluate('location.hash = "#/talks"');
  await at.hits(name, 2);
  const hits = await counted(page, name);
  expect(hits.map((hit) => [hit.page, hit.utm_source, hit.referrer])).toEqual([
    [`/${name}/one`, 'letter', null],
    [`/${name}/one/talks`, null, `${url}/one`],
  ]);
  expect(JSON.stringify(hits)).not.toContain('secret');
});

test('a canonical link on another host is ignored', async () => {
  const { name, url } = site({ head: '<link rel="canonical" href="http://original.example/one">' });
  const page = await visit(`${url}/one`);
  expect((await counted(page, name)).map((hit) => hit.url)).toEqual([`${url}/one`]);
});

test('navigation by the Navigation API and intercepted links are a view each, beside those of the History API', async () => {
  const { name, url } = site({
    body: `<a href="three">three</a><script>
      navigation.addEventListener('navigate', (event) => {
        if (event.canIntercept && !event.hashChange) event.intercept({ handler: async () => { document.title = event.destination.url.split('/').pop(); } });
      });
    </script>`,
  });
  const page = await visit(`${url}/one`);
  await at.hits(name, 1);
  const steps = ['document.querySelector("a").click()', 'navigation.navigate("four")', 'history.pushState(null, "", "five")', 'navigation.back()', 'navigation.navigate("four#part")'];
  for (const [index, step] of steps.entries()) {
    await page.evaluate(`void ${step}`);
    if (index < 4) await at.hits(name, index + 2);
  }
  const hits = await counted(page, name);
  expect(paths(hits)).toEqual(['one', 'three', 'four', 'five', 'four']);
  expect(hits[1]).toMatchObject({ title: 'three', referrer: `${url}/one` });
});

test.each([
  ['replaced at once', 'history.replaceState(null, "", "home")', 'home'],
  ['pushed at once', 'history.pushState(null, "", "home")', 'home'],
  ['replaced once something has loaded', 'fetch("late").then(() => history.replaceState(null, "", "home"))', 'one'],
])('a first page whose address is %s is one view', async (_, script, last) => {
  const { name, url } = site({ body: `<script type="module">${script}</script>` });
  // What it loads comes after the first page has been counted.
  at.pages[`/${name}/late`] = async () => {
    await at.hits(name, 1);
    return { body: '' };
  };
  const page = await visit(`${url}/one`);
  await page.waitForURL('**/home');
  expect(paths(await counted(page, name))).toEqual([last]);
});

test('Global Privacy Control is honoured if the site opts in', async () => {
  const honouring = site({ attributes: 'data-honour-gpc' });
  const other = site();
  const page = await visit('about:blank');
  await context.addInitScript('Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { get: () => true })');
  await page.goto(`${honouring.url}/one`);
  await page.evaluate('beacon("signup")');
  await page.goto(`${other.url}/one`);
  expect(await counted(page, other.name)).toHaveLength(1);
  expect(await countedElsewhere(page, honouring.name)).toEqual([]);
});

test('#beacon-ignore excludes a browser until #beacon-count', async () => {
  const { name, url } = site();
  const page = await visit(`${url}/one#beacon-ignore`);
  await page.goto(`${url}/two`);
  await page.evaluate('beacon("signup")');
  await page.goto(`${url}/one?beacon=count`);
  expect(paths(await counted(page, name))).toEqual(['one']);
});

test('localhost is counted only with data-local', async () => {
  const honouring = site({ attributes: 'data-local' });
  const other = site();
  const page = await visit(honouring.url.replace('blog.example', 'localhost') + '/one');
  expect(await counted(page, honouring.name)).toHaveLength(1);
  await page.goto(other.url.replace('blog.example', '127.0.0.1') + '/one');
  await page.evaluate('beacon("signup")');
  expect(await countedElsewhere(page, other.name)).toEqual([]);
});

test('the console says once why nothing is counted', async () => {
  const { url } = site();
  const page = await visit('about:blank');
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  await page.goto(url.replace('blog.example', 'localhost') + '/one');
  await page.evaluate('beacon("signup"), beacon("signup")');
  expect(said).toEqual([expect.stringMatching(/^beacon: nothing is counted: localhost is this machine; set data-local/)]);
});

test.each([
  ['sendBeacon is refused, fetch', 'navigator.sendBeacon = () => false', 'post'],
  ['sendBeacon and fetch are refused, an image', 'navigator.sendBeacon = () => false; window.fetch = () => Promise.reject(new TypeError())', 'gif'],
])('where %s is recorded', async (_, script, format) => {
  const { name, url } = site({ head: `<script>${script}</script>` });
  const page = await visit(`${url}/one`);
  await at.hits(name, 1);
  await page.evaluate('beacon("signup", { plan: "pro & more" })');
  const hits = await at.hits(name, 2);
  expect(hits.map(({ event, page, plan, format }) => ({ event, page, plan, format }))).toEqual([
    { event: 'view', page: `/${name}/one`, plan: null, format },
    { event: 'signup', page: `/${name}/one`, plan: 'pro & more', format },
  ]);
});

test.each([
  ['img-src is open', "connect-src 'none'", ['gif']],
  ['nothing is open', "connect-src 'none'; img-src 'none'", []],
])('under a policy where %s the page works on', async (_, policy, formats) => {
  const { name, url } = site({ head: `<meta http-equiv="Content-Security-Policy" content="${policy}">` });
  const page = await visit('about:blank');
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  await page.goto(`${url}/one`);
  const hits = formats.length ? await at.hits(name, formats.length) : await countedElsewhere(page, name);
  expect(hits.map((hit) => hit.format)).toEqual(formats);
  expect(errors).toEqual([]);
});

test('a relative endpoint falls back to the image too', async () => {
  at.pages['/client.js'] = () => ({ type: 'text/javascript', body: readFileSync(new URL('../js/dist/index.js', import.meta.url), 'utf8') });
  at.pages['/relative'] = `<!doctype html><title>Page</title>
    <meta http-equiv="Content-Security-Policy" content="default-src 'self' 'unsafe-inline'; connect-src 'none'">
    <script type="module">import { init } from '/client.js'; init({ endpoint: '/stats', site: 'relative.example' });</script>`;
  const page = await visit('about:blank');
  const image = page.waitForRequest((request) => request.resourceType() === 'image' && request.url().includes('/stats/pixel.gif'));
  await page.goto(`${at.blog}/relative`);
  const asked = new URL((await image).url());
  expect(asked.origin).toBe(at.blog);
  expect(Object.fromEntries(asked.searchParams)).toMatchObject({ event: 'view', site: 'relative.example', url: `${at.blog}/relative` });
});

test('under a policy that only reports, what was posted is not sent again', async () => {
  const { name, url } = site({ headers: { 'content-security-policy-report-only': "connect-src 'none'" } });
  const page = await visit('about:blank');
  const requests: string[] = [];
  page.on('request', (request) => {
    if (request.url().startsWith(at.beacon)) requests.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });
  await context.addInitScript(
    'document.addEventListener("securitypolicyviolation", ({ disposition }) => (window.disposition = disposition))',
  );
  await page.goto(`${url}/one`);
  await page.waitForFunction('window.disposition === "report"');
  expect(await counted(page, name)).toMatchObject([{ event: 'view', format: 'post' }]);
  expect(requests).toEqual(['GET /beacon.js', 'POST /track', 'POST /track']);
});

test('without storage, in a sandboxed frame, the page works on and is counted', async () => {
  const { name, url } = site({ attributes: 'data-local' });
  at.pages['/frame'] = `<!doctype html><iframe sandbox="allow-scripts" src="/${name}/one"></iframe>`;
  const page = await visit('about:blank');
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  await page.goto(`${new URL(url).origin}/frame`);
  expect(paths(await at.hits(name, 1))).toEqual(['one']);
  expect(errors).toEqual([]);
});

test('POST needs no preflight', async () => {
  const { name, url } = site();
  const page = await visit('about:blank');
  const methods: string[] = [];
  page.on('request', (request) => {
    if (request.url().startsWith(at.beacon)) methods.push(request.method());
  });
  await page.goto(`${url}/one`);
  await counted(page, name);
  expect(methods).toEqual(['GET', 'POST', 'POST']);
});
