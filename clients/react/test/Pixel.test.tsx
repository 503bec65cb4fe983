import { act } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import { Pixel } from '../src/index';
import { mount } from './mount';

const image = (container: HTMLElement) => container.querySelector('img')!;
const url = (container: HTMLElement) => new URL(image(container).src);

test('the image names the page, and is there for nobody but the beacon', () => {
  const { container } = mount(
    <Pixel endpoint="https://b.example/stats/" site="app.example" page="/talks?a=b" title="Talks & more" event="open" params={{ userid: 'a b' }} />,
  );
  expect(url(container).href.split('?')[0]).toBe('https://b.example/stats/pixel.gif');
  expect(Object.fromEntries(url(container).searchParams)).toMatchObject({
    site: 'app.example',
    page: '/talks?a=b',
    title: 'Talks & more',
    event: 'open',
    userid: 'a b',
  });
  const { alt, width, height } = image(container);
  expect({ alt, width, height }).toEqual({ alt: '', width: 1, height: 1 });
  expect(image(container).getAttribute('referrerpolicy')).toBe('no-referrer-when-downgrade');
});

test('a render asks for nothing, another page does, and so does the first one again', () => {
  const pixel = (page: string) => <Pixel endpoint="https://b.example" page={page} />;
  const { container, update } = mount(pixel('/a'));
  const first = url(container).href;
  const element = image(container);
  update(pixel('/a'));
  expect(url(container).href).toBe(first);
  expect(image(container)).toBe(element);
  update(pixel('/b'));
  // A new element, so that the request of the one before goes on.
  expect(image(container)).not.toBe(element);
  const second = url(container).href;
  update(pixel('/a'));
  const third = url(container).href;
  expect(new Set([first, second, third]).size).toBe(3);
  expect(url(mount(pixel('/a')).container).href).not.toBe(third);
});

test('a title that comes behind its page is no second hit', () => {
  const pixel = (page: string, title: string, site?: string) => (
    <Pixel endpoint="https://b.example" page={page} site={site} title={title} event={title} params={{ title_length: title.length }} />
  );
  const { container, update } = mount(pixel('/a', 'Loading'));
  const first = url(container).href;
  update(pixel('/a', 'Talks'));
  expect(url(container).href).toBe(first);
  update(pixel('/b', 'Talks'));
  expect(Object.fromEntries(url(container).searchParams)).toMatchObject({ page: '/b', title: 'Talks', title_length: '5' });
  update(pixel('/b', 'Talks', 'blog.example'));
  expect(url(container).searchParams.get('site')).toBe('blog.example');
});

test('an alias takes the place of the pixel', () => {
  const { container } = mount(<Pixel endpoint="https://b.example" pixel="/i.gif" page="/" />);
  expect(url(container).pathname).toBe('/i.gif');
});

test('a server names the same image for all, asks for it once, and it stays when the app takes over', () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const node = <Pixel endpoint="https://b.example" page="/a" />;
  // As a server would: without a document.
  const { document } = globalThis;
  Reflect.deleteProperty(globalThis, 'document');
  const html = renderToString(node);
  globalThis.document = document;
  expect(html).toContain('https://b.example/pixel.gif?page=%2Fa&amp;n=0');
  expect(html).not.toContain('preload');

  const container = document.createElement('div');
  container.innerHTML = html;
  const before = image(container).src;
  act(() => {
    hydrateRoot(container, node);
  });
  expect(image(container).src).toBe(before);
  expect(said.mock.calls).toEqual([]);
});

test.each([undefined, '', 'b.example'])('an endpoint that is %s is said, and the app goes on', (endpoint) => {
  const said = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const { container } = mount(<Pixel endpoint={endpoint as string} page="/" />);
  expect(container.innerHTML).toBe('');
  expect(said.mock.calls).toEqual([[`beacon: nothing is counted: the endpoint "${endpoint}" is not a URL like https://b.example`]]);
  said.mockRestore();
});
