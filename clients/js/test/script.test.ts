import { expect, test } from 'vitest';
import { open } from './page';

test('a page load is one view, with the fields of the page', () => {
  const { beacons, urls } = open({ referrer: 'https://search.example/?q=pixel' });
  expect(urls).toEqual(['https://b.example/track']);
  expect(beacons).toEqual([
    {
      id: expect.stringMatching(/^[a-z0-9]{15,}$/),
      event: 'view',
      site: 'blog.example',
      url: 'https://blog.example/posts/one',
      ref: 'https://search.example/?q=pixel',
      title: 'One',
      vw: 'l',
    },
  ]);
});

test('two ids are never the same', () => {
  const ids = new Set(Array.from({ length: 50 }, () => open().beacons[0]!.id));
  expect(ids.size).toBe(50);
});

test.each([
  [320, 's'],
  [639, 's'],
  [640, 'm'],
  [1023, 'm'],
  [1024, 'l'],
  [1439, 'l'],
  [1440, 'xl'],
])('a window of %i pixels is of class %s', (width, name) => {
  const { beacons } = open({
    before: (window) => Object.defineProperty(window, 'innerWidth', { value: width }),
  });
  expect(beacons[0]!.vw).toBe(name);
});

test('the canonical URL is the page, and the address still names the campaign', () => {
  const { beacons } = open({
    url: 'https://blog.example/posts/one/amp?utm_source=a+b&utm_campaign=%C3%A9%zz&utm_source=c&utm_id=7&other=8',
    head: '<link rel="canonical" href="/posts/one">',
  });
  expect(beacons[0]).toMatchObject({
    url: 'https://blog.example/posts/one',
    utm_source: 'a b',
    utm_id: '7',
  });
  expect(beacons[0]!.utm_campaign).toContain('é');
  expect(beacons[0]).not.toHaveProperty('other');
});

test.each(['https://www.blog.example/one', 'http://blog.example:8080/one', '//BLOG.example/one#top', '/one'])(
  'a canonical link to %s is of this host',
  (href) => {
    const { beacons } = open({ head: `<link rel="canonical" href="${href}">` });
    expect(new URL(beacons[0]!.url as string).pathname).toBe('/one');
    expect(beacons[0]!.url).not.toContain('#');
  },
);

test.each(['https://other.example/one', 'https://blog.example.evil.example/one', 'http://localhost:3000/one', 'javascript:one', 'https://', ''])(
  'a canonical link to %s is not believed',
  (href) => {
    const { beacons } = open({ head: `<link rel="canonical" href="${href}">` });
    expect(beacons[0]!.url).toBe('https://blog.example/posts/one');
  },
);

test.each([
  ['/talks#x?utm_source=a', { utm_source: 'a' }],
  ['/#/talks?utm_source=a&utm_medium=b', { utm_source: 'a', utm_medium: 'b' }],
  ['/#utm_source=a&access_token=secret', { utm_source: 'a' }],
  ['/?UTM_Source=a&Utm_Id=7', { utm_source: 'a', utm_id: '7' }],
  ['/?x=1&amp;utm_source=a', { utm_source: 'a' }],
  ['/?utm_source=a#x?utm_source=b&utm_term=c', { utm_source: 'a', utm_term: 'c' }],
])('the campaign of %s is read', (path, campaign) => {
  const { beacons } = open({ url: `https://blog.example${path}` });
  const found = Object.entries(beacons[0]!).filter(([name]) => /utm/i.test(name));
  expect(Object.fromEntries(found)).toEqual(campaign);
  expect(JSON.stringify(beacons)).not.toContain('secret');
});

test.each([
  ['/?ref=producthunt', 'producthunt'],
  ['/?source=producthunt', 'producthunt'],
  ['/?Source=late&REF=producthunt', 'producthunt'],
  ['/?ref=&source=producthunt', 'producthunt'],
  ['/?x=1&amp;ref=producthunt', 'producthunt'],
  ['/#/talks?ref=producthunt', 'producthunt'],
  ['/?ref=late&utm_source=producthunt', 'producthunt'],
  ['/?ref=late#x?utm_source=producthunt', 'producthunt'],
  ['/?utm_source=&ref=producthunt&utm_medium=social', 'producthunt'],
  ['/?href=a&sources=b&reference=c', undefined],
])('the source of %s is %s', (path, source) => {
  const { beacons } = open({ url: `https://blog.example${path}`, head: '<link rel="canonical" href="/">' });
  expect(beacons[0]!.utm_source).toBe(source);
  // The referrer is another field.
  expect(beacons[0]!.ref).toBe('');
});

test.each([
  ['/?gclid=clicked', 'gclid'],
  ['/?GCLID=clicked&x=1', 'gclid'],
  ['/?x=1&amp;msclkid=clicked', 'msclkid'],
  ['/?gclid=clicked&fbclid=clicked-too', 'fbclid'],
  ['/#/talks?li_fat_id=clicked', 'li_fat_id'],
  ['/?gclid=', undefined],
  ['/?xgclid=1&gclids=2', undefined],
])('of the click id in %s the name is sent', async (path, name) => {
  const url = `https://blog.example${path}`;
  const page = open({ url, referrer: url, script: 'data-spa="hash"' });
  page.window.beacon('signup', { page: `/form${path}` });
  page.window.history.pushState(null, '', '/next');
  await page.settled();
  expect(page.beacons.map((hit) => [hit.event, hit.click_id])).toEqual([['view', name], ['signup', name], ['view', undefined]]);
  expect(JSON.stringify(page.beacons)).not.toContain('clicked');
});

