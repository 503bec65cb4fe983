import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const from = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The React suite, with the React of a folder. */
const react = (name, modules) => ({
  extends: true,
  test: { name, environment: 'jsdom', include: ['react/test/*.test.tsx'] },
  resolve: {
    alias: [
      { find: /^react$/, replacement: from(`${modules}/react/index.js`) },
      { find: /^react\/jsx-runtime$/, replacement: from(`${modules}/react/jsx-runtime.js`) },
      { find: /^react\/jsx-dev-runtime$/, replacement: from(`${modules}/react/jsx-dev-runtime.js`) },
      { find: /^react-dom\/client$/, replacement: from(`${modules}/react-dom/client.js`) },
      { find: /^react-dom\/server$/, replacement: from(`${modules}/react-dom/server.node.js`) },
    ],
  },
});

export default defineConfig({
  test: {
    // Builds on a busy machine.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'js', include: ['js/test/*.test.ts'] } },
      react('react 19', '../node_modules'),
      react('react 18', 'react-18/node_modules'),
    ],
  },
});
