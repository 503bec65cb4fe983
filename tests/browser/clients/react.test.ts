import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { expect, lakeOf, test as base } from './fixtures.ts';

const from = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const test = base.extend<{
  /** Builds the app with the package as it is published, and the React of a folder, and shows it at `/` and below. */
  show: (modules: string) => Promise<void>;
}>({
  show: async ({ at }, use, testInfo) => {
    await use(async (modules) => {
      const outDir = testInfo.outputPath('app');
      await build({
        configFile: false,
        root: from('app'),
        logLevel: 'error',
        // React in its development build, in which StrictMode mounts everything twice.
        mode: 'development',
        define: { 'process.env.NODE_ENV': '"development"' },
        resolve: {
          alias: [
            { find: /^react(?=$|\/)/, replacement: from(`../../../${modules}/react`) },
            { find: /^react-dom(?=$|\/)/, replacement: from(`../../../${modules}/react-dom`) },
            { find: 'beacon-react', replacement: from('../../../clients/react/dist/index.js') },
          ],
        },
        build: { outDir, emptyOutDir: true, minify: false },
      });
      const html = readFileSync(join(outDir, 'index.html'), 'utf8');
      for (const path of ['/', '/talks', '/about']) at.web.pages.set(path, html);
      for (const file of readdirSync(join(outDir, 'assets'))) {
        at.web.pages.set(`/assets/${file}`, {
          type: 'text/javascript',
          body: readFileSync(join(outDir, 'assets', file), 'utf8'),
        });
      }
    });
  },
});

test.use({ lake: lakeOf('react') });

for (const [version, modules] of [
  ['19', 'node_modules'],
  ['18', 'clients/react-18/node_modules'],
] as const) {
  test(`under React ${version} each page counts once, by the hook and by the pixel`, async ({ at, blog, page, show, recorded }) => {
    await show(modules);
    const site = `react${version}.example`;
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));

    await page.goto(`${blog}/?site=${site}&endpoint=${at.beacon}`);
    expect(await page.locator('#version').textContent()).toMatch(new RegExp(`^${version}\\.`));
    await recorded(site, 1);
    await page.getByRole('button', { name: 'talks' }).click();
    await recorded(site, 2);
    await page.getByRole('button', { name: 'about' }).click();
    await recorded(site, 3);
    await page.evaluate('history.back()');
    await recorded(site, 4);
    await page.getByRole('button', { name: 'sign up' }).click();

    const hits = await recorded(site, 5);
    expect(hits.map(({ event, page, title, plan }) => [event, page, title, plan])).toEqual([
      ['view', '/', 'Page /', null],
      ['view', '/talks', 'Page /talks', null],
      ['view', '/about', 'Page /about', null],
      ['view', '/talks', 'Page /talks', null],
      ['signup', '/talks', 'Page /talks', 'pro'],
    ]);
    const pixels = await recorded(`pixel.${site}`, 4);
    expect(pixels.map(({ page, format }) => [page, format])).toEqual([
      ['/', 'gif'],
      ['/talks', 'gif'],
      ['/about', 'gif'],
      ['/talks', 'gif'],
    ]);
    expect(errors.filter((text) => !/favicon/.test(text))).toEqual([]);
  });
}
