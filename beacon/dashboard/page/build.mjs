// Bundles the page into a folder: `node build.mjs dist`. The same sources give the same bytes on every machine.

import { build } from 'esbuild';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const target = process.argv[2];
if (target === undefined) {
  console.error('say where to: node build.mjs dist');
  process.exit(2);
}
await mkdir(target, { recursive: true });

const { metafile } = await build({
  absWorkingDir: here,
  // Two bundles without a common part: a report holds the first one in its HTML, where it can import no other file.
  entryPoints: { dashboard: 'src/main.tsx', sql: 'src/sql.tsx' },
  outdir: resolve(target),
  bundle: true,
  minify: true,
  format: 'esm',
  charset: 'utf8',
  // `light-dark()`, `<dialog>` and nested rules stay as they are written: browsers have had them since early 2024.
  target: ['chrome123', 'firefox121', 'safari17.5'],
  legalComments: 'none',
  metafile: true,
});
for (const file of ['index.html', 'favicon.svg']) {
  await copyFile(join(here, 'src', file), join(target, file));
}
await writeFile(join(target, 'THIRD_PARTY_LICENSES.txt'), await licences(Object.keys(metafile.inputs)));

/** The licence texts of the packages that the bundles took code from. */
async function licences(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const found = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input);
    if (found) folders.add(found[0]);
  }
  const texts = [];
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(await readFile(join(here, folder, 'package.json'), 'utf8'));
    const text = await readFile(join(here, folder, 'LICENSE'), 'utf8');
    texts.push(`${name} ${version} (${license})\n\n${text.trim()}\n`);
  }
  return `dashboard.js and sql.js hold code of these packages.\n\n${texts.join('\n----------\n\n')}`;
}
