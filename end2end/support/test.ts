// The test that every journey uses: watched browsers, a portal, and whether there is JavaScript.

import { test as base, type BrowserContext, type Page } from '@playwright/test';
import { Skyport } from './skyport';
import { Watch } from './watch';

export { expect } from '@playwright/test';

/** What a project may set; nothing beyond Playwright's own. */
export type Options = object;

interface Fixtures {
  /** Whether pages run their script. */
  script: boolean;
  /** Who may be asked: the portal, and where people sign in. */
  origins: readonly string[];
  /** Fails the journey when a page complains. */
  watch: Watch;
  /** What is done with each browser before it is used. */
  prepare: (context: BrowserContext) => Promise<void>;
  /** The portal in a page, as this journey's people use it. */
  portalIn: (page: Page) => Skyport;
  /** The portal in the test's own browser. */
  skyport: Skyport;
  /** The portal in one more browser that shares nothing with the first. */
  elsewhere: () => Promise<Skyport>;
}

function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: support/portal.ts has not run`);
  return value;
}

export const test = base.extend<Fixtures>({
  baseURL: async ({}, use) => use(variable('PORTAL_URL')),

  script: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled !== false),

  origins: async ({}, use) => use([variable('PORTAL_URL'), variable('PORTAL_ISSUER')]),

  watch: [
    async ({ origins }, use) => {
      const watch = new Watch(origins);
      await use(watch);
      watch.verify();
    },
    { auto: true },
  ],

  prepare: async ({ watch }, use) => use(async (context) => watch.over(context)),

  context: async ({ context, prepare }, use) => {
    await prepare(context);
    await use(context);
  },

  portalIn: async ({ script }, use) => use((page) => new Skyport(page, script)),

  skyport: async ({ page, portalIn }, use) => use(portalIn(page)),

  elsewhere: async ({ browser, prepare, javaScriptEnabled, baseURL, portalIn }, use) => {
    const opened: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext({
        javaScriptEnabled: javaScriptEnabled !== false,
        ...(baseURL ? { baseURL } : {}),
      });
      opened.push(context);
      await prepare(context);
      return portalIn(await context.newPage());
    });
    for (const context of opened) await context.close();
  },
});
