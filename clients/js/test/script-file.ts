import { fileURLToPath } from 'node:url';

/** The script as it is served. */
export const scriptFile = fileURLToPath(new URL('../../beacon.js', import.meta.url));
