// The markup of examples/. What each page counts is in ../scenarios/examples.test.mjs.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { HtmlValidate } from 'html-validate';

const folder = fileURLToPath(new URL('../../../examples', import.meta.url));
/** Not this one: a deploy fills it in and publishes it, and is tested with it. */
const PUBLISHED = 'page.html';
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(html|css|js)$/.test(file) && file !== PUBLISHED);

for (const file of files.filter((file) => file.endsWith('.html'))) {
  test(`${file} is valid and accessible`, async () => {
    const mail = file.startsWith('email');
    const checker = new HtmlValidate({
      root: true,
      extends: ['html-validate:recommended', 'html-validate:a11y'],
      rules: {
        'no-inline-style': 'off',
        // The beacon is another host, but one's own, and its script is renewed under the same name.
        'require-sri': 'off',
        // Mail programs read the attributes that browsers have left behind.
        ...(mail && { 'no-deprecated-attr': 'off', 'prefer-tbody': 'off' }),
      },
    });
    const report = await checker.validateFile(join(folder, file));
    expect(report.results.flatMap((result) => result.messages.map(({ line, message }) => `${line}: ${message}`))).toEqual([]);
  });

  test(`every link and file of ${file} is there`, () => {
    const text = readFileSync(join(folder, file), 'utf8');
    const named = [...text.matchAll(/ (?:href|src)="([^"]+)"/g)].map((found) => found[1]!);
    expect(named.length).toBeGreaterThan(0);
    const served = files.flatMap((file) => [`/${file}`, `/${file.replace(/index\.html$/, '')}`]);
    for (const link of named.filter((link) => !/^(#|data:|https?:)/.test(link))) {
      const { pathname } = new URL(link, `http://a/${file}`);
      expect(served).toContain(pathname);
    }
  });
}