test('an address keeps all but the value of a click id', () => {
  const { beacons } = open({ url: 'https://blog.example/one?a=1&gclid=clicked&b=2;yclid=clicked#fbclid=clicked' });
  expect(beacons[0]).toMatchObject({ url: 'https://blog.example/one?a=1&gclid=&b=2;yclid=', click_id: 'fbclid' });
});

test.each([
  ['?next=%2Fp%3Fgclid%3Dclicked', '?next='],
  ['?next=%2Fp%3Fa%3D1%26GCLID%3Dclicked%26b%3D2&c=3', '?next=&c=3'],
  ['?next=%252Fp%253Ffbclid%253Dclicked%2526b%253D2', '?next='],
  ['?next=/p?a=1;yclid=clicked&b=2', '?next=/p?a=1;yclid=&b=2'],
  ['?%67clid=clicked', '?%67clid='],
  ['?a=1&%47%63lid=clicked', '?a=1&%47%63lid='],
  ['?a=1&x%3Fgclid%3Dclicked', '?a=1&x%3Fgclid%3D'],
  ['?li%5Ffat%5Fid=clicked&a=1', '?li%5Ffat%5Fid=&a=1'],
  ['?gclid=clicked%26b%3Dclicked&a=1', '?gclid=&a=1'],
  ['?next=%2Fp%3Fxgclid%3D1%26gclids%3D2', '?next=%2Fp%3Fxgclid%3D1%26gclids%3D2'],
])('the value of a click id in %s is taken out of addresses', (query, expected) => {
  const page = open({ url: `https://blog.example/one${query}`, referrer: `https://blog.example/${query}` });
  page.window.beacon('signup', { page: `/form${query}`, link: `https://shop.example/${query}`, path: `/x${query}` });
  expect(page.beacons[0]).toMatchObject({ url: `https://blog.example/one${expected}`, ref: `https://blog.example/${expected}` });
  expect(page.beacons[1]).toMatchObject({ page: `/form${expected}`, link: `https://shop.example/${expected}`, path: `/x${expected}` });
  expect(JSON.stringify(page.beacons)).not.toContain('clicked');
});

test('the value of a click id is taken out of texts and nested properties', () => {
  const page = open({ head: '<title>Why ?gclid=clicked is in links</title>' });
  page.window.beacon('search', { query: 'what is ?a=b&gclid=clicked for', links: [{ to: '/?fbclid=clicked' }], seats: 3 });
  expect(page.beacons[1]).toMatchObject({
    title: 'Why ?gclid= is in links',
    query: 'what is ?a=b&gclid= for',
    links: [{ to: '/?fbclid=' }],
    seats: 3,
  });
});

test.each(['blog.example/talks', 'https://blog.example/', 'https://blog.example/talks/7'])('the site %s is its host', (site) => {
  expect(open({ script: `data-site="${site}"` }).beacons[0]!.site).toBe('blog.example');
});

test('paths can have other names', () => {
  const aliased = open({ script: 'data-track="t" data-pixel="/i/i.gif"' });
  expect(aliased.urls).toEqual(['https://b.example/t']);
  const image = open({
    script: 'data-track="/stats/t" data-pixel="/i/i.gif"',
    before: (window) => {
      window.navigator.sendBeacon = () => false;
      Object.assign(window, { fetch: undefined });
    },
  });
  expect(image.urls).toEqual(['https://b.example/i/i.gif']);
});

test('without a site the page is counted for its host', () => {
  expect(open({ script: '' }).beacons[0]).not.toHaveProperty('site');
});

test('a script that the page holds twice counts once', () => {
  const page = open();
  page.again();
  expect(page.beacons).toHaveLength(1);
});

test('an event is sent with the page and the properties of the event', () => {
  const { window, beacons } = open({ head: '<title>One</title><link rel="canonical" href="/one">' });
  window.beacon('signup', { plan: 'pro', seats: 3, nested: { a: [1] } });
  expect(beacons[1]).toMatchObject({
    event: 'signup',
    url: 'https://blog.example/one',
    title: 'One',
    plan: 'pro',
    seats: 3,
    nested: { a: [1] },
  });
});

test('properties may say more of the page, but not whose event it is', () => {
  const { window, beacons } = open();
  window.beacon('read', { page: '/posts/one#end', title: 'End', id: 'sku-1', event: 'other', site: 'other.example' });
  expect(beacons[1]).toMatchObject({ event: 'read', site: 'blog.example', page: '/posts/one#end', title: 'End' });
  expect(beacons[1]!.id).not.toBe('sku-1');
});

test('calls from before the script wait for it', () => {
  const { beacons } = open({
    before: (window) =>
      window.eval('window.beacon=window.beacon||function(){(beacon.q=beacon.q||[]).push(arguments)};beacon("early",{n:1})'),
  });
  expect(beacons.map((hit) => hit.event)).toEqual(['view', 'early']);
  expect(beacons[1]).toMatchObject({ n: 1 });
});

test('an element called beacon is not in the way', () => {
  const { window, beacons } = open({
    before: (window) => {
      window.document.body.innerHTML = '<form id="beacon"></form>';
    },
  });
  window.beacon('signup');
  expect(beacons.map((hit) => hit.event)).toEqual(['view', 'signup']);
});
