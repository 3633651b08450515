// From the first page to rows in the basket, and not once a mouse.

import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../support/test';

/** More stops than any page has. */
const MOST_STOPS = 150;

/** Presses Tab (or Shift-Tab) until the focus is there, and checks that it can be seen there. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press(key);
    const there = await target.evaluateAll((elements) => elements.includes(document.activeElement as HTMLElement));
    if (there) {
      await expect(target.first()).toBeInViewport();
      return;
    }
  }
  throw new Error(`${MOST_STOPS} times ${key} never came to ${String(target)}`);
}

test('from the first page to rows in the basket by keyboard alone', async ({ skyport }) => {
  test.skip(!skyport.script, 'the keys of the grid need JavaScript');
  const { page, main } = skyport;
  await skyport.open('/');

  await test.step('the first stop leads past the frame', async () => {
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(main).toBeFocused();
  });

  await test.step('sign in', async () => {
    await tabTo(page, main.getByRole('link', { name: 'Sign in' }));
    await page.keyboard.press('Enter');
    await expect(skyport.heading('Sign in')).toBeFocused();
    await tabTo(page, page.getByRole('button', { name: /^Sign in with / }));
    await page.keyboard.press('Enter');
    await expect(skyport.heading('Demo sign-in')).toBeVisible();
    await tabTo(page, page.getByRole('button', { name: 'Demo Astronomer' }));
    await page.keyboard.press('Enter');
    await expect(skyport.userMenu()).toBeVisible();
    await skyport.awake();
    await skyport.emptyBasket();
  });

  await test.step('ask by form', async () => {
    await tabTo(page, main.getByRole('link', { name: 'Ask an archive' }));
    await page.keyboard.press('Enter');
    await expect(skyport.heading('Ask the archives')).toBeFocused();
    await tabTo(page, page.getByLabel('Table', { exact: true }));
    await page.keyboard.type('sky.stars');
    await expect(page.getByLabel('Table', { exact: true })).toHaveValue('sky.stars');
    await tabTo(page, page.getByLabel('Target'));
    await page.keyboard.type('M 42');
    await tabTo(page, page.getByLabel('Radius'));
    await page.keyboard.press('Control+a');
    await page.keyboard.type('3 deg');
    await expect(skyport.editor).toHaveValue(/FROM sky\.stars[\s\S]*CIRCLE\('ICRS', 83\.8.*, 3\)/);
    await tabTo(page, skyport.editor);
    await page.keyboard.press('Control+Enter');
    await skyport.completed();
  });

  await test.step('sort, and select rows', async () => {
    await tabTo(page, skyport.sorter('mag'));
    await page.keyboard.press('Enter');
    await expect(skyport.row(1)).toContainText('26241');
    const grid = page.getByRole('grid');
    await tabTo(page, grid, 'Shift+Tab');
    await page.keyboard.press('Space');
    await expect(skyport.tick(1)).toBeChecked();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await expect(skyport.tick(2)).not.toBeChecked();
    await expect(skyport.tick(3)).toBeChecked();
    await page.keyboard.press('Shift+ArrowDown');
    await expect(skyport.tick(4)).toBeChecked();
  });

  await test.step('into the basket', async () => {
    await tabTo(page, page.getByRole('button', { name: 'Add to basket' }));
    await page.keyboard.press('Enter');
    await expect(main.getByText('3 items added to the basket.')).toBeVisible();
    await tabTo(page, main.getByRole('link', { name: 'Open the basket' }), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await expect(skyport.heading('Basket')).toBeFocused();
    await expect(main.getByRole('checkbox', { name: /26241/ })).toBeVisible();
    await skyport.expectInBasket(3);
  });
});

test('menus open by key and close on Escape, and the focus is back on their button', async ({ skyport }) => {
  test.skip(!skyport.script, 'needs JavaScript');
  const { page } = skyport;
  await skyport.open('/');
  const button = skyport.bar.locator('summary', { hasText: 'Theme' });
  await tabTo(page, button);
  await page.keyboard.press('Enter');
  const menu = skyport.folded('Theme', skyport.bar);
  await expect(menu.getByRole('button', { name: 'Dark' })).toBeVisible();
  await tabTo(page, menu.getByRole('button', { name: 'Dark' }));
  await page.keyboard.press('Escape');
  await expect(menu.getByRole('button', { name: 'Dark' })).toBeHidden();
  await expect(button).toBeFocused();
});
