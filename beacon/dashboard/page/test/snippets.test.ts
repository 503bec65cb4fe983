import { expect, test } from 'vitest';
import { cssSnippet, emailSnippet, isAllowed, pageSnippet, siteOf } from '../src/snippets';

// The lines of `beacon snippet` with these addresses.
test('snippets are those of the command', () => {
  expect(pageSnippet('https://b.blog.example', 'blog.example')).toBe(
    '<script defer src="https://b.blog.example/beacon.js" data-site="blog.example"></script>\n' +
      '<noscript><img src="https://b.blog.example/pixel.gif?site=blog.example" alt="" width="1" height="1" referrerpolicy="no-referrer-when-downgrade"></noscript>',
  );
  expect(pageSnippet('http://localhost:8080', 'localhost')).toContain('data-site="localhost" data-local>');
  expect(emailSnippet('https://b.blog.example', 'blog.example')).toBe(
    '<img src="https://b.blog.example/pixel.gif?site=blog.example&amp;event=open&amp;page=%2Femail&amp;utm_medium=email" alt="" width="1" height="1" border="0" style="display:block;width:1px;height:1px;border:0" referrerpolicy="no-referrer">',
  );
  expect(cssSnippet('https://b.blog.example', 'blog.example')).toBe(
    '<link rel="stylesheet" href="https://b.blog.example/pixel.css?site=blog.example" media="none" referrerpolicy="no-referrer-when-downgrade">',
  );
});

test('what is typed can’t end its attribute', () => {
  expect(pageSnippet('https://b.example', 'a"><script>')).toContain('data-site="a&quot;><script>"');
  expect(pageSnippet('https://b.example', '')).not.toContain('data-site');
});

test('a pasted address becomes its host', () => {
  for (const [typed, site] of [
    ['  Blog.Example ', 'blog.example'],
    ['https://blog.example/posts?a=1#b', 'blog.example'],
    ['blog.example:8080', 'blog.example'],
    ['https://user:secret@blog.example', 'blog.example'],
    ['blog.example.', 'blog.example'],
    ['münchen.example', 'münchen.example'],
    ['', ''],
    ['two words', ''],
  ]) {
    expect(siteOf(typed!), typed).toBe(site);
  }
});

test('a star stands for the hosts below a domain', () => {
  const allowed = ['blog.example', '*.shop.example'];
  expect(isAllowed('blog.example', allowed)).toBe(true);
  expect(isAllowed('a.shop.example', allowed)).toBe(true);
  expect(isAllowed('shop.example', allowed)).toBe(false);
  expect(isAllowed('www.blog.example', allowed)).toBe(false);
  expect(isAllowed('any.example', null)).toBe(true);
});
