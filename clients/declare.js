// Writes a package's types for both of its formats.

import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes the types of `project` into `folder` of `dist`, and again beside the CommonJS in `dist/cjs`. */
export function declare(project, dist, folder) {
  const types = join(dist, folder);
  execFileSync('npx', ['tsc', '--project', project, '--declaration', '--emitDeclarationOnly', '--outDir', types], {
    cwd: project,
    stdio: 'inherit',
  });
  for (const file of readdirSync(types, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.d.ts') && !file.startsWith('cjs')) cpSync(join(types, file), join(dist, 'cjs', folder, file));
  }
  // Node takes both the code and the types of this folder for CommonJS.
  writeFileSync(join(dist, 'cjs/package.json'), '{ "type": "commonjs" }\n');
}
