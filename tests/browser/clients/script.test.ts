import { readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { expect, lakeOf, test as base, type Hit } from './fixtures.ts';
import { chromiumOptions } from '../harness/chromium.mjs';
import { chromeUserAgent } from '../harness/people.mjs';
import { query } from '../harness/program.mjs';

interface Setting {
  attributes?: string;
  head?: string;
  body?: string;
  headers?: Record<string, string>;
}

interface Site {
  name: string;
  url: string;
}

let sites = 0;

const test = base.extend<{
  /** Defines a site of its own, with the same page at several paths. */
  site: (setting?: Setting) => Site;
  /** Sends an event behind all else, and returns what came before it. */
  counted: (name: string) => Promise<Hit[]>;
  /** The same where the page sends nothing: the image comes from elsewhere. */
  countedElsewhere: (name: string) => Promise<Hit[]>;
}>({
  site: async ({ at, blog }, use) => {
    await use(({ attributes = '', head = '', body = '', headers = {} } = {}) => {
      const name = `s${++sites}.example`;
      for (const path of ['one', 'two']) {
        at.web.pages.set(`/${name}/${path}`, {
          headers,
          body: `<!doctype html><html lang="en"><head><title>Page ${path}</title>${head}
            <script>window.beacon=window.beacon||function(){(beacon.q=beacon.q||[]).push(arguments)}</script>
            <script defer src="${at.beacon}/beacon.js" data-site="${name}" ${attributes}></script>
            </head><body><h1>${path}</h1>${body}</body></html>`,
        });
      }
      return { name, url: `${blog}/${name}` };
    });
  },

  counted: async ({ page, recordedUntil }, use) => {
    await use(async (name) => {
      await page.evaluate('beacon("done")');
      return recordedUntil(name, 'done');
    });
  },

  countedElsewhere: async ({ at, page, recordedUntil }, use) => {
    await use(async (name) => {
      await page.goto(`${at.beacon}/hit?site=${name}&event=done`);
      return recordedUntil(name, 'done');
    });
  },
});

test.use({ lake: lakeOf('script') });

const paths = (hits: Hit[]) => hits.map((hit) => hit.page?.split('/').pop());

test('a page is recorded with all its fields', async ({ page, site, counted }) => {
  const { name, url } = site();
  await page.goto(`${url}/one?utm_source=letter#top`);
  expect(await counted(name)).toEqual([
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
      touch: null,
      webdriver: null,
      click_id: null,
    },
  ]);
});

test('a browser under a program’s control says so, and its hits are those of a bot', async ({ at, site, recorded, blog }) => {
  const { name } = site();
  const driven = await chromium.launch(chromiumOptions({ driven: true }));
  try {
    // By another name than HeadlessChrome, so that the bit alone tells.
    const page = await driven.newPage({ userAgent: chromeUserAgent() });
    await page.goto(`${blog}/${name}/one`);
    expect((await recorded(name, 1)).map((hit) => hit.webdriver)).toEqual(['1']);
  } finally {
    await driven.close();
  }
  const classes = await query(at.folder, 'SELECT agent, agent_rule FROM hits WHERE site = ?', [name]);
  expect(classes).toEqual([{ agent: 'bot', agent_rule: expect.stringMatching(/\/automation\.webdriver$/) }]);
});

test('a screen that takes several fingers says so', async ({ page, site, counted }) => {
  const { name, url } = site();
  const session = await page.context().newCDPSession(page);
  const { hits, points } = { hits: [] as (string | null)[], points: [1, 5] };
  for (const maxTouchPoints of points) {
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints });
    await page.goto(`${url}/one`);
    await page.waitForLoadState();
    hits.push(...(await counted(name)).slice(hits.length).map((hit) => hit.touch));
  }
  expect(hits).toEqual([null, '1']);
});

test('a link names its source by ref, and a click id by its name alone', async ({ page, site, counted }) => {
  const { name, url } = site({ head: `<link rel="canonical" href="http://blog.example/one">` });
  await page.goto(`${url}/one?ref=producthunt&gclid=clicked`);
  const hits = await counted(name);
  expect(hits.map((hit) => [hit.utm_source, hit.click_id])).toEqual([['producthunt', 'gclid']]);
  expect(JSON.stringify(hits)).not.toContain('clicked');
});

test('single-page navigation and Back within it are views', async ({ page, site, recorded, counted }) => {
  const { name, url } = site({ head: `<link rel="canonical" href="http://www.blog.example/one">` });
  await page.goto(`${url}/one`);
  await page.evaluate('history.pushState(null, "", "three"); document.title = "Three"');
  await recorded(name, 2);
  // The same path again is no view.
  await page.evaluate('history.replaceState({ scrolled: 7 }, "", "three#part")');
  await page.goBack();
  await recorded(name, 3);
  const hits = await counted(name);
  expect(paths(hits)).toEqual(['one', 'three', 'one']);
  expect(hits[0]!.url).toBe('http://www.blog.example/one');
  expect(hits[1]).toMatchObject({ url: `${url}/three`, title: 'Three', referrer: 'http://www.blog.example/one' });
});

