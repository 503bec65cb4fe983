import { expect, test } from 'vitest';
import { open } from './page';

const pages = (hits: Record<string, unknown>[]) => hits.map((hit) => hit.page ?? new URL(hit.url as string).pathname);

test('a new path is a view, with the page before as its referrer', async () => {
  const { window, document, beacons, settled } = open({ referrer: 'https://search.example/' });
  window.history.pushState(null, '', '/posts/two');
  document.title = 'Two';
  await settled();
  expect(beacons).toHaveLength(2);
  expect(beacons[1]).toMatchObject({
    event: 'view',
    url: 'https://blog.example/posts/two',
    ref: 'https://blog.example/posts/one',
    title: 'Two',
  });
});

test('a redirect counts where it ends, and neither query nor fragment is a page', async () => {
  const { window, beacons, settled } = open();
  window.history.pushState(null, '', '/old');
  window.history.replaceState(null, '', '/new');
  await settled();
  window.history.pushState(null, '', '/new?sort=up');
  window.history.replaceState(null, '', '/new?sort=down#list');
  await settled();
  expect(pages(beacons)).toEqual(['/posts/one', '/new']);
});

test('back is a view too', async () => {
  const { window, beacons, settled } = open();
  window.history.pushState(null, '', '/posts/two');
  await settled();
  window.history.back();
  await settled();
  expect(pages(beacons)).toEqual(['/posts/one', '/posts/two', '/posts/one']);
});

test('an event, and the end of the document, wait for no navigation', () => {
  const { window, beacons } = open();
  window.history.pushState(null, '', '/posts/two');
  window.beacon('signup');
  expect(pages(beacons)).toEqual(['/posts/one', '/posts/two', '/posts/two']);
  window.history.pushState(null, '', '/posts/three');
  window.dispatchEvent(new window.PageTransitionEvent('pagehide'));
  expect(pages(beacons).at(-1)).toBe('/posts/three');
});

/** A page whose canonical link is `/one`, and what sets another. */
function canonicalOne() {
  const page = open({ head: '<link rel="canonical" href="/one">' });
  const name = (path: string) => (page.document.querySelector('link')!.href = path);
  return { ...page, name };
}

test('an outdated canonical link is ignored, one that changes after the navigation is used', async () => {
  const { window, name, beacons, settled } = canonicalOne();
  window.history.pushState(null, '', '/two?from=one');
  await settled();
  window.history.pushState(null, '', '/3');
  name('/three');
  await settled();
  expect(pages(beacons)).toEqual(['/one', '/two', '/three']);
});

test('a canonical link that comes after the view is not the next page', async () => {
  const { window, name, beacons, settled } = canonicalOne();
  for (const path of ['/two', '/three', '/four']) {
    window.history.pushState(null, '', path);
    await settled();
    name(path);
  }
  expect(pages(beacons)).toEqual(['/one', '/two', '/three', '/four']);
});

test('nor is it after an event that did not wait for the navigation', async () => {
  const { window, name, beacons, settled } = canonicalOne();
  window.history.pushState(null, '', '/two');
  window.beacon('signup');
  name('/two');
  window.history.pushState(null, '', '/three');
  await settled();
  expect(pages(beacons)).toEqual(['/one', '/two', '/two', '/three']);
});

test('where the canonical link changes before the navigation, the address is the page', async () => {
  const { window, name, beacons, settled } = canonicalOne();
  name('/two-by-name');
  window.history.pushState(null, '', '/two');
  await settled();
  expect(pages(beacons)).toEqual(['/one', '/two']);
});

test('a canonical link that changes during a redirect is used', async () => {
  const { window, name, beacons, settled } = canonicalOne();
  window.history.pushState(null, '', '/2');
  name('/two');
  window.history.replaceState(null, '', '/2/');
  await settled();
  expect(pages(beacons)).toEqual(['/one', '/two']);
});

