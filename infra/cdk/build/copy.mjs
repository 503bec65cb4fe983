// A package holds what lies above it in the repository: the templates, which stay the one place where a resource
// is defined, the rules of the settings, and the licence.
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(dirname(fileURLToPath(import.meta.url)));
mkdirSync(join(here, 'templates'), { recursive: true });
const templates = ['template.yaml', 'http-api.yaml', 'stream.yaml', 'catalog.yaml', 'dashboard.yaml', 'alarms.yaml'];
for (const template of [...templates, 'settings.json']) {
  copyFileSync(join(here, '..', template), join(here, 'templates', template));
}
copyFileSync(join(here, '..', '..', 'LICENSE'), join(here, 'LICENSE'));