test('with hash, routes in the fragment are pages', async ({ page, site, recorded, counted }) => {
  const { name, url } = site({ attributes: 'data-spa="hash"', body: '<a href="#/talks/7">talk</a>' });
  await page.goto(`${url}/one`);
  await page.getByRole('link').click();
  await recorded(name, 2);
  expect((await counted(name)).map((hit) => hit.page)).toEqual([`/${name}/one`, `/${name}/one/talks/7`]);
});

test('tokens behind # are stored nowhere, and the campaign there is', async ({ page, site, recorded, counted }) => {
  const { name, url } = site({ attributes: 'data-spa="hash"' });
  await page.goto(`${url}/one#access_token=secret&utm_source=letter`);
  await recorded(name, 1);
  await page.evaluate('location.hash = "#/talks"');
  await recorded(name, 2);
  const hits = await counted(name);
  expect(hits.map((hit) => [hit.page, hit.utm_source, hit.referrer])).toEqual([
    [`/${name}/one`, 'letter', null],
    [`/${name}/one/talks`, null, `${url}/one`],
  ]);
  expect(JSON.stringify(hits)).not.toContain('secret');
});

test('a canonical link on another host is ignored', async ({ page, site, counted }) => {
  const { name, url } = site({ head: '<link rel="canonical" href="http://original.example/one">' });
  await page.goto(`${url}/one`);
  expect((await counted(name)).map((hit) => hit.url)).toEqual([`${url}/one`]);
});

test('navigation by the Navigation API and intercepted links are a view each, beside those of the History API', async ({ page, site, recorded, counted }) => {
  const { name, url } = site({
    body: `<a href="three">three</a><script>
      navigation.addEventListener('navigate', (event) => {
        if (event.canIntercept && !event.hashChange) event.intercept({ handler: async () => { document.title = event.destination.url.split('/').pop(); } });
      });
    </script>`,
  });
  await page.goto(`${url}/one`);
  await recorded(name, 1);
  const steps = ['document.querySelector("a").click()', 'navigation.navigate("four")', 'history.pushState(null, "", "five")', 'navigation.back()', 'navigation.navigate("four#part")'];
  for (const [index, step] of steps.entries()) {
    await page.evaluate(`void ${step}`);
    if (index < 4) await recorded(name, index + 2);
  }
  const hits = await counted(name);
  expect(paths(hits)).toEqual(['one', 'three', 'four', 'five', 'four']);
  expect(hits[1]).toMatchObject({ title: 'three', referrer: `${url}/one` });
});

for (const [how, script] of [
  ['replaced', 'history.replaceState(null, "", "home")'],
  ['pushed', 'history.pushState(null, "", "home")'],
] as const) {
  test(`a first page whose address is ${how} at once is one view`, async ({ page, site, counted }) => {
    const { name, url } = site({ body: `<script type="module">${script}</script>` });
    await page.goto(`${url}/one`);
    await page.waitForURL('**/home');
    expect(paths(await counted(name))).toEqual(['home']);
  });
}

test('a first page whose address is replaced once something has loaded is one view', async ({ at, page, site, recorded, counted }) => {
  const { name, url } = site({ body: '<script type="module">fetch("late").then(() => history.replaceState(null, "", "home"))</script>' });
  // What it loads comes after the first page has been counted.
  at.web.pages.set(`/${name}/late`, async () => {
    await recorded(name, 1);
    return { body: '' };
  });
  // On a slow machine too the page is replaced within the three seconds that a redirect may take.
  await page.addInitScript(() => {
    const original = window.setTimeout;
    const slowly = (work: () => void, delay_ms: number) => original(work, delay_ms === 3_000 ? 60_000 : delay_ms);
    Object.assign(window, { setTimeout: slowly });
  });
  // Playwright runs its own code in the page as if somebody had clicked, for a trace among others.
  await page.addInitScript(() => Object.defineProperty(navigator, 'userActivation', { value: { hasBeenActive: false } }));
  await page.goto(`${url}/one`);
  await page.waitForURL('**/home');
  expect(paths(await counted(name))).toEqual(['one']);
});

test('Global Privacy Control is honoured if the site opts in', async ({ page, context, site, counted, countedElsewhere }) => {
  const honouring = site({ attributes: 'data-honour-gpc' });
  const other = site();
  await context.addInitScript('Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { get: () => true })');
  await page.goto(`${honouring.url}/one`);
  await page.evaluate('beacon("signup")');
  await page.goto(`${other.url}/one`);
  expect(await counted(other.name)).toHaveLength(1);
  expect(await countedElsewhere(honouring.name)).toEqual([]);
});

test('#beacon-ignore excludes a browser until #beacon-count', async ({ page, site, counted }) => {
  const { name, url } = site();
  await page.goto(`${url}/one#beacon-ignore`);
  await page.goto(`${url}/two`);
  await page.evaluate('beacon("signup")');
  await page.goto(`${url}/one?beacon=count`);
  expect(paths(await counted(name))).toEqual(['one']);
});

