import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HtmlValidate } from 'html-validate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHarness, type Harness, type Hit } from './harness';

/** What stands in the examples where the beacon is. */
const ENDPOINT = 'http://127.0.0.1:8080';

const folder = fileURLToPath(new URL('../../examples', import.meta.url));
/** Not this one: a deploy fills it in and publishes it, and is tested with it. */
const PUBLISHED = 'page.html';
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(html|css|js)$/.test(file) && file !== PUBLISHED);
const html = files.filter((file) => file.endsWith('.html'));
const types: Record<string, string> = { html: 'text/html', css: 'text/css', js: 'text/javascript' };

let at: Harness;
let page: Page;

beforeAll(async () => {
  at = await startHarness();
  for (const file of files) {
    const body = readFileSync(join(folder, file), 'utf8').replaceAll(ENDPOINT, at.beacon);
    const answer = () => ({ body, type: types[file.split('.').pop()!]! });
    at.pages[`/${file}`] = answer;
    at.pages[`/${file.replace(/index\.html$/, '')}`] = answer;
  }
  page = await (await at.context()).newPage();
});
afterAll(() => at?.close());

const open = (path: string) => page.goto(`${at.blog}/${path}`);

/** Events and pages of a site, once there are so many. */
async function seen(site: string, count: number): Promise<[string, string | null][]> {
  const hits: Hit[] = await at.hits(site, count);
  return hits.map((hit) => [hit.event, hit.page]);
}

test.each(html)('%s is valid and accessible', async (file) => {
  const mail = file.startsWith('email');
  const checker = new HtmlValidate({
    root: true,
    extends: ['html-validate:recommended', 'html-validate:a11y'],
    rules: {
      'no-inline-style': 'off',
      // The beacon is another host, but one's own, and its script is renewed under the same name.
      'require-sri': 'off',
      // Mail programs read the attributes that browsers have left behind.
      ...(mail && { 'no-deprecated-attr': 'off', 'prefer-tbody': 'off' }),
    },
  });
  const report = await checker.validateFile(join(folder, file));
  expect(report.results.flatMap((result) => result.messages.map(({ line, message }) => `${line}: ${message}`))).toEqual([]);
});

test.each(html)('every link and file of %s is there', async (file) => {
  const text = readFileSync(join(folder, file), 'utf8');
  const named = [...text.matchAll(/ (?:href|src)="([^"]+)"/g)].map((found) => found[1]!);
  expect(named.length).toBeGreaterThan(0);
  for (const link of named.filter((link) => !/^(#|data:|https?:)/.test(link))) {
    const { pathname } = new URL(link, `http://a/${file}`);
    expect(Object.keys(at.pages)).toContain(pathname);
  }
});

test('the plain page counts its view and its event', async () => {
  await open('page/');
  await page.getByRole('button', { name: 'Sign up' }).click();
  expect(await seen('shop.example', 2)).toEqual([
    ['view', '/page/'],
    ['signup', '/page/'],
  ]);
  await page.getByRole('status').getByText('Counted').waitFor();
});

test('the pages without JavaScript count each load', async () => {
  await open('no-javascript/');
  await page.reload();
  await page.getByRole('navigation').getByRole('link', { name: 'Image' }).click();
  expect(await seen('quiet.example', 3)).toEqual([
    ['view', '/no-javascript/'],
    ['view', '/no-javascript/'],
    ['view', '/no-javascript/image.html'],
  ]);
});

test('the app counts each of its pages, and is loaded once', async () => {
  await open('single-page-app/');
  await page.evaluate('window.kept = true');
  for (const name of ['Speakers', 'Venue']) {
    await page.getByRole('link', { name }).click();
    await page.getByRole('heading', { name }).waitFor();
    await seen('app.example', name === 'Venue' ? 3 : 2);
  }
  await page.evaluate('history.back()');
  await page.getByRole('heading', { name: 'Speakers' }).waitFor();
  expect(await page.evaluate('window.kept')).toBe(true);
  const hits = await at.hits('app.example', 4);
  expect(hits.map((hit) => hit.page)).toEqual([
    '/single-page-app/',
    '/single-page-app/speakers.html',
    '/single-page-app/venue.html',
    '/single-page-app/speakers.html',
  ]);
});

test('the blog counts canonical URLs, and where its readers came from', async () => {
  await open('blog/');
  await page.getByRole('link', { name: 'from the newsletter' }).click();
  await page.getByRole('heading', { name: 'One pixel' }).waitFor();
  await at.hits('blog.example', 2);
  await page.getByRole('link', { name: 'Parquet by hand' }).click();
  const hits = await at.hits('blog.example', 3);
  expect(hits.map(({ url, utm_source }) => [url, utm_source])).toEqual([
    ['https://blog.example/', null],
    ['https://blog.example/posts/one-pixel', 'newsletter'],
    ['https://blog.example/posts/parquet-by-hand', null],
  ]);
  expect(hits[1]!.referrer).toBe(`${at.blog}/blog/`);
});

test('the mail counts as opened, and its links name it', async () => {
  const before = (await at.hits('blog.example', 3)).length;
  await open('email/');
  await page.getByRole('link', { name: 'Where did you come from?' }).click();
  const hits = (await at.hits('blog.example', before + 2)).slice(before);
  expect(hits).toEqual([
    expect.objectContaining({ event: 'open', page: '/email/november', format: 'gif' }),
    expect.objectContaining({ event: 'view', page: '/posts/where-from', utm_source: 'newsletter' }),
  ]);
});
