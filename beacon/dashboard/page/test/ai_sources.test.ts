/// <reference types="vite/client" />
import { expect, test } from 'vitest';
import SOURCES from '../../../../athena/sources.tsv?raw';
import { AI_SOURCES, aiService, byAiService } from '../src/ai_sources';

test.each([
  ['ChatGPT', 'ChatGPT'],
  ['chatgpt', 'ChatGPT'],
  ['chatgpt.com', 'ChatGPT'],
  ['openai', 'ChatGPT'],
  ['android-app://com.openai.chatgpt/', 'ChatGPT'],
  ['www.perplexity.ai', 'Perplexity'],
  ['You.com', 'You.com'],
  ['gemini.google.com', 'Gemini'],
  ['google.com', null],
  ['thankyou.com', null],
  ['claude', 'Claude'],
  ['toString', null],
])('%s is %s', (source, name) => {
  expect(aiService(source)).toBe(name);
});

test('rows of one service are added up, and others left out', () => {
  const rows = [
    { source: 'claude.ai', counts: [2, 3] },
    { source: 'chatgpt.com', counts: [4, 5] },
    { source: 'google.com', counts: [50, 60] },
    { source: 'openai', counts: [1, 1] },
  ];
  expect(byAiService(rows)).toEqual([
    { name: 'ChatGPT', counts: [5, 6] },
    { name: 'Claude', counts: [2, 3] },
  ]);
});

test('the services are those that queries know', () => {
  const rows = SOURCES.split('\n').map((line) => line.split('\t'));
  const services = rows.filter(([kind]) => kind === 'ai').map(([, name, ...spellings]) => [name, spellings.filter(Boolean).join(' ')]);
  expect(Object.entries(AI_SOURCES)).toEqual(services);
});