test('with hash, routes in the fragment count and become paths', async () => {
  const { window, beacons, settled } = open({ url: 'https://app.example/app/#/', script: 'data-spa="hash"' });
  for (const hash of ['#/talks/7?sort=up', '#/talks/7?sort=down', '#!/about', '#']) {
    window.location.hash = hash;
    await settled();
  }
  expect(pages(beacons)).toEqual(['/app/', '/app/talks/7', '/app/about', '/app/']);
  const plain = open();
  plain.window.location.hash = '#section';
  await plain.settled();
  expect(plain.beacons).toHaveLength(1);
});

test.each(['#access_token=secret&token_type=bearer', '#id_token=secret', '#section', '#/access_token=secret', '#/?code=secret', '#/#secret', '#/%3Ftoken%3Dsecret'])(
  'a fragment that is no route, such as %s, is no page and goes nowhere',
  async (fragment) => {
    const { window, urls, beacons, settled } = open({ url: `https://app.example/app/${fragment}`, script: 'data-spa="hash"' });
    window.beacon('signup');
    window.location.hash = '#/talks';
    await settled();
    window.location.hash = fragment;
    await settled();
    expect(beacons.slice(0, 3).map((hit) => [hit.event, hit.url, hit.page])).toEqual([
      ['view', 'https://app.example/app/', undefined],
      ['signup', 'https://app.example/app/', undefined],
      ['view', 'https://app.example/app/', '/app/talks'],
    ]);
    expect(JSON.stringify([urls, beacons])).not.toMatch(/secret|section/);
    // The root's route is a page again; a fragment that is no route leaves the page that is open.
    expect(pages(beacons.slice(3))).toEqual(fragment.startsWith('#/') ? ['/app/'] : []);
  },
);

test.each([
  ['#/callback&access_token=secret', '/app/callback'],
  ['#/callback#id_token=secret', '/app/callback'],
  ['#/talks;token=secret/7', '/app/talks'],
  ['#/rock&roll', '/app/rock&roll'],
])('only the route of %s is kept', (fragment, page) => {
  const { beacons } = open({ url: `https://app.example/app/${fragment}`, script: 'data-spa="hash"' });
  expect(beacons.map((hit) => hit.page)).toEqual([page]);
  expect(JSON.stringify(beacons)).not.toContain('secret');
});

test('the fragment of an address is never sent, whatever counts as a page', () => {
  const url = 'https://app.example/app/?a=1#access_token=secret';
  for (const script of ['', 'data-spa="off"', 'data-spa="manual"']) {
    const { window, urls, beacons } = open({ url, script });
    window.beacon('signup');
    expect(beacons.at(-1)!.url).toBe('https://app.example/app/?a=1');
    expect(JSON.stringify([urls, beacons])).not.toContain('secret');
  }
});

test('the page before names its route too', async () => {
  const { window, beacons, settled } = open({ url: 'https://app.example/app/#/talks/7', script: 'data-spa="hash"' });
  window.location.hash = '#/about';
  await settled();
  expect(beacons[1]).toMatchObject({ page: '/app/about', ref: 'https://app.example/app/talks/7' });
});

test.each<[string, (window: ReturnType<typeof open>['window']) => void]>([
  ['a router that replaces', ({ history }) => history.replaceState(null, '', '/home')],
  ['one that pushes', ({ history }) => history.pushState(null, '', '/home')],
  ['one that takes two steps', ({ history }) => (history.replaceState(null, '', '/x'), history.replaceState(null, '', '/home'))],
])('a first page that redirects at once is one view: %s', async (_, redirect) => {
  const { window, beacons, settled } = open({ unsettled: true, referrer: 'https://search.example/' });
  redirect(window);
  await settled();
  expect(pages(beacons)).toEqual(['/home']);
  expect(beacons[0]!.ref).toBe('https://search.example/');
});

