// Builds the script that the server embeds, and the package's modules with their types. `node build.js DIRECTORY`
// writes them there instead.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { declare } from '../declare.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const [folder] = process.argv.slice(2);
const shared = {
  absWorkingDir: here,
  bundle: true,
  charset: 'utf8',
  logLevel: 'warning',
  // Browsers of the last ten years.
  target: 'es2017',
};

await build({
  ...shared,
  entryPoints: ['src/script.ts'],
  outfile: folder ? join(folder, 'beacon.js') : '../beacon.js',
  format: 'iife',
  minify: true,
  // On a line of its own: the script knows its file by standing on the second one.
  banner: { js: '/* beacon.js: counts page views without cookies. Apache-2.0, source in clients/js */' },
});

const dist = folder ? join(folder, 'dist') : join(here, 'dist');
for (const [format, file] of [['esm', 'index.js'], ['cjs', 'cjs/index.js']]) {
  await build({ ...shared, entryPoints: ['src/index.ts'], outfile: join(dist, file), format });
}
declare(here, dist, '.');
