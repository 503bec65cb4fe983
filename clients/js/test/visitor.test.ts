import { expect, test } from 'vitest';
import { open, type Page } from './page';

const counts = (page: Page): boolean => page.beacons.length > 0;

function asks(signals: object) {
  return (window: Page['window']) => {
    for (const [name, value] of Object.entries(signals)) Object.defineProperty(window.navigator, name, { value });
  };
}

test.each([{ globalPrivacyControl: true }, { doNotTrack: '1' }])('%o is honoured if told so', (signals) => {
  expect(counts(open({ before: asks(signals) }))).toBe(true);
  const told = open({ before: asks(signals), script: 'data-honour-gpc' });
  told.window.beacon('signup');
  expect(counts(told)).toBe(false);
});

test('who does not ask is counted where that is honoured', () => {
  expect(counts(open({ before: asks({ globalPrivacyControl: false, doNotTrack: '0' }), script: 'data-honour-gpc' }))).toBe(true);
});

test.each([
  [{ maxTouchPoints: 5 }, { touch: 1 }],
  [{ maxTouchPoints: 1 }, {}],
  [{ maxTouchPoints: 0, webdriver: false }, {}],
  [{ webdriver: true }, { webdriver: 1 }],
  [{ maxTouchPoints: 2, webdriver: true }, { touch: 1, webdriver: 1 }],
])('a browser with %o sends %o', (navigator, expected) => {
  const { window, beacons } = open({ before: asks(navigator) });
  window.beacon('signup');
  for (const hit of beacons) {
    const sent = Object.entries(hit).filter(([name]) => ['touch', 'webdriver'].includes(name));
    expect(Object.fromEntries(sent)).toEqual(expected);
  }
  expect(beacons).toHaveLength(2);
});

test.each([
  'http://localhost:3000/',
  'http://app.localhost/',
  'http://127.0.0.1:8080/',
  'http://[::1]/',
  'http://printer.local/',
  'file:///home/me/page.html',
])('%s is counted only if told so', (url) => {
  expect(counts(open({ url }))).toBe(false);
  expect(counts(open({ url, script: 'data-local' }))).toBe(true);
});

test.each(['https://localhost.example/', 'https://local.example/', 'https://10127.0.example/', 'https://mylocalhost/'])(
  '%s is counted',
  (url) => {
    expect(counts(open({ url }))).toBe(true);
  },
);

test.each<[string, Parameters<typeof open>[0], RegExp]>([
  ['this machine', { url: 'http://localhost:3000/' }, /^beacon: nothing is counted: localhost is this machine; set data-local/],
  ['a file', { url: 'file:///home/me/page.html' }, /^beacon: nothing is counted: file: is this machine; set data-local/],
  ['a signal', { before: asks({ globalPrivacyControl: true }), script: 'data-honour-gpc' }, /Global Privacy Control/],
  ['its own visits', { url: 'https://blog.example/#beacon-ignore' }, /#beacon-ignore; open #beacon-count/],
])('what does not count because of %s says so, once', (_, options, why) => {
  const { window, said } = open(options);
  window.beacon('signup');
  window.beacon('signup');
  expect(said).toEqual([expect.stringMatching(why)]);
  expect(open().said).toEqual([]);
});

test('#beacon-ignore excludes a browser until #beacon-count', () => {
  const ignored = open({ url: 'https://blog.example/#beacon-ignore' });
  ignored.window.beacon('signup');
  expect(counts(ignored)).toBe(false);
  expect(ignored.window.localStorage.beaconIgnore).toBe('1');

  const remembered = (url: string, own: string) =>
    open({ url, before: (window) => window.localStorage.setItem('beaconIgnore', own) });
  expect(counts(remembered('https://blog.example/', '1'))).toBe(false);
  const back = remembered('https://blog.example/?beacon=count', '1');
  expect(counts(back)).toBe(true);
  expect(back.window.localStorage.beaconIgnore).toBe('');
  expect(counts(open({ url: 'https://blog.example/?a=1&beacon=ignore' }))).toBe(false);
});

test('a browser that stores nothing is counted, or ignored for one page', () => {
  const before = (window: Page['window']) =>
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new window.DOMException('denied', 'SecurityError');
      },
    });
  expect(counts(open({ before }))).toBe(true);
  expect(counts(open({ before, url: 'https://blog.example/#beacon-ignore' }))).toBe(false);
});

test('what is rendered ahead is counted when it is shown', () => {
  const page = open({
    before: (window) => {
      Object.defineProperty(window.document, 'prerendering', { value: true, configurable: true });
    },
  });
  page.window.beacon('early');
  expect(counts(page)).toBe(false);
  Object.defineProperty(page.document, 'prerendering', { value: false });
  page.document.title = 'Shown';
  page.document.dispatchEvent(new page.window.Event('prerenderingchange'));
  expect(page.beacons.map((hit) => hit.event)).toEqual(['view', 'early']);
  expect(page.beacons[0]).toMatchObject({ title: 'Shown' });
});
