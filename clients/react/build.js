// Builds the package as ESM and CommonJS, with type declarations.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { declare } from '../declare.mjs';

const here = dirname(fileURLToPath(import.meta.url));
await build({ root: here, configFile: join(here, 'vite.config.js'), logLevel: 'warn' });
declare(here, join(here, 'dist'), 'types');
