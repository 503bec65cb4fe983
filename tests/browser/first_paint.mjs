// How soon a reader sees the dashboard at the address that is given: one line of JSON, the medians of five fresh
// windows in milliseconds from the click on. `paint` is the first content, `tiles` the first numbers, `view` the
// answers of every panel that is in sight or opened by default.

import { launch, openWindow } from './windows.mjs';
import { settled } from './dashboard_page.mjs';

const ROUNDS = 5;

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function look(browser, address) {
  const { context, close } = await openWindow(browser);
  const page = await context.newPage();
  await page.goto(address, { waitUntil: 'commit' });
  const now = () => page.evaluate(() => performance.now());
  await page.locator('.tile-value').first().waitFor();
  const tiles = await now();
  await settled(page);
  const view = await now();
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
  await close();
  return { paint, tiles, view };
}

const [address] = process.argv.slice(2);
const browser = await launch();
const looks = [];
for (let round = 0; round < ROUNDS; round += 1) looks.push(await look(browser, address));
await browser.close();
const figures = ['paint', 'tiles', 'view'].map((name) => [name, Math.round(median(looks.map((one) => one[name])))]);
console.log(JSON.stringify(Object.fromEntries(figures)));
