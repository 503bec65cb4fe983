// A reader of the dashboard, who finds everything by the names that are said and shown, with a pointer or with keys alone.

import { expect } from '@playwright/test';

/** More stops than the page has for the Tab key. */
const MAX_STOPS = 400;

export class Reader {
  /** `is_narrow` says that the window is a phone's; `has_keys` that there is no pointer. */
  constructor(page, { is_narrow = false, has_keys = false } = {}) {
    this.page = page;
    this.is_narrow = is_narrow;
    this.has_keys = has_keys;
  }

  /** Waits until everything that is in view has loaded. */
  async settled() {
    await expect(this.page.locator('main [aria-busy="true"], main[aria-busy="true"]')).toHaveCount(0);
  }

  async press(control) {
    if (!this.has_keys) return control.click();
    await this.reach(control);
    await this.page.keyboard.press('Enter');
  }

  /** Walks to a control with the Tab key, from wherever the focus is. */
  async reach(control) {
    for (let stop = 0; stop < MAX_STOPS; stop += 1) {
      if (await control.evaluate((element) => element === document.activeElement)) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`the Tab key doesn’t reach ${control}`);
  }

  /** Chooses an option of a combobox by its name. */
  async choose(combobox, option) {
    if (!this.has_keys) return void (await combobox.selectOption({ label: option }));
    const chosen = () => combobox.evaluate((menu) => menu.selectedOptions[0].label);
    await this.reach(combobox);
    // The first letters of an option choose it; those of the chosen one choose the next that begins alike.
    if ((await chosen()) !== option) await this.page.keyboard.type(option);
    expect(await chosen()).toBe(option);
  }

  async choosePeriod(name) {
    await this.choose(this.page.getByRole('combobox', { name: this.is_narrow ? 'Period' : 'More periods', exact: true }), name);
    await this.settled();
  }

  region(name) {
    return this.page.getByRole('region', { name, exact: true });
  }

  /** Opens a tab of a region: on a phone, an option of its combobox. A region with one table has neither. */
  async openView(name, view) {
    const region = this.region(name);
    await region.scrollIntoViewIfNeeded();
    await this.settled();
    const menu = region.getByRole('combobox', { name: 'View', exact: true });
    const tab = region.getByRole('tab', { name: view, exact: true });
    if ((await menu.count()) + (await tab.count()) === 0) return region;
    if (this.is_narrow) {
      await this.choose(menu, view);
    } else {
      if (this.has_keys) {
        await this.reach(region.getByRole('tab', { selected: true }));
        for (let place = 0; (await tab.getAttribute('aria-selected')) !== 'true' && place < 8; place += 1) await this.page.keyboard.press('ArrowRight');
      } else {
        await tab.click();
      }
      await expect(tab).toHaveAttribute('aria-selected', 'true');
    }
    await this.settled();
    return region;
  }

  row(name, label) {
    return this.region(name).getByRole('row').filter({ has: this.button(name, label) });
  }

  button(name, label) {
    return this.region(name).getByRole('button', { name: label, exact: true });
  }

  /** Returns the rows of a region's table, each with its label and what stands under the headers. */
  async rows(name) {
    await this.settled();
    return this.region(name).getByRole('table').first().evaluate((table) => {
      const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
      return [...table.tBodies[0].rows].map((row) => {
        const label = row.querySelector('button[aria-pressed]').getAttribute('aria-label');
        const cells = [...row.cells].slice(1).map((cell, place) => [heads[place + 1], cell.textContent.trim()]);
        return { label, ...Object.fromEntries(cells) };
      });
    });
  }

  /** The tile of a metric, which shows `value`. */
  tile(metric, value) {
    const shown = value === undefined ? '' : `${value}(?![\\d,–])`;
    return this.page.getByRole('group', { name: 'Metrics' }).getByRole('button', { name: new RegExp(`^${metric} ${shown}`) });
  }

  /** Expects the tile to show `value`, and the chart's bars to add up to it, once the chart draws the metric. */
  async expectTotal(metric, value) {
    await expect(this.tile(metric, value)).toBeVisible();
    if ((await this.tile(metric).getAttribute('aria-pressed')) !== 'true') await this.press(this.tile(metric));
    await this.settled();
    const bars = this.region('Chart').getByRole('button', { name: /: [\d,–]+ / });
    await expect.poll(async () => {
      const names = await bars.evaluateAll((all) => all.map((bar) => bar.getAttribute('aria-label')));
      return names.reduce((sum, name) => sum + Number(/: ([\d,]+)/.exec(name)[1].replaceAll(',', '')), 0);
    }).toBe(value);
  }

  /** Presses a row. Its number must be `value`; then so must be the tile’s, and the sum of the bars. */
  async chooseRow(name, label, metric, value, header = metric) {
    const found = (await this.rows(name)).find((row) => row.label === label);
    expect(found, `${label} in ${name}`).toMatchObject({ [header]: String(value) });
    await this.press(this.button(name, label));
    await expect(this.button(name, label)).toHaveAttribute('aria-pressed', 'true');
    await this.settled();
    await this.expectTotal(metric, value);
  }

  /** Adds a filter by the dialog. */
  async addFilter(column, condition, value) {
    await this.press(this.page.getByRole('button', { name: 'Add filter' }));
    const dialog = this.page.getByRole('dialog', { name: 'Filter' });
    await this.choose(dialog.getByRole('combobox', { name: 'Column' }), column);
    await this.choose(dialog.getByRole('combobox', { name: 'Condition' }), condition);
    const field = dialog.getByRole('combobox', { name: 'Value' });
    if (this.has_keys) {
      await this.reach(field);
      await this.page.keyboard.type(value);
      await this.page.keyboard.press('Enter');
    } else {
      await field.fill(value);
      await dialog.getByRole('button', { name: 'Apply' }).click();
    }
    await expect(dialog).toHaveCount(0);
    await this.settled();
  }

  async clearFilters() {
    await this.press(this.page.getByRole('button', { name: 'Clear filters' }));
    await this.settled();
  }
}
