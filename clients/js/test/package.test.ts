import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { scriptFile } from './script-file';

/** 3.5 KB: what the script may weigh on its way. */
const MAX_SCRIPT_BYTES = 3584;

const clients = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'beacon-package-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (program: string, args: string[], cwd: string) =>
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

test('the script that the server embeds is the one that its source makes', () => {
  run('node', ['build.js', folder], join(clients, 'js'));
  const built = readFileSync(join(folder, 'beacon.js'), 'utf8');
  expect(built, 'clients/beacon.js is stale: run `npm run build` in clients').toBe(readFileSync(scriptFile, 'utf8'));
});

test('the script is small, and its first line says whose it is', () => {
  const script = readFileSync(scriptFile);
  expect(gzipSync(script, { level: 9 }).length).toBeLessThanOrEqual(MAX_SCRIPT_BYTES);
  expect(script.toString().split('\n')[0]).toBe(
    '/* beacon.js: counts page views without cookies. Apache-2.0, source in clients/js */',
  );
});

test.each([
  ['js', ['LICENSE', 'README.md', 'dist/index.d.ts', 'dist/index.js', 'package.json', 'script.d.ts']],
  ['react', ['LICENSE', 'README.md', 'dist/index.js', 'dist/types/react/src/index.d.ts', 'package.json']],
])('the package %s holds what it needs, and no source', (name, needed) => {
  // Its own build, which writes to standard output too, is run before.
  run('npm', ['run', 'build'], join(clients, name));
  const [packed] = JSON.parse(run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], join(clients, name)));
  expect(readFileSync(join(clients, name, 'README.md'), 'utf8')).toContain(`/clients/${packed.filename} `);
  const files: string[] = packed.files.map((file: { path: string }) => file.path);
  expect(files).toEqual(expect.arrayContaining(needed));
  expect(files.filter((file) => !/^(dist\/|LICENSE$|README\.md$|package\.json$|script\.d\.ts$)/.test(file))).toEqual([]);
  expect(readFileSync(join(clients, name, 'dist/index.js'), 'utf8')).not.toContain('jsx-dev-runtime');
  expect(readFileSync(join(clients, name, 'LICENSE'))).toEqual(readFileSync(join(clients, '../LICENSE')));
});

test.each(['nodenext', 'esnext'])('an app of TypeScript takes both packages, its modules being %s', (module) => {
  const app = join(folder, module);
  const modules = join(app, 'node_modules');
  mkdirSync(modules, { recursive: true });
  for (const [name, target] of [
    ['beacon-client', 'js'],
    ['beacon-react', 'react'],
    ['react', 'node_modules/react'],
    ['@types', 'node_modules/@types'],
  ] as const) {
    symlinkSync(join(clients, target), join(modules, name));
  }
  writeFileSync(join(app, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(app, 'app.tsx'),
    `/// <reference types="beacon-client/script" />
    import { init, track, type Options } from 'beacon-client';
    import { Pixel, useTracking } from 'beacon-react';
    const options: Options = { endpoint: 'https://b.example', spa: 'hash' };
    init(options)('signup', { plan: 'pro' });
    track('signup');
    window.beacon('signup');
    // @ts-expect-error an endpoint is needed
    init({});
    // @ts-expect-error there is no such way
    init({ ...options, spa: 'sometimes' });
    export function App() {
      useTracking({ ...options, page: '/' })('signup');
      return <Pixel endpoint="https://b.example" page="/" />;
    }`,
  );
  const resolution = module === 'nodenext' ? 'nodenext' : 'bundler';
  run(
    join(clients, 'node_modules/.bin/tsc'),
    `--noEmit --strict --jsx react-jsx --types react --target es2022 --lib dom,es2022 --module ${module} --moduleResolution ${resolution} app.tsx`.split(' '),
    app,
  );
});

test('where there is no page the package does nothing', () => {
  const program = `import { init, track } from 'beacon-client';
    track('early');
    init({ endpoint: 'https://b.example' })('late');
    console.log(typeof init);`;
  expect(run('node', ['--input-type=module', '--eval', program], clients).trim()).toBe('function');
});
