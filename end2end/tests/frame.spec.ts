// Around every page: theme, menu, title, focus, what is announced.

import type { Page } from '@playwright/test';
import { expect, test } from '../support/test';

function paper(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
}

test('the theme follows the system', async ({ skyport }) => {
  const { page } = skyport;
  await page.emulateMedia({ colorScheme: 'light' });
  await skyport.open('/');
  const light = await paper(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => paper(page)).not.toBe(light);
});

test('a chosen theme stays after a reload, and can be given back to the system', async ({ skyport }) => {
  test.skip(!skyport.script, 'only a script can keep it');
  const { page } = skyport;
  const html = page.locator('html');
  await page.emulateMedia({ colorScheme: 'light' });
  await skyport.open('/');
  const light = await paper(page);
  const menu = await skyport.unfold('Theme', skyport.bar);
  await menu.getByRole('button', { name: 'Dark' }).click();
  await expect(html).toHaveAttribute('data-theme', 'dark');
  await expect.poll(() => paper(page)).not.toBe(light);
  const dark = await paper(page);

  await page.reload();
  await expect(html).toHaveAttribute('data-theme', 'dark');
  expect(await paper(page), 'before the script has taken over').toBe(dark);
  await skyport.awake();
  await expect(html).toHaveAttribute('data-theme', 'dark');
  const again = await skyport.unfold('Theme', skyport.bar);
  await expect(again.getByRole('button', { name: 'Dark' })).toHaveAttribute('aria-pressed', 'true');

  await again.getByRole('button', { name: 'System' }).click();
  await page.reload();
  await skyport.awake();
  await expect(html).not.toHaveAttribute('data-theme', /.*/);
  expect(await paper(page)).toBe(light);
});

test('what only a script can do is not offered without one', async ({ skyport }) => {
  await skyport.open('/');
  await expect(skyport.bar.locator('summary', { hasText: 'Theme' })).toBeVisible({ visible: skyport.script });
});

test('each page has a title of its own, and a navigation moves the focus to its heading and says it', async ({ skyport }) => {
  const { page } = skyport;
  await skyport.open('/');
  await expect(page).toHaveTitle('Home · Skyport');
  for (const [place, title] of [
    ['Datasets', 'Datasets'],
    ['Queries', 'Queries'],
  ] as const) {
    await skyport.place(place).click();
    await expect(page).toHaveTitle(`${title} · Skyport`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    await expect(skyport.place(place)).toHaveAttribute('aria-current', 'page');
    if (skyport.script) {
      await expect(skyport.heading(title)).toBeFocused();
      await expect(page.locator('#said')).toHaveText(title);
    }
  }
});

test('on a narrow page the places are in a menu', async ({ skyport }) => {
  const { page } = skyport;
  await page.setViewportSize({ width: 360, height: 740 });
  await skyport.open('/');
  await expect(skyport.place('Datasets')).toBeHidden();
  const menu = await skyport.unfold('Menu', skyport.bar);
  await menu.getByRole('link', { name: 'Datasets' }).click();
  await expect(skyport.heading('Datasets')).toBeVisible();
  await expect(menu.getByRole('link', { name: 'Datasets' })).toBeHidden();
});

test('the demo says that it is one', async ({ skyport }) => {
  await skyport.open('/datasets');
  await expect(skyport.page.getByRole('complementary', { name: 'Demo' })).toContainText('This is a demo');
});
