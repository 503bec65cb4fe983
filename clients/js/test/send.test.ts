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

test('nothing is thrown into the page, however it has patched the browser', async () => {
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

test('an event arrives whatever its properties are; what is no data is left out', () => {
  const { window, document, beacons } = open();
  const cyclic: Record<string, unknown> = { a: 1 };
  cyclic.self = cyclic;
  const properties = {
    cyclic,
    element: document.body,
    map: new Map([[1, 2]]),
    set: new Set([1]),
    run: () => 1,
    symbol: Symbol('s'),
    nothing: undefined,
    none: null,
    nan: NaN,
    infinite: Infinity,
    wrong: new Date(NaN),
    error: new Error('no'),
    get thrown() { throw new Error('no'); },
    stubborn: { toJSON() { throw new Error('no'); } },
    big: 123n,
    nested: { big: 1n, run: () => 1 },
    date: new Date(0),
    plan: 'pro',
  };
  window.beacon('odd', properties);
  window.beacon('proxy', new Proxy({}, { ownKeys: () => { throw new Error('no'); } }));
  window.beacon('null', null as unknown as object);
  const { id, vw, title, url, ref, site, event, ...sent } = beacons[1]!;
  expect(event).toBe('odd');
  expect(sent).toEqual({ big: '123', nested: { big: '1' }, date: '1970-01-01T00:00:00.000Z', plan: 'pro' });
  expect(beacons.map((hit) => hit.event)).toEqual(['view', 'odd', 'proxy', 'null']);
});

test('what is very long is cut, and what has no room is left out', () => {
  const long = `${'x'.repeat(1999)}\u{1f600}y`;
  const { window, document, beacons } = open({ before: ({ document }) => (document.title = 'x'.repeat(5000)) });
  window.beacon('long', { long, written: { toJSON: () => long }, nested: { long: 'x'.repeat(20_000) }, last: 'kept' });
  expect(beacons[1]).toMatchObject({ event: 'long', site: 'blog.example', long: 'x'.repeat(1999), written: 'x'.repeat(1999), last: 'kept' });
  expect(beacons[1]).not.toHaveProperty('nested');
  expect(beacons[1]!.title).toBe('x'.repeat(2000));
  window.beacon('many', Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`name${n}`, 'ü'.repeat(2000)])));
  expect(beacons[2]).toMatchObject({ event: 'many', name0: 'ü'.repeat(2000) });
  expect(new TextEncoder().encode(JSON.stringify(beacons[2])).length).toBeLessThan(65_536);
  expect(document.title).toHaveLength(5000);
});

test('an image that must carry it has a URL that servers take', () => {
  const { window, images } = open({
    before: (window) => {
      noBeacon(window);
      Object.assign(window, { fetch: undefined });
    },
  });
  window.beacon('long', { first: 'ü'.repeat(2000), second: 'x'.repeat(2000), last: 'kept' });
  expect(images[1]).toMatchObject({ event: 'long', site: 'blog.example', second: 'x'.repeat(2000), last: 'kept' });
  expect(new URLSearchParams(images[1] as Record<string, string>).toString().length).toBeLessThan(8000);
});

test.each<[string, unknown[], string]>([
  ['nothing', [], 'not undefined'],
  ['null', [null], 'not [object Null]'],
  ['an empty text', [''], 'not ""'],
  ['blanks', [' '], 'not " "'],
  ['a number', [404], 'not 404'],
  ['an object', [{ event: 'signup' }], 'not [object Object]'],
  ['a symbol', [Symbol('signup')], 'not Symbol(signup)'],
])('%s is no event, and the console says so once', (_, call, why) => {
  const page = open();
  const beacon = page.window.beacon as (...call: unknown[]) => void;
  beacon(...call);
  beacon(...call);
  expect(page.beacons.map((hit) => hit.event)).toEqual(['view']);
  expect(page.said).toEqual([`beacon: not counted: an event is a string such as "signup", ${why}`]);
});

test('as a listener it counts nothing, and properties that are no object are said', () => {
  const { window, document, beacons, said } = open();
  document.addEventListener('click', window.beacon as unknown as EventListener);
  document.dispatchEvent(new window.Event('click'));
  ['a', 'b'].forEach(window.beacon as unknown as (text: string) => void);
  expect(beacons.map((hit) => hit.event)).toEqual(['view', 'a', 'b']);
  expect(beacons[1]).not.toHaveProperty('0');
  expect(said).toEqual([
    'beacon: not counted: an event is a string such as "signup", not [object Event]',
    'beacon: "a" is counted without 0: properties are an object such as { plan: "pro" }',
    'beacon: "b" is counted without 1: properties are an object such as { plan: "pro" }',
  ]);
});
