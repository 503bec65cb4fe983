// Generates a package's type declarations for ESM and CommonJS.

import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes the declarations of `project` to `folder` in `dist`, and a copy for CommonJS to `dist/cjs`. */
export function declare(project, dist, folder) {
  const types = join(dist, folder);
  execFileSync('npx', ['tsc', '--project', project, '--declaration', '--emitDeclarationOnly', '--outDir', types], {
    cwd: project,
    stdio: 'inherit',
  });
  for (const file of readdirSync(types, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.d.ts') && !file.startsWith('cjs')) cpSync(join(types, file), join(dist, 'cjs', folder, file));
  }
  // Marks the code and types of this directory as CommonJS.
  writeFileSync(join(dist, 'cjs/package.json'), '{ "type": "commonjs" }\n');
}
