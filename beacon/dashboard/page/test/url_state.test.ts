import { expect, test } from 'vitest';
import { FILTER_NAMES } from '../src/filters';
import { fromSearch, shareToken, toSearch, type Known } from '../src/url_state';
import type { View } from '../src/view';

const BERLIN = 'Europe/Berlin';
const PLAIN: View = {
  period: { kind: 'preset', preset: '7d' },
  site: null,
  page: null,
  column: null,
  filters: [],
  agents: [],
  interval: null,
  metric: null,
  zone: BERLIN,
};

const KNOWN: Known = { custom_columns: ['userid'], filters: FILTER_NAMES };

const HOUR = { from_ms: Date.parse('2026-10-25T01:00Z'), to_ms: Date.parse('2026-10-25T02:00Z') };

test.each([
  [PLAIN, ''],
  [{ ...PLAIN, period: { kind: 'preset', preset: '30d' } }, '?period=30d&zone=Europe/Berlin'],
  [{ ...PLAIN, zone: 'America/St_Johns' }, '?zone=America/St_Johns'],
  [
    { ...PLAIN, period: { kind: 'days', from: '2026-11-01', to: '2026-11-07' } },
    '?from=2026-11-01&to=2026-11-07&zone=Europe/Berlin',
  ],
  [
    { ...PLAIN, period: { kind: 'instants', ...HOUR } },
    '?from=2026-10-25T01:00Z&to=2026-10-25T02:00Z&zone=Europe/Berlin',
  ],
  [
    { ...PLAIN, site: 'blog.example', page: '/a b?&=#ü' },
    '?site=blog.example&page=/a+b%3F%26%3D%23%C3%BC&zone=Europe/Berlin',
  ],
  [
    { ...PLAIN, column: { name: 'userid', value: 'a=b&c' }, interval: 'hour' },
    '?bars=hour&column=userid&value=a%3Db%26c&zone=Europe/Berlin',
  ],
  [
    {
      ...PLAIN,
      filters: [
        { column: 'page', value: null },
        { column: 'event', value: 'open' },
        { column: 'referrer', value: 'android-app://com.google.android.gm' },
        { column: 'utm_campaign', value: null },
      ],
    },
    '?page.empty=yes&event=open&referrer=android-app://com.google.android.gm&utm_campaign.empty=yes&zone=Europe/Berlin',
  ],
  [
    {
      ...PLAIN,
      filters: [
        { column: 'source', value: 'Hacker News' },
        { column: 'device', value: 'phone' },
        { column: 'country', value: null },
      ],
      agents: ['bot', 'mail_proxy'],
      metric: 'views',
    },
    '?metric=views&source=Hacker+News&device=phone&country.empty=yes&agent=bot&agent=mail_proxy&zone=Europe/Berlin',
  ],
] as [View, string][])('%j is %s, there and back', (view, query) => {
  expect(toSearch(view, BERLIN)).toBe(query);
  // Who gets the link may be elsewhere; a plain address says nothing, and means the reader's own zone.
  expect(fromSearch(query, query === '' ? BERLIN : 'Asia/Kathmandu', KNOWN)).toEqual({ view, unknown: [] });
});

test.each([
  ['?period=8d', ['period=8d']],
  ['?period=7D', ['period=7D']],
  ['?peroid=30d', ['peroid=30d']],
  ['?from=2026-11-07&to=2026-11-01', ['from=2026-11-07', 'to=2026-11-01']],
  ['?from=2026-02-30&to=2026-03-01', ['from=2026-02-30', 'to=2026-03-01']],
  ['?from=2026-11-01', ['from=2026-11-01']],
  ['?period=30d&from=2026-11-01&to=2026-11-02', ['period=30d', 'from=2026-11-01', 'to=2026-11-02']],
  ['?from=2026-10-25T02:00Z&to=2026-10-25T01:00Z', ['from=2026-10-25T02:00Z', 'to=2026-10-25T01:00Z']],
  ['?zone=Berlin', ['zone=Berlin']],
  ['?zone=Mars/Olympus&bars=year', ['zone=Mars/Olympus', 'bars=year']],
  ['?column=userid', ['column=userid']],
  ['?column=ip&value=1', ['column=ip']],
  ['?value=7', ['value=7']],
  ['?page.empty=no', ['page.empty=no']],
  ['?page=/a&page.empty=yes', ['page.empty=yes']],
  ['?event=open&event.empty=yes', ['event.empty=yes']],
  ['?site=a.example&site=b.example', ['site more than once']],
  ['?site.not=a.example', ['site.not=a.example']],
  ['?toString=1', ['toString=1']],
  ['?agent=robot', ['agent=robot']],
  ['?agent=bot&agent=Bot&agent=toString', ['agent=Bot', 'agent=toString']],
  ['?agent.empty=yes', ['agent.empty=yes']],
  ['?metric=hits', ['metric=hits']],
])('%s is refused', (query, unknown) => {
  expect(fromSearch(query, BERLIN, KNOWN).unknown).toEqual(unknown);
});

test.each(['?site=*&page=', '?period=', '?bars=', '?agent=&metric='])('%s says nothing', (query) => {
  expect(fromSearch(query, BERLIN, KNOWN)).toEqual({ view: PLAIN, unknown: [] });
});

test('agents are a set', () => {
  expect(fromSearch('?agent=prefetch&agent=bot&agent=bot', BERLIN, KNOWN)).toEqual({
    view: { ...PLAIN, agents: ['bot', 'prefetch'] },
    unknown: [],
  });
});

test('a filter that the API lacks is refused', () => {
  const known = { custom_columns: [], filters: ['site', 'page', 'event'] };
  expect(fromSearch('?device=phone&event=open&column=userid&value=1', BERLIN, known).unknown).toEqual(['column=userid', 'device=phone']);
});

test('the share token is in the fragment', () => {
  expect(shareToken('#share=v1.abc_-')).toBe('v1.abc_-');
  expect(shareToken('')).toBeNull();
  expect(shareToken('#content')).toBeNull();
});
