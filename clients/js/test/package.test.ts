import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { transformSync } from 'esbuild';
import { afterAll, expect, test } from 'vitest';
import { scriptFile } from './script-file';

/** 3.75 KB: what the script may weigh on its way. */
const MAX_SCRIPT_BYTES = 3840;

const clients = fileURLToPath(new URL('../..', import.meta.url));
const root = join(clients, '..');
const folder = mkdtempSync(join(tmpdir(), 'beacon-package-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (program: string, args: string[], cwd: string) =>
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

test('the script that the server embeds is the one that its source makes', () => {
  run('node', ['build.js', folder], join(clients, 'js'));
  const built = readFileSync(join(folder, 'beacon.js'), 'utf8');
  expect(built, 'clients/beacon.js is stale: run `npm run build`').toBe(readFileSync(scriptFile, 'utf8'));
});

test('the script is small, and its first line names its origin', () => {
  const script = readFileSync(scriptFile);
  expect(gzipSync(script, { level: 9 }).length).toBeLessThanOrEqual(MAX_SCRIPT_BYTES);
  expect(script.toString().split('\n')[0]).toBe(
    '/* beacon.js: counts page views without cookies. Apache-2.0, source in clients/js */',
  );
});

/** Whether nothing in it has to be rewritten for a browser of 2017. */
function isOf2017(code: string): boolean {
  const written = (target: string) => transformSync(code, { target, format: 'esm', supported: { 'dynamic-import': true } }).code;
  return written('es2017') === written('esnext');
}

test('the check of the syntax finds what is newer', () => {
  expect(isOf2017('async function a(b) { for (const c of b) await c; return { d: 1 }; }')).toBe(true);
  for (const newer of ['a?.b', 'a ?? b', 'try {} catch {}', '({ ...a })', 'class A { b = 1 }', '/a/s']) expect(isOf2017(newer), newer).toBe(false);
});

test.each([
  ['js', ['LICENSE', 'README.md', 'dist/cjs/index.d.ts', 'dist/cjs/index.js', 'dist/cjs/package.json', 'dist/index.d.ts', 'dist/index.js', 'package.json', 'script.d.ts']],
  ['react', ['LICENSE', 'README.md', 'dist/cjs/index.js', 'dist/cjs/package.json', 'dist/index.js', 'dist/types/react/src/index.d.ts', 'package.json']],
])('the package %s holds what it needs, and no source', (name, needed) => {
  // Its own build, which writes to standard output too, is run before.
  run('npm', ['run', 'build'], join(clients, name));
  const [packed] = JSON.parse(run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], join(clients, name)));
  expect(readFileSync(join(clients, name, 'README.md'), 'utf8')).toContain(` ../${packed.filename} `);
  const files: string[] = packed.files.map((file: { path: string }) => file.path);
  expect(files).toEqual(expect.arrayContaining(needed));
  expect(files.filter((file) => !/^(dist\/|LICENSE$|README\.md$|package\.json$|script\.d\.ts$)/.test(file))).toEqual([]);
  expect(readFileSync(join(clients, name, 'dist/index.js'), 'utf8')).not.toContain('jsx-dev-runtime');
  for (const file of files.filter((file) => file.endsWith('/index.js'))) {
    const text = readFileSync(join(clients, name, file), 'utf8');
    expect(isOf2017(text), `${file} has syntax that is newer than 2017`).toBe(true);
    // The first statement, as frameworks with server components want it.
    expect(text.startsWith('"use client";\n')).toBe(name === 'react');
  }
  // A link out of the package leads nowhere once it is installed.
  const links = [...readFileSync(join(clients, name, 'README.md'), 'utf8').matchAll(/\]\(([^)#]+)/g)].map((link) => link[1]!);
  expect(links.filter((link) => !/^https:/.test(link) && !files.includes(link))).toEqual([]);
  expect(readFileSync(join(clients, name, 'LICENSE'))).toEqual(readFileSync(join(root, 'LICENSE')));
});

/** Creates an app with the packages installed; `type` is its module type. */
function app(name: string, type: string): string {
  const home = join(folder, name);
  const modules = join(home, 'node_modules');
  mkdirSync(modules, { recursive: true });
  for (const [name, target] of [
    ['beacon-client', 'clients/js'],
    ['beacon-react', 'clients/react'],
    ['react', 'node_modules/react'],
    ['react-dom', 'node_modules/react-dom'],
    ['@types', 'node_modules/@types'],
  ] as const) {
    symlinkSync(join(root, target), join(modules, name));
  }
  writeFileSync(join(home, 'package.json'), `{ "type": "${type}" }`);
  return home;
}

const TYPED = `/// <reference types="beacon-client/script" />
    import { init, track, type Options, type Properties } from 'beacon-client';
    import { Pixel, track as again, useTracking, type TrackingOptions } from 'beacon-react';
    const options: Options = { endpoint: 'https://b.example', spa: 'hash' };
    interface Plan { plan: string; seats?: number }
    class Seat { row = 1 }
    const plan: Plan = { plan: 'pro' };
    const properties: Properties = plan;
    const unset: { site: string | undefined; page: string | undefined } = { site: undefined, page: undefined };
    init(options)('signup', { plan: 'pro' });
    init({ endpoint: '/stats', site: unset.site, local: undefined });
    track('signup', plan);
    again('signup', properties);
    track('seat', new Seat());
    if (typeof beacon != 'function') window.beacon = function () { (beacon.q = beacon.q || []).push(arguments); };
    window.beacon('signup', plan);
    beacon('signup');
    // @ts-expect-error an endpoint is needed
    init({});
    // @ts-expect-error there is no such way
    init({ ...options, spa: 'sometimes' });
    // @ts-expect-error properties have names
    track('signup', 'pro');
    // @ts-expect-error an event is a string
    beacon(404);
    const tracking: TrackingOptions = { ...options, ...unset };
    export function App() {
      useTracking(tracking)('signup', plan);
      useTracking({ ...options, page: '/' });
      return <Pixel endpoint="https://b.example" page="/" site={unset.site} params={{ plan: 'pro', seats: undefined }} />;
    }`;

/** The folders of the compilers, and the ways to find modules that each knows. */
const COMPILERS = { 5: join(clients, 'typescript-5'), 7: root };
const RESOLUTIONS = [
  ['nodenext', 'nodenext', 'module'],
  ['esnext', 'bundler', 'module'],
  ['node16', 'node16', 'commonjs'],
  ['node16', 'node16', 'module'],
] as const;

test.each([
  ...RESOLUTIONS.map((resolution) => [7, ...resolution] as const),
  ...RESOLUTIONS.map((resolution) => [5, ...resolution] as const),
  [5, 'commonjs', 'node10', 'commonjs'] as const,
])('an app of TypeScript %s takes both packages: modules %s, found by %s, type %s', (version, module, resolution, type) => {
  const at = app(`${version}-${module}-${resolution}-${type}`, type);
  writeFileSync(join(at, 'app.tsx'), TYPED);
  const tsc = join(COMPILERS[version], 'node_modules/.bin/tsc');
  expect(run(tsc, ['--version'], at)).toContain(`Version ${version}.`);
  run(
    tsc,
    `--noEmit --strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess --jsx react-jsx --types react --target es2022 --lib dom,es2022 --module ${module} --moduleResolution ${resolution} app.tsx`.split(' '),
    at,
  );
});

const SERVER = `
    client.track('early');
    client.init({ endpoint: 'https://b.example' })('late');
    client.init();
    const html = renderToString(createElement(react.Pixel, { endpoint: 'https://b.example', page: '/' }));
    function App() { react.useTracking({ endpoint: 'https://b.example' })('rendered'); return 'here'; }
    console.log(html.includes('https://b.example/pixel.gif?page=%2F') && renderToString(createElement(App)), typeof react.track);`;

test.each([
  [
    'module',
    `import * as client from 'beacon-client'; import * as react from 'beacon-react';
    import { createElement } from 'react'; import { renderToString } from 'react-dom/server';${SERVER}`,
  ],
  [
    'commonjs',
    `const client = require('beacon-client'); const react = require('beacon-react');
    const { createElement } = require('react'); const { renderToString } = require('react-dom/server');${SERVER}`,
  ],
])('on a server both packages load as %s, count nothing and throw nothing', (type, program) => {
  const at = app(`server-${type}`, type);
  writeFileSync(join(at, 'server.js'), program);
  expect(run('node', ['server.js'], at).trim()).toBe('here function');
});
