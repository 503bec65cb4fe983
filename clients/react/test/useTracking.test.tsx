import { act, StrictMode, useEffect } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { TrackingOptions } from '../src/index';
import { mount, version } from './mount';

type Hit = Record<string, unknown>;

let hits: Hit[];
let react: typeof import('../src/index');

const options: TrackingOptions = { endpoint: 'https://b.example', site: 'app.example', local: true };

/** Longer than a first page and a navigation take to settle. */
const SETTLED_MS = 2000;

beforeEach(async () => {
  hits = [];
  vi.useFakeTimers();
  // What the page's copies of the package share.
  Reflect.deleteProperty(window, Symbol.for('beacon-client'));
  navigator.sendBeacon = (to, body) => {
    hits.push({ to: `${to}`, ...JSON.parse(body as string) });
    return true;
  };
  history.replaceState(null, '', '/');
  vi.resetModules();
  react = await import('../src/index');
});

afterEach(() => void vi.useRealTimers());

const settled = () => act(async () => void (await vi.advanceTimersByTimeAsync(SETTLED_MS)));

function App({ children, ...own }: Partial<TrackingOptions> & { children?: React.ReactNode }) {
  react.useTracking({ ...options, ...own });
  return <>{children}</>;
}

const go = (path: string) => act(() => history.pushState(null, '', path));
const views = () => hits.filter((hit) => hit.event === 'view').map((hit) => hit.page ?? new URL(hit.url as string).pathname);

test('the suite runs on the React that it names', ({ task }) => {
  expect(`react ${version.split('.')[0]}`).toBe(task.file.projectName);
});

test('StrictMode, renders and equal options count once', async () => {
  const { update } = mount(<App />);
  update(<App />);
  update(
    <App>
      <App />
      <App />
    </App>,
  );
  await settled();
  expect(hits).toHaveLength(1);
  expect(hits[0]).toMatchObject({ to: 'https://b.example/track', event: 'view', site: 'app.example' });
});

test('what a router writes into the address is a view', async () => {
  mount(<App />);
  await settled();
  go('/talks');
  await settled();
  go('/talks?day=1');
  await settled();
  go('/about');
  await settled();
  expect(views()).toEqual(['/', '/talks', '/about']);
});

test('a change of the router’s page is a view, whatever the URL is', async () => {
  const { update } = mount(<App page="/a" />);
  await settled();
  update(<App page="/a" />);
  await settled();
  go('/elsewhere');
  await settled();
  update(<App page="/b" />);
  await settled();
  update(<App page="/a" />);
  await settled();
  expect(views()).toEqual(['/a', '/b', '/a']);
});

test('of pages of the router the first comes from outside, the others from the page before', async () => {
  const referrer = vi.spyOn(document, 'referrer', 'get').mockReturnValue('https://search.example/');
  const { update } = mount(<App page="/a" />);
  await settled();
  for (const page of ['/b', '/c', '/c?day=1']) {
    update(<App page={page} />);
    await settled();
  }
  referrer.mockRestore();
  const before = (path: string) => new URL(path, location.href).href;
  expect(hits.map((hit) => hit.ref)).toEqual(['https://search.example/', before('/a'), before('/b'), before('/c')]);
});

test('a first page of the router that redirects at once is one view', async () => {
  const { update } = mount(<App page="/" />);
  update(<App page="/home" />);
  await settled();
  expect(views()).toEqual(['/home']);
});

test('nothing is counted after the last component is gone, and the next one goes on', async () => {
  const info = vi.spyOn(console, 'info').mockImplementation(() => {});
  const first = mount(<App />);
  const second = mount(<App />);
  await settled();
  first.unmount();
  go('/one');
  await settled();
  expect(views()).toEqual(['/', '/one']);
  second.unmount();
  go('/two');
  react.track('late');
  await settled();
  expect(hits).toHaveLength(2);
  expect(info.mock.calls.join()).toContain('"late" is not counted: no component with these options');
  mount(<App />);
  await settled();
  expect(views()).toEqual(['/', '/one', '/two']);
});

test('events carry the page, from children that React runs first too', () => {
  function Child() {
    const track = react.useTracking();
    useEffect(() => track('shown', { plan: 'pro' }), [track]);
    return null;
  }
  function Root() {
    const track = react.useTracking({ ...options, page: '/pricing' });
    useEffect(() => track('root'), [track]);
    return <Child />;
  }
  mount(<Root />);
  const events = hits.filter((hit) => hit.event !== 'view');
  expect(events[0]).toMatchObject({ event: 'shown', plan: 'pro', page: '/pricing' });
  expect(events.find((hit) => hit.event === 'root')).toMatchObject({ page: '/pricing' });
  expect(views()).toEqual(['/pricing']);
});

test('events carry the page of the router, from components without options too, wherever the address is', async () => {
  let track: ReturnType<typeof react.useTracking> = () => {};
  function Child() {
    track = react.useTracking();
    return null;
  }
  const page = (path: string) => (
    <App page={path}>
      <Child />
    </App>
  );
  const { update } = mount(page('/a'));
  await settled();
  go('/elsewhere');
  await settled();
  track('first');
  update(page('/b'));
  track('second');
  expect(hits.map((hit) => [hit.event, hit.page])).toEqual([
    ['view', '/a'],
    ['first', '/a'],
    ['view', '/b'],
    ['second', '/b'],
  ]);
});

test('another copy of the module, such as beacon-client, is the same tracker', async () => {
  vi.resetModules();
  const client = await import('../../js/src/index');
  client.track('early');
  mount(<App />);
  client.track('late');
  react.track('own');
  client.init({ ...options })('given');
  await settled();
  expect(hits.map((hit) => hit.event)).toEqual(['view', 'early', 'late', 'own', 'given']);
});

test('an event that waits for ever is said', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  react.track('signup');
  await vi.advanceTimersByTimeAsync(20_000);
  expect(warn.mock.calls).toEqual([['beacon: "signup" is not counted: it waits for init(), or for useTracking() with options']]);
  expect(hits).toEqual([]);
});

test('the function stays the same from render to render', () => {
  const seen = new Set<unknown>();
  function Watch() {
    const track = react.useTracking({ ...options });
    useEffect(() => void seen.add(track));
    return null;
  }
  const { update } = mount(<Watch />);
  update(<Watch />);
  expect(seen.size).toBe(1);
});

test('on a server nothing is counted', () => {
  const html = renderToString(
    <StrictMode>
      <App>here</App>
    </StrictMode>,
  );
  expect(html).toBe('here');
  expect(hits).toEqual([]);
});

test('an endpoint that is no URL is said, and the app goes on', () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { container } = mount(<App endpoint="b.example">here</App>);
  expect(container.textContent).toBe('here');
  expect(said.mock.calls.join('\n')).toContain('the endpoint "b.example" is not a URL like https://b.example');
  expect(hits).toEqual([]);
});