test('a page that is left for another once it has loaded is a view, however soon', async () => {
  const { window, document, beacons, settled } = open({ unsettled: true });
  Object.defineProperty(document, 'readyState', { value: 'complete' });
  window.history.pushState(null, '', '/two');
  await settled();
  expect(pages(beacons)).toEqual(['/posts/one', '/two']);
});

test('a redirect that loads something first is no second view, a visitor who has clicked is on another page', async () => {
  const late = open({ referrer: 'https://search.example/' });
  late.window.history.replaceState(null, '', '/home');
  await late.settled();
  late.window.beacon('signup');
  late.window.history.replaceState(null, '', '/other');
  await late.settled();
  expect(late.beacons.map((hit) => [hit.event, hit.url, hit.ref])).toEqual([
    ['view', 'https://blog.example/posts/one', 'https://search.example/'],
    ['signup', 'https://blog.example/home', 'https://search.example/'],
    ['view', 'https://blog.example/other', 'https://blog.example/home'],
  ]);

  const clicked = open({ before: ({ navigator }) => Object.assign(navigator, { userActivation: { hasBeenActive: true } }) });
  clicked.window.history.replaceState(null, '', '/home');
  await clicked.settled();
  expect(pages(clicked.beacons)).toEqual(['/posts/one', '/home']);
});

test.each(['pagehide', 'visibilitychange'])('a first page that is left before it has settled counts by %s', (name) => {
  const { window, document, beacons } = open({ unsettled: true });
  expect(beacons).toEqual([]);
  Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
  (name === 'pagehide' ? window : document).dispatchEvent(new window.Event(name));
  expect(pages(beacons)).toEqual(['/posts/one']);
});

test('navigation can be left to the page, and the first view too', async () => {
  const off = open({ script: 'data-spa="off"' });
  off.window.history.pushState(null, '', '/two');
  off.window.beacon('signup');
  await off.settled();
  expect(off.beacons.map((hit) => hit.event)).toEqual(['view', 'signup']);

  const manual = open({ script: 'data-spa="manual"' });
  manual.window.history.pushState(null, '', '/two');
  await manual.settled();
  expect(manual.beacons).toHaveLength(0);
  manual.window.beacon('view', { page: '/virtual' });
  expect(manual.beacons[0]).toMatchObject({ event: 'view', page: '/virtual', url: 'https://blog.example/two' });
});

test('a view that names its page is where the next one comes from, and events are of it', async () => {
  const { window, beacons, settled } = open({ script: 'data-spa="manual"', referrer: 'https://search.example/' });
  window.beacon('view', { page: '/a' });
  window.beacon('signup');
  window.beacon('view', { page: '/b' });
  window.beacon('view', { page: '/b' });
  window.history.pushState(null, '', '/two');
  await settled();
  window.beacon('view');
  expect(beacons.map((hit) => [hit.event, hit.page ?? hit.url, hit.ref])).toEqual([
    ['view', '/a', 'https://search.example/'],
    ['signup', '/a', 'https://search.example/'],
    ['view', '/b', 'https://blog.example/a'],
    ['view', '/b', 'https://blog.example/a'],
    ['view', 'https://blog.example/two', 'https://blog.example/b'],
  ]);
});

test('the History API works as before, and its errors reach the page', () => {
  const { window } = open();
  window.history.pushState({ a: 1 }, '', '/two');
  expect(window.history.state).toEqual({ a: 1 });
  expect(() => window.history.pushState(null, '', 'https://other.example/')).toThrow(/other.example/);
});

test('a page that comes back from the back/forward cache is viewed again', () => {
  const { window, beacons } = open();
  const shown = (persisted: boolean) => {
    const event = new window.Event('pageshow');
    window.dispatchEvent(Object.assign(event, { persisted }));
  };
  shown(false);
  expect(beacons).toHaveLength(1);
  shown(true);
  expect(beacons).toHaveLength(2);
  expect(beacons[1]).toMatchObject({ event: 'view', url: beacons[0]!.url, ref: beacons[0]!.ref });
});
