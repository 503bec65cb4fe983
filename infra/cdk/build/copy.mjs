// A package holds what lies above it in the repository: the templates, which stay the one place where a resource
// is defined, the rules of the settings, the licence, and the bundled dependencies, which npm installs at the root.
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const root = join(here, '../..');
mkdirSync(join(here, 'templates'), { recursive: true });
const templates = ['template.yaml', 'http-api.yaml', 'stream.yaml', 'visitors.yaml', 'catalog.yaml', 'dashboard.yaml', 'alarms.yaml'];
for (const template of [...templates, 'settings.json']) {
  copyFileSync(join(here, '..', template), join(here, 'templates', template));
}
copyFileSync(join(root, 'LICENSE'), join(here, 'LICENSE'));

// Resolved from the root, so that an older copy in this folder is never the source.
const fromRoot = createRequire(join(root, 'package.json'));
const { bundledDependencies } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
for (const name of bundledDependencies) {
  const copy = join(here, 'node_modules', name);
  rmSync(copy, { recursive: true, force: true });
  cpSync(dirname(fromRoot.resolve(`${name}/package.json`)), copy, { recursive: true });
}
