// Every page, signed in and out: no accessibility violation in light or dark, nothing wider than a narrow screen, and
// pictures to look at in end2end/screenshots.

import { AxeBuilder } from '@axe-core/playwright';
import { resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { HEAVY, type Skyport } from '../support/skyport';
import { expect, test } from '../support/test';

const SCREENSHOTS = resolve(import.meta.dirname, '../screenshots');
const NARROWEST = { width: 320, height: 700 };
const NARROW = { width: 360, height: 740 };
const WIDE = { width: 1280, height: 900 };

/** A page: its name, and how to come there. */
type Place = [name: string, path: string | ((skyport: Skyport) => Promise<void>), status?: number];

const PLACES: Place[] = [
  ['home', '/'],
  ['datasets', '/datasets'],
  ['datasets-search', '/datasets?q=galaxy'],
  ['datasets-none', '/datasets?q=no-such-thing'],
  ['archive', '/datasets/local'],
  ['archive-table', '/datasets/local?table=sky.stars'],
  ['query-form', '/datasets/query?archive=local&table=sky.stars&target=M%2042&radius=3%20deg&c.mag=%3C%2012'],
  ['query-faults', '/datasets/query?archive=local&table=sky.stars&target=Nowhere&radius=wide&rows=many'],
  ['query-adql-fault', `/datasets/query?archive=local&adql=${encodeURIComponent('SELECT hip, magg\nFROM sky.stars')}`],
  ['result', (skyport) => skyport.ask("SELECT * FROM sky.stars WHERE 1 = CONTAINS(POINT('ICRS', ra, dec), CIRCLE('ICRS', 83.82, -5.39, 3))")],
  ['result-scatter', async (skyport) => {
    await skyport.ask('SELECT hip, ra, dec, mag, bv FROM sky.stars WHERE mag < 4');
    await skyport.open(`${skyport.address()}?x=bv&y=mag&sort=mag&f.mag=1..3`);
  }],
  ['running', (skyport) => skyport.begin(HEAVY)],
  ['cancelled', cancel],
  ['result-empty', (skyport) => skyport.ask('SELECT hip FROM sky.stars WHERE mag < -5')],
  ['queries', '/queries'],
  ['basket', '/basket'],
  ['account', '/account'],
  ['sign-in', '/sign-in?next=%2Fbasket'],
  ['sign-in-problem', '/sign-in?problem=expired'],
  ['not-found', '/no/such/page', 404],
  ['nobodys-query', '/queries/no-such-query', 404],
  ['home-later', '/'],
];

for (const who of ['visitor', 'user'] as const) {
  for (const [name, path, status] of PLACES) {
    test(`${name}, ${who}`, async ({ skyport, watch }, info) => {
      if (status) watch.expectStatus(status);
      if (who === 'visitor') watch.expectStatus(401);
      test.skip(name === 'running' && !skyport.script, 'a page that loads itself again every other second');
      const { page } = skyport;
      if (who === 'user') {
        await skyport.open('/');
        await skyport.signIn();
        if (name === 'basket') await keepSomething(skyport);
      }
      if (typeof path === 'string') await skyport.open(path);
      else await path(skyport);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);

      const picture = (look: string) =>
        page.screenshot({
          path: resolve(SCREENSHOTS, info.project.name, `${name}-${who}-${look}.png`),
          fullPage: true,
          animations: 'disabled',
        });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await picture(colorScheme);
        await expectAccessible(skyport, colorScheme);
      }
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
      await page.setViewportSize(NARROW);
      await picture('narrow');
      await page.setViewportSize(NARROWEST);
      await expectNothingSticksOut(skyport);
      await page.setViewportSize(WIDE);
      if (name === 'running') await page.getByRole('button', { name: 'Cancel query' }).click();
      if (who === 'user') await skyport.leave();
    });
  }
}

async function cancel(skyport: Skyport): Promise<void> {
  await skyport.begin(HEAVY);
  await skyport.page.getByRole('button', { name: 'Cancel query' }).click();
  await expect(skyport.main.getByText('Cancelled', { exact: true }).first()).toBeVisible();
}

async function keepSomething(skyport: Skyport): Promise<void> {
  await skyport.emptyBasket();
  await skyport.ask('SELECT TOP 20 hip, ra, dec, mag, bv FROM sky.stars ORDER BY mag');
  await skyport.addRows(1, 2, 3, 4);
  await expect(skyport.main.getByText('4 items added to the basket.')).toBeVisible();
}

async function expectAccessible(skyport: Skyport, colorScheme: 'light' | 'dark'): Promise<void> {
  const { violations } = skyport.script
    ? await new AxeBuilder({ page: skyport.page }).analyze()
    : await withoutItsScript(skyport, colorScheme, (page) => new AxeBuilder({ page }).analyze());
  const said = violations.map(({ id, impact, help, nodes }) => ({
    rule: `${id} (${impact}): ${help}`,
    where: nodes.map((node) => `${node.target.join(' ')}: ${node.html.slice(0, 160)}`),
  }));
  expect(said, `axe, ${colorScheme}`).toEqual([]);
}

/** axe is a script itself: the same page, in a browser that runs scripts but is not given the portal's. */
async function withoutItsScript<T>(
  skyport: Skyport,
  colorScheme: 'light' | 'dark',
  look: (page: Page) => Promise<T>,
): Promise<T> {
  const context = skyport.page.context();
  const browser = context.browser();
  if (!browser) throw new Error('this context has no browser');
  const storageState = await context.storageState();
  const other = await browser.newContext({ javaScriptEnabled: true, storageState, colorScheme, reducedMotion: 'reduce' });
  try {
    await other.route('**/pkg/*.js', (route) => route.abort());
    const page = await other.newPage();
    await page.goto(skyport.page.url());
    return await look(page);
  } finally {
    await other.close();
  }
}

/** What is wider than the page, if anything: named, so that it can be found. */
async function expectNothingSticksOut(skyport: Skyport): Promise<void> {
  const wide = await skyport.page.evaluate(() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 0.5)
      .map((element) => `${element.tagName.toLowerCase()}.${element.className.toString()}`)
      .slice(0, 10);
  });
  expect(wide, `sticks out at ${NARROWEST.width} px`).toEqual([]);
}
