import { expect, test } from 'vitest';
import { hostUrl, pageUrl } from '../src/links';

test.each([
  ['blog.example', '/talks', 'https://blog.example/talks'],
  ['blog.example', '/a b/ü', 'https://blog.example/a%20b/%C3%BC'],
  ['blog.example', 'https://other.example/x', 'https://other.example/x'],
  [null, 'http://other.example/x', 'http://other.example/x'],
  ['xn--mller-kva.example', '/', 'https://xn--mller-kva.example/'],
  // Nothing but http and https is linked, and no host but the site's.
  ['blog.example', 'javascript:alert(1)', null],
  ['blog.example', 'data:text/html,x', null],
  ['blog.example', '//evil.example/', null],
  ['blog.example', 'https://user:secret@evil.example/', null],
  ['blog.example@evil.example', '/', null],
  ['blog.example:8080', '/', null],
  ['evil.example/x?', '/', null],
  ['localhost', '/', null],
  ['127.0.0.1', '/', null],
  ['blog.example', 'welcome', null],
  ['blog.example', null, null],
  [null, '/talks', null],
])('the page %j %j lies at %j', (site, page, address) => {
  expect(pageUrl(site, page)).toBe(address);
});

test('a referrer is linked by its host', () => {
  expect(hostUrl('news.example')).toBe('https://news.example/');
  expect(hostUrl('"><script>')).toBeNull();
  expect(hostUrl(null)).toBeNull();
});
