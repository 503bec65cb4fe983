/// <reference types="vite/client" />
import { expect, test } from 'vitest';

const SOURCES = import.meta.glob<string>('../src/**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true });

/** Resolves a relative import of a file to a key of `SOURCES`. */
function resolve(from: string, specifier: string): string | undefined {
  const { pathname } = new URL(specifier, `http://host/a/${from.slice(1)}`);
  const path = pathname.replace(/^.*?\/src\//, '../src/');
  return [`${path}.ts`, `${path}.tsx`].find((file) => file in SOURCES);
}

/** Maps each file to the files that it imports, including imports of types. */
function importGraph(sources: Record<string, string>): Map<string, string[]> {
  const graph = new Map<string, string[]>();
  for (const [file, text] of Object.entries(sources)) {
    const specifiers = [...text.matchAll(/from '(\.[^']+)'/g)].map((match) => match[1]!);
    graph.set(file, specifiers.flatMap((specifier) => resolve(file, specifier) ?? []));
  }
  return graph;
}

/** Returns the files that import themselves through others. */
function filesInCycles(graph: Map<string, string[]>): string[] {
  return [...graph.keys()].filter((start) => {
    const reached = new Set<string>();
    const open = [...graph.get(start)!];
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (reached.has(file)) continue;
      reached.add(file);
      open.push(...graph.get(file)!);
    }
    return reached.has(start);
  });
}

test('no module imports one that imports it', () => {
  const graph = importGraph(SOURCES);
  expect(graph.get('../src/main.tsx')).toContain('../src/ui/login.tsx');
  expect(filesInCycles(graph)).toEqual([]);
});

test('a planted cycle is found', () => {
  const zone = SOURCES['../src/zone.ts']!;
  const planted = { ...SOURCES, '../src/zone.ts': `import { isoDay } from './period';\n${zone}` };
  expect(filesInCycles(importGraph(planted)).sort()).toEqual(['../src/period.ts', '../src/zone.ts']);
});
