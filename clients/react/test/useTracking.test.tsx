import { act, StrictMode, useEffect } from 'react';
import { renderToString } from 'react-dom/server';
import { beforeEach, expect, test, vi } from 'vitest';
import type { TrackingOptions } from '../src/index';
import { mount, version } from './mount';

type Hit = Record<string, unknown>;

let hits: Hit[];
let react: typeof import('../src/index');

const options: TrackingOptions = { endpoint: 'https://b.example', site: 'app.example', local: true };

beforeEach(async () => {
  hits = [];
  navigator.sendBeacon = (to, body) => {
    hits.push({ to: `${to}`, ...JSON.parse(body as string) });
    return true;
  };
  history.replaceState(null, '', '/');
  vi.resetModules();
  react = await import('../src/index');
});

function App({ children, ...own }: Partial<TrackingOptions> & { children?: React.ReactNode }) {
  react.useTracking({ ...options, ...own });
  return <>{children}</>;
}

const go = (path: string) => act(() => history.pushState(null, '', path));
const views = () => hits.filter((hit) => hit.event === 'view').map((hit) => hit.page ?? new URL(hit.url as string).pathname);

test('the suite runs on the React that it names', ({ task }) => {
  expect(`react ${version.split('.')[0]}`).toBe(task.file.projectName);
});

test('StrictMode, renders and equal options count once', () => {
  const { update } = mount(<App />);
  update(<App />);
  update(
    <App>
      <App />
      <App />
    </App>,
  );
  expect(hits).toHaveLength(1);
  expect(hits[0]).toMatchObject({ to: 'https://b.example/track', event: 'view', site: 'app.example' });
});

test('what a router writes into the address is a view', async () => {
  mount(<App />);
  go('/talks');
  await vi.waitFor(() => expect(views()).toEqual(['/', '/talks']));
  go('/talks?day=1');
  go('/about');
  await vi.waitFor(() => expect(views()).toEqual(['/', '/talks', '/about']));
});

test('a page of the router is a view whenever it changes, whatever the address says', () => {
  const { update } = mount(<App page="/a" />);
  update(<App page="/a" />);
  go('/elsewhere');
  update(<App page="/b" />);
  update(<App page="/a" />);
  expect(views()).toEqual(['/a', '/b', '/a']);
});

test('nothing is counted after the last component is gone, and the next one goes on', async () => {
  const first = mount(<App />);
  const second = mount(<App />);
  first.unmount();
  go('/one');
  await vi.waitFor(() => expect(views()).toEqual(['/', '/one']));
  second.unmount();
  vi.useFakeTimers();
  go('/two');
  await vi.advanceTimersByTimeAsync(10_000);
  vi.useRealTimers();
  expect(views()).toEqual(['/', '/one']);
  mount(<App />);
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
  expect(events[0]).toMatchObject({ event: 'shown', plan: 'pro' });
  expect(events.find((hit) => hit.event === 'root')).toMatchObject({ page: '/pricing' });
  expect(views()).toEqual(['/pricing']);
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
  expect(said.mock.calls.join('\n')).toContain('endpoint is "b.example": write a URL like https://b.example');
  expect(hits).toEqual([]);
});