test('localhost is counted only with data-local', async ({ page, site, counted, countedElsewhere }) => {
  const honouring = site({ attributes: 'data-local' });
  const other = site();
  await page.goto(honouring.url.replace('blog.example', 'localhost') + '/one');
  expect(await counted(honouring.name)).toHaveLength(1);
  await page.goto(other.url.replace('blog.example', '127.0.0.1') + '/one');
  await page.evaluate('beacon("signup")');
  expect(await countedElsewhere(other.name)).toEqual([]);
});

test('the console says once why nothing is counted', async ({ page, site }) => {
  const { url } = site();
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  await page.goto(url.replace('blog.example', 'localhost') + '/one');
  await page.evaluate('beacon("signup"), beacon("signup")');
  expect(said).toEqual([expect.stringMatching(/^beacon: nothing is counted: localhost is this machine; set data-local/)]);
});

for (const [how, script, format] of [
  ['sendBeacon is refused, fetch', 'navigator.sendBeacon = () => false', 'post'],
  ['sendBeacon and fetch are refused, an image', 'navigator.sendBeacon = () => false; window.fetch = () => Promise.reject(new TypeError())', 'gif'],
] as const) {
  test(`where ${how} is recorded`, async ({ page, site, recorded }) => {
    const { name, url } = site({ head: `<script>${script}</script>` });
    await page.goto(`${url}/one`);
    await recorded(name, 1);
    await page.evaluate('beacon("signup", { plan: "pro & more" })');
    const hits = await recorded(name, 2);
    expect(hits.map(({ event, page, plan, format }) => ({ event, page, plan, format }))).toEqual([
      { event: 'view', page: `/${name}/one`, plan: null, format },
      { event: 'signup', page: `/${name}/one`, plan: 'pro & more', format },
    ]);
  });
}

for (const [how, policy, formats] of [
  ['img-src is open', "connect-src 'none'", ['gif']],
  ['nothing is open', "connect-src 'none'; img-src 'none'", []],
] as const) {
  test(`under a policy where ${how} the page works on`, async ({ page, site, recorded, countedElsewhere }) => {
    const { name, url } = site({ head: `<meta http-equiv="Content-Security-Policy" content="${policy}">` });
    const errors: Error[] = [];
    page.on('pageerror', (error) => errors.push(error));
    await page.goto(`${url}/one`);
    const hits = formats.length ? await recorded(name, formats.length) : await countedElsewhere(name);
    expect(hits.map((hit) => hit.format)).toEqual(formats);
    expect(errors).toEqual([]);
  });
}

test('a relative endpoint falls back to the image too', async ({ at, blog, page }) => {
  at.web.pages.set('/client.js', () => ({ type: 'text/javascript', body: readFileSync(new URL('../../../clients/js/dist/index.js', import.meta.url), 'utf8') }));
  at.web.pages.set('/relative', `<!doctype html><title>Page</title>
    <meta http-equiv="Content-Security-Policy" content="default-src 'self' 'unsafe-inline'; connect-src 'none'">
    <script type="module">import { init } from '/client.js'; init({ endpoint: '/stats', site: 'relative.example' });</script>`);
  const image = page.waitForRequest((request) => request.resourceType() === 'image' && request.url().includes('/stats/pixel.gif'));
  await page.goto(`${blog}/relative`);
  const asked = new URL((await image).url());
  expect(asked.origin).toBe(blog);
  expect(Object.fromEntries(asked.searchParams)).toMatchObject({ event: 'view', site: 'relative.example', url: `${blog}/relative` });
});

test('under a policy that only reports, what was posted is not sent again', async ({ at, page, context, site, counted }) => {
  const { name, url } = site({ headers: { 'content-security-policy-report-only': "connect-src 'none'" } });
  const requests: string[] = [];
  page.on('request', (request) => {
    if (request.url().startsWith(at.beacon)) requests.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });
  await context.addInitScript(
    'document.addEventListener("securitypolicyviolation", ({ disposition }) => (window.disposition = disposition))',
  );
  await page.goto(`${url}/one`);
  await page.waitForFunction('window.disposition === "report"');
  expect(await counted(name)).toMatchObject([{ event: 'view', format: 'post' }]);
  expect(requests).toEqual(['GET /beacon.js', 'POST /track', 'POST /track']);
});

test('without storage, in a sandboxed frame, the page works on and is counted', async ({ at, page, site, recorded }) => {
  const { name, url } = site({ attributes: 'data-local' });
  at.web.pages.set('/frame', `<!doctype html><iframe sandbox="allow-scripts" src="/${name}/one"></iframe>`);
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  await page.goto(`${new URL(url).origin}/frame`);
  expect(paths(await recorded(name, 1))).toEqual(['one']);
  expect(errors).toEqual([]);
});

test('POST needs no preflight', async ({ at, page, site, counted }) => {
  const { name, url } = site();
  const methods: string[] = [];
  page.on('request', (request) => {
    if (request.url().startsWith(at.beacon)) methods.push(request.method());
  });
  await page.goto(`${url}/one`);
  await counted(name);
  expect(methods).toEqual(['GET', 'POST', 'POST']);
});
