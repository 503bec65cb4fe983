import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHarness, type Harness } from './harness';

const from = (path: string) => fileURLToPath(new URL(path, import.meta.url));

let at: Harness;
const folder = mkdtempSync(join(tmpdir(), 'beacon-react-'));

beforeAll(async () => {
  at = await startHarness();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await at?.close();
});

/** Builds the app with the package as it is published, and the React of a folder, and shows it at `/` and below. */
async function show(name: string, modules: string): Promise<void> {
  const outDir = join(folder, name);
  await build({
    configFile: false,
    root: from('app'),
    logLevel: 'warn',
    // React in its development build, in which StrictMode mounts everything twice.
    mode: 'development',
    define: { 'process.env.NODE_ENV': '"development"' },
    resolve: {
      alias: [
        { find: /^react(?=$|\/)/, replacement: from(`../${modules}/react`) },
        { find: /^react-dom(?=$|\/)/, replacement: from(`../${modules}/react-dom`) },
        { find: 'beacon-react', replacement: from('../react/dist/index.js') },
      ],
    },
    build: { outDir, minify: false },
  });
  const html = readFileSync(join(outDir, 'index.html'), 'utf8');
  for (const path of ['/', '/talks', '/about']) at.pages[path] = html;
  for (const file of readdirSync(join(outDir, 'assets'))) {
    at.pages[`/assets/${file}`] = () => ({
      type: 'text/javascript',
      body: readFileSync(join(outDir, 'assets', file), 'utf8'),
    });
  }
}

test.each([
  ['19', '../node_modules'],
  ['18', 'react-18/node_modules'],
])('under React %s each page counts once, by the hook and by the pixel', async (version, modules) => {
  await show(version, modules);
  const site = `react${version}.example`;
  const page = await (await at.context()).newPage();
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));

  await page.goto(`${at.blog}/?site=${site}&endpoint=${at.beacon}`);
  expect(await page.locator('#version').textContent()).toMatch(new RegExp(`^${version}\\.`));
  await at.hits(site, 1);
  await page.getByRole('button', { name: 'talks' }).click();
  await at.hits(site, 2);
  await page.getByRole('button', { name: 'about' }).click();
  await at.hits(site, 3);
  await page.evaluate('history.back()');
  await at.hits(site, 4);
  await page.getByRole('button', { name: 'sign up' }).click();

  const hits = await at.hits(site, 5);
  expect(hits.map(({ event, page, title, plan }) => [event, page, title, plan])).toEqual([
    ['view', '/', 'Page /', null],
    ['view', '/talks', 'Page /talks', null],
    ['view', '/about', 'Page /about', null],
    ['view', '/talks', 'Page /talks', null],
    ['signup', '/talks', 'Page /talks', 'pro'],
  ]);
  const pixels = await at.hits(`pixel.${site}`, 4);
  expect(pixels.map(({ page, format }) => [page, format])).toEqual([
    ['/', 'gif'],
    ['/talks', 'gif'],
    ['/about', 'gif'],
    ['/talks', 'gif'],
  ]);
  expect(errors.filter((text) => !/favicon/.test(text))).toEqual([]);
});
