// A session as a person gets to it: from the plan over an offer that is held to its page, and into it.

import { expect, type Page } from '@playwright/test';
import type { Skyport } from './skyport';
import type { Watch } from './watch';

/** How long an image that is there may take until its interface answers, on a machine that is busy. */
const READY = 120_000;

/** Asks the plan, and holds its best offer. We are on the booking's page then. */
export async function hold(skyport: Skyport, plan: string, fill: () => Promise<void> = async () => {}): Promise<void> {
  await skyport.open(plan);
  await fill();
  await skyport.main
    .getByRole('button', { name: /^Hold this offer/ })
    .first()
    .click();
  await skyport.page.waitForURL(/\/bookings\/[^/?]+/);
  await skyport.awake();
}

/** Holds and accepts; gives the session's id. We are on its page then. */
export async function accept(skyport: Skyport, plan: string, fill?: () => Promise<void>): Promise<string> {
  const { page } = skyport;
  await hold(skyport, plan, fill);
  await skyport.main.getByRole('button', { name: /^Accept/ }).click();
  await page.waitForURL(/\/sessions\/[^/?]+/);
  await skyport.awake();
  return idOf(page);
}

/** The session whose page we are on. */
export function idOf(page: Page): string {
  return new URL(page.url()).pathname.split('/')[2] ?? '';
}

/** Until the session whose page we are on is at this; its page says so by itself, or when it is loaded again. */
export async function until(skyport: Skyport, word: string | RegExp, timeout = READY): Promise<void> {
  const state = skyport.main.locator('.state', { hasText: word }).first();
  if (skyport.script) {
    await expect(state).toBeVisible({ timeout });
    return;
  }
  await expect(async () => {
    await skyport.page.reload();
    await expect(state).toBeVisible({ timeout: 500 });
  }).toPass({ timeout });
}

/** Opens the session whose page we are on, in a window of its own. */
export async function enter(skyport: Skyport, watch: Watch): Promise<Page> {
  const { page } = skyport;
  watch.guest(originOf(page.url(), idOf(page)));
  const [inside] = await Promise.all([
    page.context().waitForEvent('page'),
    skyport.main.getByRole('button', { name: /^Open/ }).first().click(),
  ]);
  await inside.waitForURL((url) => url.hostname.endsWith('.localhost') && !url.pathname.startsWith('/.skyport'));
  return inside;
}

/** The origin of a session of a portal on loopback. */
export function originOf(portal: string, session: string): string {
  return `http://${session}.localhost:${new URL(portal).port}`;
}

/** Ends the session whose page we are on, and waits until it has. */
export async function end(skyport: Skyport): Promise<void> {
  const question = await skyport.unfold(/^End…/, skyport.main);
  await question.getByRole('button', { name: /^End / }).click();
  await until(skyport, 'Stopped by you');
}
