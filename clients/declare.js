// Writes a package's types for both of its formats.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes the types of `project` into `folder` of `dist`, and again beside the CommonJS in `dist/cjs`. */
export function declare(project, dist, folder) {
  for (const types of [join(dist, folder), join(dist, 'cjs', folder)]) {
    execFileSync('npx', ['tsc', '--project', project, '--declaration', '--emitDeclarationOnly', '--outDir', types], {
      cwd: project,
      stdio: 'inherit',
    });
  }
  // Node takes both the code and the types of this folder for CommonJS.
  writeFileSync(join(dist, 'cjs/package.json'), '{ "type": "commonjs" }\n');
}
