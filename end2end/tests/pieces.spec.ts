// The module comes in pieces: a page brings its own when it is opened.

import type { Page } from '@playwright/test';
import { expect, test } from '../support/test';

test.beforeEach(({ skyport }) => test.skip(!skyport.script, 'without a script no module is loaded'));

/** The paths of the modules that a page asks for, growing as it does. */
function modulesOf(page: Page): string[] {
  const loaded: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('.wasm')) loaded.push(new URL(request.url()).pathname);
  });
  return loaded;
}

const OWN = ['/datasets', '/datasets/query', '/queries', '/basket', '/keys', '/software'];

test('the home page loads the main module alone', async ({ skyport }) => {
  const loaded = modulesOf(skyport.page);
  await skyport.open('/');
  expect(loaded).toEqual([expect.stringMatching(/^\/pkg\/skyport\.[0-9a-f]{12}\.wasm$/)]);
});

for (const path of OWN) {
  test(`the pieces of ${path} are asked for with the document, each once`, async ({ skyport }) => {
    const loaded = modulesOf(skyport.page);
    await skyport.open(path);
    expect(loaded.length).toBeGreaterThan(1);
    expect(new Set(loaded).size, 'nothing is fetched twice').toBe(loaded.length);
    const ahead = await skyport.page.evaluate(() =>
      [...document.querySelectorAll('link[rel=preload]')].map((link) => new URL((link as HTMLLinkElement).href).pathname),
    );
    expect(loaded.sort()).toEqual(ahead.sort());
  });
}

test('where a piece cannot be fetched the page is opened as a document of its own', async ({ skyport, watch }) => {
  const { page } = skyport;
  watch.expect(/Failed to load resource|Failed to fetch|ERR_FAILED/);
  await skyport.open('/');
  await page.route(/\/pkg\/.*rows.*\.wasm$/, (route) => route.abort());
  await page.evaluate(() => Object.assign(window, { here: true }));
  await skyport.place('Queries').click();
  await expect(page).toHaveURL(/\/queries$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Queries' })).toBeVisible();
  expect(await page.evaluate(() => 'here' in window), 'it is a new document').toBe(false);
  await page.unroute(/\/pkg\/.*rows.*\.wasm$/);
  await skyport.open('/queries');

  // Going back there is no other: the address is the page's already when its piece is missed.
  await skyport.place('Home').click();
  await expect(skyport.heading(/.+/)).toBeVisible();
  await page.reload();
  await skyport.awake();
  await page.route(/\/pkg\/.*rows.*\.wasm$/, (route) => route.abort());
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1, name: 'Queries' })).toBeVisible();
});

test('rows that are ticked before the page answers are selected', async ({ skyport }) => {
  const { page } = skyport;
  await skyport.open('/');
  await skyport.ask('SELECT TOP 5 hip FROM sky.stars ORDER BY hip');
  let arrive = (): void => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  await page.route(/\/pkg\/.*\.wasm$/, async (route) => {
    await arrived;
    await route.continue();
  });
  await page.reload({ waitUntil: 'commit' });
  await skyport.tick(1).check();
  await skyport.tick(3).check();
  await expect(page.locator('html'), 'the page does not answer yet').not.toHaveAttribute('data-js', '');
  arrive();
  await expect(skyport.main.getByText('2 rows selected')).toBeVisible();
  await skyport.tick(5).check();
  await expect(skyport.main.getByText('3 rows selected')).toBeVisible();
  await expect(skyport.tick(1)).toBeChecked();
});
