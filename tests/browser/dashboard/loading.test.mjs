// What is busy while the numbers come: nothing in main is once they are there.

import assert from 'node:assert/strict';
import { check } from './fixtures.mjs';
import { openTab, panel, seeAll } from './page.mjs';

/** Longer than a test. */
const NEVER_MS = 600_000;

const SIGN_UP = { name: 'Sign-up', filters: [{ column: 'event', op: 'is', values: ['signup'] }] };

check('panels are busy before the browser says which of them are in view', {}, async ({ page }) => {
  await page.addInitScript(() => {
    window.IntersectionObserver = class {
      observe() {}
      disconnect() {}
    };
  });
  await page.reload();
  const totals = page.getByRole('region', { name: 'Totals', exact: true });
  await totals.locator('.tile').first().waitFor();
  // The other panels haven't been activated: they are skeletons.
  assert.equal(await panel(page, 'Sources').getAttribute('aria-busy'), 'true');
});

check('the line of what isn’t counted and the panel of machines keep their places while they are asked for', { ready: seeAll }, async ({ page, mock }) => {
  const line = page.locator('.not-counted');
  const height = (await line.boundingBox()).height;
  mock.delay_ms = NEVER_MS;
  await page.getByRole('button', { name: '30 days' }).click();
  await panel(page, 'Machines').locator('.skeleton').waitFor();
  assert.equal(await page.getByRole('status').getByText('Not counted:').count(), 0);
  assert.equal((await line.boundingBox()).height, height);
});

check('a panel is busy until the results beside its own have come', { mock: { goals: [SIGN_UP] }, ready: seeAll }, async ({ page, mock }) => {
  mock.delay_ms = NEVER_MS;
  const events = await openTab(page, 'Events', 'Goals');
  // The visitors that rates divide by are known, the goal's number isn't.
  await events.getByRole('rowheader', { name: SIGN_UP.name }).waitFor();
  assert.equal(await events.getAttribute('aria-busy'), 'true');
});
