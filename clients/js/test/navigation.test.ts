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

test('a canonical link that stayed behind is not believed, one that follows the navigation is', async () => {
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

test('a canonical link that changes between the steps of a redirect is believed', async () => {
  const { window, name, beacons, settled } = canonicalOne();
  window.history.pushState(null, '', '/2');
  name('/two');
  window.history.replaceState(null, '', '/2/');
  await settled();
  expect(pages(beacons)).toEqual(['/one', '/two']);
});

test('routes in the fragment count if told so, and become paths', async () => {
  const { window, beacons, settled } = open({ url: 'https://app.example/app/#/', script: 'data-spa="hash"' });
  for (const hash of ['#/talks/7?sort=up', '#/talks/7?sort=down', '#!about', '#']) {
    window.location.hash = hash;
    await settled();
  }
  expect(pages(beacons)).toEqual(['/app/', '/app/talks/7', '/app/about', '/app/']);
  const plain = open();
  plain.window.location.hash = '#section';
  await plain.settled();
  expect(plain.beacons).toHaveLength(1);
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

test('the history works as before, and its own errors reach the page', () => {
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
