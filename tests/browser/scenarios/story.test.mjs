// Questions of somebody who writes a blog, answered on the dashboard over a known past: by clicks alone in a wide window and
// on a phone, and by keys alone. After each step the row's number is the tile's, and the bars add up to it.

import { test as base, expect } from '../fixtures.mjs';
import { Reader } from '../dashboard_reader.mjs';
import { NOW_MS, replayPast, ZONE } from '../past.mjs';

const test = base.extend({
  past: [async ({ at }, use) => {
    await replayPast(at.folder);
    await use();
  }, { scope: 'worker', auto: true }],
});

test.use({ lake: { name: 'story' } });

/** Without it, CI has the first question alone on a phone and by keys; `tests/long/run` asks all of them. */
const IS_WHOLE = process.env.BEACON_STORY === 'whole';

const WINDOWS = [
  ['with a pointer in a wide window', {}, { width: 1280, height: 800 }],
  ['with a finger on a phone', { is_narrow: true }, { width: 360, height: 740 }],
  ['with keys alone', { has_keys: true }, { width: 1280, height: 800 }],
];

for (const [name, kind, viewport] of WINDOWS) {
  test.describe(name, () => {
    /** Opens the dashboard as it comes. */
    async function reading(at, open) {
      const page = await open({ viewport, timezoneId: ZONE });
      await page.clock.setFixedTime(NOW_MS);
      await page.goto(at.dashboard);
      const reader = new Reader(page, kind);
      await expect(reader.tile('Visitors')).toBeVisible();
      await reader.settled();
      return reader;
    }

    test('last month /pricing brought most sign-ups from newsletter readers on phones, at 30%', async ({ at, open }) => {
      const reader = await reading(at, open);
      await reader.choosePeriod('Last month');
      await reader.expectTotal('Visitors', 36);
      await reader.openView('Sources', 'Sources');
      await reader.chooseRow('Sources', 'newsletter', 'Visitors', 29);
      await reader.openView('Devices', 'Devices');
      await reader.chooseRow('Devices', 'Phone', 'Visitors', 20);
      await reader.openView('Events', 'Events');
      expect(await reader.rows('Events')).toMatchObject([{ label: 'signup', Times: '6', Visitors: '5', Rate: '25%' }]);
      await reader.press(reader.button('Events', 'signup'));
      await reader.expectTotal('Conversions', 6);
      await reader.expectTotal('Converted visitors', 5);
      await expect(reader.page.getByRole('group', { name: 'Metrics' })).toContainText(/Conversion rate\s*25%/);
      await reader.openView('Pages', 'Entry pages');
      const rates = [
        { label: '/pricing', Conversions: '4', 'Converted visitors': '3', Rate: '30%' },
        { label: '/posts/one-pixel', Conversions: '2', 'Converted visitors': '2', Rate: '25%' },
      ];
      expect(await reader.rows('Pages')).toMatchObject(rates);
      await reader.press(reader.button('Pages', '/pricing'));
      await reader.expectTotal('Conversions', 4);
      await reader.expectTotal('Converted visitors', 3);
      await expect(reader.page.getByRole('group', { name: 'Metrics' })).toContainText(/Conversion rate\s*30%/);
    });

    if (name !== WINDOWS[0][0] && !IS_WHOLE) return;

    test('twelve of up to 32 opens were people', async ({ at, open }) => {
      const reader = await reading(at, open);
      await expect(reader.tile('Opens', '12–32')).toBeVisible();
      await reader.addFilter('Agent', 'is', 'People');
      // Nine are people for sure.
      await reader.expectTotal('Opens', 9);
      await reader.clearFilters();
      await expect(reader.tile('Opens', '12–32')).toBeVisible();
    });

    test('yesterday Hacker News sent six, who read one post and left mostly from /about', async ({ at, open }) => {
      const reader = await reading(at, open);
      await reader.choosePeriod('Yesterday');
      await reader.expectTotal('Visitors', 7);
      await reader.openView('Sources', 'Sources');
      await reader.chooseRow('Sources', 'Hacker News', 'Visitors', 6);
      await reader.openView('Pages', 'Top pages');
      expect((await reader.rows('Pages')).map(({ label, Visitors }) => [label, Visitors])).toEqual([['/posts/one-pixel', '6'], ['/about', '3'], ['/', '1']]);
      await reader.openView('Pages', 'Exit pages');
      const left = (await reader.rows('Pages')).map(({ label }) => label);
      expect(left).toEqual(['/about', '/posts/one-pixel', '/']);
      await reader.press(reader.button('Pages', '/about'));
      await reader.expectTotal('Visits', 3);
    });

    test('ChatGPT, Perplexity and Claude sent visits', async ({ at, open }) => {
      const reader = await reading(at, open);
      if (reader.is_narrow) await reader.choosePeriod('30 days');
      else await reader.press(reader.page.getByRole('button', { name: '30 days', exact: true }));
      await reader.settled();
      await reader.openView('Sources', 'Channels');
      await reader.chooseRow('Sources', 'AI assistants', 'Visitors', 6);
      await reader.openView('Sources', 'Sources');
      expect((await reader.rows('Sources')).map(({ label, Visitors }) => [label, Visitors])).toEqual([['ChatGPT', '3'], ['Perplexity', '2'], ['Claude', '1']]);
    });
  });
}
