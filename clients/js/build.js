// Builds the script that the server embeds, and the package's module with its types; `node build.js FOLDER` writes
// all of it there.

import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const [folder] = process.argv.slice(2);
const shared = { absWorkingDir: here, bundle: true, charset: 'utf8', logLevel: 'warning' };

await build({
  ...shared,
  entryPoints: ['src/script.ts'],
  outfile: folder ? join(folder, 'beacon.js') : '../beacon.js',
  format: 'iife',
  // Browsers of the last ten years.
  target: 'es2017',
  minify: true,
  banner: { js: '/* beacon.js: counts page views without cookies. Apache-2.0, source in clients/js */' },
});

const dist = folder ? join(folder, 'dist') : join(here, 'dist');
await build({
  ...shared,
  entryPoints: ['src/index.ts'],
  outfile: join(dist, 'index.js'),
  format: 'esm',
  target: 'es2020',
});
execFileSync('npx', ['tsc', '--project', here, '--declaration', '--emitDeclarationOnly', '--outDir', dist], {
  cwd: here,
  stdio: 'inherit',
});
