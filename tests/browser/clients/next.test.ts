// A real app of Next.js' app router, with the packed packages and the printed snippet: pages that a server renders,
// and navigation between them in the browser.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beacon } from '../harness/program.mjs';
import { expect, lakeOf, test } from './fixtures.ts';

/** A registry and a compiler on a busy machine. */
const BUILD_MS = 480_000;

const root = fileURLToPath(new URL('../../..', import.meta.url));
const app = mkdtempSync(join(tmpdir(), 'beacon-next-'));
test.afterAll(() => rmSync(app, { recursive: true, maxRetries: 10 }));
test.use({ lake: lakeOf('next') });

const SITE = 'next.example';

/** A server component: it has no `use client`. */
const pageSource = (endpoint: string, path: string, other: string) => `import Link from 'next/link';
import { Pixel } from 'beacon-react';
import { init, track } from 'beacon-client';

export default function Page() {
  init({ endpoint: '${endpoint}' });
  track('rendered on a server');
  return (
    <main>
      <Link href="${other}">next</Link>
      <Pixel endpoint="${endpoint}" site="pixel.${SITE}" page="${path}" />
    </main>
  );
}
`;

function write(file: string, text: string): void {
  mkdirSync(dirname(join(app, file)), { recursive: true });
  writeFileSync(join(app, file), text);
}

const run = (program: string, args: string[]) =>
  execFileSync(program, args, {
    cwd: app,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', CI: '1', NODE_ENV: 'production' },
  });

test('an app of Next.js builds with both packages, and each page counts once', async ({ at, blog, page, recorded }) => {
  test.setTimeout(BUILD_MS);
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', app, '--workspace', 'clients/js', '--workspace', 'clients/react'], {
    cwd: root,
    encoding: 'utf8',
  });
  const files = (JSON.parse(packed) as { filename: string }[]).map(({ filename }) => `./${filename}`);
  write('package.json', '{ "private": true }');
  write('next.config.mjs', "export default { output: 'export' };\n");
  write('app/page.js', pageSource(at.beacon, '/', '/talks'));
  write('app/talks/page.js', pageSource(at.beacon, '/talks', '/'));
  write(
    'app/layout.js',
    `import { Tracking } from './tracking';

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>
        {children}
        <Tracking />
      </body>
    </html>
  );
}
`,
  );
  // As it is printed, under a name of its own.
  const snippet = ['snippet', 'react', '--site', SITE, '--endpoint', at.beacon];
  write('app/tracking.js', await beacon(snippet));
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', 'next@latest', 'react@latest', 'react-dom@latest', ...files]);
  run('npx', ['next', 'build']);

  const out = join(app, 'out');
  const html = readFileSync(join(out, 'index.html'), 'utf8');
  expect(html).toContain(`${at.beacon}/pixel.gif?site=pixel.${SITE}&amp;page=%2F&amp;n=0`);
  for (const file of readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((file) => /\.\w+$/.test(file))) {
    const types: Record<string, string> = { html: 'text/html', js: 'text/javascript', css: 'text/css' };
    const answer = { body: readFileSync(join(out, file), 'utf8'), type: types[file.split('.').pop()!] ?? 'text/plain' };
    at.web.pages.set(`/${file}`, answer);
    at.web.pages.set(`/${file.replace(/(index)?\.html$/, '')}`, answer);
  }
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${blog}/`);
  await recorded(SITE, 1);
  await page.getByRole('link').click();
  await page.waitForURL('**/talks');
  const views = await recorded(SITE, 2);
  expect(views.map((hit) => [hit.event, hit.page, hit.referrer])).toEqual([
    ['view', '/', null],
    ['view', '/talks', `${blog}/`],
  ]);
  const pixels = await recorded(`pixel.${SITE}`, 2);
  expect(pixels.map((hit) => [hit.page, hit.format])).toEqual([['/', 'gif'], ['/talks', 'gif']]);
  expect(errors).toEqual([]);
});
