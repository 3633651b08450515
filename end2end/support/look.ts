// A page as it looks: no accessibility violation in light or dark, nothing wider than a narrow screen, and pictures for
// people in end2end/screenshots.

import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, type TestInfo } from '@playwright/test';
import { resolve } from 'node:path';
import type { Skyport } from './skyport';

const SCREENSHOTS = resolve(import.meta.dirname, '../screenshots');
const NARROWEST = { width: 320, height: 700 };
const NARROW = { width: 360, height: 740 };
const WIDE = { width: 1280, height: 900 };

/** Looks at the page where we are, and keeps its pictures as `<name>-<look>.png` in the project's folder. */
export async function look(skyport: Skyport, name: string, info: TestInfo): Promise<void> {
  const { page } = skyport;
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  const picture = (look: string) =>
    page.screenshot({
      path: resolve(SCREENSHOTS, info.project.name, `${name}-${look}.png`),
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
