import { expect, test } from 'vitest';

import { cutLabel } from '../src/cut';

test('a long label is cut before its last letters, a short one is not', () => {
  expect(cutLabel('/posts/a-long-title/part-two')).toEqual(['/posts/a-long-ti', 'tle/part-two']);
  expect(cutLabel('/posts/a-short-title')).toEqual(['/posts/a-short-title', '']);
});

test('a label is cut beside no blank and within no character', () => {
  for (const label of ['<img src=x onerror=alert(1)>', 'A title of some words and a tail', '/posts/👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻/é́é́é́', `${' '.repeat(40)}x`]) {
    const [head, tail] = cutLabel(label);
    expect(head + tail).toBe(label);
    if (tail === '') continue;
    expect(head).toMatch(/\S$/);
    expect(tail).toMatch(/^\S/);
    const letters = [...new Intl.Segmenter('en').segment(label)].map(({ index }) => index);
    expect(letters, label).toContain(head.length);
  }
});
