import { expect, test, vi } from 'vitest';
import { open, type Page } from './page';

type Before = (window: Page['window']) => void;

const noBeacon: Before = (window) => {
  window.navigator.sendBeacon = () => false;
};

const fetches =
  (answer: () => Promise<unknown>): Before =>
  (window) => {
    noBeacon(window);
    window.fetch = answer as unknown as typeof fetch;
  };

test.each<[string, Before]>([
  ['refuses', noBeacon],
  ['throws', (window) => (window.navigator.sendBeacon = () => { throw new Error('policy'); })],
  ['is absent', (window) => Object.assign(window.navigator, { sendBeacon: undefined })],
])('where sendBeacon %s, fetch sends the same', (_, before) => {
  const { fetched, images } = open({ before });
  expect(fetched).toEqual([expect.objectContaining({ event: 'view', method: 'POST', keepalive: true })]);
  expect(images).toEqual([]);
});

test.each<[string, Before]>([
  ['fails', fetches(() => Promise.reject(new TypeError('blocked')))],
  ['is answered with an error', fetches(() => Promise.resolve({ ok: false, status: 503 }))],
  ['throws', fetches(() => { throw new Error('policy'); })],
  ['is absent', (window) => { noBeacon(window); Object.assign(window, { fetch: undefined }); }],
])('where fetch %s, an image sends the same', async (_, before) => {
  const { window, images, urls } = open({ before });
  window.beacon('signup', { plan: 'pro & more', seats: 3, none: null, nested: { a: 1 }, half: '\ud83d' });
  await vi.waitFor(() => expect(images).toHaveLength(2));
  expect(urls.at(-1)).toBe('https://b.example/pixel.gif');
  expect(images[0]).toMatchObject({ event: 'view', site: 'blog.example', title: 'One' });
  expect(images[1]).toMatchObject({ plan: 'pro & more', seats: '3', nested: '{"a":1}', half: '\ufffd' });
  expect(images[1]).not.toHaveProperty('none');
  expect(images[0]!.id).not.toBe(images[1]!.id);
});

/** Tells the page that its policy has refused where hits go, or would have. */
function refuse({ window, document }: Page, disposition: 'enforce' | 'report') {
  const refused = { blockedURI: 'https://b.example/track', disposition };
  document.dispatchEvent(Object.assign(new window.Event('securitypolicyviolation'), refused));
}

test('what a policy refuses behind sendBeacon an image sends, once', () => {
  const page = open();
  refuse(page, 'enforce');
  refuse(page, 'enforce');
  expect(page.images).toEqual([expect.objectContaining({ id: page.beacons[0]!.id, event: 'view' })]);
});

test('what a policy only reports has been sent', () => {
  const page = open();
  refuse(page, 'report');
  expect(page.images).toEqual([]);
});

test('a refusal is no matter of hits that have gone', async () => {
  const page = open();
  await page.settled();
  page.window.beacon('signup');
  refuse(page, 'enforce');
  expect(page.images.map((hit) => hit.event)).toEqual(['signup']);

  const fetching = open({ before: noBeacon });
  refuse(fetching, 'enforce');
  expect(fetching.images).toEqual([]);
});

test('nothing is thrown into the page, whatever the page has done to the browser', async () => {
  const broken: Before[] = [
    (window) => Object.assign(window, { URLSearchParams: undefined }),
    (window) => Object.assign(window, { URL: undefined }),
    (window) => Object.freeze(window.history),
    (window) => Object.assign(window.JSON, { stringify: () => { throw new Error('no'); } }),
    (window) => Object.assign(window, { addEventListener: () => { throw new Error('no'); } }),
    (window) => { noBeacon(window); Object.assign(window, { fetch: undefined, Image: undefined }); },
    (window) => Object.defineProperty(window, 'beacon', { value: 7, writable: false }),
  ];
  for (const before of broken) {
    const errors: unknown[] = [];
    const page = open({
      before: (window) => {
        window.addEventListener('error', (event) => errors.push(event.error));
        before(window);
      },
    });
    page.window.history.pushState(null, '', '/two');
    await page.settled();
    expect(errors).toEqual([]);
  }
});

test('properties that are no JSON cost their event alone', () => {
  const { window, beacons } = open();
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  window.beacon('cyclic', cyclic);
  window.beacon('big', { n: 1n });
  window.beacon('good');
  expect(beacons.map((hit) => hit.event)).toEqual(['view', 'good']);
});
