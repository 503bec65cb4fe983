/// <reference types="vite/client" />
import { expect, test } from 'vitest';
import SOURCES from '../../../../athena/sources.tsv?raw';
import { AI_SOURCES } from '../src/ai_sources';

test('the services are those that queries know', () => {
  const rows = SOURCES.split('\n').map((line) => line.split('\t'));
  expect(AI_SOURCES).toEqual(rows.filter(([kind]) => kind === 'ai').map(([, name]) => name));
});
