import { expect, test } from 'vitest';
import { FILTER_NAMES, type Known } from '../src/filters';
import { fromSearch, filterSearch, shareToken, toSearch } from '../src/url_state';
import type { Condition, View } from '../src/view';

const BERLIN = 'Europe/Berlin';
const PLAIN: View = {
  period: { kind: 'preset', preset: '7d' },
  compare: 'before',
  site: null,
  conditions: [],
  interval: null,
  metric: null,
  zone: BERLIN,
};

const KNOWN: Known = { custom_columns: ['userid'], filters: FILTER_NAMES, has_properties: true };

const is = (column: string, ...values: string[]): Condition => ({ column, op: 'is', values });
const empty = (column: string): Condition => ({ column, op: 'is_empty', values: [] });

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
  [{ ...PLAIN, period: { kind: 'preset', preset: 'last-month' } }, '?period=last-month&zone=Europe/Berlin'],
  [
    { ...PLAIN, compare: 'year', interval: 'week', metric: 'opens' },
    '?compare=year&bars=week&metric=opens&zone=Europe/Berlin',
  ],
  [
    { ...PLAIN, site: 'blog.example', conditions: [is('page', '/a b?&=#ü')] },
    '?site=blog.example&page=/a+b%3F%26%3D%23%C3%BC&zone=Europe/Berlin',
  ],
  [
    { ...PLAIN, conditions: [is('userid', 'a=b&c')], interval: 'hour' },
    '?bars=hour&userid=a%3Db%26c&zone=Europe/Berlin',
  ],
  [
    { ...PLAIN, conditions: [empty('page'), is('event', 'open'), is('referrer', 'android-app://com.google.android.gm'), empty('utm_campaign')] },
    '?page.empty=yes&event=open&referrer=android-app://com.google.android.gm&utm_campaign.empty=yes&zone=Europe/Berlin',
  ],
  [
    {
      ...PLAIN,
      conditions: [is('source', 'Hacker News', 'Google'), is('device', 'phone'), empty('country'), is('agent', 'bot', 'mail_proxy')],
      metric: 'views',
    },
    '?metric=views&source=Hacker+News&source=Google&device=phone&country.empty=yes&agent=bot&agent=mail_proxy&zone=Europe/Berlin',
  ],
  [
    {
      ...PLAIN,
      conditions: [
        is('page', '/a'),
        { column: 'page', op: 'is_not', values: ['/b', '/c'] },
        { column: 'page', op: 'contains', values: ['talk'] },
        { column: 'page', op: 'starts_with', values: ['/posts'] },
        { column: 'language', op: 'is_not_empty', values: [] },
        { column: 'prop.plan', op: 'is', values: ['pro'] },
        { column: 'prop.plan', op: 'is_not', values: ['trial'] },
        { column: 'agent', op: 'is_not', values: ['unknown'] },
      ],
    },
    '?page=/a&page.not=/b&page.not=/c&page.contains=talk&page.starts=/posts&language.empty=no&prop.plan=pro&prop.plan.not=trial&agent.not=unknown&zone=Europe/Berlin',
  ],
  [{ ...PLAIN, conditions: [is('site', 'a.example', 'b.example')] }, '?site=a.example&site=b.example&zone=Europe/Berlin'],
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
  ['?page.empty=maybe', ['page.empty=maybe']],
  ['?page.empty=yes&page.empty=no', ['page.empty more than once']],
  ['?page.is=/a', ['page.is=/a']],
  ['?period=7d&period=30d', ['period more than once']],
  ['?compare=week', ['compare=week']],
  ['?bars=quarter', ['bars=quarter']],
  ['?userid.not=1&nobody=1', ['nobody=1']],
  ['?prop.=1', ['prop.=1']],
  ['?agent.contains=bot', ['agent.contains=bot']],
  ['?agent=bot&agent.not=bot', ['agent=bot', 'agent.not=bot']],
  ['?toString=1', ['toString=1']],
  ['?agent=robot', ['agent=robot']],
  ['?agent=bot&agent=toString', ['agent=bot', 'agent=toString']],
  ['?agent.empty=yes', ['agent.empty=yes']],
  ['?metric=hits', ['metric=hits']],
])('%s is refused', (query, unknown) => {
  expect(fromSearch(query, BERLIN, KNOWN).unknown).toEqual(unknown);
});

test.each(['?site=*&page=', '?period=', '?bars=', '?agent=&metric='])('%s says nothing', (query) => {
  expect(fromSearch(query, BERLIN, KNOWN)).toEqual({ view: PLAIN, unknown: [] });
});

test('values are a set', () => {
  expect(fromSearch('?agent=prefetch&agent=bot&agent=bot', BERLIN, KNOWN)).toEqual({
    view: { ...PLAIN, conditions: [is('agent', 'prefetch', 'bot')] },
    unknown: [],
  });
});

test('a condition has no more values than the API takes', () => {
  const pages = Array.from({ length: 21 }, (_, index) => `page=/${index}`);
  expect(fromSearch(`?${pages.slice(1).join('&')}`, BERLIN, KNOWN).unknown).toEqual([]);
  expect(fromSearch(`?${pages.join('&')}`, BERLIN, KNOWN).unknown).toEqual(pages);
});

test('the former address of a custom column still works', () => {
  expect(fromSearch('?column=userid&value=u1', BERLIN, KNOWN)).toEqual({ view: { ...PLAIN, conditions: [is('userid', 'u1')] }, unknown: [] });
});

test('a filter that the API lacks is refused', () => {
  const known = { custom_columns: [], filters: ['site', 'page', 'event'], has_properties: false };
  const search = '?device=phone&event=open&column=userid&value=1&prop.plan=pro';
  expect(fromSearch(search, BERLIN, known).unknown).toEqual(['column=userid', 'device=phone', 'prop.plan=pro']);
});

test('the share token is in the fragment', () => {
  expect(shareToken('#share=v1.abc_-')).toBe('v1.abc_-');
  expect(shareToken('')).toBeNull();
  expect(shareToken('#content')).toBeNull();
});

test('filters are saved without the period and the zone', () => {
  const conditions = [is('device', 'phone')];
  const view: View = { ...PLAIN, period: { kind: 'preset', preset: '30d' }, site: 'a.example', conditions, metric: 'views' };
  const search = filterSearch(view);
  expect(search).toBe('?site=a.example&device=phone');
  expect(fromSearch(search, BERLIN, KNOWN)).toEqual({ view: { ...PLAIN, site: 'a.example', conditions }, unknown: [] });
});

test('what isn’t known is no part of the view, so that it can be removed', () => {
  const { view, unknown } = fromSearch('?device=phone&agent=robot&page.like=/a', BERLIN, KNOWN);
  expect(view).toEqual({ ...PLAIN, conditions: [is('device', 'phone')] });
  expect(unknown).toEqual(['agent=robot', 'page.like=/a']);
});
